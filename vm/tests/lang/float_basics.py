# Float arithmetic, mixed with integers, comparisons, special values, rounding and text.
#
# expect: -3114794.000000 66600 ('1.414214', 4) ('111.108056', 11)
# expect: 0.5 3.0 -4.0 2.0 0.5 -0.5 0.5 1024.0 False
# expect: 1e+100 1.5e-07 100000.0 123456789.125 -0.0 True inf -inf nan False True True
# expect: False False False True
# expect: 2 4 -2 2.57 0 1000000000000000000 -2
# expect: 1.5 -2000.0 0.01 7.0 True
# expect: 3.142|    2.50|2.25    |+1.0|1.234568e+04|0.0001|1e+20
# expect: 0.5 1.5 1.75 1.5 (3.0, 1.5) True
# expect: ValueError 
# expect: ValueError x
# expect: ValueError 1.2.3
# expect: ValueError e5
# expect: no int
inf = float("inf")
nan = float("nan")


def mix(n):
    total = 0.0
    for i in range(n):
        total += i * 0.5 - i / 4 + (i % 3) ** 2.0 - i // 2.0
        if total > 1e6:
            total /= 1024
    return total


def compare(n):
    score = 0
    for i in range(n):
        x = i / 10
        y = i // 10
        score += (x < y) + 2 * (x == y) + 4 * (x > y) + 8 * (x <= y) + 16 * (x != y) + 32 * (y >= x)
    return score


def newton(n):
    x = 1.0
    steps = 0
    while abs(x * x - n) > 1e-9:
        x = (x + n / x) / 2
        steps += 1
    return "%.6f" % x, steps


print("%.6f" % mix(5000), compare(3000), newton(2.0), newton(12345.0))
print(1 / 2, 7 // 2.0, -7 // 2.0, 7 % 2.5, -7 % 2.5, 7 % -2.5, 2**-1, 2.0**10, 0.1 + 0.2 == 0.3)
print(1e100, 1.5e-7, 100000.0, 123456789.125, -0.0, 0.0 == -0.0, inf, -inf, nan, nan == nan, nan != nan, inf > 10**300)
print(nan < 1, nan > 1, inf - inf == inf - inf, inf * 0 != inf * 0)
print(round(2.5), round(3.5), round(-2.5), round(2.567, 2), round(-0.4), int(1e18), int(-2.9))
print(float("1.5"), float(" -2e3 "), float("1e-2"), float(7), float("inf") == inf)
print("%.3f|%8.2f|%-8.2f|%+.1f|%e|%g|%g" % (3.14159, 2.5, 2.25, 1.0, 12345.678, 0.0001, 1e20))
print(min(1, 0.5), max(1, 1.5), sum([0.5, 0.25, 1]), abs(-1.5), divmod(7.5, 2), pow(2.0, 0.5) == 2**0.5)
for text in ("", "x", "1.2.3", "e5"):
    try:
        print(float(text))
    except ValueError:
        print("ValueError", text)
try:
    print(int(nan))
except (ValueError, OverflowError) as error:
    print("no int")
