# Points of a grid that stay bounded under z*z + c: float arithmetic in three nested loops.
#
# expect: 0 8778 682787
# expect: 1 8778 682787
# expect: 2 8778 682787
# small: 24
# expect-small: 0 126 9870
# expect-small: 1 126 9870
# expect-small: 2 126 9870
# stress: 5
import sys


def escape(cr, ci, limit):
    zr = 0.0
    zi = 0.0
    for i in range(limit):
        rr = zr * zr
        ii = zi * zi
        if rr + ii > 4.0:
            return i
        zi = 2.0 * zr * zi + ci
        zr = rr - ii + cr
    return limit


def run(n):
    inside = 0
    steps = 0
    for y in range(n):
        ci = 2.4 * y / n - 1.2
        for x in range(n):
            count = escape(3.0 * x / n - 2.1, ci, 60)
            steps += count
            if count == 60:
                inside += 1
    return inside, steps


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for repeat in range(3):
        inside, steps = run(n)
        print(repeat, inside, steps)


main()
