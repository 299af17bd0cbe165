# Slices, positions and hashes of ranges beyond a machine word.
#
# expect: ['range(0, 1180591620717411303424)', True, (0, True, 0, 1), (1180591620717411303423, True, 1180591620717411303423, 1), (2, True, 2, 1), (2305843009213693952, True, 2305843009213693952, 1), (36893488147419103232, True, 36893488147419103232, 1), 'OverflowError', [1180591620717411303423, 1180591620717411303422, 1180591620717411303421]]
# expect: 915904195
# expect: ['range(-1180591620717411303424, 1180591620717411303424, 3)', True, (-1180591620717411303424, True, 0, 1), (1180591620717411303422, True, 787061080478274202282, 1), (-1180591620717411303418, True, 2, 1), (-1173674091689770221568, True, 2305843009213693952, 1), (-1069911156275153993728, True, 36893488147419103232, 1), 'OverflowError', [1180591620717411303422, 1180591620717411303419, 1180591620717411303416]]
# expect: 296540258
# expect: ['range(1180591620717411303424, -1180591620717411303424, -7)', True, (1180591620717411303424, True, 0, 1), (-1180591620717411303420, True, 337311891633546086692, 1), (1180591620717411303410, True, 2, 1), (1164450719652915445760, True, 2305843009213693952, 1), (922337203685477580800, True, 36893488147419103232, 1), 'OverflowError', [-1180591620717411303420, -1180591620717411303413, -1180591620717411303406]]
# expect: 260849543
# expect: ['range(0, 10)', True, (0, True, 0, 1), (9, True, 9, 1), (2, True, 2, 1), 'IndexError', 'IndexError', 10, [9, 8, 7]]
# expect: 56585564
# expect: ['range(0, 0)', False, 'IndexError', 'IndexError', 'IndexError', 'IndexError', 'IndexError', 0, ['end', 'end', 'end']]
# expect: 662744896
# expect: ['range(-1152921504606846976, 1152921504606846976)', True, (-1152921504606846976, True, 0, 1), (1152921504606846975, True, 2305843009213693951, 1), (-1152921504606846974, True, 2, 1), 'IndexError', 'IndexError', 2305843009213693952, [1152921504606846975, 1152921504606846974, 1152921504606846973]]
# expect: 366907983
# expect: ['range(4611686018427387904, 4611686018427387914)', True, (4611686018427387904, True, 0, 1), (4611686018427387913, True, 9, 1), (4611686018427387906, True, 2, 1), 'IndexError', 'IndexError', 10, [4611686018427387913, 4611686018427387912, 4611686018427387911]]
# expect: 187711508
# expect: ['range(-9223372036854775808, 9223372036854775808, 2305843009213693952)', True, (-9223372036854775808, True, 0, 1), (6917529027641081856, True, 7, 1), (-4611686018427387904, True, 2, 1), 'IndexError', 'IndexError', 8, [6917529027641081856, 4611686018427387904, 2305843009213693952]]
# expect: 582936749
# expect: True True True range(0, 3, 1180591620717411303424)
# expect: IndexError
big = 1 << 70
ranges = [
    range(big), range(-big, big, 3), range(big, -big, -7), range(10), range(0), range(-(1 << 60), 1 << 60),
    range(1 << 62, (1 << 62) + 10), range(-(1 << 63), 1 << 63, 1 << 61),
]
slices = [
    slice(None), slice(1, None), slice(None, None, -1), slice(None, None, 2), slice(-5, None), slice(big, None),
    slice(None, -big), slice(1 << 60, None), slice((1 << 60) + 5, None, 3), slice(None, None, -(1 << 65)),
    slice(None, None, 1 << 65), slice(3, -3, 2), slice(-1, -big, -1), slice(-3, 1, -3), slice(big // 2, big, big // 10),
]


def about(r):
    out = [repr(r), bool(r)]
    for k in (0, -1, 2, 1 << 61, 1 << 65):
        try:
            v = r[k]
            out.append((v, v in r, r.index(v), r.count(v)))
        except IndexError:
            out.append("IndexError")
    try:
        out.append(len(r))
    except OverflowError:
        out.append("OverflowError")
    back = reversed(r)
    out.append([next(back, "end") for _ in range(3)])
    return out


for r in ranges:
    print(about(r))
    digest = 0
    for s in slices:
        for part in (r[s], r[s][::-1]):
            for c in repr(about(part)):
                digest = (digest * 31 + ord(c)) % 1000000007
        if hash(r[s]) != hash(r[s]) or {r[s]: 1}[r[s]] != 1 or r[s][:] != r[s]:
            print("differs", s)
    print(digest)
print(range(0) == range(5, 1), hash(range(0)) == hash(range(5, 1)), range(big)[1:2] == range(1, 2), range(3)[::big])
try:
    [1][big]
except IndexError as e:
    print("IndexError")
