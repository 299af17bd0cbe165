"""Containers beyond the built-in ones."""
from _collections import OrderedDict, deque, namedtuple


class defaultdict(dict):
    def __init__(self, default_factory=None, *args, **kw):
        super().__init__(*args, **kw)
        self.default_factory = default_factory

    def __getitem__(self, key):
        if key in self:
            return super().__getitem__(key)
        return self.__missing__(key)

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self.default_factory()
        self[key] = value
        return value

    def __repr__(self):
        return "defaultdict(%r, %s)" % (self.default_factory, super().__repr__())

    def copy(self):
        return defaultdict(self.default_factory, self)


class Counter(dict):
    def __init__(self, iterable=None, **kw):
        super().__init__()
        self.update(iterable, **kw)

    def __getitem__(self, key):
        return self.get(key, 0)

    def update(self, iterable=None, **kw):
        if iterable is None:
            pass
        elif hasattr(iterable, "items"):
            for key, n in iterable.items():
                self[key] = self.get(key, 0) + n
        else:
            get = self.get
            for key in iterable:
                self[key] = get(key, 0) + 1
        for key, n in kw.items():
            self[key] = self.get(key, 0) + n

    def subtract(self, iterable=(), **kw):
        items = iterable.items() if hasattr(iterable, "items") else [(k, 1) for k in iterable]
        for key, n in list(items) + list(kw.items()):
            self[key] = self.get(key, 0) - n

    def most_common(self, n=None):
        items = sorted(self.items(), key=lambda item: item[1], reverse=True)
        return items if n is None else items[:n]

    def elements(self):
        for key, n in self.items():
            for _ in range(n):
                yield key

    def total(self):
        return sum(self.values())

    def copy(self):
        return Counter(self)

    def _combined(self, other, choose):
        result = Counter()
        for key in list(self) + [k for k in other if k not in self]:
            n = choose(self[key], other[key])
            if n > 0:
                result[key] = n
        return result

    def __add__(self, other):
        return self._combined(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._combined(other, lambda a, b: a - b)

    def __and__(self, other):
        return self._combined(other, min)

    def __or__(self, other):
        return self._combined(other, max)

    def __repr__(self):
        if not self:
            return "Counter()"
        return "Counter({%s})" % ", ".join(["%r: %r" % item for item in self.most_common()])


class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        raise KeyError(key)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def __delitem__(self, key):
        del self.maps[0][key]

    def __contains__(self, key):
        return any(key in mapping for mapping in self.maps)

    def __iter__(self):
        merged = {}
        for mapping in reversed(self.maps):
            merged.update(mapping)
        return iter(merged)

    def __len__(self):
        return len(list(iter(self)))

    def new_child(self, m=None):
        return ChainMap({} if m is None else m, *self.maps)
