# The built-in functions, each with its corner cases, some in hot loops.
#
# expect: 3 1180591620717411303424 True True False True 0b101 0xff 0o10 False True False
# expect: a 97 (3, 2) [(5, 'a'), (6, 'b')] [1, 3, 5] [3, 8]
# expect: 3 5 ab 3 none (1, 3)
# expect: 1024 2 0.5 2 -2 13 0 [] [(1, 3)]
# expect: True True True True int
# expect: [1, 3] ['c', 'b', 'a'] 1 'a' [1, 'a', None, True, 1.5] (1,) True
# expect: default [1, 2] True
# expect: 3 42 3 1000.0 ['a', 'b'] {} {1} A
# expect: 50
# expect: 5438929
# expect: a-b!
# expect:
# expect: [True, False, False, False] None None
# expect: ValueError
# expect: StopIteration
# expect: TypeError
# expect: ValueError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
print(abs(-3), abs(2**70 * -1), all([1, 2]), all([]), any([0, ""]), any([0, 5]), bin(5), hex(255), oct(8), bool([]), callable(len), callable(3))
print(chr(97), ord("a"), divmod(17, 5), list(enumerate("ab", 5)), list(filter(lambda x: x % 2, range(6))), list(map(lambda a, b: a * b, [1, 2], [3, 4])))
print(max(3, 1, 2), max([1, 5]), max("ab", "b", key=len), min([3], default=0), min([], default="none"), max([(1, 2), (1, 3)]))
print(pow(2, 10), pow(2, 100, 7), pow(2.0, -1), round(1.5), round(-1.5), sum([1, 2], 10), sum([]), list(zip()), list(zip([1, 2], [3])))
print(isinstance(1, int), isinstance("", (int, str)), isinstance(None, type(None)), issubclass(ValueError, Exception), type(1).__name__)
print(sorted([3, 1]), list(reversed("abc")), len([1]), repr("a"), str([1, "a", None, True, 1.5]), tuple([1]), hash(5) == 5)
print(next(iter([]), "default"), list(iter([1, 2])), id(print) == id(print))
print(eval("1 + 2"), eval("a * 2", {"a": 21}), int("0b11", 0), float("1e3"), list("ab"), dict(), set([1]), getattr("a", "upper")())
scope = {}
exec("x = 5\nfor i in range(10): x += i", scope)
print(scope["x"])
total = 0
for i in range(2000):
    total += min(i, 1000) + max(i % 7, 3) + abs(500 - i) + len(str(i)) + sum([i, 1]) + divmod(i, 7)[1] + round(i / 3) + isinstance(i, int)
print(total)
print([isinstance(x, int) for x in (1, "a", 1.0, None)], print("a", "b", sep="-", end="!\n"), print())
for call in (lambda: max([]), lambda: next(iter([])), lambda: len(5), lambda: chr(-1), lambda: iter(5), lambda: sum(["a"]), lambda: int([]), lambda: abs("a")):
    try:
        print(call())
    except (ValueError, StopIteration, TypeError) as error:
        print(type(error).__name__)
