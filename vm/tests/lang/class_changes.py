# Classes changed while loops that use them run hot: attributes, methods, instances' own attributes, __class__.
#
# expect: (1111000, 5) 21000 4498500 79180
class A:
    value = 1

    def get(self):
        return self.value


class B(A):
    pass


def run(n):
    a = B()
    total = 0
    for i in range(n):
        if i == n // 4:
            A.value = 10
        elif i == n // 2:
            B.value = 100
        elif i == 3 * n // 4:
            a.value = 1000
        total += a.get()
    del a.value
    B.value = 5
    return total, a.get()


def replace(n):
    b = B()
    old = A.get
    total = 0
    for i in range(n):
        if i == n // 3:
            A.get = lambda self: 7
        if i == 2 * n // 3:
            b.get = lambda: 9
        total += b.get()
    A.get = old
    return total


class Shape:
    pass


def shapes(n):
    total = 0
    for i in range(n):
        s = Shape()
        if i % 3 == 0:
            s.a = i
            s.b = 1
        elif i % 3 == 1:
            s.b = 2
            s.a = i
        else:
            s.c = 0
            s.a = i
        total += s.a
    return total


def grow(n):
    s = Shape()
    for i in range(n):
        setattr(s, "field%d" % (i % 40), i)
    return sum([getattr(s, "field%d" % i) for i in range(40)])


A.value = 1
print(run(4000), replace(3000), shapes(3000), grow(2000))
