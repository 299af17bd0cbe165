# The comparison of a product that overflows: what is decided because it did not overflow needs the check.
#
# expect: 2000 3999
# expect: 2000 3999
# expect: 2001 8
# expect: 2000 3900


def doubled(n, d):
    yes = 0
    for i in range(n):
        if d * 2 <= 2 ** 62 - 1:
            yes += 1
        d += 1
    return yes


def shifted(n, d):
    no = 0
    for i in range(n):
        if (d << 1) + 5 > 2 ** 62 + 3:
            no += 1
        d += 1
    return no


def summed(n, d):
    yes = 0
    for i in range(n):
        x = d + d
        if x >= -(2 ** 62):
            yes += 1
        d -= 1
    return yes


def negated(n, d):
    yes = 0
    for i in range(n):
        if 0 - d < 2 ** 62:
            yes += 1
        d -= 1
    return yes


print(doubled(4000, 2 ** 61 - 2000), doubled(4000, 2 ** 61 - 3999))
print(shifted(4000, 2 ** 61 - 2000), shifted(4000, 2 ** 61 - 1))
print(summed(4000, 2000 - 2 ** 61), summed(4000, 7 - 2 ** 61))
print(negated(4000, 2000 - 2 ** 62), negated(4000, 3900 - 2 ** 62))
