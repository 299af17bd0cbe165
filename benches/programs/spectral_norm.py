# Largest singular value of an infinite matrix by power iteration: calls in comprehensions and in loops.
#
# expect: 1.27422326
# expect: 1.27422326
# small: 20
# expect-small: 1.27383984
# expect-small: 1.27383984
# stress: 3
import sys


def cell(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v):
    out = []
    for i in range(len(v)):
        total = 0.0
        for j in range(len(v)):
            total += cell(i, j) * v[j]
        out.append(total)
    return out


def times_transposed(v):
    size = len(v)
    return [sum([cell(j, i) * v[j] for j in range(size)]) for i in range(size)]


def run(n):
    u = [1.0] * n
    v = u
    for _ in range(4):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    uv = 0.0
    vv = 0.0
    for a, b in zip(u, v):
        uv += a * b
        vv += b * b
    return (uv / vv) ** 0.5


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 170
    for _ in range(2):
        print("%.8f" % run(n))


main()
