"""The operators as functions."""


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def truediv(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def pow(a, b):
    return a ** b


def and_(a, b):
    return a & b


def or_(a, b):
    return a | b


def xor(a, b):
    return a ^ b


def lshift(a, b):
    return a << b


def rshift(a, b):
    return a >> b


def lt(a, b):
    return a < b


def le(a, b):
    return a <= b


def eq(a, b):
    return a == b


def ne(a, b):
    return a != b


def ge(a, b):
    return a >= b


def gt(a, b):
    return a > b


def is_(a, b):
    return a is b


def is_not(a, b):
    return a is not b


def matmul(a, b):
    return a @ b


def neg(a):
    return -a


def pos(a):
    return +a


def invert(a):
    return ~a


def not_(a):
    return not a


inv = invert


def truth(a):
    return bool(a)


def contains(a, b):
    return b in a


def concat(a, b):
    return a + b


def index(a):
    return range(a, a + 1)[0]


def abs(a):
    return a if a >= 0 else -a


def getitem(a, b):
    return a[b]


def setitem(a, b, c):
    a[b] = c


def delitem(a, b):
    del a[b]


def countOf(a, b):
    n = 0
    for item in a:
        if item == b:
            n += 1
    return n


def indexOf(a, b):
    for i, item in enumerate(a):
        if item == b:
            return i
    raise ValueError("sequence.index(x): x not in sequence")


def itemgetter(*items):
    if len(items) == 1:
        only = items[0]
        return lambda obj: obj[only]
    return lambda obj: tuple([obj[item] for item in items])


def _path(obj, path):
    for name in path.split("."):
        obj = getattr(obj, name)
    return obj


def attrgetter(*names):
    if len(names) == 1:
        only = names[0]
        return lambda obj: _path(obj, only)
    return lambda obj: tuple([_path(obj, name) for name in names])


def methodcaller(name, *args, **kw):
    return lambda obj: getattr(obj, name)(*args, **kw)


def iadd(a, b):
    a += b
    return a


def isub(a, b):
    a -= b
    return a


def imul(a, b):
    a *= b
    return a


def itruediv(a, b):
    a /= b
    return a


def ifloordiv(a, b):
    a //= b
    return a


def imod(a, b):
    a %= b
    return a


def iand(a, b):
    a &= b
    return a


def ior(a, b):
    a |= b
    return a


def ixor(a, b):
    a ^= b
    return a
