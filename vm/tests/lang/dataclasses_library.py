# dataclasses, abc and typing.
#
# expect: Point(x=3, y=4) True False True 25 Point(x=3, y=1) {'x': 3, 'y': 4} (3, 4)
# expect: ['x', 'y'] True False Point(x=1, y=2)
# expect: True Version(major=1, minor=10) 1.2 ['x'] [] 7 True
# expect: True 1 True
# expect: frozen
# expect: Derived(a=1, b=20, c=3) Derived(a=1, b=5, c=6)
# expect: TypeError
# expect: TypeError
# expect: ValueError
# expect: {'value': 1, 'children': [{'value': 2, 'children': []}, {'value': 3, 'children': []}]} Tree(value=1, children=[Tree(value=2, children=[])])
# expect: square 9 True
# expect: abstract
# expect: abstract
# expect: [1, 2]
# expect: 173960.0
from abc import ABC, abstractmethod
from dataclasses import asdict, astuple, dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar, Dict, Generic, List, NamedTuple, Optional, TypeVar


@dataclass
class Point:
    x: float
    y: float = 0.0

    def length2(self) -> float:
        return self.x * self.x + self.y * self.y


p = Point(3, 4)
print(p, p == Point(3, 4), p == Point(3), p != 5, p.length2(), replace(p, y=1), asdict(p), astuple(p))
print([f.name for f in fields(Point)], is_dataclass(p), is_dataclass(int), Point(y=2, x=1))


@dataclass(order=True)
class Version:
    major: int
    minor: int = 0
    tags: List[str] = field(default_factory=list, compare=False, repr=False)
    count: ClassVar[int] = 7

    def __post_init__(self):
        self.name = "%d.%d" % (self.major, self.minor)


a, b = Version(1, 2), Version(1, 10, ["x"])
a.tags.append("own")
print(a < b, max(a, b), a.name, b.tags, Version(1).tags, Version.count, sorted([b, a])[0] is a)


@dataclass(frozen=True)
class Key:
    name: str
    part: Optional[int] = None


print(Key("a") == Key("a"), {Key("a"): 1}[Key("a")], hash(Key("a", 1)) == hash(Key("a", 1)))
try:
    Key("a").name = "b"
except AttributeError:
    print("frozen")


@dataclass
class Base:
    a: int
    b: int = 2


@dataclass
class Derived(Base):
    c: int = 3
    b: int = 20


print(Derived(1), Derived(1, 5, 6))
for bad in (lambda: Point(), lambda: Point(1, 2, 3)):
    try:
        bad()
    except TypeError:
        print("TypeError")
try:

    @dataclass
    class Wrong:
        items: list = []
except ValueError:
    print("ValueError")


@dataclass
class Tree:
    value: int
    children: "List[Tree]" = field(default_factory=list)


print(asdict(Tree(1, [Tree(2), Tree(3)])), Tree(1, [Tree(2)]))


class Shape(ABC):
    @abstractmethod
    def area(self):
        return 1

    @property
    @abstractmethod
    def name(self):
        pass

    def describe(self):
        return "%s %d" % (self.name, self.area())


class Square(Shape):
    name = "square"

    def __init__(self, side):
        self.side = side

    def area(self):
        return super().area() * self.side**2


class Half(Shape):
    def area(self):
        return 0


print(Square(3).describe(), isinstance(Square(1), Shape))
for cls in (Shape, Half):
    try:
        cls()
    except TypeError:
        print("abstract")
T = TypeVar("T")


class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: List[T] = []

    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self


print(Stack().push(1).push(2).items)
total = 0.0
for i in range(80):
    point = Point(i, y=1)
    point.x += 1
    total += point.length2()
print(total)
