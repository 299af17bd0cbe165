# Queens that do not attack each other: recursion with bit sets, then with a generator over lists.
#
# expect: (724, 92, (0, 4, 7, 5, 2, 6, 1, 3), (7, 3, 0, 2, 5, 1, 6, 4))
# expect: (724, 92, (0, 4, 7, 5, 2, 6, 1, 3), (7, 3, 0, 2, 5, 1, 6, 4))
# small: 7
# expect-small: (40, 10, (0, 2, 4, 1, 3), (4, 2, 0, 3, 1))
# expect-small: (40, 10, (0, 2, 4, 1, 3), (4, 2, 0, 3, 1))
# stress: 6
import sys


def count(full, columns, left, right):
    if columns == full:
        return 1
    found = 0
    free = full & ~(columns | left | right)
    while free:
        bit = free & -free
        free ^= bit
        found += count(full, columns | bit, (left | bit) << 1 & full, (right | bit) >> 1)
    return found


def place(size, row, columns, up, down):
    if row == size:
        yield tuple(columns)
        return
    for column in range(size):
        if column in columns or up[row + column] or down[row - column]:
            continue
        columns.append(column)
        up[row + column] = True
        down[row - column] = True
        for solution in place(size, row + 1, columns, up, down):
            yield solution
        columns.pop()
        up[row + column] = False
        down[row - column] = False


def run(n):
    by_bits = count((1 << n) - 1, 0, 0, 0)
    size = n - 2
    by_lists = list(place(size, 0, [], [False] * (2 * size), [False] * (2 * size)))
    return by_bits, len(by_lists), by_lists[0], by_lists[-1]


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for _ in range(2):
        print(run(n))


main()
