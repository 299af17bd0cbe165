# Callbacks that are set and removed in the middle of functions; what is told is compared with CPython 3.11.
import sys
from functools import partial

told = []


def place(frame):
    return frame.f_code.co_name, frame.f_lineno


def tracer(frame, event, arg):
    told.append((event,) + place(frame) + (place(frame.f_back),))
    return tracer


def calls(frame, event, arg):
    told.append((event,) + place(frame) + (place(frame.f_back),))


def says(title):
    sys.settrace(None)
    print(title, len(told))
    for event in told:
        print("   ", event)
    told.clear()


def inner(n):
    n += 1
    return n


# 1. Set in the middle of a loop: only frames entered later are traced.
def set_in_loop(n):
    total = 0
    for i in range(n):
        if i == n - 2:
            sys.settrace(tracer)
        total += inner(i)
    return total


# 2. The frame itself, from its next line on.
def traces_itself(n):
    for i in range(n):
        if i == n - 2:
            sys.settrace(tracer)
            sys._getframe().f_trace = tracer
        x = i
        y = inner(x)
    return y


# 3. Removed in the middle of a loop, set again later.
def on_and_off(n):
    for i in range(n):
        if i % 50 == 10:
            sys.settrace(calls)
        elif i % 50 == 12:
            sys.settrace(None)
        inner(i)


# 4. Set by what is called, for the caller that waits in a hot loop.
def starts():
    sys.settrace(tracer)
    sys._getframe(1).f_trace = tracer


def is_traced_by_another(n):
    for i in range(n):
        if i == n - 2:
            starts()
        x = i
    return x


# 5. A frame's own callback removed: what it calls is still told.
def forgets(n):
    sys._getframe().f_trace = tracer
    sys.settrace(tracer)
    for i in range(n):
        if i == 1:
            sys._getframe().f_trace = None
        inner(i)


# 6. Removed by the callback itself, after so many events.
def only(count, frame, event, arg):
    told.append((event,) + place(frame))
    if len(told) >= count:
        sys.settrace(None)
    return partial(only, count)


def stops(n):
    sys.settrace(partial(only, 5))
    for i in range(n):
        inner(i)


# 7. Set inside of what native code calls, and inside of a generator that a loop resumes.
def in_a_key(n):
    def key(x):
        if x == n - 1:
            sys.settrace(tracer)
        return -x

    return sorted(range(n), key=key)[0]


def numbers(n):
    for i in range(n):
        if i == n - 2:
            sys.settrace(tracer)
        yield i
    sys.settrace(None)


def in_a_generator(n):
    total = 0
    for x in numbers(n):
        total += inner(x)
    return total


# 8. Set where an exception passes: in a handler, in a finally, in an __exit__; and the callback raises.
class Setter:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        sys.settrace(tracer)
        return True


def raises(n):
    return 1 // (n - n)


def in_handlers(n):
    for i in range(n):
        try:
            if i == n - 1:
                raises(i)
        except ZeroDivisionError:
            sys.settrace(tracer)
            sys._getframe().f_trace = tracer
            inner(i)
        finally:
            inner(-i)
    return n


def at_the_end_of_a_with(n):
    for i in range(n):
        inner(i)
    with Setter():
        raises(n)
    return inner(n)


def angry(frame, event, arg):
    told.append((event,) + place(frame))
    if event == "line":
        raise ValueError("angry")
    return angry


def angers(n):
    sys.settrace(angry)
    for i in range(n):
        try:
            inner(i)
        except ValueError as error:
            told.append(("caught", str(error), sys.gettrace()))
    return n


# 9. A method as callback; it follows what it is told of by f_back.
class Depth:
    def __init__(self):
        self.deepest = 0

    def trace(self, frame, event, arg):
        depth = 0
        while frame.f_back:
            frame = frame.f_back
            depth += 1
        self.deepest = max(self.deepest, depth)


def recursive(n):
    return 0 if n == 0 else 1 + recursive(n - 1)


def measured(n):
    depth = Depth()
    sys.settrace(depth.trace)
    for i in range(n):
        recursive(i % 20)
    sys.settrace(None)
    return depth.deepest


# 10. What the callers hold, and where they stand, while they run hot.
def of_callers(frame, event, arg):
    back = frame.f_back
    shown = {k: v for k, v in back.f_locals.items() if type(v) in (int, float)}
    told.append((place(frame), place(back), shown, frame.f_locals))


def callee(a, b=2):
    c = a + b
    return c


def caller(n):
    x, y = 0, 0.5
    for i in range(n):
        x = callee(i)
        if i > n - 3:
            y = y * 2.0
            callee(
                i,
                b=x,
            )
        y += x
    return y


def looks(n):
    sys.settrace(of_callers)
    return caller(n)


for function in [set_in_loop, traces_itself, is_traced_by_another, in_a_key, in_a_generator, in_handlers, at_the_end_of_a_with]:
    print(function(3))
    says(function.__name__)
    print(function(300))
    says(function.__name__)
for function in [on_and_off, forgets, stops, angers, looks]:
    print(function(60))
    says(function.__name__)
print(measured(200))
