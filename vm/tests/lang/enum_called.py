# Enumerations made by calling Enum: from a text, names, pairs or a dict, with a first value.
#
# expect: Color [('red', 1), ('green', 2)] Color.red True
# expect: Color [('red', 1), ('green', 2)] Color.red True
# expect: Color [('red', 1), ('green', 2)] Color.red True
# expect: Color [('red', 1), ('green', 2)] Color.red True
# expect: Color [('red', 1), ('green', 2)] Color.red True
# expect: [('a', 'x'), ('b', 5)]
# expect: [('a', 1.5), ('b', None)]
# expect: [('a', 10), ('b', 11)]
# expect: [('a', 1), ('b', 2)]
# expect: 1
# expect: 3 True
# expect: [1, 2, 4] 5
# expect: ValueError
# expect: TypeError
from enum import Enum, Flag, IntEnum

for names in "red green", "red,green", "red, green", ["red", "green"], ("red", "green"):
    Color = Enum("Color", names)
    print(Color.__name__, [(c.name, c.value) for c in Color], Color.red, Color(2) is Color.green)
print([(c.name, c.value) for c in Enum("Pairs", [("a", "x"), ("b", 5), ("c", "x")])])
print([(c.name, c.value) for c in Enum("Dict", {"a": 1.5, "b": None})])
print([(c.name, c.value) for c in Enum("Later", "a b", start=10)])
print([(c.name, c.value) for c in Enum("Module", names="a b", module=__name__)])
print(len(Enum("Empty", [("only", 0)])))
Number = IntEnum("Number", "one two")
print(Number.two + 1, isinstance(Number.one, int) or Number.one == 1)
Right = Flag("Right", "read write run")
print([r.value for r in (Right.read, Right.write, Right.run)], (Right.read | Right.run).value)
try:
    Enum("Pairs", "a b")("c")
except ValueError as error:
    print(type(error).__name__)
try:
    Color("More", "blue")
except TypeError as error:
    print(type(error).__name__)
