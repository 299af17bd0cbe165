# Exceptions thrown into delegating generators, and what ends with them.
#
# expect: 1 99 99 1
# expect: outer ends
# expect: [('throw', ''), ('throw', 'IndexError'), 'close']
# expect: got 5
# expect: leaf caught ()
# expect: outer caught through
# expect: leaf leaf leaf handled
# expect: outer ends
# expect: leaf closes
# expect: outer ends
# expect: outer caught made
# expect: bare handled
# expect: outer ends
# expect: unstarted
# expect: finished
# expect: 1770
# expect: 42
# expect: 42
# expect: 42
class Delegate:
    def __init__(self):
        self.log = []

    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, kind, value=None, trace=None):
        self.log.append(("throw", str(kind) if isinstance(kind, BaseException) else kind.__name__))
        return 99

    def close(self):
        self.log.append("close")


def outer(inner):
    try:
        result = yield from inner
        print("result", result)
    except ValueError as problem:
        print("outer caught", problem)
        yield "handled"
    finally:
        print("outer ends")


inner = Delegate()
g = outer(inner)
print(next(g), g.throw(KeyError()), g.throw(IndexError), next(g))
g.close()
print(inner.log)


def leaf():
    while True:
        try:
            got = yield "leaf"
            print("got", got)
        except KeyError as problem:
            print("leaf caught", problem.args)
        except GeneratorExit:
            print("leaf closes")
            raise


g = outer(leaf())
print(next(g), g.send(5), g.throw(KeyError()), g.throw(ValueError("through")))
for last in g:
    print(last)
g = outer(leaf())
next(g)
g.close()


class Bare:
    def __iter__(self):
        return self

    def __next__(self):
        return "bare"


g = outer(Bare())
print(next(g), g.throw(ValueError("made")))
g.close()
g = outer(leaf())
try:
    g.throw(RuntimeError("unstarted"))
except RuntimeError as problem:
    print(problem)
try:
    next(g)
except StopIteration:
    print("finished")


def chain(depth):
    if depth:
        return (yield from chain(depth - 1))
    total = 0
    for i in range(60):
        total += yield i
    return total


g = chain(8)
next(g)
try:
    for i in range(60):
        g.send(i)
except StopIteration as stop:
    print(stop.value)


class Ends:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration(42)


for make in (enumerate, lambda it: map(str, it), lambda it: zip(it, it)):
    try:
        next(make(Ends()))
    except StopIteration as stop:
        print(stop.value)
