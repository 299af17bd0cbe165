# Bytes, bytearrays and strings in hot loops: subscripts from both ends, stores, lengths, codes, comparisons.
#
# expect: (13169, 26510) (34001, 12587)
# expect: b'\xc1\x87\x82\xe8CI\x04\xaa' 87900 (444, [252, 253, 254, 255]) 184428
# expect: (420, 1380, 'BercinnOg  t', 120)
# expect: khoor, zruog khoor, zruog khoo 13290279
def checksum(data, rounds):
    a, b = 1, 0
    for r in range(rounds):
        for i in range(len(data)):
            a = (a + data[i] + r) % 65521
            b = (b + a ^ data[-1 - i]) % 65521
    return a, b


def fill(size, rounds):
    data = bytearray(size)
    for r in range(rounds):
        for i in range(len(data)):
            data[i] = (data[i - 1] * 31 + r + i) & 255
        data[-1] = r & 127
    return bytes(data)


def out_of_range(data, n):
    seen = 0
    for i in range(n):
        try:
            seen += data[i]
        except IndexError:
            seen -= 1
    return seen


def bad_bytes(n):
    data = bytearray(4)
    errors = 0
    for i in range(n):
        try:
            data[i % 4] = i
        except ValueError:
            errors += 1
    return errors, list(data)


def growing(n):
    data = bytearray()
    total = 0
    for i in range(n):
        data.append(i & 255)
        if len(data) > 40:
            data = data[20:]
        total += data[len(data) // 2]
    return total


def letters(text, rounds):
    vowels = upper = 0
    picked = ""
    for r in range(rounds):
        for i in range(len(text)):
            c = text[i]
            if c == "a" or c == "e" or c == "o":
                vowels += 1
            elif c != " " and "A" <= c <= "Z":
                upper += ord(c) - ord("A")
        picked += text[r % len(text)] + text[-1 - r % len(text)]
    return vowels, upper, picked[:12], len(picked)


def shifted(text, by):
    out = []
    for c in text:
        code = ord(c)
        if 97 <= code < 123:
            c = chr((code - 97 + by) % 26 + 97)
        out.append(c)
    return "".join(out)


def wide(rounds):
    mixed = ["plain", "größer", "日本語", "x"]
    total = 0
    for r in range(rounds):
        word = mixed[r % 4 if r > rounds // 2 else 0]
        total += len(word) + ord(word[r % len(word)]) + ord(word[-1])
    return total


print(checksum(b"the quick brown fox", 60), checksum(bytearray(range(50)), 20))
print(fill(60, 40)[:8], out_of_range(b"abc" * 300, 1200), bad_bytes(700), growing(1500))
print(letters("Bring Home the Bacon at Once", 60))
print(shifted("hello, world " * 60, 3)[:30], wide(1600))
