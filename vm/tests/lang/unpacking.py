# Assignment targets: nested, starred, attributes, subscripts, chained, augmented with side effects evaluated once.
#
# expect: 1 2 [5, 6, 10, 0] 1 [1] True
# expect: 1 2 3 [4, 5]
# expect: 0 [1, 2, 3, 4] 5
# expect: 1 2 [3, 4]
# expect: 5 6 []
# expect: 3 [5, 6, 10, 9]
# expect: 1322085 451 856
# expect: 0 1 2 3 4 5 6 7 8 9
# expect: False [6, 10, 9]
# expect: 10 -5
# expect: [[2, 3], 1]
class Box:
    def __init__(self):
        self.items = [0] * 4
        self.calls = 0

    def at(self):
        self.calls += 1
        return 2


box = Box()
box.a, box.b = 1, 2
box.items[0], box.items[1] = box.items[1] + 5, box.items[0] + 6
box.items[box.at()] += 10
a = b = c = []
a.append(1)
print(box.a, box.b, box.items, box.calls, b, c is a)
(x, [y, z]), *w = [(1, [2, 3]), 4, 5]
print(x, y, z, w)
first, *middle, last = range(6)
print(first, middle, last)
for i, (j, *k) in [(1, (2, 3, 4)), (5, (6,))]:
    print(i, j, k)
i = 0
i, box.items[i] = 3, 9
print(i, box.items)
total = 0
stack = [(1, 2)]
for n in range(3000):
    p, q = stack.pop()
    p, q = q, (p + q) % 1009
    stack.append((p, q))
    total += p
print(total, p, q)
values = iter(range(10))
s, t = next(values), next(values)
print(s, t, *values)
del box.a, box.items[0]
print(hasattr(box, "a"), box.items)
m = n = 5
m += n
n -= m
print(m, n)
x = [1, 2, 3]
x[0], x[1:] = x[1:], x[0:1]
print(x)
