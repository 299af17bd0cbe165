# Ranges near and beyond the end of small ints.
#
# expect: range(1180591620717411303424, 1180591620717411303429) 5 0 4 2 True False
# expect: 4611686018427387903 range(2305843009213693952, 2305843009213693955) [2305843009213693952, 2305843009213693953, 2305843009213693954]
# expect: [-2, -1, 0, 1, 2] [2, 0, -2]
# expect: range(9223372036854775807, 9223372036854775809) 700000000000000000000000000000 3074457345618258603
# expect: True True
# expect: 0 5 1 4 1 0 False
# expect: [2, 1, 0]
# expect: 3
# expect: 50
# expect: ValueError
# expect: ValueError
# expect: TypeError
# expect: IndexError
# expect: ValueError
# expect: TypeError
big = 2**70
r = range(big, big + 5)
print(r, len(r), r[0] - big, r[-1] - big, list(r)[2] - big, big + 3 in r, big + 5 in r)
print(range(0, 2**62)[-1], range(2**61, 2**61 + 3), list(range(2**61, 2**61 + 3)))
edge = 2**62
print([n - edge for n in range(edge - 2, edge + 3)], [n + edge for n in range(-edge + 2, -edge - 3, -2)])
print(range(2**63 - 2, 2**63 + 1)[1:], range(10**30, 0, -(10**29))[3], len(range(2**62, -(2**62), -3)))
print(range(2**80, 2**80 + 10, 3) == range(2**80, 2**80 + 12, 3), range(2**80, 2**80) == range(0))
print(r.start - big, r.stop - big, r.step, r.index(big + 4), r.count(big), r.count(1.5), bool(range(big, big)))
print([n - big for n in reversed(range(big, big + 3))] if len(r) < 9 else None)
total = 0
for step in (1, 2**61, -(2**61)):
    for n in range(0, step * 3, step):
        total += n
print(total)
count = 0
for n in range(2**62 - 50, 2**62 + 50):
    count += n & 1
print(count)
for text in ("range(1, 2, 0)", "range(2**80, 1, 0)", "range(1.5)", "r[5]", "r.index(0)", "range('a')"):
    try:
        print(eval(text))
    except (ValueError, TypeError, IndexError) as problem:
        print(type(problem).__name__)
