# Primes by crossing out: integer loops over a bytearray and over a list.
#
# expect: (49098, 599999, 14071826345)
# expect: (49098, 599999, 14071826345)
# expect: (49098, 599999, 14071826345)
# small: 8000
# expect-small: (1007, 7993, 3738566)
# expect-small: (1007, 7993, 3738566)
# expect-small: (1007, 7993, 3738566)
# stress: 400
import sys


def sieve_bytes(limit):
    flags = bytearray(limit + 1)
    count = 0
    last = 0
    for i in range(2, limit + 1):
        if not flags[i]:
            count += 1
            last = i
            for k in range(i * i, limit + 1, i):
                flags[k] = 1
    return count, last


def sieve_list(limit):
    prime = [True] * (limit + 1)
    i = 2
    while i * i <= limit:
        if prime[i]:
            k = i * i
            while k <= limit:
                prime[k] = False
                k += i
        i += 1
    total = 0
    for i in range(2, limit + 1):
        if prime[i]:
            total += i
    return total


def run(n):
    count, last = sieve_bytes(n)
    return count, last, sieve_list(n)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 600000
    for _ in range(3):
        print(run(n))


main()
