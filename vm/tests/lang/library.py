# Modules written in Python, displays with stars, classes as types of annotations.
#
# from source only: MicroPython has no displays with stars.
# expect: [True, True, True, True, False, True, True, False]
# expect: [True, True, False, True, True, False] True True False
# expect: True True False True
# expect: [1, 2, 3, 'a', 'b'] (1, 2, 0) {1, 2} {'x': 5, 'y': 2} []
# expect: (1, 2, 9)
# expect: 1 2
# expect: True False True int | str list[int] dict[str, list[int]]
# expect: [0, 1, 3, 5, 8] [5, 3] [1, 2, 3, 4]
# expect: 3 1
# expect: [[1], {'a': [2]}] [[1, 5], {'a': [2]}] [[1], {'a': [2]}]
# expect: b'aGVsbG8hIQ==' b'hello!!' b'MFRGG===' b'Xk~0{Zv' 907060870 b'FF'
# expect: 5/6 1/2 13/4 True 4 2
# expect: 2.5 2 1.2583057392117916 a [1.25, 2.5, 3.75]
# expect: the quick brown
# expect: fox jumps over
# expect: the lazy dog
# expect: a
# expect:   b
# expect: 
# expect: {'a': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
# expect:  'b': [0,
# expect:        1,
# expect:        2,
# expect:        3,
# expect:        4,
# expect:        5,
# expect:        6,
# expect:        7,
# expect:        8,
# expect:        9,
# expect:        10,
# expect:        11,
# expect:        12,
# expect:        13,
# expect:        14,
# expect:        15,
# expect:        16,
# expect:        17,
# expect:        18,
# expect:        19,
# expect:        20,
# expect:        21,
# expect:        22,
# expect:        23,
# expect:        24,
# expect:        25,
# expect:        26,
# expect:        27,
# expect:        28,
# expect:        29]}
# expect: [3, 2, 1]
# expect: ModuleNotFoundError True
# expect: nf 2
# expect: {'a': 1, 'b': 2} 1 [('b', 2)] True {'b': 2}
from __future__ import annotations
from collections.abc import Iterable, Mapping, Sequence, Callable, Hashable, MutableMapping, Iterator, Sized
import heapq, bisect, copy, base64, binascii, statistics, textwrap, pprint, queue, numbers, graphlib, timeit, warnings, keyword
from fractions import Fraction
print([isinstance(x, Iterable) for x in ([], (), {}, "a", 1, iter([]), (i for i in []), None)])
print([isinstance(x, Sequence) for x in ([], (), {}, "a", range(3), {1})], isinstance({}, Mapping), isinstance(len, Callable), isinstance([], Hashable))
class A:
    def __iter__(self): return iter([1, 2])
    def __len__(self): return 2
print(isinstance(A(), Iterable), isinstance(A(), Sized), isinstance(A(), Iterator), issubclass(A, Iterable))
a = [1, 2]; d = {'x': 1}
print([*a, 3, *"ab"], (*a, 0), {*a, 2}, {**d, 'y': 2, **{'x': 5}}, [*[], *()])
def f(*args): return *args, 9
print(f(1, 2))
x, y = *a, 
print(x, y)
print(isinstance(1, int | str), isinstance("s", int | None), isinstance(None, int | None), int | str, list[int], dict[str, list[int]])
h = [5, 3, 8, 1]
heapq.heapify(h); heapq.heappush(h, 0); print([heapq.heappop(h) for _ in range(5)], heapq.nlargest(2, [1, 5, 3]), list(heapq.merge([1, 4], [2, 3])))
print(bisect.bisect([1, 2, 2, 3], 2), bisect.bisect_left([1, 2, 2, 3], 2))
q = [[1], {'a': [2]}]; r = copy.deepcopy(q); r[0].append(5); print(q, r, copy.copy(q))
print(base64.b64encode(b"hello!!"), base64.b64decode("aGVsbG8hIQ=="), base64.b32encode(b"abc"), base64.b85encode(b"hello"), binascii.crc32(b"hello"), base64.b16encode(b"\xff"))
print(Fraction(3, 6) + Fraction("1/3"), Fraction(0.5), Fraction("3.25"), Fraction(7, 3) > 2, round(Fraction(7, 2)), Fraction(10, 4) // 1)
print(statistics.mean([1, 2, 3, 4]), statistics.median([3, 1, 2]), statistics.stdev([1.5, 2.5, 4.0]), statistics.mode("aab"), statistics.quantiles([1, 2, 3, 4]))
print(textwrap.fill("the quick brown fox jumps over the lazy dog", 16)); print(textwrap.dedent("  a\n    b\n"))
pprint.pprint({'b': list(range(30)), 'a': "x" * 40})
print(list(graphlib.TopologicalSorter({1: [2, 3], 2: [3]}).static_order()))
try:
    import nonexistent
except ModuleNotFoundError as e: print(type(e).__name__, isinstance(e, ImportError))
try: open("/nonexistent")
except FileNotFoundError as e: print("nf", e.errno)
class M(MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = M(); m['a'] = 1; m.update({'b': 2}); print(dict(m), m.pop('a'), list(m.items()), isinstance(m, Mapping), {**m})
