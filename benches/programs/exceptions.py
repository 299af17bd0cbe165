# A loop that raises, catches, finishes and re-raises on its hot path.
#
# expect: (2347258415, 8725, [80000, 80000, 80000])
# expect: (2347258415, 8725, [80000, 80000, 80000])
# small: 3000
# expect-small: (4022240, 325, [3000, 3000, 3000])
# expect-small: (4022240, 325, [3000, 3000, 3000])
# stress: 60
import sys


class Rejected(Exception):
    def __init__(self, reason, weight):
        super().__init__(reason)
        self.weight = weight


class Locked:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log[0] += 1
        return self

    def __exit__(self, kind, value, trace):
        self.log[1] += 1
        return kind is KeyError


def check(value):
    if value % 5 == 0:
        raise Rejected("five", value % 7)
    if value % 11 == 0:
        raise ValueError(value)
    return value


def parse(word):
    try:
        return int(word)
    except ValueError:
        return -1


def guarded(value, log):
    try:
        return check(value)
    except Rejected as error:
        return error.weight
    finally:
        log[2] += 1


def search(table, key, log):
    with Locked(log):
        return table[key]
    return 0


def nested(value):
    try:
        try:
            return 100 // (value % 4)
        finally:
            value += 1
    except ZeroDivisionError:
        return value & 1


def run(n):
    log = [0, 0, 0]
    table = {k: k * k for k in range(0, 40, 3)}
    words = ["12", "x1", "-7", "", "99"]
    total = 0
    failed = 0
    for i in range(n):
        try:
            total += guarded(i, log)
        except ValueError as error:
            failed += error.args[0] & 3
        else:
            total += parse(words[i % 5])
        total += search(table, i % 40, log) + nested(i)
    return total, failed, log


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 80000
    for _ in range(2):
        print(run(n))


main()
