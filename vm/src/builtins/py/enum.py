"""Enumerations.

A class of constants becomes one of members as soon as its body has run. What is asked of the class itself (its
length, its members by name or in turn) is answered by its __meta__.
"""


class auto:
    """A value that the enumeration chooses."""


class EnumMeta:
    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[name] for name in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __contains__(cls, value):
        return any(value is member or value == member._value_ for member in cls)


EnumType = EnumMeta


def _is_member(name, value):
    if name.startswith("_") or isinstance(value, (property, staticmethod, classmethod, type)):
        return False
    return not callable(value) and not hasattr(value, "__get__")


def _made(cls, name, names, start):
    """The enumeration that the call of a class makes: Enum("Color", "red green")."""
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    elif isinstance(names, dict):
        names = names.items()
    body = {"_first_": start}
    for item in names:
        key, value = (item, auto()) if isinstance(item, str) else item
        body[key] = value
    return type(name, (cls,), body)


class Enum:
    __meta__ = EnumMeta
    _member_map_ = {}
    _member_names_ = []
    _first_ = 1

    def __init_subclass__(cls, **kw):
        found = [item for item in cls.__dict__.items() if _is_member(*item)]
        if not found:
            return
        if cls._member_names_:
            raise TypeError("cannot extend %s" % cls.__bases__[0].__name__)
        cls._member_map_, cls._member_names_ = {}, []
        # It is for making members; looking one up must not run it again.
        init = cls.__dict__.get("__init__")
        if init is not None:
            cls._init_ = init
            del cls.__init__
        values = []
        for name, value in found:
            if isinstance(value, auto):
                value = cls._generate_next_value_(name, cls._first_, len(values), list(values))
            values.append(value)
            cls._add_(name, value)

    @classmethod
    def _add_(cls, name, value):
        for other in cls:
            if other._value_ == value and type(other._value_) is type(value):
                member = other
                break
        else:
            member = cls._make_(value)
            member._name_ = name
            member._value_ = value
            member._init_(*(value if isinstance(value, tuple) else (value,)))
            cls._member_names_.append(name)
        cls._member_map_[name] = member
        setattr(cls, name, member)

    @classmethod
    def _make_(cls, value):
        return object.__new__(cls)

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return max(last_values) + 1 if last_values else start

    def __new__(cls, value, names=None, module=None, qualname=None, start=1):
        if names is not None:
            return _made(cls, value, names, start)
        for member in cls:
            if member is value or member._value_ == value:
                return member
        found = cls._missing_(value)
        if found is None:
            raise ValueError("%r is not a valid %s" % (value, cls.__name__))
        return found

    def __init__(self, *args):
        pass

    def _init_(self, *args):
        pass

    @classmethod
    def _missing_(cls, value):
        return None

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    def __repr__(self):
        return "<%s.%s: %r>" % (type(self).__name__, self._name_, self._value_)

    def __str__(self):
        return "%s.%s" % (type(self).__name__, self._name_)

    def __format__(self, spec):
        return format(str(self), spec)

    def __hash__(self):
        return hash(self._name_)

    def __eq__(self, other):
        return self is other


def _number(value):
    return value._value_ if isinstance(value, Enum) else value


class IntEnum(Enum):
    """Members can be used as numbers."""

    def __str__(self):
        return str(self._value_)

    def __int__(self):
        return self._value_

    __index__ = __int__

    def __float__(self):
        return float(self._value_)

    def __bool__(self):
        return self._value_ != 0

    def __hash__(self):
        return hash(self._value_)

    def __eq__(self, other):
        return self._value_ == _number(other)

    def __lt__(self, other):
        return self._value_ < _number(other)

    def __le__(self, other):
        return self._value_ <= _number(other)

    def __gt__(self, other):
        return self._value_ > _number(other)

    def __ge__(self, other):
        return self._value_ >= _number(other)

    def __add__(self, other):
        return self._value_ + _number(other)

    def __sub__(self, other):
        return self._value_ - _number(other)

    def __mul__(self, other):
        return self._value_ * _number(other)

    def __floordiv__(self, other):
        return self._value_ // _number(other)

    def __truediv__(self, other):
        return self._value_ / _number(other)

    def __mod__(self, other):
        return self._value_ % _number(other)

    def __and__(self, other):
        return self._value_ & _number(other)

    def __or__(self, other):
        return self._value_ | _number(other)

    def __xor__(self, other):
        return self._value_ ^ _number(other)

    def __lshift__(self, other):
        return self._value_ << _number(other)

    def __rshift__(self, other):
        return self._value_ >> _number(other)

    def __radd__(self, other):
        return other + self._value_

    def __rsub__(self, other):
        return other - self._value_

    def __rmul__(self, other):
        return other * self._value_

    def __rand__(self, other):
        return other & self._value_

    def __ror__(self, other):
        return other | self._value_

    def __rlshift__(self, other):
        return other << self._value_

    def __neg__(self):
        return -self._value_


class StrEnum(Enum):
    """Members that are shown as their text and equal to it."""

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    def __str__(self):
        return self._value_

    def __hash__(self):
        return hash(self._value_)

    def __eq__(self, other):
        return self._value_ == _number(other)


class Flag(Enum):
    """Members that can be combined."""

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        bit = 1
        while last_values and bit <= max(last_values):
            bit <<= 1
        return bit

    @classmethod
    def _missing_(cls, value):
        bits = 0
        for member in cls:
            bits |= member._value_
        if not isinstance(value, int) or value & ~bits:
            return None
        known = cls._member_map_.get(value)
        if known is None:
            known = object.__new__(cls)
            known._value_ = value
            known._name_ = "|".join(m._name_ for m in cls if m._value_ & value and m._value_ & (m._value_ - 1) == 0) or None
            cls._member_map_[value] = known
        return known

    def _with_(self, value):
        return type(self)(value)

    def __or__(self, other):
        return self._with_(self._value_ | _number(other))

    def __and__(self, other):
        return self._with_(self._value_ & _number(other))

    def __xor__(self, other):
        return self._with_(self._value_ ^ _number(other))

    def __invert__(self):
        bits = 0
        for member in type(self):
            bits |= member._value_
        return self._with_(bits & ~self._value_)

    def __contains__(self, other):
        return other._value_ & self._value_ == other._value_

    def __bool__(self):
        return self._value_ != 0

    def __iter__(self):
        return iter([m for m in type(self) if m._value_ & self._value_ and m._value_ & (m._value_ - 1) == 0])

    def __repr__(self):
        name = type(self).__name__
        if self._name_ is None:
            return "<%s: %r>" % (name, self._value_)
        return "<%s.%s: %r>" % (name, self._name_, self._value_)

    def __str__(self):
        name = type(self).__name__
        return "%s(%r)" % (name, self._value_) if self._name_ is None else "%s.%s" % (name, self._name_)


class IntFlag(Flag):
    def __int__(self):
        return self._value_

    __index__ = __int__

    def __eq__(self, other):
        return self._value_ == _number(other)

    def __hash__(self):
        return hash(self._value_)


def unique(cls):
    twice = [name for name, member in cls._member_map_.items() if member._name_ != name]
    if twice:
        raise ValueError("duplicate values found in %s: %s" % (cls.__name__, ", ".join(twice)))
    return cls
