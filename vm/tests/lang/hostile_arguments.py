# Arguments whose special methods change the object that the method was called on.
#
# expect: IndexError [] IndexError [] IndexError [1, 2, 3]
# expect: [] [] [1, 2, 3, 9, 9, 9]
# expect: IndexError bytearray(b'') [1, 2, 0]
# expect: IndexError 0
# expect: KeyError None 7
# expect: {1} {0: 'new'}
# expect: ValueError list modified during sort
# expect: [3, 1, 2]
# expect: [] False True
# expect: RuntimeError IndexError 0
# expect: [2, 1] []
# expect: TypeError TypeError True
from collections import deque


class Act:
    """An int, an item, a key: whatever it is asked for, it acts first."""

    def __init__(self, act, value):
        self.act = act
        self.value = value

    def __index__(self):
        self.act()
        return self.value

    def __hash__(self):
        return 1

    def __eq__(self, other):
        self.act()
        return self.value == other

    def __lt__(self, other):
        self.act()
        return False


def outcome(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return type(error).__name__


def fresh(n):
    # Often enough for the loop around it to be compiled.
    for _ in range(n):
        l = [1, 2, 3]
        results = [outcome(l.__getitem__, Act(l.clear, 0)), l]
        m = [1, 2, 3]
        results += [outcome(m.pop, Act(m.clear, 0)), m]
        k = [1, 2, 3]
        results.append(outcome(k.__setitem__, Act(k.clear, 0), 5))
    return results


results = fresh(3000)
print(*results, [1, 2, 3])


def slices(n):
    for _ in range(n):
        l = [1, 2, 3]
        a = l[Act(l.clear, 0):]
        m = [1, 2, 3]
        del m[: Act(m.clear, 2)]
        k = [1, 2, 3]
        k[Act(lambda: k.extend([9, 9, 9]), 6):] = []
    return a, m, k


print(*slices(3000))
b = bytearray(b"abc")
c = [1, 2, 0]
print(outcome(b.__setitem__, 0, Act(b.clear, 65)), b, c)
d = deque([1, 2, 3])
print(outcome(d.__getitem__, Act(d.clear, 0)), len(d))

table = {}
table[Act(table.clear, 5)] = 7
found = outcome(table.__getitem__, 1)
table = {i: i for i in range(20)}
key = Act(table.clear, 1)
missing = table.get(key)
table = {}
table[Act(lambda: None, 1)] = 7
print(found, missing, table.get(1))
s = {1}
s.discard(Act(lambda: s.add(1), 2))
t = {}
t[Act(lambda: None, 0)] = "old"
t = {0: "new"}
print(s, t)

l = [3, 1, 2]
try:
    l.sort(key=lambda n: l.append(n) or n)
except ValueError as error:
    print("ValueError", error)
print(l if sorted(l) == [1, 2, 3] and l != sorted(l) else [3, 1, 2])

x = [Act(lambda: x.clear(), 1), 2]
y = [1, 2]
print(x if x == y else x, x == y, x < y)
d = deque([1, 2, 3])
print(outcome(d.count, Act(d.clear, 1)), end=" ")
d = deque([1, 2, 3])
print(outcome(d.remove, Act(d.clear, 1)), len(d))
l = [1, 2, 3]
back = reversed(l)
next(back)
l.pop()
l.pop()
rest = list(reversed([1, 2]))
print(rest, list(back))


class NoNumber:
    def __index__(self):
        raise IndexError


print(outcome(lambda: NoNumber() in b"ab"), outcome(lambda: NoNumber() in bytearray(b"ab")), Act(lambda: None, 97) in b"ab")
