"""Bytes as text and back; checksums."""


class Error(ValueError):
    pass


class Incomplete(Exception):
    pass


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {c: n for n, c in enumerate(_LETTERS)}


def _bytes(data):
    if isinstance(data, str):
        try:
            return data.encode("ascii")
        except UnicodeError:
            raise ValueError("string argument should contain only ASCII characters")
    return bytes(data)


def hexlify(data, sep=None, bytes_per_sep=1):
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    data = bytes(data)
    text = data.hex() if sep is None else data.hex(sep if isinstance(sep, str) else sep.decode(), bytes_per_sep)
    return text.encode()


def unhexlify(data):
    data = _bytes(data)
    if len(data) % 2:
        raise Error("Odd-length string")
    try:
        return bytes([int(data[at:at + 2], 16) for at in range(0, len(data), 2)])
    except ValueError:
        raise Error("Non-hexadecimal digit found")


b2a_hex = hexlify
a2b_hex = unhexlify


def b2a_base64(data, *, newline=True):
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    data = bytes(data)
    out = bytearray()
    letters = _LETTERS
    for at in range(0, len(data) - 2, 3):
        n = data[at] << 16 | data[at + 1] << 8 | data[at + 2]
        out.append(letters[n >> 18])
        out.append(letters[n >> 12 & 63])
        out.append(letters[n >> 6 & 63])
        out.append(letters[n & 63])
    left = len(data) % 3
    if left == 1:
        n = data[-1] << 4
        out += bytes([letters[n >> 6], letters[n & 63], 61, 61])
    elif left == 2:
        n = (data[-2] << 8 | data[-1]) << 2
        out += bytes([letters[n >> 12], letters[n >> 6 & 63], letters[n & 63], 61])
    if newline:
        out.append(10)
    return bytes(out)


def a2b_base64(data, *, strict_mode=False):
    out = bytearray()
    held = bits = pads = seen = 0
    values = _VALUES
    for c in _bytes(data):
        if c == 61:
            pads += 1
            if seen % 4 >= 2 and seen % 4 + pads >= 4:
                return bytes(out)
            continue
        value = values.get(c)
        if value is None:
            if strict_mode:
                raise Error("Only base64 data is allowed")
            continue
        pads = 0
        seen += 1
        held = (held << 6 | value) & 0xfff
        bits += 6
        if bits >= 8:
            bits -= 8
            out.append(held >> bits & 0xff)
    if seen % 4 == 1:
        raise Error("Invalid base64-encoded string: number of data characters (%d) cannot be 1 more than a multiple "
                    "of 4" % seen)
    if seen % 4:
        raise Error("Incorrect padding")
    return bytes(out)


_CRCS = []


def _crcs():
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ 0xedb88320 if n & 1 else n >> 1
        _CRCS.append(n)
    return _CRCS


def crc32(data, value=0):
    table = _CRCS or _crcs()
    value ^= 0xffffffff
    for byte in bytes(data):
        value = value >> 8 ^ table[(value ^ byte) & 255]
    return value ^ 0xffffffff


def crc_hqx(data, value):
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021) & 0xffff if value & 0x8000 else value << 1
    return value
