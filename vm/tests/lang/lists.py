# List methods, mutation while iterating, identity, comparison, multiplication, unpacking.
#
# expect: 379 [61, 54, 47, 40, 81] -498323 -2997 98 0 7
# expect: True [3, 1, 2, 4] [3, 1, 2, 4, 5] [3, 1, 2, 4, 3, 1, 2, 4] [0, 0, 0] [[], []] True True True True
# expect: [1, 2, 4] y 3 [1, 2, 4] True False
# expect: [] True ['a', 'b', 'c'] [0, 1, 2] ['k']
# expect: [1, 2, 3, 10, 20, 30]
# expect: [0, 2, 4, 6, 8] [1, 3, 5, 7, 9]
# expect: 0 1 [2, 3, 4] ['a', 'b'] c 1 2 3
# expect: 1 0
# expect: [[1, [2, 3]], 3] 2
# expect: IndexError
# expect: ValueError
# expect: ValueError
# expect: IndexError
# expect: TypeError
# expect: TypeError
# expect: too many
# expect: too few
items = []
for i in range(3000):
    items.append(i * 7 % 101)
    if len(items) > 50:
        items.pop(0)
    if i % 9 == 0:
        items.insert(len(items) // 2, -i)
    if i % 13 == 0:
        items.reverse()
print(len(items), items[:5], sum(items), min(items), max(items), items.count(3), items.index(items[7]))
a = [3, 1, 2]
b = a
a += [4]
print(b is a, a, a + [5], a * 2, [0] * 3, [[]] * 2, a == [3, 1, 2, 4], a < [3, 2], [1, 2] > [1], [] < [0])
a.extend("xy")
a.remove("x")
print(a, a.pop(), a.pop(0), a, 2 in a, 9 in a)
a.clear()
print(a, not a, list("abc"), list(range(3)), list({"k": 1}))
seen = []
growing = [1, 2, 3]
for item in growing:
    seen.append(item)
    if len(growing) < 6:
        growing.append(item * 10)
print(seen)
shrinking = list(range(10))
seen = []
for item in shrinking:
    seen.append(item)
    shrinking.remove(item)
print(seen, shrinking)
x, y, *rest = range(5)
*start, last = "abc"
(p, q), r = [1, 2], 3
print(x, y, rest, start, last, p, q, r)
x, y = y, x
print(x, y)
nested = [[1, [2]], 3]
nested[0][1].append(nested[1])
print(nested, len(nested))
for call in (lambda: [].pop(), lambda: [1].remove(2), lambda: [1].index(5), lambda: [1, 2].pop(7), lambda: [] + (), lambda: [1]["a"]):
    try:
        print(call())
    except (IndexError, ValueError, TypeError) as error:
        print(type(error).__name__)
try:
    a, b = 1, 2, 3
except ValueError:
    print("too many")
try:
    a, b, *c = [1]
except ValueError:
    print("too few")
