# Callbacks that are told of calls only: hot code is compiled meanwhile, and its callers are found as they are.
#
# expect: {('callee', 8): 150, ('callee', 6): 150}
# expect: [(297, 44253), (298, 44551), (299, 44850)]
# expect: 2.5 [0.5, 1.0, 1.5, 2.0]
# expect: watched ['line 5', 'line 3', 'line 4', 'line 5', 'line 3', 'line 6', 'return 6']
# expect: stopped 19900 100 None
# expect: kept 3 ['callee', 'callee', 'callee'] [0, 1, 2]
# expect: generators 600 299
# expect: raised 100 [<class 'ZeroDivisionError'>] None
# expect: deep [60000, 60000, 60000] -19996
import sys

told = []


def callee(x):
    return x + 1


# Where the callers stand, and what they hold.
def branches(n):
    total = 0
    for i in range(n):
        if i % 2:
            total += i
            #
            callee(i)
        else:
            callee(-i)
    return total


places = {}


def counts(frame, event, arg):
    back = frame.f_back
    if back.f_code.co_name == "branches":
        where = (frame.f_code.co_name, back.f_lineno - back.f_code.co_firstlineno)
        places[where] = places.get(where, 0) + 1


sys.settrace(counts)
branches(300)
sys.settrace(None)
print(places)


def sums(n):
    total = 0
    for i in range(n):
        total += callee(i) - 1
    return total


held = []


def holds(frame, event, arg):
    shown = frame.f_back.f_locals
    if "i" in shown:
        held.append((shown["i"], shown["total"] + shown["i"]))


sys.settrace(holds)
sums(300)
sys.settrace(None)
print(held[-3:])


# A float in a local is the number that it is at each call.
def floats(n):
    x = 0.0
    for i in range(n):
        x += 0.5
        callee(i)
    return x


seen = []
sys.settrace(lambda frame, event, arg: seen.append(frame.f_back.f_locals.get("x")))
result = floats(5)
sys.settrace(None)
print(result, [x for x in seen if x and x < result])


# A caller that gets a callback of its own while it runs compiled code is told of its next line.
def watched(n):
    m = 0
    for i in range(n):
        callee(i)
        m += 1
    return m


def lines(frame, event, arg):
    told.append(event + " " + str(frame.f_lineno - frame.f_code.co_firstlineno + 1))
    return lines


def waits(frame, event, arg):
    if frame.f_code.co_name == "callee" and frame.f_locals["x"] == 298:
        frame.f_back.f_trace = lines


sys.settrace(waits)
watched(300)
sys.settrace(None)
print("watched", told[-8:])


# Removed by the callback in the middle.
def stops(frame, event, arg):
    global count
    count += 1
    if count == 100:
        sys.settrace(None)


count = 0
sys.settrace(stops)
print("stopped", sums(200), count, sys.gettrace())

# Frames that a callback keeps stay what they were.
kept = []


def keeps(frame, event, arg):
    if frame.f_code.co_name == "callee" and len(kept) < 3:
        kept.append(frame)


sys.settrace(keeps)
sums(300)
sys.settrace(None)
print("kept", len(kept), [frame.f_code.co_name for frame in kept], [frame.f_locals["x"] for frame in kept])


# Generators are told of each time they go on.
def numbers(n):
    for i in range(n):
        yield i


def outer(n):
    yield from numbers(n)


resumed = 0


def resumes(frame, event, arg):
    global resumed
    resumed += frame.f_code.co_name in ("numbers", "outer")


sys.settrace(resumes)
last = 0
for last in outer(299):
    pass
sys.settrace(None)
print("generators", resumed, last + 1)


# An exception of a callback goes on in what was told, and is the callback's last.
def raises(frame, event, arg):
    global count
    count += 1
    if count == 100:
        return 1 // 0


caught = []


def catches(n):
    for i in range(n):
        try:
            callee(i)
        except ZeroDivisionError as error:
            caught.append(type(error))


count = 0
sys.settrace(raises)
catches(300)
print("raised", count, caught, sys.gettrace())


# However deep it is.
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


sys.setrecursionlimit(200000) if hasattr(sys, "setrecursionlimit") else None
count = -200000
sys.settrace(raises)
print("deep", [deep(60000) for i in range(3)], count)
sys.settrace(None)
