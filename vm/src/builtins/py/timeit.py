"""How long a piece of code takes."""
import time

default_number = 1000000
default_repeat = 5
default_timer = time.perf_counter


def _runner(code, names):
    if callable(code):
        return code
    compiled = compile(code, "<timeit-src>", "exec")
    return lambda: exec(compiled, names)


class Timer:
    def __init__(self, stmt="pass", setup="pass", timer=default_timer, globals=None):
        names = {} if globals is None else globals
        self._setup = _runner(setup, names)
        self._body = _body(stmt, names)
        self._timer = timer

    def timeit(self, number=default_number):
        self._setup()
        timer = self._timer
        start = timer()
        self._body(number)
        return timer() - start

    def repeat(self, repeat=default_repeat, number=default_number):
        return [self.timeit(number) for _ in range(repeat)]

    def autorange(self, callback=None):
        number = 1
        while True:
            for step in (1, 2, 5):
                taken = self.timeit(number * step)
                if callback:
                    callback(number * step, taken)
                if taken >= 0.2:
                    return number * step, taken
            number *= 10


def _body(stmt, names):
    if callable(stmt):
        def body(number):
            for _ in range(number):
                stmt()
        return body
    lines = ["for __n in range(__number):"] + ["    " + line for line in stmt.split("\n")]
    compiled = compile("\n".join(lines), "<timeit-src>", "exec")

    def run(number):
        names["__number"] = number
        exec(compiled, names)

    return run


def timeit(stmt="pass", setup="pass", timer=default_timer, number=default_number, globals=None):
    return Timer(stmt, setup, timer, globals).timeit(number)


def repeat(stmt="pass", setup="pass", timer=default_timer, repeat=default_repeat, number=default_number, globals=None):
    return Timer(stmt, setup, timer, globals).repeat(repeat, number)
