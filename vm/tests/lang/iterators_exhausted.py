# An iterator that has ended stays so, whatever its container gets afterwards.
#
# expect: [[1], [1], [1], [(1, 1)]]
# expect: ['end', 'end', 'end', 'end'] [[], [], [], []]
# expect: [1] end None end []
# expect: [1] end None end []
# expect: [97] end None end []
# expect: [0] None [] [0, 1, 2, 3, 4]
# expect: [2, 1] None None []
# expect: 3 None end None end
# expect: 3008994000
# expect: RuntimeError
table = {1: 1}
its = [iter(table), iter(table.keys()), iter(table.values()), iter(table.items())]
print([list(it) for it in its])
table[2] = 2
print([next(it, "end") for it in its], [list(it) for it in its])
for container, grow in (
    ({1}, lambda s: s.add(5)),
    ([1], lambda s: s.append(5)),
    (bytearray(b"a"), lambda s: s.append(5)),
):
    it = iter(container)
    print(list(it), next(it, "end"), grow(container), next(it, "end"), list(it))


class Growing:
    def __init__(self):
        self.n = 1

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if i < self.n:
            return i
        raise IndexError


g = Growing()
it = iter(g)
print(list(it), setattr(g, "n", 5), list(it), list(iter(g)))
left = [3]


def step():
    left[0] -= 1
    return left[0]


it = iter(step, 0)
print(list(it), left.append(1), left.__setitem__(0, 10), list(it))
items = [1, 2, 3]
it = reversed(items)
print(next(it), items.clear(), next(it, "end"), items.extend([1, 2, 3]), next(it, "end"))


def loop(n):
    ends = 0
    for i in range(n):
        table = {i: i, -1: 0}
        it = iter(table)
        for key in it:
            ends += key
        table[n + 1] = 1
        ends += next(it, 1000000)
        items = [i]
        it = iter(items)
        for item in it:
            ends += item
        items.append(1)
        for item in it:
            ends += 10**9
    return ends


print(loop(3000))
try:
    it = iter(table)
    table[3] = 3
    next(it)
except RuntimeError:
    print("RuntimeError")
