# Matrix products over lists of lists, with ints and with floats, and a determinant by elimination.
#
# expect: (-333, True, 206, '8.016667', '27023125.002211')
# expect: (-333, True, 206, '8.016667', '27023125.002211')
# small: 14
# expect-small: (-69, True, 74, '12.721429', '1591.345354')
# expect-small: (-69, True, 74, '12.721429', '1591.345354')
# stress: 4
import sys


def product(a, b):
    rows = len(a)
    inner = len(b)
    columns = len(b[0])
    out = []
    for i in range(rows):
        row = a[i]
        line = []
        for j in range(columns):
            total = row[0] * b[0][j]
            for k in range(1, inner):
                total += row[k] * b[k][j]
            line.append(total)
        out.append(line)
    return out


def product_by_columns(a, b):
    columns = [[row[j] for row in b] for j in range(len(b[0]))]
    return [[sum([x * y for x, y in zip(row, column)]) for column in columns] for row in a]


def determinant(matrix):
    matrix = [row[:] for row in matrix]
    size = len(matrix)
    out = 1.0
    for i in range(size):
        pivot = i
        for r in range(i + 1, size):
            if abs(matrix[r][i]) > abs(matrix[pivot][i]):
                pivot = r
        if pivot != i:
            matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
            out = -out
        top = matrix[i]
        out *= top[i]
        for r in range(i + 1, size):
            row = matrix[r]
            factor = row[i] / top[i]
            for c in range(i, size):
                row[c] -= factor * top[c]
    return out


def run(n):
    ints = [[(i * 7 + j * 3) % 11 - 5 for j in range(n)] for i in range(n)]
    floats = [[1.0 / (1 + (i * 5 + j * 2) % 7) + (i == j) for j in range(n)] for i in range(n)]
    whole = product(ints, ints)
    mixed = product(ints, floats)
    again = product_by_columns(ints, ints)
    trace = 0.0
    for i in range(n):
        trace += mixed[i][i]
    return whole[1][2], whole == again, sum([sum(row) for row in whole]), "%.6f" % trace, "%.6f" % determinant(floats)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 80
    for _ in range(2):
        print(run(n))


main()
