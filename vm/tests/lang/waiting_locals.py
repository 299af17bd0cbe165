# The locals of functions that wait for a call, read through frames: whatever runs compiled, and however it was called.
#
# expect: 0 0 0 0 0 300 0
import sys


def names(depth, *wanted):
    seen = sys._getframe(depth).f_locals
    return tuple(seen.get(name) for name in wanted)


def through(levels, depth, *wanted):
    if levels:
        return through(levels - 1, depth + 1, *wanted)
    return names(depth, *wanted)


class Asked:
    def __call__(self, depth):
        return names(depth + 1, "turn", "number", "text")

    def __add__(self, other):
        return names(2, "turn", "number")

    @property
    def seen(self):
        return names(2, "turn", "fraction")


def loop(rounds):
    wrong = 0
    number, fraction, text, pair = 0, 0.5, "", (0, 0)
    asked = Asked()
    for turn in range(rounds):
        number = number * 3 % 1009 + turn
        fraction += 0.25
        text = str(turn)
        pair = (turn, number)
        wrong += names(1, "turn", "number", "fraction", "text") != (turn, number, fraction, text)
        wrong += through(3, 2, "pair", "turn") != (pair, turn)
        wrong += asked(1) != (turn, number, text)
        wrong += asked + 1 != (turn, number)
        wrong += asked.seen != (turn, fraction)
    return wrong


def deep(levels):
    return deep(levels - 1) if levels else sys._getframe(6).f_locals["number"]


def above(rounds):
    wrong = number = 0
    for turn in range(rounds):
        number = turn * 3
        wrong += deep(5) != number
    return wrong


class Bare:
    def __call__(self):
        return sys._getframe(1).f_locals


def beside(rounds):
    bare, wrong, fraction = Bare(), 0, 1.5
    for turn in range(rounds):
        fraction = fraction + 1
        seen = bare()
        wrong += seen["fraction"] != fraction or seen["turn"] != turn
    return wrong


def leaf(step):
    return names(3, "step", "half")


def middle(step):
    here = step + 1
    return leaf(here) if step % 2 else leaf(step)


def caller(step):
    half = step / 2
    return middle(step) == (step, half)


def sorted_by(rounds):
    wrong = 0
    for turn in range(rounds):
        double = turn * 2

        def key(item):
            nonlocal wrong
            wrong += names(2, "double", "turn") != (double, turn)
            return -item

        sorted([1, 2], key=key)
    return wrong


def items(rounds):
    for turn in range(rounds):
        square = turn * turn
        yield names(1, "square", "turn") == (square, turn), through(2, 3, "total")


def consumer(rounds):
    total = 0
    for fine, (seen,) in items(rounds):
        total += fine and seen == total
    return total


def late(rounds):
    """Asked for by a name that is put together."""
    wrong = 0
    for turn in range(rounds):
        value = turn ^ 5
        frame = sys._getframe(0)
        wrong += getattr(frame, "f_" + "locals")["value"] != value
    return wrong


print(loop(600), above(600), beside(600), sum(not caller(step) for step in range(600)), sorted_by(300), consumer(300), late(300))
