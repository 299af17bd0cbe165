# Generators: send, throw, close, return values, yield from, yield as expression, in comprehensions.
#
# expect: 0 1 2 ('threw', ('boom',), ['a', 'b'])
# expect: stopped
# expect: 1 sent ['inner result', 7, 8, ('value', 9)] [('value', None)]
# expect: [0, 1, 1, 2, 3, 5, 8, 13, 21, 34] [1, 2, 3, 4, 5]
# expect: 2664667000 [1, 2, 3] 6
# expect: closed
# expect: ignored exit
# expect: converted
# expect: just started
# expect: 461313
# expect: 4002000
# expect: done True
def echo():
    received = []
    try:
        while True:
            got = yield len(received)
            received.append(got)
    except ValueError as error:
        yield ("threw", error.args, received)
    finally:
        received.append("closed")


def inner():
    got = yield 1
    yield got
    return "inner result"


def outer():
    result = yield from inner()
    yield result
    yield from [7, 8]
    return 9


def drain(generator):
    out = []
    while True:
        try:
            out.append(next(generator))
        except StopIteration as stop:
            out.append(("value", stop.value))
            return out


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def take(n, source):
    for _ in range(n):
        yield next(source)


def walk(tree):
    if isinstance(tree, list):
        for child in tree:
            yield from walk(child)
    else:
        yield tree


e = echo()
print(next(e), e.send("a"), e.send("b"), e.throw(ValueError("boom")))
try:
    next(e)
except StopIteration:
    print("stopped")
o = outer()
print(next(o), o.send("sent"), drain(o), drain(o))
print(list(take(10, fib())), list(walk([1, [2, [3, []], 4], [[5]]])))
print(sum(x * x for x in range(2000)), [y for y in (x + 1 for x in range(3))], max(x % 7 for x in range(50)))
c = echo()
next(c)
c.close()
c.close()
try:
    c.send(1)
except StopIteration:
    print("closed")


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError:
    print("ignored exit")


def raises():
    yield 1
    raise StopIteration


try:
    list(raises())
except RuntimeError:
    print("converted")
try:
    echo().send(1)
except TypeError:
    print("just started")


def both(n):
    a = take(n, fib())
    total = 0
    for i, x in enumerate(a):
        total = (total + x * i) % 1000007
    return total


print(both(1500))


def chunk(n):
    total = 0
    while n:
        got = yield n
        total += got or 0
        n -= 1
    return total


g = chunk(2000)
value = next(g)
try:
    while True:
        value = g.send(value * 2)
except StopIteration as stop:
    print(stop.value)


def cleanup(log):
    try:
        yield 1
        yield 2
    finally:
        log.append("done")


log = []
for x in cleanup(log):
    if x == 2:
        break
del x
g = cleanup(log)
next(g)
g.throw(KeyError) if False else g.close()
print(log[-1], len(log) >= 1)
