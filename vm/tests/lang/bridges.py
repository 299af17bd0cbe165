# Loops whose branch, type or callee changes after they became hot, so that side exits become hot too.
#
# expect: (1333, 3556444, 1334) 1130250 0 2999 421895
# expect: [247, 249, 253, 223, 247, 255, 275, 261, 231, 246, 248, 268, 258, 267, 227, 245] (3499, 501)
# expect: (1333, 3556444, 1334) 1130250 0 2999 421895
# expect: [247, 249, 253, 223, 247, 255, 275, 261, 231, 246, 248, 268, 258, 267, 227, 245] (3499, 501)
def branch(n):
    a = b = c = 0
    for i in range(n):
        if i < n // 3:
            a += 1
        elif i % 2:
            b += i
        else:
            c ^= i
    return a, b, c


def type_change(n):
    items = [i if i < n // 2 else str(i) for i in range(n)]
    total = 0
    for item in items:
        total += item if isinstance(item, int) else len(item)
    return total


def callee_change(n):
    def one(x):
        return x + 1

    def two(x):
        return x * 2

    function = one
    total = 0
    for i in range(n):
        if i == n // 2:
            function = two
        total = function(total) & 0xFFFFF
    return total


def none_or_value(n):
    previous = None
    changes = 0
    for i in range(n):
        current = i % 3 or None
        if current is not previous and current != previous:
            changes += 1
        previous = current
    return changes


def inner_exit(n):
    total = 0
    for i in range(n):
        for j in range(50):
            if j * j > i:
                break
            if (i + j) % 4 == 3:
                continue
            total += j
        else:
            total += 1000
    return total


def many_paths(n):
    counts = [0] * 16
    state = 1
    for _ in range(n):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        key = 0
        if state & 0x10000:
            key += 1
        if state & 0x20000:
            key += 2
        if state & 0x40000:
            key += 4
        if state & 0x80000:
            key += 8
        counts[key] += 1
    return counts


def list_growth(n):
    """The list a loop appends to is replaced now and then by an object of another kind."""
    out = []
    lengths = 0
    for i in range(n):
        if i % 700 == 699:
            lengths += len(out)
            out = bytearray() if isinstance(out, list) else []
        out.append(i & 127)
    return lengths, len(out)


for _ in range(2):
    print(branch(4000), type_change(3000), callee_change(3000), none_or_value(3000), inner_exit(1500))
    print(many_paths(4000), list_growth(4000))
