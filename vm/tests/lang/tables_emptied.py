# Dicts and sets used as stacks and queues: each step costs the same, however much was removed before.
#
# expect: 4999950000
# expect: 65905
# expect: 0 50000 100001 199999
# expect: True
# expect: [99999, 99997, 99995] [99994, 99996, 99998] 100000
# expect: [99999, 99998, 99997, 99996] [50001, 50000] 50000
# expect: 30 True
# stress: 40
import sys
from collections import OrderedDict

n = int(sys.argv[1]) if len(sys.argv) > 1 else 100000

items = set(range(n))
total = 0
while items:
    total += items.pop()
print(total)

table = {i: -i for i in range(n)}
order = 0
while table:
    key, value = table.popitem()
    order = (order * 31 + key - value) % 1000003
print(order)

table = {i: i for i in range(n)}
for i in range(n):
    first = next(iter(table))
    total -= first
    del table[first]
    if i % 2:
        table[n + i] = i
print(total, len(table), next(iter(table)), list(table)[-1])

table = dict.fromkeys(range(10))
for i in range(n):
    del table[i]
    table[i + 10] = None
print(list(table) == list(range(n, n + 10)))

table = OrderedDict((i, i) for i in range(n))
for i in range(0, n, 2):
    table.move_to_end(i)
for i in range(1, n, 2):
    table.move_to_end(i, last=False)
print(list(table)[:3], list(table)[-3:], len(table))
out = []
while len(table) > n // 2:
    out.append(table.popitem(last=False)[0])
    out.append(table.popitem()[0])
print(out[:4], out[-2:], len(table))

# Collisions, holes and both ends at once, against a list.
table = {}
model = []
seed = 7
for i in range(min(n, 3000)):
    seed = (seed * 1103515245 + 12345) % 2**31
    key = (seed >> 8) % 60 * 2**20
    if key in table:
        del table[key]
        model.remove(key)
    else:
        table[key] = i
        model.append(key)
    if seed % 5 == 0 and model:
        last = table.popitem()[0]
        if last != model.pop():
            print("differs", i)
    if list(table) != model:
        print("differs", i)
print(len(model), [k in table for k in (0, 2**20, 2**21)] == [k in model for k in (0, 2**20, 2**21)])
