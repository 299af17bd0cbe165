# Floor division and modulo for every mixture of signs, by constants and by variables; division by zero.
#
# expect: (-2440, 968)
# expect: 2000000044800
# expect: (478543, 418)
# expect: (928758227119, 56888193, (-4, 1), (-4, -1), (-338590370079, -2863034255))
# expect: zero //
# expect: zero %
# expect: zero /
# expect: zero //
# expect: zero %
# expect: zero /
# expect: zero //
# expect: zero %
# expect: zero /
def signs(n):
    out = []
    for a in range(-n, n + 1):
        for b in (-7, -3, -2, -1, 1, 2, 3, 7):
            q = a // b
            r = a % b
            assert q * b + r == a
            out.append(q * 10 + r)
    return sum(out), len(out)


def constants(n):
    total = 0
    for i in range(-n, n):
        total += i // 2 + i // 3 + i // 7 + i // 8 + i // -5 + i // 1000000007
        total += i % 2 * 3 + i % 3 * 5 + i % 7 + i % 8 + i % -5 + i % 1000000007
    return total


def zero(n):
    caught = 0
    total = 0
    for i in range(n):
        try:
            total += 1000 // (i % 13)
            total += 1000 % (i % 7)
        except ZeroDivisionError:
            caught += 1
    return total, caught


def powers(n):
    total = 0
    for i in range(n):
        total += 3 ** (i % 50) + (-2) ** (i % 64)
        total %= 10**12
    return total, pow(3, 1000, 10**9 + 7), divmod(-7, 2), divmod(7, -2), divmod(2**70, -(3**20))


print(signs(60))
print(constants(2000))
print(zero(2000))
print(powers(300))
for a, b in ((1, 0), (1.0, 0), (1, 0.0)):
    for name in ("//", "%", "/"):
        try:
            if name == "//":
                a // b
            elif name == "%":
                a % b
            else:
                a / b
            print("no error")
        except ZeroDivisionError:
            print("zero", name)
