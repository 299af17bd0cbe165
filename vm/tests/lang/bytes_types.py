# bytes and bytearray: indexing, slicing, mutation, methods, conversion, hot loops over them.
#
# expect: b'hello\x00\xff' 7 104 255 b'el' b'hello\x00\xffx' b'hello\x00\xffhello\x00\xff' True True [104, 101, 108] True True
# expect: 2 b'heLLo\x00\xff' [b'a', b'b'] b'x' b'a-b' b'AB' True
# expect: b'\x00\x00\x00' b'\x01\x02,' b'\xc3\xa9' é b'z' b"'" b'\t\n\\'
# expect: bytearray(b'\xb4(\x9c\x10\x84\xf8l\xe0T\xc8') 1388
# expect: 14 bytearray(b'end') True
# expect: 3671040
# expect: ValueError
# expect: IndexError
# expect: ValueError
b = b"hello\x00\xff"
print(b, len(b), b[0], b[-1], b[1:3], b + b"x", b * 2, b"ll" in b, 104 in b, list(b[:3]), b == b"hello\x00\xff", b < b"i")
print(b.find(b"l"), b.replace(b"l", b"L"), b"a,b".split(b","), b" x ".strip(), b"-".join([b"a", b"b"]), b"ab".upper(), b.startswith(b"he"))
print(bytes(3), bytes([1, 2, 300 % 256]), bytes("é", "utf-8"), b"\xc3\xa9".decode(), bytes(bytearray(b"z")), repr(b"'"), b"\t\n\\")
a = bytearray(10)
for i in range(3000):
    a[i % 10] = (a[i % 10] * 5 + i) & 255
print(a, sum(a))
a.append(7)
a.extend(b"xy")
a[0:2] = b""
a += b"end"
print(len(a), a[-3:], bytes(a)[:3] == bytes(a[:3]))
total = 0
data = bytes(range(256))
for _ in range(8):
    for byte in data:
        total = (total * 31 + byte) & 0xFFFFFF
print(total)
for call in (lambda: bytes([256]), lambda: bytearray(2)[5], lambda: b"\xff".decode("utf-8")):
    try:
        print(call())
    except (ValueError, IndexError, TypeError, UnicodeError) as error:
        print(type(error).__name__ if not isinstance(error, ValueError) else "ValueError")
