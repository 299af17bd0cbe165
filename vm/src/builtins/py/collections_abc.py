"""What containers have in common.

Which classes are such containers, `isinstance` finds out without running anything: those in `_registered`, and those
that have all methods in `_methods`.
"""
from abc import ABC, abstractmethod
from _collections import OrderedDict, deque


def _generator():
    yield


_VIEW = type({}.keys())
_GENERATOR = type(_generator())
_ITERATOR = type(iter([]))
_SEQUENCES = [list, tuple, str, bytes, bytearray, range, memoryview, deque]
_SETS = [set, frozenset, _VIEW]
_MAPPINGS = [dict]


class _Abstract(ABC):
    @classmethod
    def register(cls, other):
        for base in (cls,) + cls.__bases__:
            if "_registered" in base.__dict__:
                base._registered.append(other)
        return other

    @classmethod
    def __class_getitem__(cls, args):
        from types import GenericAlias

        return GenericAlias(cls, args)


class Hashable(_Abstract):
    _registered = [int, float, complex, str, bytes, tuple, frozenset, range, type, type(None), type(len)]
    _methods = ("__hash__",)


class Callable(_Abstract):
    _registered = [type(len), type(_generator), type, type([].append)]
    _methods = ("__call__",)


class Sized(_Abstract):
    _registered = _SEQUENCES + _SETS + _MAPPINGS
    _methods = ("__len__",)


class Container(_Abstract):
    _registered = _SEQUENCES + _SETS + _MAPPINGS
    _methods = ("__contains__",)


class Iterable(_Abstract):
    _registered = _SEQUENCES + _SETS + _MAPPINGS + [_GENERATOR, _ITERATOR]
    _methods = ("__iter__",)


class Iterator(Iterable):
    _registered = [_GENERATOR, _ITERATOR]
    _methods = ("__iter__", "__next__")

    @abstractmethod
    def __next__(self):
        raise StopIteration

    def __iter__(self):
        return self


class Reversible(Iterable):
    _registered = _SEQUENCES + _MAPPINGS
    _methods = ("__reversed__", "__iter__")


class Generator(Iterator):
    _registered = [_GENERATOR]
    _methods = ("__iter__", "__next__", "send", "throw", "close")

    def __next__(self):
        return self.send(None)

    def close(self):
        try:
            self.throw(GeneratorExit())
        except (GeneratorExit, StopIteration):
            return
        raise RuntimeError("generator ignored GeneratorExit")


class Awaitable(_Abstract):
    _registered = [_GENERATOR]
    _methods = ("__await__",)


class Coroutine(Awaitable):
    _registered = [_GENERATOR]
    _methods = ("__await__", "send", "throw", "close")


class AsyncIterable(_Abstract):
    _registered = []
    _methods = ("__aiter__",)


class AsyncIterator(AsyncIterable):
    _registered = []
    _methods = ("__aiter__", "__anext__")

    def __aiter__(self):
        return self


class AsyncGenerator(AsyncIterator):
    _registered = []
    _methods = ("__aiter__", "__anext__", "asend", "athrow", "aclose")


class Collection(Sized, Iterable, Container):
    _registered = _SEQUENCES + _SETS + _MAPPINGS
    _methods = ("__len__", "__iter__", "__contains__")


class Sequence(Reversible, Collection):
    _registered = list(_SEQUENCES)

    @abstractmethod
    def __getitem__(self, index):
        raise IndexError

    def __iter__(self):
        n = 0
        try:
            while True:
                yield self[n]
                n += 1
        except IndexError:
            return

    def __contains__(self, value):
        for item in self:
            if item is value or item == value:
                return True
        return False

    def __reversed__(self):
        for n in range(len(self) - 1, -1, -1):
            yield self[n]

    def index(self, value, start=0, stop=None):
        for n in range(start, len(self) if stop is None else stop):
            if self[n] is value or self[n] == value:
                return n
        raise ValueError

    def count(self, value):
        return sum(1 for item in self if item is value or item == value)


ByteString = Sequence


class MutableSequence(Sequence):
    _registered = [list, bytearray, deque]

    @abstractmethod
    def __setitem__(self, index, value):
        raise IndexError

    @abstractmethod
    def __delitem__(self, index):
        raise IndexError

    @abstractmethod
    def insert(self, index, value):
        raise IndexError

    def append(self, value):
        self.insert(len(self), value)

    def clear(self):
        while len(self):
            self.pop()

    def reverse(self):
        n = len(self)
        for k in range(n // 2):
            self[k], self[n - k - 1] = self[n - k - 1], self[k]

    def extend(self, values):
        for value in list(values) if values is self else values:
            self.append(value)

    def pop(self, index=-1):
        value = self[index]
        del self[index]
        return value

    def remove(self, value):
        del self[self.index(value)]

    def __iadd__(self, values):
        self.extend(values)
        return self


class Set(Collection):
    _registered = list(_SETS)

    @classmethod
    def _from_iterable(cls, it):
        return cls(it)

    def __le__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) <= len(other) and all(item in other for item in self)

    def __lt__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) < len(other) and self.__le__(other)

    def __ge__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) >= len(other) and all(item in self for item in other)

    def __gt__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) > len(other) and self.__ge__(other)

    def __eq__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) == len(other) and self.__le__(other)

    def __and__(self, other):
        return self._from_iterable([item for item in other if item in self])

    __rand__ = __and__

    def isdisjoint(self, other):
        return not any(item in self for item in other)

    def __or__(self, other):
        return self._from_iterable(list(self) + list(other))

    __ror__ = __or__

    def __sub__(self, other):
        return self._from_iterable([item for item in self if item not in other])

    def __rsub__(self, other):
        return self._from_iterable([item for item in other if item not in self])

    def __xor__(self, other):
        return (self - other) | (self._from_iterable(other) - self)

    __rxor__ = __xor__


class MutableSet(Set):
    _registered = [set]

    @abstractmethod
    def add(self, value):
        raise NotImplementedError

    @abstractmethod
    def discard(self, value):
        raise NotImplementedError

    def remove(self, value):
        if value not in self:
            raise KeyError(value)
        self.discard(value)

    def pop(self):
        for value in self:
            self.discard(value)
            return value
        raise KeyError

    def clear(self):
        for value in list(self):
            self.discard(value)

    def __ior__(self, other):
        for value in other:
            self.add(value)
        return self

    def __iand__(self, other):
        for value in list(self):
            if value not in other:
                self.discard(value)
        return self

    def __isub__(self, other):
        for value in list(other):
            self.discard(value)
        return self

    def __ixor__(self, other):
        for value in list(other):
            if value in self:
                self.discard(value)
            else:
                self.add(value)
        return self


class _View:
    def __init__(self, mapping):
        self._mapping = mapping

    def __len__(self):
        return len(self._mapping)

    def __repr__(self):
        return "%s(%r)" % (type(self).__name__, self._mapping)


class MappingView(_View, Sized):
    _registered = [_VIEW]


class KeysView(MappingView, Set):
    _registered = [_VIEW]
    _from_iterable = set

    def __contains__(self, key):
        return key in self._mapping

    def __iter__(self):
        return iter(self._mapping)


class ItemsView(MappingView, Set):
    _registered = [_VIEW]
    _from_iterable = set

    def __contains__(self, item):
        key, value = item
        return key in self._mapping and self._mapping[key] == value

    def __iter__(self):
        for key in self._mapping:
            yield key, self._mapping[key]


class ValuesView(MappingView, Collection):
    _registered = [_VIEW]

    def __contains__(self, value):
        return any(self._mapping[key] == value for key in self._mapping)

    def __iter__(self):
        for key in self._mapping:
            yield self._mapping[key]


class Mapping(Collection):
    _registered = list(_MAPPINGS)

    @abstractmethod
    def __getitem__(self, key):
        raise KeyError

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def keys(self):
        return KeysView(self)

    def items(self):
        return ItemsView(self)

    def values(self):
        return ValuesView(self)

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())


_MISSING = object()


class MutableMapping(Mapping):
    _registered = list(_MAPPINGS)

    @abstractmethod
    def __setitem__(self, key, value):
        raise KeyError

    @abstractmethod
    def __delitem__(self, key):
        raise KeyError

    def pop(self, key, default=_MISSING):
        try:
            value = self[key]
        except KeyError:
            if default is _MISSING:
                raise
            return default
        del self[key]
        return value

    def popitem(self):
        for key in self:
            value = self[key]
            del self[key]
            return key, value
        raise KeyError

    def clear(self):
        while len(self):
            self.popitem()

    def update(self, other=(), **kw):
        if hasattr(other, "keys"):
            for key in other.keys():
                self[key] = other[key]
        else:
            for key, value in other:
                self[key] = value
        for key, value in kw.items():
            self[key] = value

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default
