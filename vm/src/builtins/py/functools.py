"""Functions that work on functions."""
_MISSING = object()
WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__")
WRAPPER_UPDATES = ("__dict__",)


def reduce(function, iterable, initial=_MISSING):
    it = iter(iterable)
    if initial is _MISSING:
        try:
            value = next(it)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value")
    else:
        value = initial
    for item in it:
        value = function(value, item)
    return value


class partial:
    def __init__(self, func, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, *args, **keywords):
        merged = dict(self.keywords)
        merged.update(keywords)
        return self.func(*self.args, *args, **merged)


def partialmethod(func, *args, **keywords):
    def method(self, *more, **kw):
        merged = dict(keywords)
        merged.update(kw)
        return func(self, *args, *more, **merged)
    return method


def update_wrapper(wrapper, wrapped, assigned=None, updated=None):
    # Functions take no attributes here, so there is nothing to copy.
    return wrapper


def wraps(wrapped, assigned=None, updated=None):
    return lambda wrapper: wrapper


class _Cached:
    def __init__(self, function, maxsize):
        self.__wrapped__ = function
        self._maxsize = maxsize
        self._results = {}
        self._hits = 0
        self._misses = 0

    def __call__(self, *args, **kw):
        key = (args, tuple(sorted(kw.items()))) if kw else args
        results = self._results
        value = results.get(key, _MISSING)
        if value is not _MISSING:
            self._hits += 1
            if self._maxsize is not None:
                # Last used goes to the end.
                del results[key]
                results[key] = value
            return value
        self._misses += 1
        value = self.__wrapped__(*args, **kw)
        if self._maxsize != 0:
            results[key] = value
            if self._maxsize is not None and len(results) > self._maxsize:
                del results[next(iter(results))]
        return value

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return partial(self, instance)

    def cache_clear(self):
        self._results.clear()
        self._hits = self._misses = 0

    def cache_info(self):
        from collections import namedtuple
        info = namedtuple("CacheInfo", ("hits", "misses", "maxsize", "currsize"))
        return info(self._hits, self._misses, self._maxsize, len(self._results))


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _Cached(maxsize, 128)
    return lambda function: _Cached(function, maxsize)


def cache(function):
    return _Cached(function, None)


class cached_property:
    def __init__(self, function):
        self.function = function
        self.name = None

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = self.function(instance)
        setattr(instance, self.name, value)
        return value


def cmp_to_key(compare):
    class Key:
        def __init__(self, obj):
            self.obj = obj

        def __lt__(self, other):
            return compare(self.obj, other.obj) < 0

        def __gt__(self, other):
            return compare(self.obj, other.obj) > 0

        def __eq__(self, other):
            return compare(self.obj, other.obj) == 0

        def __le__(self, other):
            return compare(self.obj, other.obj) <= 0

        def __ge__(self, other):
            return compare(self.obj, other.obj) >= 0

    return Key


def total_ordering(cls):
    names = cls.__dict__
    if "__lt__" in names:
        cls.__gt__ = lambda a, b: not (a < b or a == b)
        cls.__le__ = lambda a, b: a < b or a == b
        cls.__ge__ = lambda a, b: not a < b
    elif "__gt__" in names:
        cls.__lt__ = lambda a, b: not (a > b or a == b)
        cls.__ge__ = lambda a, b: a > b or a == b
        cls.__le__ = lambda a, b: not a > b
    elif "__le__" in names:
        cls.__gt__ = lambda a, b: not a <= b
        cls.__lt__ = lambda a, b: a <= b and not a == b
        cls.__ge__ = lambda a, b: not a <= b or a == b
    elif "__ge__" in names:
        cls.__lt__ = lambda a, b: not a >= b
        cls.__gt__ = lambda a, b: a >= b and not a == b
        cls.__le__ = lambda a, b: not a >= b or a == b
    return cls


def singledispatch(function):
    table = {}

    def dispatch(cls):
        if cls in table:
            return table[cls]
        for known in table:
            if issubclass(cls, known):
                return table[known]
        return function

    class Dispatcher:
        def __call__(self, *args, **kw):
            return dispatch(type(args[0]))(*args, **kw)

        def register(self, cls, implementation=None):
            if implementation is None:
                return lambda f: self.register(cls, f)
            table[cls] = implementation
            return implementation

        def dispatch(self, cls):
            return dispatch(cls)

    return Dispatcher()
