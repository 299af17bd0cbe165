# Operators of classes: all binary, reflected, in place, comparisons, containers, NotImplemented, and chaining.
#
# expect: N18 N8 N65 N2 N3 N371293 N5 N13 N8 N416 N0 N-13 N5 N-14
# expect: False True False False True N20 N20 True True
# expect: N28 N13
# expect: N123741
# expect: True False True True True True True
# expect: False 0 5 [1, 3, 2, 0, 5]
# expect: last 0 3 y
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: ValueError
class Num:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return "N%d" % self.n

    def value(self, other):
        return other.n if isinstance(other, Num) else other

    def __add__(self, other):
        return Num(self.n + self.value(other))

    def __sub__(self, other):
        return Num(self.n - self.value(other))

    def __mul__(self, other):
        return Num(self.n * self.value(other))

    def __floordiv__(self, other):
        return Num(self.n // self.value(other))

    def __mod__(self, other):
        return Num(self.n % self.value(other))

    def __pow__(self, other):
        return Num(self.n ** self.value(other))

    def __and__(self, other):
        return Num(self.n & self.value(other))

    def __or__(self, other):
        return Num(self.n | self.value(other))

    def __xor__(self, other):
        return Num(self.n ^ self.value(other))

    def __lshift__(self, other):
        return Num(self.n << self.value(other))

    def __rshift__(self, other):
        return Num(self.n >> self.value(other))

    def __neg__(self):
        return Num(-self.n)

    def __pos__(self):
        return Num(abs(self.n))

    def __invert__(self):
        return Num(~self.n)

    def __eq__(self, other):
        return self.n == self.value(other)

    def __lt__(self, other):
        return self.n < self.value(other)

    def __le__(self, other):
        return self.n <= self.value(other)

    def __radd__(self, other):
        return Num(other + self.n)


a, b = Num(13), Num(5)
print(a + b, a - b, a * b, a // b, a % b, a**b, a & b, a | b, a ^ b, a << b, a >> b, -a, +b, ~a)
print(a == b, a != b, a < b, a <= b, b < a <= Num(13), 7 + a, a + 7, a > b, a >= b)
c = a
c += 1
c *= 2
c -= b
c //= 2
c %= 7
c |= 8
c ^= 3
c &= 14
c <<= 2
c >>= 1
print(c, a)
total = Num(0)
for i in range(2500):
    total = total + Num(i) * 2 - i
    if total < 0:
        break
    total %= 1000003
print(total)
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 != 1, 1 == 1.0 == True, None is None, [] is not None, not 1 in [2])


def noisy(x, log):
    log.append(x)
    return x


log = []
print(noisy(1, log) < noisy(3, log) < noisy(2, log), noisy(0, log) and noisy(9, log), noisy(5, log) or noisy(9, log), log)
print(0 or "" or [] or "last", 1 and "a" and 0 and 5, not [] and 3, "x" if [] else "y")
try:
    a @ b
except TypeError:
    print("TypeError")
try:
    a < "x" if False else [] < 1
except TypeError:
    print("TypeError")
for bad in (lambda: 1 + "a", lambda: "a" * "b", lambda: [] - [], lambda: -"a", lambda: None + 1, lambda: {} | 1, lambda: 1 << -1):
    try:
        print(bad())
    except (TypeError, ValueError) as error:
        print(type(error).__name__)
