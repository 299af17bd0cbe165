# Thousands of attributes on one object and on one class.
#
# expect: 399980000 20000
# expect: 1 2 7 0 True 9
# expect: False 2 1 True ['x0', 'x2', 'x3']
# expect: {'p': 1, 'q': 2, 'r': 3} {'s': 5, 'q': 6, 't': 7}
# stress: 40
import sys

n = int(sys.argv[1]) if len(sys.argv) > 1 else 20000


class A:
    pass


a = A()
for i in range(n):
    setattr(a, "x%d" % i, i)
    setattr(A, "y%d" % i, i)
print(sum(getattr(a, "x%d" % i) + getattr(A, "y%d" % i) for i in range(n)), len(a.__dict__))
b = A()
for i in range(min(n, 500)):
    setattr(b, "x%d" % i, i)
b.z = 1
a.z = 2
b.x0 = 7
print(b.z, a.z, b.x0, a.x0, hasattr(b, "x%d" % (n - 1)) == (n <= 500), b.__dict__["x9"])
del b.x1
print(hasattr(b, "x1"), b.x2, b.z, hasattr(a, "x1"), list(b.__dict__)[:3])
c = A()
c.p, c.q, c.r = 1, 2, 3
d = A()
d.p, d.s, d.q = 4, 5, 6
del d.p
d.t = 7
print(c.__dict__, d.__dict__)
