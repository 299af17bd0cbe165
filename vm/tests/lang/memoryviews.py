# memoryview: parts of bytes, bytearrays and arrays, read and written; everything that takes a buffer.
#
# expect: bytearray(b'01xyz56789') b'xyz5' [120, 121, 122, 53] 4 53
# expect: b'01xy!56789' b'!5' True False True
# expect: TypeError
# expect: IndexError
# expect: ValueError
# expect: TypeError
# expect: TypeError
# expect: b'<-b>' b'p,q'
# expect: 42 hé 01ff
# expect: [0, 4660, 0, 0] 2 8 False H
# expect: 4 bytearray(b'01xabcd789')
# expect: b'BA' (16760,)
# expect: array('i', [0, -7, 2, 99, 4, 5]) [-7, 2, 99] 94 True
# expect: 127904 True
import array
import struct
from io import BytesIO

data = bytearray(b"0123456789")
view = memoryview(data)
part = view[2:6]
part[0] = ord("x")
part[1:3] = b"yz"
print(data, bytes(part), part.tolist(), len(part), part[-1])
inner = part[1:][1:]
inner[0] = 33
print(bytes(view), bytes(inner), inner == b"!5", inner != b"!5", b"!5" == inner)
for attempt in (
    lambda: memoryview(b"abc").__setitem__(0, 1),
    lambda: part[4],
    lambda: part.__setitem__(slice(0, 2), b"abc"),
    lambda: memoryview("text"),
    lambda: memoryview(b"x" * 3).cast("H"),
):
    try:
        print(attempt())
    except (TypeError, IndexError, ValueError, AttributeError) as problem:
        print(type(problem).__name__)
print(b"<" + memoryview(b"a-b")[1:] + b">", b",".join([memoryview(b"p"), bytearray(b"q")]))
print(int(memoryview(b" 42 ")), str(memoryview(b"h\xc3\xa9"), "utf-8"), memoryview(b"\x01\xff").hex())
words = memoryview(bytearray(8)).cast("H")
words[1] = 0x1234
print(words.tolist(), words.itemsize, words.nbytes, words.readonly, words.format)
stream = BytesIO(b"abcdef")
print(stream.readinto(view[3:7]), data)
struct.pack_into("<H", view, 0, 0x4142)
print(bytes(view[:2]), struct.unpack_from(">H", view, 1))
numbers = array.array("i", range(6))
window = memoryview(numbers)[1:4]
window[0] = -7
numbers[3] = 99
print(numbers, window.tolist(), sum(window), 99 in window)
total = 0
pixels = memoryview(bytearray(range(256)))
for _ in range(60):
    for i in range(0, 256, 16):
        row = pixels[i : i + 16]
        row[0] = (row[0] + row[15]) & 255
        total += row[0]
print(total, hash(memoryview(b"ab")) == hash(b"ab"))
