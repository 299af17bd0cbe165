# collections.deque: iteration while it changes, no hash, operators; and other arguments as CPython takes them.
#
# expect: append RuntimeError RuntimeError
# expect: append RuntimeError RuntimeError
# expect: append RuntimeError RuntimeError
# expect: appendleft RuntimeError RuntimeError
# expect: appendleft RuntimeError RuntimeError
# expect: appendleft RuntimeError RuntimeError
# expect: pop RuntimeError RuntimeError
# expect: pop RuntimeError RuntimeError
# expect: pop RuntimeError RuntimeError
# expect: popleft RuntimeError RuntimeError
# expect: popleft RuntimeError RuntimeError
# expect: popleft RuntimeError RuntimeError
# expect: clear RuntimeError RuntimeError
# expect: clear RuntimeError RuntimeError
# expect: clear RuntimeError RuntimeError
# expect: rotate RuntimeError RuntimeError
# expect: rotate RuntimeError RuntimeError
# expect: rotate RuntimeError RuntimeError
# expect: insert RuntimeError RuntimeError
# expect: insert IndexError IndexError
# expect: insert RuntimeError RuntimeError
# expect: del RuntimeError RuntimeError
# expect: del RuntimeError RuntimeError
# expect: del RuntimeError RuntimeError
# expect: remove RuntimeError RuntimeError
# expect: remove RuntimeError RuntimeError
# expect: remove RuntimeError RuntimeError
# expect: set [1, 2, 3] [3, 2, 1]
# expect: set [1, 2, 3] [3, 2, 1]
# expect: set [1, 2, 3] [3, 2, 1]
# expect: reverse [1, 2, 1] [3, 2, 3]
# expect: reverse [1, 2, 1] [3, 2, 3]
# expect: reverse [1, 2, 1] [3, 2, 3]
# expect: extend [1, 2, 3] [3, 2, 1]
# expect: extend [1, 2, 3] [3, 2, 1]
# expect: extend [1, 2, 3] [3, 2, 1]
# expect: mul [1, 2, 3] [3, 2, 1]
# expect: mul [1, 2, 3] [3, 2, 1]
# expect: mul [1, 2, 3] [3, 2, 1]
# expect: mul2 RuntimeError RuntimeError
# expect: mul2 [1, 2, 3] [3, 2, 1]
# expect: mul2 RuntimeError RuntimeError
# expect: mul0 RuntimeError RuntimeError
# expect: mul0 RuntimeError RuntimeError
# expect: mul0 RuntimeError RuntimeError
# expect: count [1, 2, 3] [3, 2, 1]
# expect: count [1, 2, 3] [3, 2, 1]
# expect: count [1, 2, 3] [3, 2, 1]
# expect: IndexError None None StopIteration None RuntimeError RuntimeError
# expect: TypeError TypeError TypeError TypeError True
# expect: deque([1, 2, 1, 2], maxlen=5) deque([1, 2, 1, 2], maxlen=5) deque([2, 1, 2, 1, 2], maxlen=5) deque([], maxlen=5) TypeError OverflowError TypeError
# expect: 5 deque([2, 7, 8, 9, 10], maxlen=5) TypeError TypeError
# expect: deque([1, 2, 1, 2], maxlen=5) Mine Mine
# expect: deque([], maxlen=0) deque([], maxlen=0)
# expect: deque([2, 3, 4], maxlen=3)
# expect: deque([2, 3, 4], maxlen=3)
# expect: True False False True False True
# expect: False True True True False False
# expect: False True True True False False
# expect: False True True True False False
# expect: False True False False True True
# expect: TypeError False True TypeError
# expect: False [(1, 1), (2, 3), (2, 3)]
# expect: True True [(1, 1), (2, 3), (2, 3), (1, 2)]
# expect: TypeError ValueError OverflowError TypeError
# expect: [(36893488147419103232, 'a'), (36893488147419103233, 'b')] [(-36893488147419103232, 'a'), (-36893488147419103231, 'b')] [(4611686018427387902, 'a'), (4611686018427387903, 'b'), (4611686018427387904, 'c')] [(4611686018427387904, 'a'), (4611686018427387905, 'b')]
# expect: TypeError TypeError TypeError
# expect: ValueError ValueError TypeError 7 ValueError
# expect: OverflowError OverflowError OverflowError ab
# expect: False True True True
# expect: True [(2, 2)]
# expect: b'\x01\x03\x05\x07\t\x0b\r\x0f\x11\x13'
# expect: b'\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13'
# expect: b'\x00\x01\x02\x04\x06\x08\n\x0c\x0e\x0f\x10\x11\x12\x13'
# expect: b'\x01\x02\x04\x05\x07\x08\n\x0b\r\x0e\x10\x11\x13'
# expect: b'\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13'
# expect: b'\x00\x01\x02\x04\x05\x07\x08\n\x0b\r\x0e\x0f\x10\x11\x12\x13'
# expect: b''
# expect: b'\x00\x01\x02\x03\x10\x11\x12\x13'
# expect: b'\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13'
# expect: b'\x00\x02\x04\x06\x08\n\x0c\x0e\x10\x12'
# expect: b'\x00\x01\x02\x03\x04\x06\x08\n\x0c\x0e\x10\x11\x12\x13'
# expect: b'\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13'
# expect: b'\x00\x02\x03\x05\x06\x08\t\x0b\x0c\x0e\x0f\x11\x12'
# expect: b'\x00\x01\x02\x03\x04\x05\x07\x08\n\x0b\r\x0e\x10\x11\x12\x13'
# expect: b'\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13'


from collections import deque, OrderedDict
def tried(f, *args):
    try: return f(*args)
    except Exception as e: return type(e).__name__
class Index:
    def __init__(self, n): self.n = n
    def __index__(self): return self.n
class Asked:
    def __init__(self, n): self.n = n
    def __eq__(self, other):
        seen.append((self.n, getattr(other, "n", other)))
        return self.n == getattr(other, "n", other)
    def __lt__(self, other): return self.n < other.n
class Mine(deque): pass
seen = []
CHANGES = [
    ("append", lambda d: d.append(1)), ("appendleft", lambda d: d.appendleft(1)), ("pop", lambda d: d.pop()),
    ("popleft", lambda d: d.popleft()), ("clear", lambda d: d.clear()), ("rotate", lambda d: d.rotate(0)),
    ("insert", lambda d: d.insert(1, 5)), ("del", lambda d: d.__delitem__(0)), ("remove", lambda d: d.remove(2)),
    ("set", lambda d: d.__setitem__(1, 9)), ("reverse", lambda d: d.reverse()), ("extend", lambda d: d.extend([])),
    ("mul", lambda d: d.__imul__(1)), ("mul2", lambda d: d.__imul__(2)), ("mul0", lambda d: d.__imul__(0)), ("count", lambda d: d.count(1)),
]
def walk(make, change):
    got = []
    d = make()
    for i, x in enumerate(d):
        got.append(x)
        if i == 1: change(d)
        if i > 9: break
    return got
def walk_back(make, change):
    got = []
    d = make()
    for i, x in enumerate(reversed(d)):
        got.append(x)
        if i == 1: change(d)
        if i > 9: break
    return got
for name, change in CHANGES:
    for make in (lambda: deque([1, 2, 3]), lambda: deque([1, 2, 3], 3), lambda: Mine([1, 2, 3])):
        print(name, tried(walk, make, change), tried(walk_back, make, change))
e = deque()
it = iter(e)
print(tried(e.pop), tried(e.clear), tried(e.rotate), tried(next, it), tried(e.append, 1), tried(next, it), tried(next, it))
print(tried(hash, deque()), tried(hash, Mine()), tried(lambda: {deque(): 1}), tried(lambda: {deque()}), deque.__hash__ is None)
d = deque([1, 2], 5)
print(d * Index(2), Index(2) * d, d * 3, d * -1, tried(lambda: d * 1.5), tried(lambda: d * 2 ** 65), tried(lambda: 'x' * d))
print((d * 3).maxlen, d + deque([7, 8, 9, 10]), tried(lambda: d + [1]), tried(lambda: [1] + d))
d *= 2
print(d, type(Mine([1]) * 2).__name__, type(Mine([1]) + deque([2])).__name__)
d = deque([1, 2], 0); d *= 5; print(d, deque([], 0) * 3)
d = deque(range(5), 3); d *= 10; print(d)
d += d; print(d)
for a, b in (([1, 2], [1, 2]), ([1, 2], [1, 3]), ([1], [1, 2]), ([], [1]), ([3], [1, 2])):
    a, b = deque(a), deque(b)
    print(a == b, a != b, a < b, a <= b, a > b, a >= b)
print(tried(lambda: deque([1]) < [1]), deque([1]) == [1], deque([1]) != [1], tried(lambda: deque([1]) < deque(['a'])))
print(deque([Asked(1), Asked(2)]) == deque([Asked(1), Asked(3)]), seen)
seen.clear()
print(deque([Asked(1), Asked(2)]) != deque([Asked(1), Asked(3)]), deque([Asked(1)]) < deque([Asked(2)]), seen)
print(tried(lambda: deque([], Index(3))), tried(lambda: deque([], -1)), tried(lambda: deque([], 2 ** 65)), tried(lambda: deque([], '1')))
print(list(enumerate("ab", 2 ** 65)), list(enumerate("ab", -2 ** 65)), list(enumerate("abc", 2 ** 62 - 2)), list(enumerate("ab", Index(2 ** 62))))
print(tried(enumerate, "ab", 1.5), tried(enumerate, 5, 2 ** 65), tried(enumerate, 5, 1.5))
print(tried(int, "12", 2 ** 65), tried(int, "12", -2 ** 65), tried(int, "12", 1.5), tried(int, "12", Index(5)), tried(int, b"12", 2 ** 40))
print(tried("\t".expandtabs, 10 ** 12), tried("\t".expandtabs, -10 ** 12), tried(b"\t".expandtabs, 2 ** 31), tried("a\tb".expandtabs, -3))
a, b = OrderedDict([(1, 2), (3, 4)]), OrderedDict([(3, 4), (1, 2)])
print(a == b, a != b, a == {3: 4, 1: 2}, a == OrderedDict(a))
seen.clear()
print(OrderedDict([(1, Asked(2))]) == OrderedDict([(1, Asked(2))]), seen)
def del_slices():
    for step in (2, 3, -1, -2, -3):
        x = bytearray(range(20)); del x[::step]; print(bytes(x)); x = bytearray(range(20)); del x[15:3:step]; print(bytes(x)); x = bytearray(range(20)); del x[3:15:step]; print(bytes(x))
del_slices()
