# Instances, class attributes, inheritance, super, special methods, properties, static and class methods.
#
# expect: Point(1, 2) Point(3, 0) Point(4, 2) Point(-2, 2) Point(3, 6) Point(2, 4) Point(-1, -2) True True True False 2 2 True 10
# expect: 5 Point(4, 4) 1 [Point(0, 9), Point(1, 2), Point(3, 0)]
# expect: Point(7, 0) nPoint(1, 2) True False
# expect: AttributeError
# expect: deleted
# expect: Point(1999000, -1999000) wPoint(2000, 1000) 6016
# expect: True False 5 None 6 True Named
class Point:
    made = 0

    def __init__(self, x, y=0):
        self.x = x
        self.y = y
        Point.made += 1

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Point(self.x - other.x, self.y - other.y)

    def __mul__(self, by):
        return Point(self.x * by, self.y * by)

    def __rmul__(self, by):
        return self * by

    def __neg__(self):
        return Point(-self.x, -self.y)

    def __eq__(self, other):
        return isinstance(other, Point) and self.x == other.x and self.y == other.y

    def __hash__(self):
        return hash((self.x, self.y))

    def __lt__(self, other):
        return (self.x, self.y) < (other.x, other.y)

    def __repr__(self):
        return "Point(%d, %d)" % (self.x, self.y)

    def __bool__(self):
        return self.x != 0 or self.y != 0

    def __getitem__(self, i):
        return (self.x, self.y)[i]

    def __len__(self):
        return 2

    def __contains__(self, value):
        return value == self.x or value == self.y

    def __call__(self, factor):
        return self.x * factor

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y

    @norm.setter
    def norm(self, value):
        self.x = value
        self.y = 0

    @staticmethod
    def origin():
        return Point(0)

    @classmethod
    def diagonal(cls, n):
        return cls(n, n)


class Named(Point):
    def __init__(self, name, *rest):
        super().__init__(*rest)
        self.name = name

    def __repr__(self):
        return self.name + super().__repr__()


p = Point(1, 2)
q = Point(3)
print(p, q, p + q, p - q, p * 3, 2 * p, -p, p == Point(1, 2), p != q, p < q, bool(Point.origin()), p[1], len(p), 2 in p, p(10))
print(p.norm, Point.diagonal(4), {p: 1}[Point(1, 2)], sorted([q, p, Point(0, 9)]))
p.norm = 7
print(p, Named("n", 1, 2), isinstance(Named("a", 1), Point), issubclass(Point, Named))
try:
    q.missing
except AttributeError:
    print("AttributeError")
try:
    del q.x
    q.x
except AttributeError:
    print("deleted")
total = Point(0)
walker = Named("w", 0, 0)
for i in range(2000):
    total = total + Point(i, -i)
    walker += Point(1, i & 1)
    if total:
        walker.norm
print(total, walker, Point.made)
print(hasattr(p, "x"), hasattr(p, "z"), getattr(p, "z", 5), setattr(p, "z", 6), p.z, type(p) is Point, type(walker).__name__)
