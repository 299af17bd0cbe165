# Functions with many locals, many arguments, long expressions and deep nesting: large frames and snapshots.
#
# expect: (6130250, 743976, 2600, 7083567, 7083567, 24500, 810, 3410, -24500, -21090, 0, 9, 77.5, 'sttt', [1, 999, 1999, 2999])
# expect: 13321145 2700
# expect: (6130250, 743976, 2600, 7083567, 7083567, 24500, 810, 3410, -24500, -21090, 0, 9, 77.5, 'sttt', [1, 999, 1999, 2999])
# expect: 13321145 2700
def many(n):
    a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = a8 = a9 = 0
    b0, b1, b2, b3, b4, b5, b6, b7, b8, b9 = range(10)
    c0 = 0.5
    c1 = "s"
    c2 = [1]
    for i in range(n):
        a0 += b0 + i
        a1 ^= a0 + b1
        a2 = a1 & 0xFFF
        a3 += a2 - b3
        a4 = a3 if i & 1 else a4
        a5 += b5
        a6 = (a6 * 3 + a5) % 1009
        a7 = a6 + a2
        a8 -= b8
        a9 = a8 + a7
        b0, b1, b2, b3, b4 = b1, b2, b3, b4, b0
        b5, b6, b7, b8, b9 = b9, b5, b6, b7, b8
        c0 = c0 + 0.25 if c0 < 100.0 else 0.5
        if i % 1000 == 999:
            c1 += "t"
            c2.append(i)
    return a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b9, c0, c1, c2


def arguments(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p):
    return a + b * c - d + e * f - g + h * i - j + k * l - m + n * o - p


def expression(n):
    total = 0
    for i in range(n):
        total += ((((((i + 1) * 2 - 3) ^ 4) + ((i - 5) * (6 + i))) % 1013) + [i, [i + 1, [i + 2]]][1][1][0]) * (1 if i % 2 else -1)
        total += arguments(i, 1, 2, 3, i, 5, 6, 7, 8, i, 10, 11, 12, 13, 14, i)
    return total


def nested(n):
    count = 0
    for a in range(n):
        if a % 2:
            for b in range(3):
                if b != a % 3:
                    for c in range(3):
                        while c < 5:
                            c += 1
                            try:
                                if c == 4:
                                    break
                            finally:
                                count += 1
                        else:
                            count += 100
    return count


for _ in range(2):
    print(many(3500))
    print(expression(2500), nested(300))
