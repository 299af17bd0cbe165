# Truth that Python code decides, with effects: it is asked once, whatever leaves compiled code.
#
# expect: A jump_if (2000, 4000)
# expect: A negated (5334, 8000)
# expect: A chained (63056, 12000, 2000)
# expect: A loops (4000, 4000)
# expect: A while_true (10333, 1333)
# expect: A comprehended (1499, 4499)
# expect: A generated (2250000, 3000)
# expect: L jump_if (2000, 4000)
# expect: L negated (2666, 8000)
# expect: L chained (67336, 12000, 2000)
# expect: L loops (4001, 4001)
# expect: L while_true (13000, 4000)
# expect: L comprehended (0, 4500)
# expect: L generated (2248500, 3000)
# expect: (1501500, 3000) (8000, 7000)
# expect: 2999 6001
class A:
    def __init__(self, period):
        self.asked = 0
        self.period = period

    def __bool__(self):
        self.asked += 1
        return self.asked % self.period == 0


class L:
    def __init__(self, period):
        self.asked = 0
        self.period = period

    def __len__(self):
        self.asked += 1
        return self.asked % self.period


class Angry:
    asked = 0

    def __bool__(self):
        Angry.asked += 1
        if Angry.asked % 7 == 0:
            raise ValueError(Angry.asked)
        return Angry.asked % 2 == 0


def jump_if(kind):
    a = kind(2)
    n = 0
    for i in range(4000):
        if a:
            n += 1
    return n, a.asked


def negated(kind):
    a = kind(3)
    n = 0
    for i in range(4000):
        if not a:
            n += 1
        b = not a
        n += b
    return n, a.asked


def chained(kind):
    a, b = kind(2), kind(3)
    n = 0
    for i in range(4000):
        x = a and b
        y = a or b
        n += (x is b) + 2 * (y is a) + 4 * (x is a)
        n += 8 if a and not b or i % 5 == 0 else 16
    return n, a.asked, b.asked


def loops(kind):
    a = kind(5)
    n = 0
    while n < 4000:
        while not a:
            n += 1
        n += 1
    return n, a.asked


def while_true(kind):
    a = kind(4)
    n = 0
    for i in range(1000):
        while a:
            n += 1
        n += 10
    return n, a.asked


def asserted():
    a = A(2)
    n = 0
    for i in range(3000):
        try:
            assert a, i
            n += 1
        except AssertionError:
            n += 1000
    return n, a.asked


def comprehended(kind):
    a = kind(3)
    return len([i for i in range(3000) if a if not a]), a.asked


def raising():
    a = Angry()
    log = 0
    for i in range(4000):
        try:
            if a:
                log += 1
            if not a and i:
                log += 3
        except ValueError as error:
            log += error.args[0] % 5
    return log, Angry.asked


def generated(kind):
    a = kind(2)

    def items():
        for i in range(3000):
            if a:
                yield i

    return sum(items()), a.asked


for kind in (A, L):
    for f in jump_if, negated, chained, loops, while_true, comprehended, generated:
        print(kind.__name__, f.__name__, f(kind))
print(asserted(), raising())

top = A(2)
n = 0
for i in range(3000):
    if top:
        n += 1
    elif not top:
        n += 10
    n += 100 if top else 0
print(n, top.asked)
