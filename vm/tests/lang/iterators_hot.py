# Built-in iterators in hot loops, exhausted, shared, and changed while they run.
#
# expect: 473700 (334, 333100) (700, 651) (179700, 600)
# expect: (1199800, []) (114088450, [701, 702, 703, 704]) 433379 (0, 1008, -259827.0)
def pairs(n):
    total = 0
    for r in range(n):
        for i, x in enumerate([3, 1, 2], r):
            total += i * x
        for a, b, c in zip([1, 2, 3], (4, 5, 6, 7), "abc"):
            total += a * b + ord(c)
        for (i, a), b in zip(enumerate("xyz"), range(9, 0, -4)):
            total += i + ord(a) - b
    return total


def shared(n):
    numbers = iter(range(n))
    firsts = []
    for x in numbers:
        if x % 3 == 0:
            firsts.append(x + next(numbers, 100))
    return len(firsts), sum(firsts)


def growing(n):
    items = [1]
    for x in items:
        if len(items) < n:
            items.append(x + len(items))
    return len(items), items[-1] % 1000


def shrinking(n):
    items = list(range(n))
    total = 0
    for i, x in enumerate(items):
        total += x
        if x % 2 and len(items) > 5:
            items.pop()
    return total, len(items)


def stacks(n):
    stack = []
    popped = 0
    for i in range(n):
        stack.append((i, i * 2))
        if i % 3 == 2:
            a, b = stack.pop()
            popped += a + b
    try:
        while True:
            popped += stack.pop()[0]
    except IndexError:
        return popped, stack


def uneven(n):
    short, long = iter(range(n)), iter(range(n + 5))
    total = sum(a * b for a, b in zip(short, long))
    for a, b in zip(long, short):
        total += 1
    return total, list(long)


def ranges(n):
    total = 0
    for i in range(n):
        for j in range(i % 7):
            total += j
        for j in range(i % 5, 0, -1):
            total -= j
        for j in range(0, i % 11, 3):
            total += j * j
        inner = range(i, i + 3)
        total += len(inner) + inner[1] + (i in inner)
    return total


def extremes(n):
    low, high, both = 10**9, -1, 0
    for i in range(n):
        x = i * 7919 % 1009
        low, high = min(low, x), max(x, high)
        both += min(x, 500) - max(x, 300.5)
    return low, high, both


print(pairs(300), shared(1000), growing(700), shrinking(900))
print(stacks(1200), uneven(700), ranges(900), extremes(1500))
