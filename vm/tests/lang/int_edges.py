# Sums, differences, products and shifts around the border between small and big integers.
#
# expect: 299887806
# expect: 399976754
# expect: 317835015
# expect: 358263182
# expect: 24691588
# expect: 665606403
# expect: 634281410
# expect: 968675014
# expect: 484633437
# expect: 389483173
# expect: 854022702
# expect: 900173182
# expect: 299887806
# expect: 399976754
# expect: 317835015
# expect: 358263182
# expect: 24691588
# expect: 665606403
# expect: 634281410
# expect: 968675014
# expect: 484633437
# expect: 389483173
# expect: 854022702
# expect: 900173182
# expect: 299887806
# expect: 399976754
# expect: 317835015
# expect: 358263182
# expect: 24691588
# expect: 665606403
# expect: 634281410
# expect: 968675014
# expect: 484633437
# expect: 389483173
# expect: 854022702
# expect: 900173182
# expect: 4611686018427387954 -4611686018427387954 -336653079345199316992
# expect: [16384, 1073741824, 70368744177664, 4611686018427387904, 302231454903657293676544, 19807040628566084398385987584, 1298074214633706907132624082305024, 85070591730234615865843651857942052864]
# expect: 31775
EDGES = [0, 1, -1, 2**31, -(2**31), 2**61, -(2**61), 2**62 - 1, 2**62, -(2**62), -(2**62) - 1, 2**63 - 1, 2**63, -(2**63), 2**64, 2**70]


def table(function):
    out = 0
    for a in EDGES:
        for b in EDGES:
            out = out * 31 + function(a, b)
            out %= 1000000007
    return out


def count_up(start, n, step):
    for _ in range(n):
        start += step
    return start


def double(n):
    value = 1
    seen = []
    for i in range(n):
        value *= 2
        if i % 16 == 13:
            seen.append(value)
    return seen


def shifts(n):
    total = 0
    for i in range(n):
        total ^= 1 << (i % 100)
        total ^= (-1 << (i % 70)) >> (i % 5)
    return total


for repeat in range(3):
    print(table(lambda a, b: a + b))
    print(table(lambda a, b: a - b))
    print(table(lambda a, b: a * b))
    print(table(lambda a, b: a // b if b else 7))
    print(table(lambda a, b: a % b if b else 7))
    print(table(lambda a, b: a & b))
    print(table(lambda a, b: a | b))
    print(table(lambda a, b: a ^ b))
    print(table(lambda a, b: (a < b) + 2 * (a <= b) + 4 * (a == b) + 8 * (a != b) + 16 * (a > b) + 32 * (a >= b)))
    print(table(lambda a, b: a << (b % 80)))
    print(table(lambda a, b: a >> (b % 80)))
    print(table(lambda a, b: -a + ~b + abs(a)))
print(count_up(2**62 - 50, 100, 1), count_up(-(2**62) + 50, 100, -1), count_up(2**63, 300, -(2**60)))
print(double(130))
print(shifts(1000))
