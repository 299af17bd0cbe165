# Functions made by functions: counters in cells, composition, currying, map and filter with lambdas.
#
# expect: (375010, 37796699, 50000, 449993, 19640, 966467)
# expect: (375010, 37796699, 50000, 449993, 19640, 966467)
# small: 3000
# expect-small: (7510, 754032, 1000, 8993, 13500, 966467)
# expect-small: (7510, 754032, 1000, 8993, 13500, 966467)
# stress: 100
import sys


def counter(start):
    value = start

    def step(amount=1):
        nonlocal value
        value += amount
        return value

    def read():
        return value

    return step, read


def compose(*functions):
    def composed(x):
        for function in functions:
            x = function(x)
        return x

    return composed


def curry(function, *fixed, **named):
    def call(*rest):
        return function(*(fixed + rest), **named)

    return call


def linear(x, slope, offset=0):
    return x * slope + offset


def memo(function):
    known = {}

    def lookup(n):
        if n not in known:
            known[n] = function(n)
        return known[n]

    return lookup


@memo
def partitions(n):
    total = 0
    k = 1
    while k * (3 * k - 1) // 2 <= n:
        sign = 1 if k & 1 else -1
        total += sign * partitions(n - k * (3 * k - 1) // 2)
        if k * (3 * k + 1) // 2 <= n:
            total += sign * partitions(n - k * (3 * k + 1) // 2)
        k += 1
    return total if n else 1


def run(n):
    step, read = counter(10)
    for i in range(n):
        step()
        step(i & 3)
    chain = compose(lambda x: x + 3, lambda x: x * x, lambda x: x % 1009)
    total = 0
    for i in range(n // 2):
        total += chain(i)
    scaled = curry(linear, slope=3, offset=-1)
    picked = list(map(scaled, filter(lambda x: x % 3 == 1, range(n))))
    adders = [lambda x, k=k: x + k for k in range(10)]
    spread = 0
    for i in range(n):
        spread = adders[i % 10](spread) & 0xFFFF
    return read(), total, len(picked), picked[-1], spread, partitions(60)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 150000
    for _ in range(2):
        print(run(n))


main()
