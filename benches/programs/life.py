# Conway's game on a torus, on lists of rows and on a set of cells.
#
# expect: (True, 24, [(0, 20), (1, 20), (2, 20)])
# expect: (True, 24, [(0, 20), (1, 20), (2, 20)])
# small: 4
# expect-small: (True, 29, [(0, 20), (1, 3), (1, 20)])
# expect-small: (True, 29, [(0, 20), (1, 3), (1, 20)])
# stress: 1
import sys

GLIDER = ((1, 0), (2, 1), (0, 2), (1, 2), (2, 2))


def step_rows(rows):
    height = len(rows)
    width = len(rows[0])
    out = []
    for y in range(height):
        above = rows[y - 1]
        here = rows[y]
        below = rows[(y + 1) % height]
        line = []
        for x in range(width):
            right = x + 1 if x + 1 < width else 0
            near = above[x - 1] + above[x] + above[right] + here[x - 1] + here[right] + below[x - 1] + below[x] + below[right]
            line.append(1 if near == 3 or near == 2 and here[x] else 0)
        out.append(line)
    return out


def step_cells(cells, size):
    near = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    spot = ((x + dx) % size, (y + dy) % size)
                    near[spot] = near.get(spot, 0) + 1
    return {spot for spot, count in near.items() if count == 3 or count == 2 and spot in cells}


def run(n):
    size = 40
    cells = set(GLIDER)
    for i in range(0, size, 5):
        cells |= {(i, 20), (i + 1, 20), (i + 2, 20)}
    rows = [[1 if (x, y) in cells else 0 for x in range(size)] for y in range(size)]
    for _ in range(n):
        rows = step_rows(rows)
        cells = step_cells(cells, size)
    same = all((rows[y][x] == 1) == ((x, y) in cells) for x in range(size) for y in range(size))
    return same, len(cells), sorted(cells)[:3]


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    for _ in range(2):
        print(run(n))


main()
