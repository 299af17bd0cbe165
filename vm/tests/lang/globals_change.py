# Globals read and written in hot loops, shadowed built-ins, functions redefined while they are called.
#
# expect: 1989 4000 3000 106000 3000
# expect: 2999 5998
# expect: NameError
# expect: unbound
limit = 10
count = 0


def bump():
    global count
    count += 1
    return count


def watch(n):
    global limit
    over = 0
    for i in range(n):
        if i == n // 2:
            limit = 1000000
        if i > limit:
            over += 1
        bump()
    return over


def helper(x):
    return x + 1


def redefine(n):
    global helper
    total = 0
    for i in range(n):
        if i == n // 2:
            helper = lambda x: x - 1
        total += helper(1)
    return total


def shadow(n):
    global len
    total = 0
    for i in range(n):
        if i == n // 2:
            len = lambda x: 100
        if i == 3 * n // 4:
            del len
        total += len("ab")
    return total


def appear(n):
    """A global that does not exist at first."""
    missing = 0
    for i in range(n):
        if i == n // 2:
            globals()["sudden"] = 3
        try:
            missing += sudden
        except NameError:
            missing -= 1
    return missing


print(watch(4000), count, redefine(3000), shadow(4000), appear(3000))
for i in range(3000):
    count = i
    limit = count * 2
print(count, limit)
try:
    undefined_name
except NameError:
    print("NameError")


def local_before():
    try:
        x += 1
    except NameError:
        return "unbound"
    x = 0


print(local_before())
