# What special methods answer is checked; which of them count.
#
# expect: True
# expect:   bool True
# expect:   while False
# expect:   len 1
# expect:   len truth True
# expect:   index b
# expect:   repeat ab
# expect:   hash None
# expect:   str TypeError
# expect:   iter TypeError
# expect:   float TypeError
# expect:   in True
# expect:   range range(0, 1)
# expect: 1
# expect:   bool TypeError
# expect:   while TypeError
# expect:   len 1
# expect:   len truth True
# expect:   index b
# expect:   repeat ab
# expect:   hash None
# expect:   str TypeError
# expect:   iter TypeError
# expect:   float TypeError
# expect:   in True
# expect:   range range(0, 1)
# expect: None
# expect:   bool TypeError
# expect:   while TypeError
# expect:   len TypeError
# expect:   len truth TypeError
# expect:   index TypeError
# expect:   repeat TypeError
# expect:   hash TypeError
# expect:   str TypeError
# expect:   iter TypeError
# expect:   float TypeError
# expect:   in False
# expect:   range TypeError
# expect: 'x'
# expect:   bool TypeError
# expect:   while TypeError
# expect:   len TypeError
# expect:   len truth TypeError
# expect:   index TypeError
# expect:   repeat TypeError
# expect:   hash TypeError
# expect:   str x
# expect:   iter TypeError
# expect:   float TypeError
# expect:   in True
# expect:   range TypeError
# expect: -1
# expect:   bool TypeError
# expect:   while TypeError
# expect:   len ValueError
# expect:   len truth ValueError
# expect:   index c
# expect:   repeat 
# expect:   hash None
# expect:   str TypeError
# expect:   iter TypeError
# expect:   float TypeError
# expect:   in True
# expect:   range range(0, -1)
# expect: 1180591620717411303424
# expect:   bool TypeError
# expect:   while TypeError
# expect:   len OverflowError
# expect:   len truth OverflowError
# expect:   index IndexError
# expect:   repeat None
# expect:   hash None
# expect:   str TypeError
# expect:   iter TypeError
# expect:   float TypeError
# expect:   in True
# expect:   range range(0, 1180591620717411303424)
# expect: 0.5
# expect:   bool TypeError
# expect:   while TypeError
# expect:   len TypeError
# expect:   len truth TypeError
# expect:   index TypeError
# expect:   repeat TypeError
# expect:   hash TypeError
# expect:   str TypeError
# expect:   iter TypeError
# expect:   float 0.5
# expect:   in True
# expect:   range TypeError
# expect: [1]
# expect:   bool TypeError
# expect:   while TypeError
# expect:   len TypeError
# expect:   len truth TypeError
# expect:   index TypeError
# expect:   repeat TypeError
# expect:   hash TypeError
# expect:   str TypeError
# expect:   iter TypeError
# expect:   float TypeError
# expect:   in True
# expect:   range TypeError
# expect: hashable and not
# expect: Equal TypeError
# expect: EqualAgain 1
# expect: NoLonger TypeError
# expect: Inherits 1
# expect: EqualOnly TypeError
# expect: context managers
# expect: neither TypeError
# expect: no exit TypeError
# expect: not by __getattr__ TypeError
# expect: not by the instance TypeError
# expect: numbers
# expect: index float by index 3.0
# expect: index bytes by index b'\x00\x00'
# expect: index bytes negative ValueError
# expect: index in bytes True
# expect: index not a byte ValueError
# expect: index reverse [3, 2, 1]
# expect: reverse text TypeError
# expect: round TypeError
# expect: mapping TypeError
def attempt(what, function):
    try:
        print(what, function())
    except Exception as error:
        print(what, type(error).__name__)


class Given:
    """Every special method answers the same thing."""

    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        return self.answer

    def __index__(self):
        return self.answer

    def __hash__(self):
        return self.answer

    def __str__(self):
        return self.answer

    def __iter__(self):
        return self.answer

    def __float__(self):
        return self.answer

    def __contains__(self, item):
        return self.answer


class Length:
    def __init__(self, answer):
        self.answer = answer

    def __len__(self):
        return self.answer


class Index:
    def __init__(self, answer):
        self.answer = answer

    def __index__(self):
        print("index", end=" ")
        return self.answer


for answer in (True, 1, None, "x", -1, 2**70, 0.5, [1]):
    given = Given(answer)
    print(repr(answer))
    attempt("  bool", lambda: bool(given))
    attempt("  while", lambda: not given)
    attempt("  len", lambda: len(Length(answer)))
    attempt("  len truth", lambda: bool(Length(answer)))
    attempt("  index", lambda: "abc"[given])
    attempt("  repeat", lambda: "ab" * given if answer != 2**70 else None)
    attempt("  hash", lambda: {given: 1} and None)
    attempt("  str", lambda: str(given))
    attempt("  iter", lambda: list(given))
    attempt("  float", lambda: float(given))
    attempt("  in", lambda: 3 in given)
    attempt("  range", lambda: range(given))

print("hashable and not")


class Equal:
    def __eq__(self, other):
        return True


class EqualAgain(Equal):
    def __hash__(self):
        return 1


class NoLonger(EqualAgain):
    __hash__ = None


class Inherits(EqualAgain):
    pass


class EqualOnly(EqualAgain):
    def __eq__(self, other):
        return False


for kind in (Equal, EqualAgain, NoLonger, Inherits, EqualOnly):
    attempt(kind.__name__, lambda: len({kind(): 1}))

print("context managers")


class Enters:
    def __enter__(self):
        print("enter", end=" ")


class Asked:
    def __getattr__(self, name):
        print("asked for", name)
        return lambda *rest: None


def enter(manager):
    with manager:
        return "inside"


manager = Asked()
attempt("neither", lambda: enter(5))
attempt("no exit", lambda: enter(Enters()))
attempt("not by __getattr__", lambda: enter(manager))
manager.__enter__ = manager.__exit__ = print
attempt("not by the instance", lambda: enter(manager))

print("numbers")
attempt("float by index", lambda: float(Index(3)))
attempt("bytes by index", lambda: bytes(Index(2)))
attempt("bytes negative", lambda: bytes(Index(-1)))
attempt("in bytes", lambda: Index(98) in b"abc")
attempt("not a byte", lambda: Index(300) in b"abc")
attempt("reverse", lambda: sorted([1, 3, 2], reverse=Index(1)))
attempt("reverse text", lambda: sorted([1, 3, 2], reverse="yes"))
attempt("round", lambda: round([], Index(1)))
attempt("mapping", lambda: (lambda **k: k)(**Index(1)))
