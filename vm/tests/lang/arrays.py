# array.array: methods, slices, operators, bytes, subclasses, hot loops.
#
# expect: array('h', [1, 77, -2, 300, 4, 5, 6]) 7 77 6 array('h', [77, -2]) h 2
# expect: 6 1 2 1 [77, -2, 300, 4, 5] [5, 4, 300, -2, 77]
# expect: array('h', [9, 8, 8, 8, -2, 77]) b'\t\x00\x08\x00\x08\x00\x08\x00\xfe\xffM\x00' True True
# expect: array('h', [8, -2, 77]) True array('h', [8, -2, 77, 0]) array('B', [97, 98, 97, 98]) False
# expect: array('d', [0.5, 1.25, 2.0]) 3.75 True b'\x00\x00\x00?'
# expect: array('Q', [18446744073709551615]) array('q', [-9223372036854775808]) array('b', [-1, 1])
# expect: array('I', [16777216, 33554432]) bytearray(b'\x01\x02')
# expect: ValueError
# expect: IndexError
# expect: IndexError
# expect: TypeError
# expect: TypeError
# expect: ValueError
# expect: 10 4 3 True
# expect: 955500 38220
from array import array

a = array("h", [1, -2, 300])
a.append(4)
a.extend([5, 6])
a.insert(1, 77)
print(a, len(a), a[1], a[-1], a[1:3], a.typecode, a.itemsize)
print(a.pop(), a.pop(0), a.index(300), a.count(4), a.tolist(), list(reversed(a)))
a.reverse()
a.remove(300)
a[0] = 9
a[1:2] = array("h", [8, 8, 8])
print(a, bytes(a), a.tobytes() == bytes(a), a == array("h", [9, 8, 8, 8, -2, 77]))
del a[0]
del a[1:3]
print(a, a < array("h", [9]), a + array("h", [0]), array("B", b"ab") * 2, bool(array("d")))
b = array("d", [0.5, 1.25])
b += array("d", [2])
print(b, sum(b), 1.25 in b, array("f", [0.5]).tobytes())
print(array("Q", [2**64 - 1]), array("q", [-(2**63)]), array("b", b"\xff\x01"))
c = array("I")
c.frombytes(b"\x01\x00\x00\x00\x02\x00\x00\x00")
c.byteswap()
print(c, bytearray(array("B", [1, 2])))
for attempt in (
    lambda: array("z"),
    lambda: array("h").pop(),
    lambda: a[9],
    lambda: array("h", "text"),
    lambda: a + array("i"),
    lambda: a.remove(12345),
):
    try:
        print(attempt())
    except (ValueError, IndexError, TypeError) as problem:
        print(type(problem).__name__)


class Row(array):
    def total(self):
        return sum(self)


row = Row("i", [1, 2, 3])
row.append(4)
print(row.total(), len(row), row[2], row == array("i", [1, 2, 3, 4]))
squares = array("l", [0] * 50)
for turn in range(40):
    for i in range(50):
        squares[i] += i * turn
print(sum(squares), squares[49])
