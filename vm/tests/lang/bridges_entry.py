# A loop whose entry relies on a parameter's value, entered later with another value: the bridge must not skip the test.
#
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (2, 1, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (2, 1, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (2, 1, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (2, 1, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (4, 217, 1099511808076)
# expect: (2, 1, 1099511808076)
# expect: (4, 217, 1099511808076)


def swaps(limit, flag):
    b = flag
    c = 1
    d = 2**40
    for hot in range(limit, 0, -1):
        d = (d + hot) % (2**41 + 1)
        if b > d or flag != 2:
            b, c = (((d & 7) ** (c & 7)) & 255), b
    return b, c, d


for i in range(24):
    print(swaps(600, i % 5))
