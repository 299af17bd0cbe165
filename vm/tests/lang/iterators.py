# Iterator protocol in hot loops: own iterators, zip, enumerate, map, filter, reversed, dict views, two-step iteration.
#
# expect: 2005000 4273748 1199280 -3600902
# expect: 2005000 4273748 1199280 -3600902
# expect: 1 2 end []
# expect: not iterable
# expect: not iterable
# expect: [(0, 'a'), (1, 'b')] [] ['1', '2'] True
class Down:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Repeat:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


def own(n):
    total = 0
    for x in Down(n):
        total += x
    for x in Repeat([1, 2] * n):
        total += x
    return total


def combined(n):
    left = list(range(n))
    right = [x * 2 for x in left]
    total = 0
    for i, (a, b) in enumerate(zip(left, right)):
        total += i + a * b % 7
    for x in map(lambda a: a + 1, filter(lambda a: a % 3, left)):
        total += x
    for x in reversed(left):
        total = total ^ x
    for a, b, c in zip(left, "abc" * n, Down(n)):
        total += a + ord(b) + c
    return total


def views(n):
    d = {i: i * i for i in range(n)}
    total = 0
    for k, v in d.items():
        total += k ^ v
    for k in d:
        total += k
    for v in d.values():
        total -= v
    return total


def shared(n):
    """Two loops that consume the same iterator."""
    source = iter(range(n))
    total = 0
    for x in source:
        total += x
        for y in source:
            total -= y
            if y % 10 == 0:
                break
    return total


for _ in range(2):
    print(own(2000), combined(1500), views(1500), shared(3000))
it = iter([1, 2])
print(next(it), next(it), next(it, "end"), list(it))
try:
    iter(5)
except TypeError:
    print("not iterable")
try:
    for x in 5:
        pass
except TypeError:
    print("not iterable")
d = {1: 1}
print(list(zip(range(3), "ab")), list(enumerate([])), list(map(str, [1, 2])), dict(zip("ab", [1, 2])) == {"a": 1, "b": 2})
