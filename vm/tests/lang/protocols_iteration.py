# How many items and lengths are asked for, and how often keys are hashed and compared.
#
# expect: unpacking ValueError iter next next
# expect: unpacking (1, 0) iter next next next
# expect: unpacking ValueError iter next next next
# expect: unpacking ValueError iter next next next
# expect: starred ValueError iter next iter len next
# expect: starred (1, [], 0) iter next iter len next next
# expect: starred (3, [2, 1], 0) iter next iter len next next next next
# expect: Sized
# expect: list [0] iter len next next
# expect: tuple (0,) iter len next next
# expect: sorted [0] iter len next next
# expect: call (0,) iter len next next
# expect: extend [9, 0] iter len next next
# expect: slice [9, 0] iter iter len next next
# expect: join  iter iter len next
# expect: sum 0 iter next next
# expect: set 1 iter next next
# expect: for [0] iter next next
# expect: in False iter next next
# expect: Hinted
# expect: list [0] iter hint next next
# expect: tuple (0,) iter hint next next
# expect: sorted [0] iter hint next next
# expect: call (0,) iter hint next next
# expect: extend [9, 0] iter hint next next
# expect: slice [9, 0] iter iter hint next next
# expect: join  iter iter hint next
# expect: sum 0 iter next next
# expect: set 1 iter next next
# expect: for [0] iter next next
# expect: in False iter next next
# expect: Shy
# expect: list [0] iter len next next
# expect: tuple (0,) iter len next next
# expect: sorted [0] iter len next next
# expect: call (0,) iter len next next
# expect: extend [9, 0] iter len next next
# expect: slice [9, 0] iter iter len next next
# expect: join  iter iter len next
# expect: sum 0 iter next next
# expect: set 1 iter next next
# expect: for [0] iter next next
# expect: in False iter next next
# expect: Broken
# expect: list ValueError iter len
# expect: tuple ValueError iter len
# expect: sorted ValueError iter len
# expect: call ValueError iter len
# expect: extend ValueError iter len
# expect: slice ValueError iter iter len
# expect: join ValueError iter iter len
# expect: sum 0 iter next next
# expect: set 1 iter next next
# expect: for [0] iter next next
# expect: in False iter next next
# expect: items
# expect: list [0, 1, 2] len item item item item
# expect: join TypeError len item item item item
# expect: reversed [2, 1, 0] len len item item item
# expect: reversed TypeError 
# expect: in True item item item
# expect: bytes b'\x00\x01\x02' len item item item item
# expect: dicts
# expect: dict {1: 1, 0: 0} keys iter iter len next next next item item
# expect: stars TypeError keys iter iter len next next next item item
# expect: pairs {1: 0} iter iter len next next next
# expect: hashed once
# expect: add None hash1 eq1,1
# expect: setdefault 1 hash1 eq1,1
# expect: setdefault 2 hash2 eq1,2 hash2 eq1,2
# expect: | 2 eq1,1
# expect: & 1 eq1,1
# expect: - 1 eq1,1 eq1,2
# expect: ^ 1 eq1,1
# expect: <= True eq1,1
# expect: == True hash1 hash2 eq1,2 hash2 hash1 eq2,1 eq2,1 eq1,1
# expect: isdisjoint False hash1 eq1,1
# expect: issuperset False hash2 eq1,2 hash9 eq1,9 eq2,9
# expect: intersection 2 hash2 eq1,2 hash1 eq1,1 eq2,1
# expect: difference 0 hash2 eq1,2 hash1 eq1,1
# expect: update None eq1,1 eq1,2
# expect: dicts True hash1 hash2 eq1,2 eq1,1 eq1,2
# expect: copy 2 
# expect: in, index and count have the item on the left
# expect: in True eq1,2 eq2,2
# expect: in True 
# expect: index 1 eq1,2 eq2,2
# expect: count 1 eq1,1 eq2,1
log = []


def shown(what, function):
    try:
        result = function()
    except Exception as error:
        result = type(error).__name__
    print(what, result, " ".join(log))
    log.clear()


class Counter:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        log.append("iter")
        return self

    def __next__(self):
        log.append("next")
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Sized(Counter):
    def __len__(self):
        log.append("len")
        return 5


class Hinted(Counter):
    def __length_hint__(self):
        log.append("hint")
        return 5


class Shy(Counter):
    def __len__(self):
        log.append("len")
        raise TypeError


class Broken(Counter):
    def __len__(self):
        log.append("len")
        raise ValueError


class Items:
    def __getitem__(self, n):
        log.append("item")
        if n > 2:
            raise IndexError
        return n

    def __len__(self):
        log.append("len")
        return 3


def two(x):
    a, b = x
    return a, b


def starred(x):
    a, *b, c = x
    return a, b, c


def extended(x):
    items = [9]
    items.extend(x)
    return items


def sliced(x):
    items = [9, 8]
    items[1:] = x
    return items


def take(*rest, **named):
    return rest


for n in (1, 2, 3, 5):
    shown("unpacking", lambda: two(Counter(n)))
for n in (1, 2, 4):
    shown("starred", lambda: starred(Sized(n)))
for kind in (Sized, Hinted, Shy, Broken):
    print(kind.__name__)
    shown("list", lambda: list(kind(1)))
    shown("tuple", lambda: tuple(kind(1)))
    shown("sorted", lambda: sorted(kind(1)))
    shown("call", lambda: take(*kind(1)))
    shown("extend", lambda: extended(kind(1)))
    shown("slice", lambda: sliced(kind(1)))
    shown("join", lambda: "".join(kind(0)))
    shown("sum", lambda: sum(kind(1)))
    shown("set", lambda: len(set(kind(1))))
    shown("for", lambda: [x for x in kind(1)])
    shown("in", lambda: 7 in kind(1))
print("items")
shown("list", lambda: list(Items()))
shown("join", lambda: "".join(Items()))
shown("reversed", lambda: list(reversed(Items())))
shown("reversed", lambda: list(reversed(Counter(1))))
shown("in", lambda: 2 in Items())
shown("bytes", lambda: bytes(Items()))
print("dicts")


class Mapping:
    def keys(self):
        log.append("keys")
        return Sized(2)

    def __getitem__(self, key):
        log.append("item")
        return key


shown("dict", lambda: dict(Mapping()))
shown("stars", lambda: take(**Mapping()))
shown("pairs", lambda: dict([Sized(2)]))


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        log.append("hash%d" % self.n)
        return 1

    def __eq__(self, other):
        log.append("eq%d,%d" % (self.n, other.n))
        return self.n == other.n


print("hashed once")
a, b, c = Key(1), Key(2), Key(1)
s, t = {a, b}, {c}
d = {a: 1}
e = {c: 2, b: 3}
log.clear()
shown("add", lambda: s.add(c))
shown("setdefault", lambda: d.setdefault(c, 5))
shown("setdefault", lambda: len([d.setdefault(b, 5), d.pop(b)]))
shown("|", lambda: len(s | t))
shown("&", lambda: len(s & t))
shown("-", lambda: len(s - t))
shown("^", lambda: len(s ^ t))
shown("<=", lambda: t <= s)
shown("==", lambda: {a, b} == {b, c})
shown("isdisjoint", lambda: s.isdisjoint([c, a]))
shown("issuperset", lambda: s.issuperset([b, Key(9), a]))
shown("intersection", lambda: len(s.intersection([b, c])))
shown("difference", lambda: len(s.difference([b, c])))
shown("update", lambda: d.update(e))
shown("dicts", lambda: {a: 2, b: 3} == e)
shown("copy", lambda: len(set(s)))
print("in, index and count have the item on the left")
items = [a, b]
shown("in", lambda: Key(2) in items)
shown("in", lambda: a in items)
shown("index", lambda: items.index(Key(2)))
shown("count", lambda: items.count(Key(1)))
