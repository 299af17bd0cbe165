# Many short-lived objects: binary trees built and counted, linked lists reversed, a search tree filled.
#
# expect: (8191, 88065, 49, 2647, 5406889)
# expect: (8191, 88065, 49, 2647, 5406889)
# small: 7
# expect-small: (255, 1473, 49, 124, 254971)
# expect-small: (255, 1473, 49, 124, 254971)
# stress: 3
import sys


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


class Cell:
    def __init__(self, value, rest):
        self.value = value
        self.rest = rest


class Search:
    def __init__(self):
        self.root = None
        self.size = 0

    def insert(self, key):
        if self.root is None:
            self.root = [key, None, None]
            self.size = 1
            return
        node = self.root
        while True:
            if key == node[0]:
                return
            side = 1 if key < node[0] else 2
            if node[side] is None:
                node[side] = [key, None, None]
                self.size += 1
                return
            node = node[side]

    def __iter__(self):
        stack = []
        node = self.root
        while stack or node:
            while node:
                stack.append(node)
                node = node[1]
            node = stack.pop()
            yield node[0]
            node = node[2]


def build(depth):
    if depth == 0:
        return Node(None, None)
    return Node(build(depth - 1), build(depth - 1))


def reverse(cell):
    out = None
    while cell is not None:
        out = Cell(cell.value, out)
        cell = cell.rest
    return out


def run(n):
    kept = build(n)
    total = 0
    for depth in range(2, n + 1):
        for _ in range(1 << (n - depth)):
            total += build(depth).count()
    cells = None
    for i in range(50):
        cells = Cell(i, cells)
    for _ in range(1 << (n - 2)):
        cells = reverse(cells)
    search = Search()
    key = 1
    for _ in range(1 << n):
        key = key * 75 % 65537
        search.insert(key & 0xFFF)
    return kept.count(), total, cells.value, search.size, sum([k for k in search])


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    for _ in range(2):
        print(run(n))


main()
