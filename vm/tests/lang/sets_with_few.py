# A large set or dict and a small one: what the operations cost goes by the small one wherever it can.
#
# expect: [60000, 60000, 0, 30000, 0, 0, 0, 900000000, 30000, 30000, 0, 60000, 0, 90000] 30000 [-1, 1, 2]
# expect: set() set() [1, 2, 3] set() set()
# expect: [1, 2, 3, 4, 5] [2] set()
# expect: frozenset set set
# expect: [1, 2] [1, 2, 3] True True
# stress: 30
import sys

n = int(sys.argv[1]) if len(sys.argv) > 1 else 30000
many = set(range(n))
few = {1, 2, -1}
table = dict.fromkeys(range(n), 0)
counts = [0] * 14
for i in range(n):
    counts[0] += len(few & many)
    counts[1] += len(many & few)
    counts[2] += few.isdisjoint(many)
    counts[3] += many.isdisjoint({-5})
    counts[4] += many.issuperset(few)
    counts[5] += few <= many
    counts[6] += few.issubset(many)
    many |= {i, n}
    many -= {n, -7}
    many ^= {n + 1, 3}
    many.difference_update([n + 1])
    many.symmetric_difference_update([3, 3])
    counts[7] += len(many)
    counts[8] += i in table.keys()
    counts[9] += (i, 0) in table.items()
    counts[10] += (i, 1) in table.items()
    counts[11] += len(table.keys() & few)
    counts[12] += 3 in table.items()
    few &= many | {-1} if i == 0 else few
    counts[13] += len(few)
print(counts, len(many), sorted(few))
s = {1, 2, 3}
s -= s
t = {1, 2}
t ^= t
u = {1, 2, 3}
u &= u
u |= u
v = {1, 2, 3}
v.difference_update(v)
w = {1, 2}
w.symmetric_difference_update(w)
print(s, t, sorted(u), v, w)
print(sorted({1, 2, 3}.union([4], (5,))), sorted({1, 2, 3}.intersection([1, 2], {2})), {1, 2}.difference([1], [2]))
print(type(frozenset([1, 2]) & {1}).__name__, type({1} & frozenset([1, 2])).__name__, type({1: 1}.keys() & {1}).__name__)
f = frozenset([1, 2])
g = f
g |= {3}
print(sorted(f), sorted(g), f.union() == f, f.copy() is f or f.copy() == f)
