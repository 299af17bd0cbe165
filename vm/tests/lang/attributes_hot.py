# Instance fields in hot loops: read, written, created, deleted; slots of several classes at one site.
#
# expect: (20984, 7) 68878 509500 19955 (667, 1999) 2250.5
# expect: (20984, 7) 68878 509500 19955 (667, 1999) 2250.5
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Scaled(Vector):
    factor = 3

    @property
    def big(self):
        return self.x * self.factor

    @big.setter
    def big(self, value):
        self.x = value // self.factor


class Guarded:
    def __init__(self):
        self.hidden = {}

    def __getattr__(self, name):
        if name == "computed":
            return len(self.hidden)
        raise AttributeError(name)


def fields(n):
    v = Vector(0, 1)
    for i in range(n):
        v.x += v.y
        v.y = (v.x ^ i) & 7
    return v.x, v.y


def sites(n):
    both = [Vector(1, 2), Scaled(3, 4)]
    total = 0
    for i in range(n):
        v = both[i & 1]
        total += v.x * v.y
        v.x = i & 15
    return total


def properties(n):
    s = Scaled(5, 0)
    total = 0
    for i in range(n):
        s.big = s.big + i % 4
        total += s.x
    return total


def computed(n):
    g = Guarded()
    total = 0
    for i in range(n):
        g.hidden[i % 10] = i
        total += g.computed
    return total


def deleted(n):
    v = Vector(1, 1)
    missing = 0
    for i in range(n):
        if i % 3 == 0:
            del v.x
        try:
            v.x += 1
        except AttributeError:
            missing += 1
            v.x = i
    return missing, v.x


def kinds(n):
    v = Vector(0, 0.5)
    for i in range(n):
        v.x = v.x + v.y if i > n // 2 else v.x + 1
    return v.x


for _ in range(2):
    print(fields(3000), sites(3000), properties(2000), computed(2000), deleted(2000), kinds(3000))
