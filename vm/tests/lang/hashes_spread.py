# Keys of many patterns, in large tables: none of them falls on few slots. Equal numbers have equal hashes.
#
# expect: 25
# expect: True True 1 True True; True True 1 True True; True True 1 True True; True True 1 True True; True True 1 True True; True True 1 True True; True True 1 True True; True True 1 True True; True True 1 True True; 
# expect: 1 2 True
# stress: 30
import sys

n = int(sys.argv[1]) if len(sys.argv) > 1 else 30000
patterns = [
    lambda i: i << 16, lambda i: i << 32, lambda i: i << 44, lambda i: -i, lambda i: -i << 20, lambda i: i << 70,
    lambda i: i * 0.5, lambda i: float(i), lambda i: i * 2.0**30, lambda i: i * 2.0**100, lambda i: i * 1e-20,
    lambda i: 1.0 + i * 2.0**-30, lambda i: -i * 2.0**-500, lambda i: (i % 100, i // 100), lambda i: (i * 0.5, -i),
    lambda i: (i << 20, i << 30), lambda i: str(i), lambda i: "%08x" % (i << 12), lambda i: "abcdefgh%06d" % i,
    lambda i: b"%08d" % i, lambda i: frozenset((i, i + 1)), lambda i: complex(i, -i), lambda i: ((i,), (i, i)),
    lambda i: range(i, 2 * i + 1), lambda i: (i, str(i)),
]
for number, make in enumerate(patterns):
    table = {make(i): i for i in range(n)}
    found = sum(table[make(i)] == i for i in range(n))
    if (len(table), found) != (n, n):
        print(number, len(table), found)
print(len(patterns))
for n in (2**61, 2**62 - 1, 2**62, -(2**62), 2**64, 10**19, 2**100, -(2**100), 4 * 10**18 + 4096):
    f = float(n)
    print(f in {int(f)}, int(f) in {f}, {f: 1}.get(int(f)), complex(f) in {int(f)}, hash(range(n, n + 3)) == hash(range(n, n + 3)), end="; ")
print()
print({range(3): 1}[range(0, 3)], {range(0): 2}[range(5, 5)], hash(range(1, 2)) == hash(range(1, 9, 100)))
