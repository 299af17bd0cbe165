# contextlib.
#
# expect: ['<a', 'A', 'a>', '<b', 'swallowed', 'b>', '<c', 'c>', 'through']
# expect: 8 10 ['<d', 4, 'd>', '<d', 5, 'd>']
# expect: 3
# expect: ['X', 'Y', 'Z']
# expect: ['inside', 'closed', '<x', '<y', '<z', 'callback', 'z>', 'y>', 'x>']
# expect: ['<outer', 'IndexError', 'outer>', "('last',)"]
# expect: now
# expect: later
# expect: RuntimeError
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress

log = []


@contextmanager
def tagged(name):
    log.append("<" + name)
    try:
        yield name.upper()
    except KeyError:
        log.append("swallowed")
    finally:
        log.append(name + ">")


with tagged("a") as value:
    log.append(value)
with tagged("b"):
    raise KeyError("k")
try:
    with tagged("c"):
        raise ValueError("through")
except ValueError as problem:
    log.append(str(problem))
print(log)
log.clear()


@tagged("d")
def decorated(x):
    log.append(x)
    return x * 2


print(decorated(4), decorated(5), log)
log.clear()
with suppress(ZeroDivisionError, KeyError):
    1 // 0
with nullcontext(3) as three:
    print(three)


class Door:
    def close(self):
        log.append("closed")


with closing(Door()):
    log.append("inside")
with ExitStack() as stack:
    names = [stack.enter_context(tagged(name)) for name in "xyz"]
    stack.callback(log.append, "callback")
    print(names)
print(log)
log.clear()
try:
    with ExitStack() as stack:
        stack.enter_context(tagged("outer"))
        stack.push(lambda kind, value, trace: log.append(kind.__name__))
        raise IndexError("last")
except IndexError as problem:
    log.append(repr(problem.args))
print(log)
kept = ExitStack()
with ExitStack() as stack:
    stack.callback(print, "later")
    kept = stack.pop_all()
print("now")
kept.close()


@contextmanager
def silent():
    return
    yield


try:
    with silent():
        pass
except RuntimeError:
    print("RuntimeError")
