# Loops that call functions that loop: traces inside traces, with arguments by position, name and default.
#
# expect: (860108, 31103)
# expect: (860108, 31103)
# small: 12
# expect-small: (17936, 41)
# expect-small: (17936, 41)
# stress: 4
import sys


def digits(number, base=10):
    total = 0
    while number:
        total += number % base
        number //= base
    return total


def inner(a, b, step=1):
    total = 0
    for i in range(a, b, step):
        total += digits(i) ^ digits(i, base=7)
    return total


def middle(n, offset):
    total = 0
    for i in range(n):
        total += inner(offset + i, offset + i + 12, step=1 + (i & 1))
    return total


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def coprime(n):
    count = 0
    for a in range(1, n):
        for b in range(1, a):
            if gcd(a, b) == 1:
                count += 1
    return count


def run(n):
    total = 0
    for outer in range(n):
        total += middle(20, outer * 100)
    return total, coprime(n)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 320
    for _ in range(2):
        print(run(n))


main()
