"""Exact quotients of integers."""
from math import gcd
import re
from numbers import Rational

_FORM = re.compile(r"^\s*([-+]?)(\d*)(?:/(\d+)|(?:\.(\d*))?(?:[eE]([-+]?\d+))?)?\s*$")


class Fraction:
    def __new__(cls, numerator=0, denominator=None):
        self = object.__new__(cls)
        n, d = _parts(numerator, denominator)
        if d == 0:
            raise ZeroDivisionError("Fraction(%s, 0)" % n)
        common = gcd(n, d)
        if d < 0:
            common = -common
        self._numerator = n // common
        self._denominator = d // common
        return self

    def __init__(self, numerator=0, denominator=None):
        pass

    @property
    def numerator(self):
        return self._numerator

    @property
    def denominator(self):
        return self._denominator

    @classmethod
    def from_float(cls, x):
        return cls(x)

    def as_integer_ratio(self):
        return (self._numerator, self._denominator)

    def limit_denominator(self, max_denominator=1000000):
        if max_denominator < 1:
            raise ValueError("max_denominator should be at least 1")
        if self._denominator <= max_denominator:
            return Fraction(self)
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self._numerator, self._denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > max_denominator:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (max_denominator - q0) // q1
        near, far = Fraction(p0 + k * p1, q0 + k * q1), Fraction(p1, q1)
        return far if abs(far - self) <= abs(near - self) else near

    def __repr__(self):
        return "Fraction(%s, %s)" % (self._numerator, self._denominator)

    def __str__(self):
        return str(self._numerator) if self._denominator == 1 else "%s/%s" % (self._numerator, self._denominator)

    def _calculate(self, other, exact, inexact):
        if isinstance(other, (int, Fraction)):
            return exact(self._numerator, self._denominator, other.numerator if isinstance(other, Fraction) else int(other),
                         other.denominator if isinstance(other, Fraction) else 1)
        if isinstance(other, float):
            return inexact(float(self), other)
        if isinstance(other, complex):
            return inexact(complex(float(self)), other)
        return NotImplemented

    def __add__(self, other):
        return self._calculate(other, lambda a, b, c, d: Fraction(a * d + c * b, b * d), lambda x, y: x + y)

    __radd__ = __add__

    def __sub__(self, other):
        return self._calculate(other, lambda a, b, c, d: Fraction(a * d - c * b, b * d), lambda x, y: x - y)

    def __rsub__(self, other):
        return self._calculate(other, lambda a, b, c, d: Fraction(c * b - a * d, b * d), lambda x, y: y - x)

    def __mul__(self, other):
        return self._calculate(other, lambda a, b, c, d: Fraction(a * c, b * d), lambda x, y: x * y)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self._calculate(other, lambda a, b, c, d: Fraction(a * d, b * c), lambda x, y: x / y)

    def __rtruediv__(self, other):
        return self._calculate(other, lambda a, b, c, d: Fraction(c * b, d * a), lambda x, y: y / x)

    def __floordiv__(self, other):
        return self._calculate(other, lambda a, b, c, d: (a * d) // (b * c), lambda x, y: x // y)

    def __rfloordiv__(self, other):
        return self._calculate(other, lambda a, b, c, d: (c * b) // (d * a), lambda x, y: y // x)

    def __mod__(self, other):
        return self._calculate(other, lambda a, b, c, d: Fraction((a * d) % (c * b), b * d), lambda x, y: x % y)

    def __rmod__(self, other):
        return self._calculate(other, lambda a, b, c, d: Fraction((c * b) % (a * d), b * d), lambda x, y: y % x)

    def __divmod__(self, other):
        return (self // other, self % other)

    def __pow__(self, other):
        if isinstance(other, Fraction) and other._denominator == 1:
            other = other._numerator
        if isinstance(other, int):
            if other >= 0:
                return Fraction(self._numerator ** other, self._denominator ** other)
            return Fraction(self._denominator ** -other, self._numerator ** -other)
        return float(self) ** float(other)

    def __rpow__(self, other):
        if self._denominator == 1 and self._numerator >= 0:
            return other ** self._numerator
        return other ** float(self)

    def __neg__(self):
        return Fraction(-self._numerator, self._denominator)

    def __pos__(self):
        return Fraction(self._numerator, self._denominator)

    def __abs__(self):
        return Fraction(abs(self._numerator), self._denominator)

    def __trunc__(self):
        return -(-self._numerator // self._denominator) if self._numerator < 0 else self._numerator // self._denominator

    __int__ = __trunc__

    def __floor__(self):
        return self._numerator // self._denominator

    def __ceil__(self):
        return -(-self._numerator // self._denominator)

    def __round__(self, ndigits=None):
        if ndigits is None:
            whole, rest = divmod(self._numerator, self._denominator)
            twice = 2 * rest - self._denominator
            return whole + (twice > 0 or twice == 0 and whole % 2)
        scale = 10 ** abs(ndigits)
        return Fraction(round(self * scale), scale) if ndigits > 0 else Fraction(round(self / scale) * scale)

    def __float__(self):
        return self._numerator / self._denominator

    def __bool__(self):
        return self._numerator != 0

    def __hash__(self):
        if self._denominator == 1:
            return hash(self._numerator)
        x = float(self)
        return hash(x) if Fraction(x) == self else hash((self._numerator, self._denominator))

    def _compared(self, other, exact, inexact):
        return self._calculate(other, lambda a, b, c, d: exact(a * d, c * b), inexact)

    def __eq__(self, other):
        return self._compared(other, lambda x, y: x == y, lambda x, y: x == y)

    def __lt__(self, other):
        return self._compared(other, lambda x, y: x < y, lambda x, y: x < y)

    def __le__(self, other):
        return self._compared(other, lambda x, y: x <= y, lambda x, y: x <= y)

    def __gt__(self, other):
        return self._compared(other, lambda x, y: x > y, lambda x, y: x > y)

    def __ge__(self, other):
        return self._compared(other, lambda x, y: x >= y, lambda x, y: x >= y)


Rational.register(Fraction)


def _parts(numerator, denominator):
    if denominator is None:
        if isinstance(numerator, str):
            return _parsed(numerator)
        return _ratio(numerator)
    n, d = _ratio(numerator), _ratio(denominator)
    return n[0] * d[1], n[1] * d[0]


def _ratio(x):
    if isinstance(x, int):
        return int(x), 1
    if isinstance(x, Fraction):
        return x._numerator, x._denominator
    if isinstance(x, float):
        return _float_ratio(x)
    if hasattr(x, "as_integer_ratio"):
        return x.as_integer_ratio()
    raise TypeError("argument should be a string or a Rational instance")


def _float_ratio(x):
    from math import frexp

    if x != x:
        raise ValueError("cannot convert NaN to integer ratio")
    if x in (float("inf"), float("-inf")):
        raise OverflowError("cannot convert Infinity to integer ratio")
    mantissa, exponent = frexp(x)
    n = int(mantissa * 2 ** 53)
    exponent -= 53
    return (n << exponent, 1) if exponent >= 0 else (n, 1 << -exponent)


def _parsed(text):
    found = _FORM.match(text)
    if found is None or not (found.group(2) or found.group(4)):
        raise ValueError("Invalid literal for Fraction: %r" % text)
    sign, whole, under, decimals, exponent = found.groups()
    n, d = int(whole or "0"), 1
    if under:
        d = int(under)
    elif decimals or exponent:
        decimals = decimals or ""
        n = int((whole or "0") + decimals)
        shift = int(exponent or "0") - len(decimals)
        n, d = (n * 10 ** shift, 1) if shift >= 0 else (n, 10 ** -shift)
    return (-n if sign == "-" else n), d
