# Static methods, class methods and functions read from classes: called directly, through instances, through subclasses,
# and while somebody changes them.
#
# expect: (567000, [('Base', 0), ('Base', 1), ('Base', 2), ('Derived', 1), ('Derived', 2)], 400, 801) 755804 -11325 2200 Base
class Base:
    count = 0

    @staticmethod
    def double(x):
        return x * 2

    @classmethod
    def make(cls, x):
        cls.count += 1
        return (cls.__name__, x)

    @classmethod
    def answer(cls):
        return 1

    def plain(self, x=3):
        return self.value + x

    def __name__(self):
        return "not the class's name"


class Derived(Base):
    def __init__(self):
        self.value = 5

    @classmethod
    def make(cls, x):
        return super().make(x + 1)


class Callable:
    def __call__(self, *args):
        return len(args)


class Odd:
    seen = staticmethod(Callable())
    told = classmethod(Callable())
    length = staticmethod(len)


def calls(rounds):
    base, derived, odd = Base(), Derived(), Odd()
    total, names = 0, set()
    for turn in range(rounds):
        total += base.double(turn) + Base.double(turn) + derived.double(turn)
        total += Base.plain(derived) + Derived.plain(derived, turn)
        names.add(base.make(turn % 3))
        names.add(Derived.make(turn % 2))
        names.add(derived.make(turn % 2))
        total += odd.seen(1, 2) + Odd.told(1) + odd.told() + odd.length("abc")
    return total, sorted(names), Base.count, Derived.count


def changing(rounds):
    one, two = classmethod(lambda cls: 10), staticmethod(lambda: 100)
    derived, total = Derived(), 0
    for turn in range(rounds):
        if turn % 50 == 20:
            Base.answer = one
        elif turn % 50 == 40:
            Derived.answer = two
        elif turn % 50 == 45:
            del Derived.answer
        total = (total * 3 + derived.answer() + Derived.answer() + Base.answer()) % 1000003
    return total


def hidden(rounds):
    derived, total = Derived(), 0
    for turn in range(rounds):
        if turn == rounds // 2:
            derived.double = lambda x: -x
        total += derived.double(turn)
    return total


def wrong(rounds):
    errors = 0
    for turn in range(rounds):
        try:
            Base.plain() if turn % 2 else Base.make()
        except TypeError:
            errors += 1
        try:
            Base.missing()
        except AttributeError:
            errors += 10
    return errors


print(calls(400), changing(600), hidden(300), wrong(200), Base.__name__)
