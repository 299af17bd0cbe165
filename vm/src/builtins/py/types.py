"""Names for types that have none in builtins."""


def _function():
    pass


def _generator():
    yield


async def _coroutine():
    pass


class _Class:
    def method(self):
        pass


FunctionType = type(_function)
LambdaType = FunctionType
CodeType = type(compile("", "", "exec"))
BuiltinFunctionType = type(len)
BuiltinMethodType = type([].append)
MethodType = type(_Class().method)
GeneratorType = type(_generator())
CoroutineType = type(_coroutine())
AsyncGeneratorType = GeneratorType
ModuleType = type(__import__("sys"))
NoneType = type(None)
EllipsisType = type(...)
NotImplementedType = type(NotImplemented)


class SimpleNamespace:
    def __init__(self, **kw):
        for name, value in kw.items():
            setattr(self, name, value)

    def __repr__(self):
        return "namespace(%s)" % ", ".join("%s=%r" % item for item in self.__dict__.items())

    def __eq__(self, other):
        if isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented


class MappingProxyType:
    """A dict that can only be read."""

    def __init__(self, mapping):
        self._mapping = mapping

    def __getitem__(self, key):
        return self._mapping[key]

    def __len__(self):
        return len(self._mapping)

    def __iter__(self):
        return iter(self._mapping)

    def __contains__(self, key):
        return key in self._mapping

    def __eq__(self, other):
        return self._mapping == (other._mapping if isinstance(other, MappingProxyType) else other)

    def __repr__(self):
        return "mappingproxy(%r)" % (self._mapping,)

    def get(self, key, default=None):
        return self._mapping.get(key, default)

    def keys(self):
        return self._mapping.keys()

    def values(self):
        return self._mapping.values()

    def items(self):
        return self._mapping.items()

    def copy(self):
        return self._mapping.copy()


def coroutine(function):
    """Generators can be awaited as they are."""
    return function


def new_class(name, bases=(), kwds=None, exec_body=None):
    namespace = {}
    if exec_body is not None:
        exec_body(namespace)
    return type(name, tuple(bases), namespace)


class GenericAlias:
    """`list[int]`: a class with arguments, which mean nothing to it."""

    def __init__(self, origin, args):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)

    def __call__(self, *args, **kw):
        return self.__origin__(*args, **kw)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.__origin__, name)

    def __getitem__(self, args):
        return GenericAlias(self.__origin__, args)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __or__(self, other):
        return UnionType(self, other)

    def __ror__(self, other):
        return UnionType(other, self)

    def __eq__(self, other):
        if not isinstance(other, GenericAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __repr__(self):
        return "%s[%s]" % (_shown(self.__origin__), ", ".join([_shown(arg) for arg in self.__args__]) or "()")


def _shown(part):
    if part is None or part is NoneType:
        return "None"
    if part is ...:
        return "..."
    if isinstance(part, list):
        return "[%s]" % ", ".join([_shown(item) for item in part])
    if isinstance(part, type):
        module = getattr(part, "__module__", "builtins")
        return part.__name__ if module == "builtins" else "%s.%s" % (module, part.__name__)
    return repr(part)


class UnionType:
    """`int | str`: one class or another."""

    def __init__(self, *parts):
        flat = []
        for part in parts:
            for one in part.__args__ if isinstance(part, UnionType) else (part,):
                one = NoneType if one is None else one
                if one not in flat:
                    flat.append(one)
        self.__args__ = tuple(flat)

    def __or__(self, other):
        return UnionType(self, other)

    def __ror__(self, other):
        return UnionType(other, self)

    def __eq__(self, other):
        return isinstance(other, UnionType) and set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        return " | ".join([_shown(part) for part in self.__args__])
