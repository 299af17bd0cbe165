# Cells: shared, rebound in loops, nested several levels, captured loop variables, deleted.
#
# expect: 2000 3000
# expect: 21 31 41
# expect: ([2, 2, 2], [0, 1, 2]) (32920, [2000, 2000, 2000, 2000]) 3998000 (1, 'gone')
def counter():
    n = 0

    def up(by=1):
        nonlocal n
        n += by
        return n

    def get():
        return n

    return up, get


def three():
    a = 1

    def two():
        b = a + 1

        def one():
            nonlocal b
            b += a
            return b

        return one

    a = 10
    return two()


def captured():
    late = [lambda: i for i in range(3)]
    early = [lambda i=i: i for i in range(3)]
    return [f() for f in late], [f() for f in early]


def loop_cell(n):
    total = 0
    functions = []
    for i in range(n):
        def add(x):
            return x + i

        total = add(total) & 0xFFFF
        if i % 500 == 0:
            functions.append(add)
    return total, [f(1) for f in functions]


def rebind(n):
    x = 0

    def set_x(value):
        nonlocal x
        x = value

    seen = 0
    for i in range(n):
        set_x(i * 2)
        seen += x
    return seen


def deleted():
    x = 1

    def get():
        return x

    before = get()
    del x
    try:
        get()
    except NameError:
        return before, "gone"


up, get = counter()
other_up, other_get = counter()
for i in range(2000):
    up()
    other_up(i & 3)
print(get(), other_get())
one = three()
print(one(), one(), one())
print(captured(), loop_cell(2000), rebind(2000), deleted())
