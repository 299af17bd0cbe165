# List, dict and set comprehensions and generator expressions: nested, filtered, with scopes of their own.
#
# expect: [0, 1, 2, 3, 4] outer
# expect: [0, 2, 0, 6] [[], [0], [0, 1], [0, 1, 2]]
# expect: True [0, 1, 2]
# expect: [1, 3] 45 True True
# expect: [0, 1, -2, 3, -4, 5] ['xx', 'yy', 'zz'] [(0, 'a'), (1, 'b')]
# expect: [10, 11, 12] [10, 11]
# expect: 4495642
# expect: [[1, 4], [2, 5], [3, 6]] [1, 2, 3, 4, 5, 6] [(1, 4), (2, 5), (3, 6)]
# expect: [0, 1, 4, 9] [0, 1, 2, 3]
# expect: 2 [0, 1, 2] 2
x = "outer"
print([x for x in range(5)], x)
print([a * b for a in range(4) for b in range(a) if (a + b) % 2], [[j for j in range(i)] for i in range(4)])
print({k: v for k, v in zip("abc", range(3))} == {"a": 0, "b": 1, "c": 2}, sorted({i % 3 for i in range(10)}))
print(sorted((i for i in [3, 1, 2] if i != 2)), sum(i for i in range(10)), any(i > 3 for i in range(5)), all([]))
print([i if i % 2 else -i for i in range(6)], ["".join([c, c]) for c in "xyz"], [(i, j) for i, j in enumerate("ab")])
n = 10
print([i + n for i in range(3)], (lambda: [i + n for i in range(2)])())


def scoped(n):
    total = 0
    for i in range(n):
        total += sum([j * i for j in range(5) if j != i % 5])
        total += len({j % 3 for j in range(i % 7)})
        total += {j: i for j in range(3)}[2]
    return total


print(scoped(1000))
rows = [[1, 2, 3], [4, 5, 6]]
print([[row[i] for row in rows] for i in range(3)], [y for row in rows for y in row], list(zip(*rows)))
functions = [(lambda i=i: i * i) for i in range(4)]
print([f() for f in functions], [len([0 for _ in range(i)]) for i in range(4)])
if (m := len(rows)) > 1:
    print(m, [last := i for i in range(3)], last)
