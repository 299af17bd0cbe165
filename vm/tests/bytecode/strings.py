from math import pi as half_turn
import os.path, sys as system, a.b.c as d
name = "x"
print(f"{name!r:>{width}} {{literal}} {name=}", "a long string that is an object", b"bytes")
print("short" "er", """two
lines""", name[1:2], name[::2], name[1, 2], name[...])
half_turn, name = name, half_turn
a, b, c = c, b, a
(x, y), [z] = (1, 2), [3]
if (n := len(name)) > 3: print(n)
