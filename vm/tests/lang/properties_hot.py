# Properties in hot loops: computed, set, raising, generators, recursive, replaced while code runs that relied on them.
#
# expect: (174895, 11925)
# expect: (183608, 11925)
# expect: (183608, 11925)
# expect: AE
# expect: True
def setn(self, v):
    self._n = v + 1


class A:
    def __init__(self, n):
        self._n = n
        self.k = 0

    @property
    def n(self):
        return self._n * 2

    @n.setter
    def n(self, v):
        self._n = v

    @property
    def bad(self):
        self.k += 1
        if self.k % 7 == 0:
            raise AttributeError("bad " + str(self.k))
        if self.k % 11 == 0:
            raise KeyError(self.k)
        return self.k

    @property
    def gen(self):
        yield self._n
        yield self.k

    @property
    def rec(self):
        if self._n <= 0:
            return 0
        return 1 + A(self._n - 1).rec

    @property
    def loop(self):
        t = 0
        for i in range(self._n):
            t += i
        return t


class B(A):
    @property
    def n(self):
        return super().n + 1

    @n.setter
    def n(self, v):
        self._n = v


def visit(objs, m):
    t = 0
    e = 0
    for i in range(m):
        o = objs[i % len(objs)]
        t += o.n
        o.n = (t + i) % 50
        try:
            t += o.bad
        except AttributeError as x:
            e += len(str(x.args[0]))
        except KeyError as x:
            e += x.args[0]
        if i % 50 == 0:
            t += sum(o.gen) + o.rec + o.loop
            if i == 400:
                A.n = property(lambda self: self._n * 3, setn)
    return t, e


for _ in range(3):
    print(visit([A(3), B(4), A(5)], 900))
try:
    A(1).bad2
except AttributeError:
    print("AE")


def deep():
    class D:
        @property
        def x(self):
            return D().x
    try:
        D().x
    except RuntimeError as e:
        print(type(e).__name__ in ("RecursionError", "RuntimeError"))


deep()
