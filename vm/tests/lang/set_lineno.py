# Setting f_lineno: a frame goes on at another line, as CPython 3.11 allows, or the reason why it cannot.
#
# expect: straight 1 3 = 3 [0, 1, 'to 3', 5, 5]
# expect: straight 3 1 = 5 [0, 1, 2, 3, 'to 1', 2, 3, 5, 5]
# expect: straight 2 4 = 1 [0, 1, 2, 'to 5', 5]
# expect: straight 1 50 = 5 [0, 1, 'after the current code block', 2, 3, 5, 5]
# expect: straight 2 -1 = 5 [0, 1, 2, 'before the current code block', 3, 5, 5]
# expect: straight 3 3 = 5 [0, 1, 2, 3, 'to 3', 5, 5]
# expect: loop 1 3 = 36 [0, 1, "can't jump into the body of a for loop", 2, 3, 4, 2, 3, 4, 2, 3, 4, 2, 5, 6, 6]
# expect: loop 3 5 = 0 [0, 1, 2, 3, 'to 5', 6, 6]
# expect: loop 5 2 = 72 [0, 1, 2, 3, 4, 2, 3, 4, 2, 3, 4, 2, 5, 'to 2', 3, 4, 2, 3, 4, 2, 3, 4, 2, 5, 6, 6]
# expect: loop 4 3 = 37 [0, 1, 2, 3, 4, 'to 3', 4, 2, 3, 4, 2, 3, 4, 2, 5, 6, 6]
# expect: loop 6 4 = 36 [0, 1, 2, 3, 4, 2, 3, 4, 2, 3, 4, 2, 5, 6, "can't jump into the body of a for loop", 6]
# expect: handlers 1 4 = 11 [0, 1, 'to 4', 8, 9, 10, 9, 11, 11]
# expect: handlers 3 9 = 5 [0, 1, 2, 3, 'to 9', 10, 9, 11, 11]
# expect: handlers 3 6 = 12 [0, 1, 2, 3, "can't jump into an 'except' block as there's no exception", 4, 8, 9, 10, 9, 11, 11]
# expect: handlers 1 6 = 12 [0, 1, "can't jump into an 'except' block as there's no exception", 2, 3, 4, 8, 9, 10, 9, 11, 11]
# expect: handlers 4 8 = 10 [0, 1, 2, 3, 4, 'to 8', 9, 10, 9, 11, 11]
# expect: handlers 8 3 = 12 [0, 1, 2, 3, 4, 8, 'to 3', 4, 8, 9, 10, 9, 11, 11]
# expect: handlers 10 11 = 7 [0, 1, 2, 3, 4, 8, 9, 10, 'to 11', 11]
# expect: handlers 10 1 = 12 [0, 1, 2, 3, 4, 8, 9, 10, 'to 1', 2, 3, 4, 8, 9, 10, 9, 11, 11]
# expect: handlers 9 4 = 18 [0, 1, 2, 3, 4, 8, 9, 'to 4', 8, 9, 10, 9, 11, 11]
# expect: call can't jump from the 'call' trace event of a new frame
# expect: return can only jump from a 'line' trace event
# expect: lineno must be an integer
# expect: not a trace function
import sys


# One jump in the first visit of a line; lines count from the function's first.
def jump(f, start, to):
    told = []

    def tracer(frame, event, arg):
        if frame.f_code is not f.__code__:
            return None
        line = frame.f_lineno - f.__code__.co_firstlineno
        told.append(line)
        if event == "line" and line == start and told.count(start) == 1:
            try:
                frame.f_lineno = f.__code__.co_firstlineno + to
                told.append("to %d" % (frame.f_lineno - f.__code__.co_firstlineno))
            except ValueError as error:
                told.append(str(error).split(" comes ")[-1])
        return tracer

    sys.settrace(tracer)
    result = f()
    sys.settrace(None)
    print(f.__name__, start, to, "=", result, told)


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        return False


def straight(x=0):
    x = 1
    x += 1
    x += 3

    return x


def loop(x=0):
    x = 0
    for i in [1, 2, 3]:
        x += i
        x += 10
    y = x
    return y


def handlers(x=0):
    x = 0
    try:
        x = 1
        x += 2
    except ValueError:
        x += 3
    finally:
        x += 4
    with Manager() as f:
        x += 5
    return x


for start, to in [(1, 3), (3, 1), (2, 4), (1, 50), (2, -1), (3, 3)]:
    jump(straight, start, to)
for start, to in [(1, 3), (3, 5), (5, 2), (4, 3), (6, 4)]:
    jump(loop, start, to)
for start, to in [(1, 4), (3, 9), (3, 6), (1, 6), (4, 8), (8, 3), (10, 11), (10, 1), (9, 4)]:
    jump(handlers, start, to)


def refused(frame, event, arg):
    try:
        frame.f_lineno = frame.f_lineno
    except ValueError as error:
        print(event, error)
    return refused


sys.settrace(refused)
straight()
sys.settrace(None)
try:
    sys._getframe().f_lineno = "x"
except ValueError as error:
    print(error)
try:
    sys._getframe().f_lineno = 3
except ValueError:
    print("not a trace function")
