"""Bytes as letters: base 16, 32, 64 and 85."""
import binascii

_B32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_B32HEX = b"0123456789ABCDEFGHIJKLMNOPQRSTUV"
_B85 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"


def _bytes(s):
    if isinstance(s, str):
        try:
            return s.encode("ascii")
        except UnicodeError:
            raise ValueError("string argument should contain only ASCII characters")
    return bytes(s)


def _translated(s, old, new):
    return bytes([new[old.index(c)] if c in old else c for c in s])


def b64encode(s, altchars=None):
    encoded = binascii.b2a_base64(s, newline=False)
    return encoded if altchars is None else _translated(encoded, b"+/", altchars)


def b64decode(s, altchars=None, validate=False):
    s = _bytes(s)
    if altchars is not None:
        s = _translated(s, _bytes(altchars), b"+/")
    if validate:
        for c in s:
            if c not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=":
                raise binascii.Error("Only base64 data is allowed")
    return binascii.a2b_base64(s)


standard_b64encode = b64encode
standard_b64decode = b64decode


def urlsafe_b64encode(s):
    return b64encode(s, b"-_")


def urlsafe_b64decode(s):
    return b64decode(s, b"-_")


def encodebytes(s):
    pieces = [binascii.b2a_base64(s[at:at + 57]) for at in range(0, len(s), 57)]
    return b"".join(pieces)


def decodebytes(s):
    return binascii.a2b_base64(s)


def encode(input, output):
    output.write(encodebytes(input.read()))


def decode(input, output):
    output.write(decodebytes(input.read()))


def _encode32(s, letters):
    s = bytes(s)
    out = bytearray()
    for at in range(0, len(s), 5):
        piece = s[at:at + 5]
        n = int.from_bytes(piece + bytes(5 - len(piece)), "big")
        used = (len(piece) * 8 + 4) // 5
        for k in range(8):
            out.append(letters[n >> 35 - 5 * k & 31] if k < used else 61)
    return bytes(out)


def _decode32(s, letters, casefold):
    s = _bytes(s)
    if len(s) % 8:
        raise binascii.Error("Incorrect padding")
    if casefold:
        s = s.upper()
    body = s.rstrip(b"=")
    padding = len(s) - len(body)
    out = bytearray()
    for at in range(0, len(s), 8):
        n = 0
        for c in body[at:at + 8]:
            if c not in letters:
                raise binascii.Error("Non-base32 digit found")
            n = n << 5 | letters.index(c)
        n <<= 5 * (8 - len(body[at:at + 8]))
        out += n.to_bytes(5, "big")
    if padding not in (0, 1, 3, 4, 6):
        raise binascii.Error("Incorrect padding")
    lost = (padding * 5 + 7) // 8
    return bytes(out[:len(out) - lost])


def b32encode(s):
    return _encode32(s, _B32)


def b32decode(s, casefold=False, map01=None):
    s = _bytes(s)
    if map01 is not None:
        s = _translated(s, b"01", b"O" + _bytes(map01))
    return _decode32(s, _B32, casefold)


def b32hexencode(s):
    return _encode32(s, _B32HEX)


def b32hexdecode(s, casefold=False):
    return _decode32(s, _B32HEX, casefold)


def b16encode(s):
    return binascii.hexlify(s).upper()


def b16decode(s, casefold=False):
    s = _bytes(s)
    if casefold:
        s = s.upper()
    if any(c not in b"0123456789ABCDEF" for c in s):
        raise binascii.Error("Non-base16 digit found")
    return binascii.unhexlify(s)


def _digits85(n, letters):
    digits = []
    for _ in range(5):
        n, digit = divmod(n, 85)
        digits.append(letters[digit])
    return bytes(reversed(digits))


def _encode85(s, letters, pad, zero):
    s = bytes(s)
    missing = -len(s) % 4
    words = s + bytes(missing)
    pieces = []
    for at in range(0, len(words), 4):
        n = int.from_bytes(words[at:at + 4], "big")
        pieces.append(b"z" if zero and n == 0 else _digits85(n, letters))
    if missing and not pad:
        if pieces[-1] == b"z":
            pieces[-1] = letters[:1] * 5
        pieces[-1] = pieces[-1][:-missing]
    return b"".join(pieces)


def b85encode(b, pad=False):
    return _encode85(b, _B85, pad, False)


def _decode85(s, letters):
    missing = -len(s) % 5
    s = s + letters[-1:] * missing
    out = bytearray()
    for at in range(0, len(s), 5):
        n = 0
        for k, c in enumerate(s[at:at + 5]):
            digit = letters.find(bytes([c]))
            if digit < 0:
                raise ValueError("bad base85 character at position %d" % (at + k))
            n = n * 85 + digit
        if n > 0xffffffff:
            raise ValueError("base85 overflow in hunk starting at byte %d" % at)
        out += n.to_bytes(4, "big")
    return bytes(out[:len(out) - missing])


def b85decode(b):
    return _decode85(_bytes(b), _B85)


_A85 = bytes(range(33, 118))


def a85encode(b, *, foldspaces=False, wrapcol=0, pad=False, adobe=False):
    encoded = _encode85(b, _A85, pad, True)
    if adobe:
        encoded = b"<~" + encoded + b"~>"
    if wrapcol:
        encoded = b"\n".join([encoded[at:at + wrapcol] for at in range(0, len(encoded), wrapcol)])
    return encoded


def a85decode(b, *, foldspaces=False, adobe=False, ignorechars=b" \t\n\r\v"):
    b = _bytes(b)
    if adobe:
        if not b.endswith(b"~>"):
            raise ValueError("Ascii85 encoded byte sequences must end with b'~>'")
        b = b[2:-2] if b.startswith(b"<~") else b[:-2]
    plain = bytearray()
    for c in b:
        if c == 122:
            plain += b"!!!!!"
        elif c not in ignorechars:
            if not 33 <= c <= 117:
                raise ValueError("Non-Ascii85 digit found: %c" % c)
            plain.append(c)
    return _decode85(bytes(plain), _A85)
