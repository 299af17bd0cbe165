# The line that a frame waits at while it calls: through every kind of operation, interpreted and compiled, inlined or not.
#
# expect: ([3, 4, 5, 16, 21, 25, 40], [6, 7, 8, 9, 9, 11, 12, 13, 14, 15, 17, 17, 19, 22, 23, 24, 26, 27, 27, 28, 29, 30, 31, 32, 32, 33, 35, 36, 37, 37, 44, 46, 46])
# expect: True
# expect: {'leaf:56 through:63 above:69 names:75'}
import sys

seen = []


def at():
    return line_of(3)


def line_of(up):
    # Relative to where `f` begins.
    return sys._getframe(up).f_lineno - f.__code__.co_firstlineno


class A:
    def __init__(self, v=0):
        self.v = v

    def __add__(self, o):
        return at()

    def __getattr__(self, n):
        return at()

    def __getitem__(self, k):
        return at()

    def __setitem__(self, k, v):
        seen.append(at())

    def __delitem__(self, k):
        seen.append(at())

    def __contains__(self, k):
        seen.append(at())
        return True

    def __iter__(self):
        seen.append(at())
        return self

    def __next__(self):
        seen.append(at())
        raise StopIteration

    def __len__(self):
        seen.append(at())
        return 3

    def __eq__(self, o):
        seen.append(at())
        return True

    def __lt__(self, o):
        seen.append(at())
        return True

    def __hash__(self):
        seen.append(at())
        return 1

    def __call__(self, *a):
        return at()

    def __enter__(self):
        seen.append(at())
        return self

    def __exit__(self, *a):
        seen.append(at())

    def __bool__(self):
        seen.append(at())
        return True

    def __neg__(self):
        return at()

    def __str__(self):
        seen.append(at())
        return "s"

    def __iadd__(self, o):
        seen.append(at())
        return self

    def __index__(self):
        seen.append(at())
        return 1

    @property
    def p(self):
        return at()

    @p.setter
    def p(self, v):
        seen.append(at())


def key(x):
    seen.append(at2())
    return x


def at2():
    return line_of(3)


def f(n):
    a = A()
    out = []
    out.append(a + 1)
    out.append(a.zzz)
    out.append(a[1])
    a[1] = 2
    del a[1]
    1 in a
    for x in a:
        pass
    n = len(a)
    n = a == 2
    n = a < 2
    d = {a: 1}
    d = d[a]
    out.append(a(1))
    with a:
        pass
    if a:
        pass
    out.append(-a)
    n = str(a)
    a += 1
    n = [5, 6, 7][a]
    out.append(a.p)
    a.p = 3
    n = sorted([2, 1], key=key)
    n = list(map(key, [1]))
    n = "%s" % a
    n = f"{a}"
    x = [at2()] if a else []
    n = [key(1) for _ in (1, 2)]
    while a:
        break
    n = not a
    n = a or 1
    n = max([1, 2],
        key=key)
    b = (
        a
        + 1
    )
    out.append(b)
    n = a.v if a else 0
    for i in range(2):
        key(i)
    result = (out, seen[:])
    seen.clear()
    return result


# What was inlined: the frames between are there too.
def leaf(x):
    frame, shown = sys._getframe(), []
    while frame.f_back:
        shown.append(frame.f_code.co_name + ":" + str(frame.f_lineno - f.__code__.co_firstlineno))
        frame = frame.f_back
    return shown


def through(x):
    x += 1
    return list(map(leaf, [x]))[0]


def above(x):
    y = x

    return through(y)


def names(n):
    shown = set()
    for i in range(n):
        shown.add(" ".join(above(i)))
    return shown


first = f(0)
print(first)
print(all([f(i) == first for i in range(60)]))
print(names(100))
