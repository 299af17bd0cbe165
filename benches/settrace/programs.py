# Programs like those of perf_bench, in little: run(name) does one of them once.


def _aes_round(state, table):
    for i in range(16):
        state[i] = table[state[i]] ^ (i * 17 & 255)
    return state


def _mix(column):
    a, b, c, d = column
    t = a ^ b ^ c ^ d
    return [a ^ t ^ _double(a ^ b), b ^ t ^ _double(b ^ c), c ^ t ^ _double(c ^ d), d ^ t ^ _double(d ^ a)]


def _double(x):
    x <<= 1
    return (x ^ 0x11B) & 255 if x & 256 else x


def aes():
    table = [(i * 7 + 99) & 255 for i in range(256)]
    state = list(range(16))
    for _ in range(300):
        state = _aes_round(state, table)
        for i in range(0, 16, 4):
            state[i : i + 4] = _mix(state[i : i + 4])
    return state


class _Record:
    def __init__(self, next=None, kind=0, number=0):
        self.next = next
        self.kind = kind
        self.number = number

    def copy(self):
        return _Record(self.next, self.kind, self.number)


def _first(record, number):
    record.next = record.copy()
    record.number = number
    return _second(record.next, number + 10)


def _second(record, number):
    if record.kind == 0:
        record.number = _sum(number, record.number)
    return record


def _sum(a, b):
    return a + 2 + b


def pystone():
    record = _Record(None, 0, 3)
    total = 0
    for i in range(6000):
        other = _first(record, i & 31)
        if other.number > 20:
            total = _sum(total, other.number) & 0xFFFF
    return total


def fannkuch():
    n = 7
    count = list(range(1, n + 1))
    flips = 0
    perm1 = list(range(n))
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        perm = perm1[:]
        k = perm[0]
        n_flips = 0
        while k:
            perm[: k + 1] = perm[k::-1]
            n_flips += 1
            k = perm[0]
        if n_flips > flips:
            flips = n_flips
        while r != n:
            perm1.insert(r, perm1.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        else:
            return flips


def _inner(n):
    for i in range(n):
        yield i


def _outer(n):
    yield from _inner(n)
    yield from _inner(n)


def yield_from():
    total = 0
    for _ in range(40):
        for i in _outer(150):
            total += i
    return total


PROGRAMS = {"aes": aes, "pystone": pystone, "fannkuch": fannkuch, "yield_from": yield_from}


def nothing(frame, event, arg):
    return None


def local(frame, event, arg):
    return local


def seconds(name, how):
    import sys

    try:
        from time import perf_counter
    except ImportError:
        import time

        def perf_counter():
            return time.ticks_us() / 1000000

    program = PROGRAMS[name]
    if how == "call":
        sys.settrace(nothing)
    if how == "line":
        sys.settrace(local)
    # As warm with callbacks as without.
    for _ in range(6):
        program()
    start = perf_counter()
    program()
    end = perf_counter()
    if how != "none":
        sys.settrace(None)
    return end - start


if __name__ == "__main__":
    import sys

    print(seconds(sys.argv[1], sys.argv[2]))
