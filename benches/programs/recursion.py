# Functions that call themselves: one argument, three arguments, mutual, and deep.
#
# expect: (121393, 4, 260, 22)
# expect: (121393, 4, 260, 22)
# small: 14
# expect-small: (377, 5, 140, 10)
# expect-small: (377, 5, 140, 10)
# stress: 5
import sys


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def tak(x, y, z):
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def depth(tree):
    if tree is None:
        return 0
    return 1 + max(depth(tree[0]), depth(tree[1]))


def grow(levels):
    if levels == 0:
        return None
    return grow(levels - 1), grow(levels - 2 if levels > 1 else 0)


def run(n):
    parity = 0
    for i in range(n * 20):
        if even(i % 40):
            parity += 1
    return fib(n), tak(n // 2 + 3, n // 4 + 2, n // 8), parity, depth(grow(n - 4))


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 26
    for _ in range(2):
        print(run(n))


main()
