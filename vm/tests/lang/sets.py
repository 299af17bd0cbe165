# Sets and frozensets: operators, methods, comparison, mutation in hot loops.
#
# expect: [1, 2, 3, 4, 5] [3, 4] [1, 2] [1, 2, 5] False True True True True
# expect: [1, 2, 3, 4, 9] [3, 4] [1, 2] True True True
# expect: 88 8734 False True
# expect: 1001 89 True set() 1
# expect: frozen True True
# expect: KeyError
# expect: KeyError
# expect: TypeError
# expect: [2, 3, 10]
a = {1, 2, 3, 4}
b = {3, 4, 5}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a < b, {3} < b, {3, 4, 5} <= b, a >= {1}, a == {4, 3, 2, 1})
print(sorted(a.union([9])), sorted(a.intersection(b)), sorted(a.difference(b)), a.isdisjoint({7}), {1}.issubset(a), a.issuperset({2}))
s = set()
for i in range(3000):
    s.add(i * i % 211)
    if i % 3 == 0:
        s.discard(i % 211)
print(len(s), sum(s), 4 in s, 5 in s)
s.remove(max(s))
s.update([1000, 1001])
print(max(s), len(s), set("hello") == {"h", "e", "l", "o"}, set(), len(set([1, 1.0, True])))
f = frozenset([1, 2])
print({f: "frozen"}[frozenset([2, 1])], f | {3} == {1, 2, 3}, 2 in f)
for call in (lambda: {1}.remove(2), lambda: set().pop(), lambda: {[]}):
    try:
        print(call())
    except (KeyError, TypeError) as error:
        print(type(error).__name__)
a |= {10}
a -= {1}
a &= {2, 3, 10}
print(sorted(a))
