# Bit manipulation over bytes: a table-driven CRC, an Adler sum, a xorshift generator, a bit reversal.
#
# expect: ('ef1d4e93', 'ffead680', 65)
# expect: ('ef1d4e93', 'ffead680', 65)
# small: 4000
# expect-small: ('7732cb3a', '1bc19ca1', 225)
# expect-small: ('7732cb3a', '1bc19ca1', 225)
# stress: 100
import sys


def table(polynomial):
    out = []
    for i in range(256):
        value = i
        for _ in range(8):
            value = value >> 1 ^ polynomial if value & 1 else value >> 1
        out.append(value)
    return out


def crc(data, lookup):
    value = 0xFFFFFFFF
    for byte in data:
        value = lookup[(value ^ byte) & 255] ^ value >> 8
    return value ^ 0xFFFFFFFF


def adler(data):
    a = 1
    b = 0
    for i in range(len(data)):
        a = (a + data[i]) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def xorshift(count):
    out = bytearray(count)
    state = 2463534242
    for i in range(count):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        out[i] = state & 255
    return out


def reverse(value, width):
    out = 0
    for _ in range(width):
        out = out << 1 | value & 1
        value >>= 1
    return out


def run(n):
    data = xorshift(n)
    mirrored = 0
    for i in range(n // 10):
        mirrored ^= reverse(data[i] << 4 | i & 15, 12)
    return "%08x" % crc(data, table(0xEDB88320)), "%08x" % adler(bytes(data)), mirrored


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 250000
    for _ in range(2):
        print(run(n))


main()
