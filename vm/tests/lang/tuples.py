# Tuples: packing, comparison, hashing, nesting, as return values in hot loops.
#
# expect: (1, 'a', (2, 3)) 1 3 3 (1, 'a', (2, 3), 4) (1, 'a', (2, 3), 1, 'a', (2, 3)) True (1,) True True True 1 1
# expect: True (1, 2) ('a', 'b') (0, 1, 2) False True
# expect: 35988000 (2, 3, 1)
# expect: IndexError
# expect: ValueError
# expect: TypeError
# expect: TypeError
# expect: immutable
def pair(i):
    return i, i * 2


def swap(n):
    a, b, c = 1, 2, 3
    for _ in range(n):
        a, b, c = b, c, a
    return a, b, c


t = (1, "a", (2, 3))
print(t, t[0], t[-1][1], len(t), t + (4,), t * 2, () == (), (1,), (1, 2) < (1, 3), (1,) < (1, 0), 1 in t, t.count(1), t.index("a"))
print(hash((1, 2)) == hash((1, 2)), tuple([1, 2]), tuple("ab"), tuple(range(3)), (1, 2) == [1, 2], not ())
total = 0
for i in range(3000):
    a, b = pair(i)
    (c, d), e = pair(a), b
    total += a + b + c + d + e
print(total, swap(3001))
for call in (lambda: t[5], lambda: t.index(9), lambda: (1,) + [1], lambda: hash(([],))):
    try:
        print(call())
    except (IndexError, ValueError, TypeError) as error:
        print(type(error).__name__)
try:
    t[0] = 1
except TypeError:
    print("immutable")
