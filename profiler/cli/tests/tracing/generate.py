"""Writes a random program that traces itself: `python3 generate.py SEED > program.py`.

Each prints its events, and nothing that differs between implementations: no addresses, no line numbers of others'
code. Loops are bounded, recursion is shallow, and every function is called. What this does not write, because the two
are known to differ there, is listed in ARCHITECTURE.md under "Events are CPython's".
"""

import random
import sys

PRELUDE = '''\
import sys


def show(event, arg):
    if event == "exception":
        return arg[0].__name__
    text = repr(arg)
    return text.split(" at 0x")[0].replace("__main__.", "").replace("'", "")


def stands(frame):
    return "%s:%d" % (frame.f_code.co_name, frame.f_lineno)


def waiting(frame):
    return stands(frame.f_back) if frame.f_back else "nobody"


def T(frame, event, arg):
    print(event, stands(frame), "for", waiting(frame), show(event, arg))
    return T


def calls_only(frame, event, arg):
    print(event, stands(frame), "for", waiting(frame))


def stack(x=0):
    frame = sys._getframe(1)
    shown = []
    while frame:
        shown.append(stands(frame))
        frame = frame.f_back
    print(shown)
    return x


def locals_too(frame, event, arg):
    shown = [(k, v) for k, v in sorted(frame.f_locals.items()) if type(v) in (int, list) and k[0] != "."]
    print(event, frame.f_code.co_name, frame.f_lineno, shown)
    return locals_too


kept = []


def keep(generator):
    # CPython closes a generator that nobody knows any more, at once.
    kept.append(generator)
    return generator


class Swallow:
    def __init__(self, swallows):
        self.swallows = swallows

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        return self.swallows


class Count:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return self.n


'''

ERRORS = ["ValueError", "KeyError", "IndexError", "ZeroDivisionError"]


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.functions = []
        self.generators = []
        self.loops = 0

    def one_of(self, items):
        return self.random.choice(items)

    def chance(self, n):
        return self.random.randrange(n) == 0

    def put(self, depth, text):
        self.lines.append("    " * depth + text)

    def expression(self):
        r = self.random.randrange(10)
        if r == 9:
            return self.one_of(
                [
                    "stack(%s)",
                    "sorted([3, %s], key=stack)[0]",
                    "list(map(stack, [%s]))[0]",
                    "sorted([2, %s], key=lambda q: stack(q))[0]",
                ]
            ) % self.one_of("abc")
        if r < 2:
            return str(self.random.randrange(5))
        if r < 4:
            return self.one_of("abc")
        if r == 4:
            return "%s + %s" % (self.one_of("abc"), self.random.randrange(4))
        if r == 5:
            return "sum([x for x in range(%d) if x != %s])" % (self.random.randrange(4), self.one_of("abc"))
        if r == 6:
            return "(lambda q: q + 1)(%s)" % self.one_of("abc")
        if r == 7 and self.functions:
            return "%s(%s)" % (self.one_of(self.functions), self.one_of("abc"))
        return "len({k: k for k in [1, %s]})" % self.one_of("abc")

    def condition(self):
        return "%s %s %d" % (self.one_of("abc"), self.one_of(["<", ">", "==", "!="]), self.random.randrange(4))

    def block(self, depth, level, in_loop):
        for _ in range(self.random.randrange(1, 4)):
            self.statement(depth, level, in_loop)

    def statement(self, depth, level, in_loop):
        r = self.random.randrange(22)
        if level <= 0 or r < 7:
            return self.simple(depth, in_loop)
        level -= 1
        if r < 10:
            self.put(depth, "if %s:" % self.condition())
            self.block(depth + 1, level, in_loop)
            if self.chance(3):
                self.put(depth, "elif %s:" % self.condition())
                self.block(depth + 1, level, in_loop)
            if self.chance(2):
                self.put(depth, "else:")
                self.block(depth + 1, level, in_loop)
        elif r < 13:
            kinds = ["range(%d)", "[7] * %d", "Count(%d)", "range(1, %d + 1)", "list(range(%d))"]
            iterable = self.one_of(kinds) % self.random.randrange(4)
            if self.generators and self.chance(2):
                iterable = "keep(%s(%s))" % (self.one_of(self.generators), self.one_of("abc"))
            self.put(depth, "for %s in %s:" % (self.one_of("abc"), iterable))
            self.block(depth + 1, level, True)
            if self.chance(5):
                self.put(depth, "else:")
                self.block(depth + 1, level, in_loop)
        elif r < 15:
            counter = "n%d" % self.loops
            self.loops += 1
            self.put(depth, "%s = %d" % (counter, self.random.randrange(4)))
            self.put(depth, "while %s > 0:" % counter)
            self.put(depth + 1, "%s -= 1" % counter)
            self.block(depth + 1, level, True)
        elif r < 19:
            self.put(depth, "try:")
            self.block(depth + 1, level, in_loop)
            kind = self.random.randrange(3)
            if kind < 2:
                bound = " as e" if self.chance(3) else ""
                self.put(depth, "except %s%s:" % (self.one_of(ERRORS), bound))
                self.block(depth + 1, level, in_loop)
                if self.chance(3):
                    self.put(depth, "except Exception:")
                    self.block(depth + 1, level, in_loop)
            if kind > 0:
                self.put(depth, "finally:")
                # Leaving a `finally` by a jump or an exception, or before its last line, is another story.
                for _ in range(self.random.randrange(1, 4)):
                    self.quiet(depth + 1)
        elif r < 21:
            self.put(depth, "with Swallow(%s):" % self.one_of(["True", "False"]))
            self.block(depth + 1, level, in_loop)
        else:
            self.put(depth, "def inner(z=%s):" % self.random.randrange(3))
            self.put(depth + 1, "return z + 1")
            self.put(depth, "%s = inner(%s)" % (self.one_of("abc"), self.expression()))

    def quiet(self, depth):
        r = self.random.randrange(8)
        if r < 4:
            self.put(depth, "%s = %s" % (self.one_of("abc"), self.one_of(["1", "stack(2)", "len([3])"])))
        elif r < 6:
            self.put(depth, "sys.settrace(%s)" % self.one_of(["T", "None", "calls_only", "locals_too"]))
        elif r < 7:
            self.put(depth, "sys._getframe().f_trace = %s" % self.one_of(["T", "T", "None"]))
        else:
            self.put(depth, "print(%s)" % self.one_of("abc"))

    def simple(self, depth, in_loop):
        r = self.random.randrange(25)
        if r == 24:
            self.put(depth, "sys._getframe(1).f_trace = %s" % self.one_of(["T", "T", "None"]))
        elif r < 12:
            self.put(depth, "%s = %s" % (self.one_of("abc"), self.expression()))
        elif r < 14:
            self.put(depth, "%s += 1" % self.one_of("abc"))
        elif r < 15:
            self.put(depth, "pass")
        elif r < 16:
            self.put(depth, "raise %s(%d)" % (self.one_of(ERRORS), self.random.randrange(3)))
        elif r < 17:
            self.put(depth, "%s = 1 // (%s - 1)" % (self.one_of("abc"), self.one_of("abc")))
        elif r < 18 and in_loop:
            self.put(depth, self.one_of(["break", "continue"]))
        elif r < 19:
            self.put(depth, "sys.settrace(None)")
        elif r < 21:
            self.put(depth, "sys.settrace(%s)" % self.one_of(["T", "T", "calls_only", "locals_too"]))
        elif r < 22:
            self.put(depth, "sys._getframe().f_trace = %s" % self.one_of(["T", "T", "None"]))
        else:
            self.put(depth, "print(%s)" % self.one_of("abc"))

    def function(self, n):
        name = "f%d" % n
        self.put(0, "def %s(a, b=1, c=2, d=2):" % name)
        self.block(1, 3, False)
        if self.chance(3):
            self.put(1, "if d > 0:")
            self.put(2, "%s(a - 1, b, c, d - 1)" % name)
        if self.chance(2):
            self.put(1, "return %s" % self.expression())
        self.put(0, "")
        self.put(0, "")
        self.functions.append(name)

    def generator(self, n):
        name = "g%d" % n
        self.put(0, "def %s(a, b=1, c=2):" % name)
        for _ in range(self.random.randrange(1, 4)):
            r = self.random.randrange(5)
            if r < 2:
                self.put(1, "yield %s" % self.expression())
            elif r == 2:
                self.put(1, "for a in range(%d):" % self.random.randrange(4))
                self.put(2, "yield a")
            elif r == 3 and self.generators:
                self.put(1, "yield from keep(%s(a))" % self.one_of(self.generators))
            else:
                self.statement(1, 2, False)
        self.put(1, "yield %s" % self.expression())
        self.put(0, "")
        self.put(0, "")
        self.generators.append(name)

    def text(self):
        for n in range(self.random.randrange(2, 5)):
            if self.chance(3):
                self.generator(n)
            else:
                self.function(n)
        for name in list(self.functions):
            self.put(0, "sys.settrace(%s)" % self.one_of(["T", "T", "T", "locals_too", "calls_only"]))
            self.put(0, "try:")
            self.put(1, "%s(%d)" % (name, self.random.randrange(4)))
            self.put(0, "except Exception:")
            self.put(1, "pass")
            self.put(0, "sys.settrace(None)")
        for name in list(self.generators):
            self.put(0, "sys.settrace(T)")
            self.put(0, "try:")
            self.put(1, "list(keep(%s(1)))" % name)
            self.put(0, "except Exception as error:")
            self.put(1, "print(type(error).__name__)")
            self.put(0, "sys.settrace(None)")
        return PRELUDE + "\n".join(self.lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(Program(int(sys.argv[1])).text())
