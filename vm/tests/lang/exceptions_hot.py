# Exceptions raised and caught inside hot loops: in the frame, in callees, deep below, conversions between kinds.
#
# expect: 1000 3857573 7200 1999000 2000
# expect: 1000 3857573 7200 1999000 2000
# expect: 2500 ('code', 2500) True True
class Stop(Exception):
    pass


class Detail(Stop):
    def __init__(self, code):
        super().__init__("code", code)
        self.code = code


def check(i):
    if i % 7 == 0:
        raise Detail(i % 5)
    return i


def below(i, depth):
    if depth == 0:
        return check(i)
    return below(i, depth - 1)


def caught_here(n):
    total = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                raise ValueError
            total += 1
        except ValueError:
            total -= 1
    return total


def caught_above(n):
    total = 0
    for i in range(n):
        try:
            total += below(i, i % 4)
        except Detail as error:
            total += error.code + len(error.args)
        except Stop:
            total = None
    return total


def converted(n):
    total = 0
    for i in range(n):
        try:
            try:
                total += [1, 2, 3][i % 5]
            except IndexError:
                raise KeyError(i)
            finally:
                total += 1
        except LookupError as error:
            total += error.args[0] & 1
    return total


def ends_loop(n):
    items = list(range(n))
    total = 0
    try:
        while True:
            total += items.pop()
    except IndexError:
        return total


def by_iteration(n):
    source = iter(range(n))
    count = 0
    while True:
        try:
            next(source)
        except StopIteration:
            break
        count += 1
    return count


for _ in range(2):
    print(caught_here(3000), caught_above(3000), converted(3000), ends_loop(2000), by_iteration(2000))
try:
    for i in range(3000):
        if i == 2500:
            raise Detail(i)
except Stop as error:
    print(error.code, error.args, isinstance(error, Detail), issubclass(Detail, Exception))
