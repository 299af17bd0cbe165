# Exceptions raised and caught in hot loops: in the loop's own frame and in functions it calls, through finally and
# with, re-raised, by calls and by raise.
#
# expect: [500, 374750, 500] (562500, 562500) 900 363000
# expect: (72000, 600) 152375 179700 (7039, 2400, 2400)
# expect: 1000 360000
import sys


class Odd(ValueError):
    pass


class Loud(Exception):
    def __init__(self, n):
        super().__init__(n)
        self.n = n


class Guard:
    entered = left = 0

    def __init__(self, swallow):
        self.swallow = swallow

    def __enter__(self):
        Guard.entered += 1
        return self

    def __exit__(self, kind, value, trace):
        Guard.left += 1
        return self.swallow and kind is not None


def check(n):
    if n % 2:
        raise Odd(n)
    return n


def nested(n):
    try:
        return check(n)
    finally:
        Guard.left += 0


def own_frame(n):
    counts = [0, 0, 0]
    for i in range(n):
        try:
            if i % 3 == 0:
                raise ValueError
            if i % 3 == 1:
                raise Loud(i)
            counts[2] += 1
        except ValueError:
            counts[0] += 1
        except Loud as e:
            counts[1] += e.n
    return counts


def called(n):
    good = bad = 0
    for i in range(n):
        try:
            good += nested(i)
        except Odd as e:
            bad += e.args[0]
        else:
            good += 1
    return good, bad


def always(n):
    total = 0
    for i in range(n):
        try:
            total += int("x%d" % i)
        except ValueError:
            total += 1
    return total


def looked_up(n):
    table = {i: i for i in range(0, n, 2)}
    items = [1, 2, 3]
    total = 0
    for i in range(n):
        try:
            total += table[i]
        except KeyError:
            total -= 1
        try:
            total += items[i % 4]
        except IndexError:
            pass
        try:
            total += items.missing
        except AttributeError:
            total += 2
    return total


def again(n):
    outer = inner = 0
    for i in range(n):
        try:
            try:
                check(i)
            except Odd:
                inner += 1
                if i % 5 == 0:
                    raise
            except KeyError:
                inner += 1000
        except ValueError as e:
            outer += e.args[0]
    return outer, inner


def finals(n):
    log = 0
    for i in range(n):
        try:
            if i % 7 == 3:
                continue
            if i % 11 == 5:
                raise Odd(i)
            log += 1
        except Odd:
            log += 10
        finally:
            log += 100
    while True:
        try:
            log += 1
            if log % 13 == 0:
                break
        finally:
            log += 2
    return log


def early(n):
    def one(i):
        try:
            if i % 4 == 0:
                return i
            return -1
        finally:
            Guard.left += 0

    def two(i):
        for k in range(3):
            try:
                if k == i % 3:
                    return k
            except ValueError:
                pass
        return 9

    return sum(one(i) + two(i) for i in range(n))


def managed(n):
    total = 0
    for i in range(n):
        with Guard(True) as g:
            total += g.swallow
            if i % 3 == 0:
                raise Odd(i)
            if i % 5 == 0:
                continue
            total += 1
        if i % 3 == 0:
            total += 10
    try:
        for i in range(n):
            with Guard(False):
                if i == n - 1:
                    raise Loud(i)
    except Loud as e:
        total += e.n
    return total, Guard.entered, Guard.left


def deep(n):
    def fail(d):
        if d == 0:
            raise KeyError(d)
        fail(d - 1)

    caught = 0
    for i in range(n):
        try:
            fail(i % 4)
        except LookupError:
            caught += 1
    return caught


def stops(n):
    total = 0
    for i in range(n):
        it = iter([i, i + 1])
        while True:
            try:
                total += next(it)
            except StopIteration:
                break
    return total


print(own_frame(1500), called(1500), always(900), looked_up(1200))
print(again(1200), finals(1500), early(1200), managed(1200))
print(deep(1000), stops(600))
