"""Abstract classes: marks on methods. A class that leaves some undefined makes no instances."""


def abstractmethod(function):
    """Says that subclasses must define this method."""
    return _Abstract(function)


class _Abstract:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kw):
        return self.function(*args, **kw)

    def __get__(self, this, owner=None):
        if this is None:
            return self.function
        return lambda *args, **kw: self.function(this, *args, **kw)


def _is_abstract(value):
    return isinstance(value, _Abstract) or (isinstance(value, property) and isinstance(value.fget, _Abstract))


def _order(cls):
    """The class and its bases, in the order in which attributes are looked up."""
    yield cls
    for base in cls.__bases__:
        if base is not object:
            for further in _order(base):
                yield further


def _missing(cls):
    found = {}
    for base in _order(cls):
        for name, value in base.__dict__.items():
            if name not in found:
                found[name] = _is_abstract(value)
    return sorted(name for name in found if found[name])


def _refuse(cls, *args, **kw):
    names = ", ".join(_missing(cls))
    plural = "s" * ("," in names)
    raise TypeError("Can't instantiate abstract class %s with abstract method%s %s" % (cls.__name__, plural, names))


class ABC:
    def __init_subclass__(cls, **kw):
        if _missing(cls):
            cls.__new__ = staticmethod(_refuse)
        elif cls.__new__ is _refuse:
            cls.__new__ = object.__new__

    @classmethod
    def register(cls, other):
        return other


class ABCMeta(type):
    pass


def abstractproperty(function):
    return property(function)


abstractclassmethod = classmethod
abstractstaticmethod = staticmethod
