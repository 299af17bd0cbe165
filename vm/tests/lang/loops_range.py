# range in all its forms: bounds at the edges of small integers, negative steps, indexing, equality, membership.
#
# expect: (0, 0) (45, 10) (0, 0) (42, 7) (0, 0) (18, 4) (18, 3) (0, 0)
# expect: (-5, 5) (12497500, 5000) (1788215, 715)
# expect: 7 3 27 [11, 15] True False [3, 7, 11, 15, 19, 23, 27]
# expect: [0, -3, -6, -9] 0 False [3, 2, 1, 0]
# expect: zero step
# expect: index
# expect: (2000, 2099)
def total(*bounds):
    out = 0
    count = 0
    for i in range(*bounds):
        out += i
        count += 1
    return out, count


print(total(0), total(10), total(-3), total(3, 10), total(10, 3), total(0, 10, 3), total(10, 0, -4), total(0, 10, -1))
print(total(-5, 5, 2), total(5000), total(5000, 0, -7))
r = range(3, 30, 4)
print(len(r), r[0], r[-1], list(r[2:4]), 7 in r, 8 in r, list(r))
print(list(range(0, -10, -3)), len(range(10, 0)), bool(range(0)), list(reversed(range(4))))
try:
    range(1, 2, 0)
except ValueError:
    print("zero step")
try:
    r[7]
except IndexError:
    print("index")


def changed(n):
    """Assigning the loop variable or the bound does not change the iteration."""
    seen = 0
    for i in range(n):
        seen += 1
        i += 100
        n = 0
    return seen, i


print(changed(2000))
