# Slices of lists, tuples, strings and bytes, with every kind of bound; slice assignment and deletion.
#
# expect: el he llo ll olleh hlo   hello
# expect: [1, 2] [4, 2, 0] [3, 4] [0, 1, 2] [4, 3, 2, 1]
# expect: (47182, 726) (47182, 726) (47182, 726)
# expect: True b'el' bytearray(b'llo')
# expect: [0, 'a', 'b', 'c', 3, 4]
# expect: [9, 0, 'a', 'b', 'c', 3, 4, 8]
# expect: [9, 'c', 3, 4, 8]
# expect: []
# expect: [[0, 1, 2], ['shared', 2, 3], [2, 3, 4]] ['changed', ['shared', 2, 3], [2, 3, 4]]
# expect: [4, 5, 1, 2, 3] cdeab (2, 3, 1)
# expect: IndexError
# expect: IndexError
# expect: zero step
# expect: True b 1
BOUNDS = [None, -7, -5, -2, -1, 0, 1, 2, 4, 5, 9]


def check(items):
    total = 0
    count = 0
    for a in BOUNDS:
        for b in BOUNDS:
            for c in (None, 1, 2, 3, -1, -2):
                part = items[a:b:c]
                count += 1
                total = (total * 7 + len(part)) % 99991
    return total, count


text = "hello"
items = [0, 1, 2, 3, 4]
print(text[1:3], text[:2], text[2:], text[-3:-1], text[::-1], text[::2], text[10:], text[3:1], text[:])
print(items[1:3], items[::-2], items[-2:], items[:-2], items[5:0:-1])
assert [tuple(items)[a:b] == tuple(items[a:b]) for a in BOUNDS for b in BOUNDS]
print(check(items), check(tuple(items)), check(b"01234"))
print(check("01234") == check(items), b"hello"[1:3], bytearray(b"hello")[2:])
items[1:3] = ["a", "b", "c"]
print(items)
items[:0] = [9]
items[len(items) :] = [8]
print(items)
del items[1:4]
print(items)
items[:] = []
print(items)
grid = [list(range(i, i + 3)) for i in range(3)]
copy = grid[:]
copy[0] = "changed"
grid[1][0] = "shared"
print(grid, copy)


def rotate(items, n):
    for i in range(n):
        items = items[1:] + items[:1]
    return items


print(rotate([1, 2, 3, 4, 5], 2003), rotate("abcde", 1502), rotate((1, 2, 3), 1000))
for bad in (7, -6):
    try:
        print([0, 1, 2, 3, 4][bad])
    except IndexError:
        print("IndexError")
try:
    [1][::0]
except ValueError:
    print("zero step")
print(slice(1, 2) is not None, "abc"[True], [1, 2][False])
