# The truth of containers that are constants of a trace: their state is none.
#
# expect: list 0
# expect: dict 2000
# expect: set 0
# expect: bytearray 3000
# expect: OrderedDict 1500
# expect: worklist 3000
# expect: if not (1000, 2000)
# expect: or, and, if else 24600
# expect: class attribute 503
# expect: comprehension 2000
# expect: default 1500
from collections import OrderedDict

items = [1] * 3000
while items:
    items.pop()
print("list", len(items))

table = {n: n for n in range(2000)}
seen = 0
while table:
    table.popitem()
    seen += 1
print("dict", seen)

members = set(range(2000))
while not not members:
    members.pop()
print("set", len(members))

buffer = bytearray(3000)
n = 0
while buffer:
    buffer[-1:] = b""
    n += 1
print("bytearray", n)

ordered = OrderedDict((k, k) for k in range(1500))
n = 0
while ordered and n < 5000:
    ordered.popitem()
    n += 1
print("OrderedDict", n)

stack = [0]
visited = set()


def work():
    steps = 0
    while stack:
        node = stack.pop()
        if node in visited:
            continue
        visited.add(node)
        steps += 1
        for child in (2 * node + 1, 2 * node + 2):
            if child < 3000:
                stack.append(child)
    return steps


print("worklist", work())

flags = []


def count_empty():
    empty = full = 0
    for n in range(3000):
        if not flags:
            empty += 1
            flags.append(n)
        else:
            full += 1
            if n % 3 == 0:
                flags.clear()
    return empty, full


print("if not", count_empty())

pool = {}


def either():
    got = 0
    for n in range(3000):
        got += len(pool or (1, 2, 3)) + (5 if pool else 7) + len(pool and "x")
        if n % 5 == 0:
            pool[n] = n
        elif n % 5 == 3:
            pool.clear()
    return got


print("or, and, if else", either())


class Holder:
    queue = [1, 2, 3]


def class_queue():
    turns = 0
    for n in range(2000):
        while Holder.queue:
            Holder.queue.pop()
            turns += 1
        if n % 4 == 0:
            Holder.queue.append(n)
    return turns


print("class attribute", class_queue())
print("comprehension", sum(1 for n in range(2000) if flags or (n > 1990 and not flags.append(n))))


def default(acc=[]):
    if acc:
        acc.pop()
        return 1
    acc.append(1)
    return 0


print("default", sum(default() for _ in range(3001)))
