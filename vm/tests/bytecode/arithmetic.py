a = 1 + 2 * 3
b = a + 1 - a * 2 // 3
c = -a ** 2 + ~b
d = 100000 << 20
e = 2 ** 0.5, 1.5e300, 3j, -0.0
f = a if b < c <= d else not a
a += b
g = a and b or c
if not (a or b) and c:
    g = 1 < 2 < a
