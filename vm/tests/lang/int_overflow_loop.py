# A hot loop whose accumulator leaves the small integers after it has become hot, and comes back.
#
# expect: 8632220487017 26915111639561776088624162
# expect: (4611686018427396240, 1666)
# expect: (641762837190, 76)
# expect: (-4611686018427387903, [4611686018427387904, 4611686018427387904, 4611686018427387904, 4611686018427387904])
# expect: 8632220487017 26915111639561776088624162
# expect: (4611686018427396240, 1666)
# expect: (641762837190, 76)
# expect: (-4611686018427387903, [4611686018427387904, 4611686018427387904, 4611686018427387904, 4611686018427387904])
def climb(n):
    total = 1
    for i in range(n):
        total = total + total // 3 + 1
    return total


def bounce(n):
    value = 2**61
    flips = 0
    for i in range(n):
        if value >= 2**62:
            value -= 2**61 + 1
            flips += 1
        else:
            value += 2**60 + 3
    return value, flips


def multiply(n):
    value = 3
    wraps = 0
    for i in range(n):
        value = value * 3
        if value > 2**80:
            value %= 1000003
            wraps += 1
    return value, wraps


def negate(n):
    value = -(2**62)
    out = []
    for i in range(n):
        value = -value
        if i % 700 == 0:
            out.append(value)
        if i == n - 3:
            value += 1
    return value, out


for i in range(2):
    print(climb(100), climb(200))
    print(bounce(5000))
    print(multiply(3000))
    print(negate(2500))
