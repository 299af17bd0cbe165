# Every way to call in a hot loop: functions, methods, bound methods, classes, closures, built-ins, callables.
#
# expect: 18189015 3751000 2015000 3750
# expect: 18189015 3751000 2015000 3750
class Adder:
    def __init__(self, n):
        self.n = n

    def add(self, x):
        return x + self.n

    def __call__(self, x):
        return x + self.n * 2

    @staticmethod
    def static(x):
        return x + 1

    @classmethod
    def make(cls, n):
        return cls(n)


def direct(x, y=1):
    return x + y


def run(n):
    adder = Adder(3)
    bound = adder.add
    make = lambda x: x ^ 1
    append = [].append
    total = 0
    for i in range(n):
        total += direct(i) + direct(i, 2) + direct(x=i, y=3)
        total += adder.add(i) + bound(i) + Adder.add(adder, i) + adder(i)
        total += Adder.static(i) + adder.static(i) + Adder.make(i).n + Adder(i).add(1)
        total += make(i) + len("abc") + abs(-i) + max(i, 5) + int("7") + ord("a")
        append(i)
        total += sum((i, 1)) + (lambda a, *b: a + len(b))(i, 1, 2)
    return total


def by_table(n):
    table = [direct, Adder(1).add, Adder(2), Adder.static, abs, lambda x: 0]
    total = 0
    for i in range(n):
        total += table[i % 6](i)
    return total


def star_calls(n):
    args = (1, 2)
    named = {"y": 5}
    total = 0
    for i in range(n):
        total += direct(*args) + direct(i, **named)
    return total


def recursive_inside(n):
    def down(k):
        return 0 if k == 0 else 1 + down(k - 1)

    total = 0
    for i in range(n):
        total += down(i % 6)
    return total


for _ in range(2):
    print(run(1500), by_table(3000), star_calls(2000), recursive_inside(1500))
