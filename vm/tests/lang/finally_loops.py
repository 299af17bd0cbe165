# A loop in a `finally` block has other values below it on the stack by how the block was entered; versions of the loop
# for other types must not be taken for one another over that.
#
# expect: 673123
# stress: 20
import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 902


class Box:
    def __init__(self, n):
        self.n = n

    def read(self):
        return self.n + 1


class Wide(Box):
    def read(self):
        return super().read() ^ 1


class Odd(Box):
    def read(self):
        if self.n % 11 == 0:
            raise ValueError(self.n)
        return -self.n


def leave(p, q):
    a, b, c, d = p, q, 4, 2**62 - 3
    box = Wide(q) if q & 1 else Box(q)
    other = Odd(p & 31)
    for hot in range(ROUNDS):
        a = (a + hot) % (2**62 + 1)
        try:
            if c % 5 == 1:
                continue
        finally:
            left = 5
            while left > 0:
                left -= 1
                d = [box, other][(3 + d) & 1].read()
                d = (c % -7 + sum([a, -64, 1])) % 2**64 - 2**63
                c = ((d + d) % ((d << (b & 7)) | 1)) & 0x7FFFFFFF
        d = ([1, 5, 2][c % 3] * (a - b)) & 7
    return (a + b * 3 + c * 5 + d * 7) % 1000000007


digest = 0
for i in range(12):
    try:
        digest = (digest * 31 + leave(i * 7 - 3, i % 5)) % 1000003
    except ValueError:
        digest += 1
print(digest)
