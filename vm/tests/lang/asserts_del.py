# assert, del of every target, pass, semicolons, line continuation, conditional expressions, chained calls.
#
# expect: [1, 2, 3] {'b': 2} False
# expect: ('message',)
# expect: ()
# expect: 1 2
# expect: three
# expect: one two 1
# expect: 2000
# expect: 399000
# expect: KeyError
# expect: AttributeError
items = [0, 1, 2, 3]
d = {"a": 1, "b": 2}


class Thing:
    pass


thing = Thing()
thing.x = 1
del items[0], d["a"], thing.x
print(items, d, hasattr(thing, "x"))
try:
    assert items, "not reached"
    assert not items, "message"
except AssertionError as error:
    print(error.args)
try:
    assert 0
except AssertionError as error:
    print(error.args)
a = 1; b = 2; print(a, b)
total = a + \
    b
if total == 3: print("three")
else: print("other")
text = ("one "
        "two")
print(text, (a if b else 0) if total else -1)


class Chain:
    def __init__(self):
        self.n = 0

    def add(self, k):
        self.n += k
        return self


c = Chain()
for i in range(2000):
    c.add(1).add(i).add(-i)
print(c.n)
failed = 0
for i in range(2000):
    try:
        assert i % 5, i
    except AssertionError as error:
        failed += error.args[0]
print(failed)
for call in (lambda: d["zz"], lambda: thing.y):
    try:
        call()
    except (KeyError, AttributeError) as error:
        print(type(error).__name__)
