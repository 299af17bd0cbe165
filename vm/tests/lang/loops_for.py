# for over every iterable, with break, continue, else, nested, and over empty things.
#
# expect: [0, 1, 3, 4, 'else'] [0, 1, 'break'] ['else'] [5, 4, 3, 1, 'else'] [10, 7, 'break']
# expect: [1, 3, 'else'] ['break'] ['a', 'c', 'else'] ['else'] [1, 'else'] [5, 'else']
# expect: [1, 3, 'else'] [97, 98, 'else'] [1, 3, 4, 'else'] [0, 1, 4, 9, 'else'] [1, 'break']
# expect: [(0, 'a'), (1, 'b'), 'else'] [(1, 'x'), (2, 'y'), 'else'] [1, 3, 'else'] [3, 1, 'else']
# expect: [1, 3, 'else'] [('k', 1), 'else'] [1, 'else'] [7, 'else']
# expect: [0, 1, 3, 4, 'else'] [0, 1, 'break'] ['else'] [5, 4, 3, 1, 'else'] [10, 7, 'break']
# expect: [1, 3, 'else'] ['break'] ['a', 'c', 'else'] ['else'] [1, 'else'] [5, 'else']
# expect: [1, 3, 'else'] [97, 98, 'else'] [1, 3, 4, 'else'] [0, 1, 4, 9, 'else'] [1, 'break']
# expect: [(0, 'a'), (1, 'b'), 'else'] [(1, 'x'), (2, 'y'), 'else'] [1, 3, 'else'] [3, 1, 'else']
# expect: [1, 3, 'else'] [('k', 1), 'else'] [1, 'else'] [7, 'else']
# expect: 3713809 99 52
# expect: 20
# expect: empty else
# expect: 0 1 2
# expect: 1 3 4
def over(iterable, stop=None):
    seen = []
    for item in iterable:
        if item == stop:
            seen.append("break")
            break
        if item in (2, "b"):
            continue
        seen.append(item)
    else:
        seen.append("else")
    return seen


class Count:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        self.i = 0
        return self

    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i


class Indexed:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * i


def numbers():
    yield 1
    yield 2
    yield 3


for _ in range(2):
    print(over(range(5)), over(range(5), 3), over(range(0)), over(range(5, 0, -1)), over(range(10, 0, -3), 4))
    print(over([1, 2, 3]), over((1, 2), 1), over("abc"), over(""), over({1: 2, 2: 3}), over({5}))
    print(over(b"\x01\x02\x03"), over(bytearray(b"ab")), over(Count(4)), over(Indexed()), over(numbers(), 3))
    print(over(enumerate("ab")), over(zip([1, 2], "xyz")), over(map(lambda x: x + 1, [0, 1, 2])), over(reversed([1, 2, 3])))
    print(over(filter(None, [0, 1, 2, 3])), over({"k": 1}.items()), over({"k": 1}.values()), over(iter([7])))

total = 0
for i in range(100):
    for j in range(i):
        if j % 3 == 0:
            continue
        if j > 50:
            break
        total += i * j
    else:
        total += 1
        continue
    total -= 1
print(total, i, j)
for i in range(3):
    i = i * 10
print(i)
for i in []:
    pass
else:
    print("empty else")
for i, (a, b) in enumerate([(1, 2), (3, 4)]):
    print(i, a, b)
