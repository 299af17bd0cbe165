# Changes of `instance.__dict__` reach the instance.
#
# expect: {'x': 1, 'y': 2} {'x': 1, 'y': 2} 2 True True False
# expect: 10 3 [('x', 10), ('y', 2), ('z', 3)]
# expect: False ['x', 'y']
# expect: 4 5
# expect: 4 None False
# expect: 5 7 7
# expect: own point
# expect: KeyError
# expect: 10 2 5 7 own True
# expect: True
# expect: {} False point
# expect: 89700
class Point:
    kind = "point"

    def __init__(self, x, y):
        self.x = x
        self.y = y


p = Point(1, 2)
print(p.__dict__, vars(p), len(p.__dict__), p.__dict__ == {"x": 1, "y": 2}, "x" in p.__dict__, "kind" in p.__dict__)
p.__dict__["x"] = 10
p.__dict__["z"] = 3
print(p.x, p.z, sorted(p.__dict__.items()))
del p.__dict__["z"]
print(hasattr(p, "z"), list(p.__dict__))
p.__dict__.update({"a": 4}, b=5)
print(p.a, p.b)
print(p.__dict__.pop("a"), p.__dict__.pop("missing", None), hasattr(p, "a"))
print(p.__dict__.setdefault("b", 6), p.__dict__.setdefault("c", 7), p.c)
vars(p)["kind"] = "own"
print(p.kind, Point.kind)
try:
    del p.__dict__["missing"]
except KeyError:
    print("KeyError")
other = Point(0, 0)
other.__dict__.update(p.__dict__)
print(other.x, other.y, other.b, other.c, other.kind, isinstance(other.__dict__, dict))
print(dict(**p.__dict__) == dict(p.__dict__))
p.__dict__.clear()
print(p.__dict__, hasattr(p, "x"), p.kind)
total = 0
for i in range(300):
    q = Point(i, 1)
    q.__dict__["x"] = i * 2
    total += q.x
print(total)
