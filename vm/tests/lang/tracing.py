# sys.settrace and its relatives, set and removed in the middle of hot loops and straight code, as in CPython 3.11.
#
# expect: 5000
# expect: hot [('call', 'inner', 0), ('line', 'inner', 1), ('return', 'inner', 1), ('call', 'inner', 0), ('line', 'inner', 1), ('return', 'inner', 1)]
# expect: straight [('line', 'straight', 4), ('line', 'straight', 5), ('line', 'straight', 6)]
# expect: caller [('line', 'caller', 3), ('line', 'caller', 4), ('return', 'caller', 4), ('call', 'flush', 0), ('line', 'flush', 1)]
# expect: poked [[('x', 42), ('y', 7), ('z', 5)], ('pokes', 'here')]
# expect: 47
# expect: raised ('call',) None
# expect: again [('call', 'inner', 0), ('line', 'inner', 1), ('return', 'inner', 1), ('call', 'flush', 0), ('line', 'flush', 1)]
# expect: arguments [('fails', 'ZeroDivisionError', True, 1), 'finally', ('fails', None), ('catches', 'ZeroDivisionError', True, 2), ('catches', 'caught'), ('numbers', 1), ('numbers', 2), ('numbers', None)]
# expect: opcodes True 0 call return
# expect: profile [('call', 'profiled'), ('call', 'inner'), ('return', 'inner'), ('c_call', 'len'), ('c_return', 'len'), ('return', 'profiled')] None
# expect: leaves late 3
# expect: ('kept', 'late') 1 leaves 3 True
import sys

log = []


def tracer(frame, event, arg):
    log.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


def flush(title):
    sys.settrace(None)
    print(title, log)
    log.clear()


def inner(n):
    return n + 1


# A loop that is hot and compiled is left when a callback is set, and compiled again when it is gone.
def hot(n, start, stop):
    total = 0
    for i in range(n):
        if i == start:
            sys.settrace(tracer)
        if i == stop:
            sys.settrace(None)
        total = inner(total)
    return total


print(hot(5000, 4000, 4002))
flush("hot")


# The frame itself: from its next line on, without waiting for a loop or a call.
def straight():
    a = 1
    sys._getframe().f_trace = tracer
    sys.settrace(tracer)
    b = a + 1
    c = b + 1
    sys.settrace(None)
    d = c + 1
    return d


straight()
flush("straight")


# A caller is traced from where the call returns.
def set_for_caller():
    frame = sys._getframe(1)
    frame.f_trace = tracer
    sys.settrace(tracer)


def caller():
    x = 0
    set_for_caller()
    x = 1
    return x


caller()
flush("caller")


# What a callback changes in f_locals is so in the frame; f_back and locals of callers are right.
def poke(frame, event, arg):
    if frame.f_code.co_name == "poked" and event == "line" and frame.f_lineno - frame.f_code.co_firstlineno == 3:
        values = frame.f_locals
        values["x"] = 42
        log.append(sorted(values.items()))
        log.append((frame.f_back.f_code.co_name, frame.f_back.f_locals["mine"]))
    return poke


def poked(y):
    x = y
    z = 5
    return x + z


def pokes():
    mine = "here"
    return poked(7)


sys.settrace(poke)
result = pokes()
flush("poked")
print(result)


# A callback that raises is the last one, until the next is set.
def raises(frame, event, arg):
    raise KeyError(event)


sys.settrace(raises)
try:
    inner(1)
except KeyError as error:
    print("raised", error.args, sys.gettrace())
sys.settrace(tracer)
inner(1)
flush("again")


# Exceptions through frames, with what they are; generators; finally.
def fails(n):
    try:
        return 1 // n
    finally:
        log.append("finally")


def catches():
    try:
        fails(0)
    except ZeroDivisionError:
        return "caught"


def arguments(frame, event, arg):
    if event == "exception":
        kind, value, tb = arg
        depth = 0
        while tb is not None:
            depth += 1
            tb = tb.tb_next
        log.append((frame.f_code.co_name, kind.__name__, isinstance(value, kind), depth))
    elif event == "return":
        log.append((frame.f_code.co_name, arg))
    return arguments


def numbers():
    yield 1
    yield 2


sys.settrace(arguments)
catches()
list(numbers())
flush("arguments")


# Opcodes on demand; lines off.
def opcodes(frame, event, arg):
    frame.f_trace_opcodes = True
    frame.f_trace_lines = False
    log.append(event)
    return opcodes


sys.settrace(opcodes)
inner(1)
sys.settrace(None)
print("opcodes", log.count("opcode") > 2, log.count("line"), log[0], log[-1])
log.clear()


# A profile callback is told of calls and of natives.
def profile(frame, event, arg):
    name = arg.__name__ if event[:2] == "c_" else frame.f_code.co_name
    if name != "setprofile":
        log.append((event, name))


def profiled():
    return len([inner(1)])


sys.setprofile(profile)
profiled()
sys.setprofile(None)
print("profile", log, sys.getprofile())
log.clear()


# Frames outlive their functions.
def leaves(kept):
    kept.append(sys._getframe())
    late = "late"
    return late


kept = []
leaves(kept)
print(kept[0].f_code.co_name, kept[0].f_locals["late"], kept[0].f_lineno - kept[0].f_code.co_firstlineno)
code = leaves.__code__
print(code.co_varnames, code.co_argcount, code.co_name, code.co_flags & 3, leaves.__code__ is code)
