# Recursion: simple, mutual, through methods and closures, and deep.
#
# expect: 2432902008176640000 265252859812191058636308480000000 15 1023 255 400
# expect: 120 [''] [2, 3, 1]
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def hanoi(n, a, b, c):
    if n == 0:
        return 0
    return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


class Tree:
    def __init__(self, depth):
        self.children = [Tree(depth - 1) for _ in range(2)] if depth else []

    def size(self):
        return 1 + sum([child.size() for child in self.children])


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


def permutations(items):
    if len(items) < 2:
        return [items]
    out = []
    for i in range(len(items)):
        for rest in permutations(items[:i] + items[i + 1 :]):
            out.append([items[i]] + rest)
    return out


print(fact(20), fact(30), ackermann(2, 6), hanoi(10, "a", "b", "c"), Tree(7).size(), deep(400))
print(len(permutations([1, 2, 3, 4, 5])), permutations("abc"[0:0]), permutations([1, 2, 3])[3])
