# enum: members, numbers, flags.
#
# expect: ['RED', 'GREEN', 'BLUE'] 3 Color.RED <Color.GREEN: 2> Color.BLUE 3
# expect: True RED False True True
# expect: GREEN! Color.BLUE True r
# expect: ValueError ('9 is not a valid Color',)
# expect: KeyError ('NONE',)
# expect: 2 True True 20 10 2
# expect: 13 HUGE 10 5.0 10
# expect: True False False 3 True ['READ', 'WRITE']
# expect: WRITE 4
# expect: 6378000.0 False True 5.976e+24
# expect: ValueError
# expect: TypeError
# expect: 120
from enum import Enum, Flag, IntEnum, auto, unique


class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3
    CRIMSON = 1

    def shout(self):
        return self.name + "!"

    @classmethod
    def favourite(cls):
        return cls.BLUE


print([c.name for c in Color], len(Color), Color.RED, repr(Color.GREEN), Color(3), Color["BLUE"].value)
print(Color.RED is Color.CRIMSON, Color.CRIMSON.name, Color.RED == Color.GREEN, Color.RED != 1, Color.RED in Color)
print(Color.GREEN.shout(), Color.favourite(), isinstance(Color.RED, Color), {Color.RED: "r"}[Color(1)])
for bad in (lambda: Color(9), lambda: Color["NONE"]):
    try:
        bad()
    except (ValueError, KeyError) as problem:
        print(type(problem).__name__, problem.args)


class Size(IntEnum):
    SMALL = auto()
    LARGE = auto()
    HUGE = 10


print(Size.SMALL + 1, Size.LARGE < Size.HUGE, Size.HUGE == 10, [10, 20, 30][Size.SMALL], max(Size), int(Size.LARGE))
print(sum(Size), sorted(Size, reverse=True)[0].name, "%d" % Size.HUGE, Size.LARGE * 2.5, 100 // Size.HUGE if False else 10)


class Access(Flag):
    READ = auto()
    WRITE = auto()
    RUN = auto()


both = Access.READ | Access.WRITE
print(Access.READ in both, Access.RUN in both, bool(both & Access.RUN), both.value, both == Access(3), [a.name for a in both])
print((both ^ Access.READ).name, Access.RUN.value)


class Planet(Enum):
    EARTH = (5.976e24, 6.378e6)
    MARS = (6.421e23, 3.397e6)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    @property
    def dense(self):
        return self.mass > 1e24


print(Planet.EARTH.radius, Planet.MARS.dense, Planet((6.421e23, 3.397e6)) is Planet.MARS, Planet.EARTH.mass)
try:

    @unique
    class Twice(Enum):
        A = 1
        B = 1
except ValueError:
    print("ValueError")
try:

    class More(Color):
        BLACK = 0
except TypeError:
    print("TypeError")
count = 0
for turn in range(60):
    for c in Color:
        if c is Color.GREEN:
            count += c.value
print(count)
