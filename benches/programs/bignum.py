# Integers that outgrow a machine word: products, powers, shifts, division, and sums around the edge.
#
# expect: ('31415926535897932384', '19491', '122013682599', (4611686018427412904, 8191, -4611686018427287904), 1664593134523027795, 391819388250200975954750071)
# expect: ('31415926535897932384', '19491', '122013682599', (4611686018427412904, 8191, -4611686018427287904), 1664593134523027795, 391819388250200975954750071)
# small: 600
# expect-small: ('31415926535897932384', '38327', '265252859812', (4611686018427389404, 3001, -4611686018427381904), 361062928441292626, 512291449868532732925857660)
# expect-small: ('31415926535897932384', '38327', '265252859812', (4611686018427389404, 3001, -4611686018427381904), 361062928441292626, 512291449868532732925857660)
# stress: 40
import sys


def factorial(n):
    out = 1
    for i in range(2, n + 1):
        out *= i
    return out


def pi_digits(count):
    """Digits of pi by the unbounded spigot of Gibbons."""
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    out = []
    while len(out) < count:
        if 4 * q + r - t < m * t:
            out.append(m)
            q, r, m = 10 * q, 10 * (r - m * t), 10 * (3 * q + r) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return "".join([str(d) for d in out])


def edge(n):
    """Sums that cross the border of small integers in both directions."""
    total = (1 << 62) - n // 4
    crossings = 0
    for i in range(n):
        before = total >= 1 << 62
        total += 4096 if i & 1 else -4095
        if before != (total >= 1 << 62):
            crossings += 1
    low = -(1 << 62)
    for i in range(n):
        low -= i
        low += i + 1
    return total, crossings, low


def powers(n, modulus):
    total = 0
    for i in range(1, n):
        base = i * 1000003 + 7
        result = 1
        exponent = i + 65537
        while exponent:
            if exponent & 1:
                result = result * base % modulus
            base = base * base % modulus
            exponent >>= 1
        total ^= result
    return total


def run(n):
    digits = pi_digits(n // 20)
    return digits[:20], digits[-5:], str(factorial(n // 20))[:12], edge(n * 10), powers(n, (1 << 61) - 1), powers(n // 4, (1 << 89) - 1)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    for _ in range(2):
        print(run(n))


main()
