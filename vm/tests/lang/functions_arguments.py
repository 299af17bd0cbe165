# Defaults, keywords, keyword-only, star and double star on both sides, and their errors.
#
# expect: (1, 2) (2, 1) (1, 5) (3, 4) (5, 6) (7, 8)
# expect: (1, 2, (), 3, 4, []) (1, 5, (6, 7), 0, 4, [('e', 9)]) (0, 1, (2, 3), 3, 1, []) (2, 2, (), 3, 1, [])
# expect: () (1,) (1, 2, 3, 4) ('a', 'b') [] [('a', 1), ('b', 2)] []
# expect: 1 2 3
# expect: 13519500
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: (1, 2, (3,), 4, {'q': 5})
# expect: [1, 'x'] 7 ((1,), {'z': 2})
def plain(a, b):
    return (a, b)


def defaults(a, b=2, *rest, c=3, d, **named):
    return a, b, rest, c, d, sorted(named.items())


def star(*items):
    return items


def named(**items):
    return sorted(items.items())


def mutable(x, seen=[]):
    seen.append(x)
    return len(seen)


print(plain(1, 2), plain(b=1, a=2), plain(1, b=5), plain(*[3, 4]), plain(**{"a": 5, "b": 6}), plain(*[7], **{"b": 8}))
print(defaults(1, d=4), defaults(1, 5, 6, 7, d=4, e=9, c=0), defaults(*range(4), d=1), defaults(d=1, a=2))
print(star(), star(1), star(*[1, 2], *[3], 4), star(*"ab"), named(), named(a=1, **{"b": 2}), named(**{}))
print(mutable(1), mutable(1), mutable(1))
total = 0
for i in range(3000):
    a, b = plain(i, b=i + 1)
    c = star(i, *(a, b))
    d = defaults(i, d=b)
    total += a + b + len(c) + d[3] + d[4]
print(total)


def errors(call):
    try:
        print(call())
    except TypeError:
        print("TypeError")


errors(lambda: plain(1))
errors(lambda: plain(1, 2, 3))
errors(lambda: plain(1, 2, c=3))
errors(lambda: plain(1, a=2))
errors(lambda: defaults(1))
errors(lambda: star(a=1))
errors(lambda: named(1))
errors(lambda: plain(*5))
errors(lambda: plain(**{"a": 1, "c": 2}))
errors(lambda: 5())
errors(lambda: (lambda x, y=1, *z, k=2, **w: (x, y, z, k, w))(1, 2, 3, k=4, q=5))


def annotated(a: int, b: str = "x") -> list:
    return [a, b]


print(annotated(1), (lambda: 7)(), (lambda *a, **k: (a, k))(1, z=2))
