# Dictionaries: lookup, mutation, methods, iteration, keys of many kinds, growth and deletion in hot loops.
#
# expect: 100 3502072 [600, 600, 600, 600, 600]
# expect: 7 replaces 1 replaces 1 str tuple none float bytes big
# expect: True False True None no none False 3
# expect: [('x', 1), ('y', 2), ('z', 3)] [('x', 10), ('y', 2), ('z', 3)] False True ['x', 'y', 'z'] ['x', 'y', 'z'] [1, 2, 3]
# expect: {1: 2} {'a': 1} {'q': 5} None False 0 {1: 0}
# expect: 18
# expect: 1000 3 False 1000000
# expect: ('only', 1)
# expect: {}
# expect: KeyError
# expect: KeyError
# expect: KeyError
# expect: TypeError
# expect: TypeError
# expect: 20 47 False [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
d = {}
for i in range(3000):
    d[i % 97] = d.get(i % 97, 0) + i
    if i % 50 == 49:
        del d[i % 97]
    d.setdefault(str(i % 5), []).append(i)
print(len(d), sum([v for k, v in d.items() if isinstance(k, int)]), sorted([len(v) for k, v in d.items() if isinstance(k, str)]))
k = {1: "int", "1": "str", (1, 2): "tuple", None: "none", True: "replaces 1", 1.5: "float", b"1": "bytes", 2**70: "big"}
print(len(k), k[1], k[1.0], k["1"], k[(1, 2)], k[None], k[1.5], k[b"1"], k[2**70])
print(1 in k, 2 in k, "1" in k, k.get(5), k.get(5, "no"), k.pop(None), None in k, k.pop("gone", 3))
a = {"x": 1}
a.update({"y": 2})
a.update([("z", 3)])
b = a.copy()
b["x"] = 10
print(sorted(a.items()), sorted(b.items()), a == b, a == {"z": 3, "x": 1, "y": 2}, sorted(a), sorted(a.keys()), sorted(a.values()))
print(dict([(1, 2)]), dict(a=1), dict({"q": 5}), {}.get("x"), bool({}), len({}), dict.fromkeys([1], 0))
total = 0
for key in a:
    total += a[key]
for key, value in a.items():
    total += value
for value in a.values():
    total += value
print(total)
big = {}
for i in range(2000):
    big[i * i] = i
for i in range(0, 2000, 2):
    del big[i * i]
print(len(big), big[9], 16 in big, sum(big.values()))
item = {"only": 1}.popitem()
print(item)
a.clear()
print(a)
for call in (lambda: {}["x"], lambda: {}.pop("x"), lambda: {}.popitem(), lambda: {[]: 1}, lambda: {{}: 1}):
    try:
        print(call())
    except (KeyError, TypeError) as error:
        print(type(error).__name__)


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        return self.n == other.n


own = {}
for i in range(60):
    own[Key(i % 20)] = i
print(len(own), own[Key(7)], Key(21) in own, sorted([key.n for key in own]))
