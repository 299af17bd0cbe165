# Functions made and called in hot loops: closures, lambdas, defaults, keywords, star parameters, odd constructors.
#
# expect: 2167800 723000 6484200 1222650
# expect: 2446200 (719400, 3604) [(0, 1), (100, 1), (200, 1), (300, 1), (400, 1)] 700
def adders(n):
    total = 0
    for i in range(n):
        add = lambda x: x + i
        total += add(3)
        scaled = lambda x, by=i: x * by
        total += scaled(2) + scaled(1, 5)
    return total


def counters(n):
    def make(start):
        count = start

        def up(by=1):
            nonlocal count
            count += by
            return count

        return up

    total = 0
    for i in range(n):
        up = make(i)
        up()
        total += up(2)
    return total


def keywords(n):
    def area(width, height=2, *, scale=1):
        return width * height * scale

    total = 0
    for i in range(n):
        total += area(i) + area(width=i, height=3) + area(2, scale=i) + area(height=1, width=4, scale=2)
    return total


def stars(n):
    def total_of(first, *rest, **named):
        result = first
        for x in rest:
            result += x
        return result + len(named)

    def short(*rest):
        return len(rest)

    total = 0
    for i in range(n):
        total += total_of(i) + total_of(1, 2, i) + total_of(i, k=1) + short() + short(i, i)
        total += total_of(*[1, 2], **{"a": i})
    return total


class Point:
    def __init__(self, x, y=0, *, z=1):
        self.x, self.y, self.z = x, y, z

    def sum(self, weight=1, extra=0):
        return (self.x + self.y + self.z) * weight + extra


class Big:
    def __init__(self, n):
        for i in range(12):
            setattr(self, "extra_%d" % i, i)
        self.n = n
        self.m = n + 1


class Named(Point):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.name = "n%d" % len(args)


def objects(n):
    total = 0
    for i in range(n):
        p = Point(i, z=2)
        q = Point(1, y=i)
        total += p.sum() + q.sum(weight=2) + q.sum(extra=1)
        r = Named(i, 2, z=3)
        total += r.sum(2) + len(r.name)
    return total


def wide(n):
    big = Big(3)
    total = 0
    for i in range(n):
        big.m += big.n
        big.extra_11 = i
        total += big.extra_11 + big.extra_0
    return total, big.m


def kept(n):
    functions = []
    for i in range(n):
        if i % 100 == 0:
            functions.append(lambda k, i=i: (i, k))
    return [f(1) for f in functions]


def bad_calls(n):
    def two(a, b):
        return a + b

    errors = 0
    for i in range(n):
        try:
            if i % 2:
                two(i)
            else:
                two(i, b=1, c=2)
        except TypeError:
            errors += 1
    return errors


print(adders(1200), counters(1200), keywords(1200), stars(900))
print(objects(900), wide(1200), kept(500), bad_calls(700))
