from micropython import const
import math

SIZE = const(8)
_HIDDEN = const(SIZE * 4 + 1)
NAME = const("a constant string")
print(SIZE, _HIDDEN, NAME, math.pi, __debug__)
if SIZE == 8 and False:
    never()
elif SIZE:
    always()
else:
    never()
while 0: never()
while 1:
    x = (1, (2.5, None), "s", b"b", ...)
    break
    never()
"lonely"
