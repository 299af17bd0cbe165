# == and != by methods of either side; bound methods; what becomes a method of a class and what does not.
#
# expect: right  ['Left.eq', 'Right.eq', 'Left.eq', 'Right.ne']
# expect: right  ['Right.eq', 'Right.ne']
# expect: right  ['Right.eq', 'Right.ne']
# expect: False True ['Left.eq', 'Left.eq']
# expect: True False ['Left.eq', 'Left.eq', 'Left.eq', 'Left.eq']
# expect: right  ['Right.eq', 'Right.ne']
# expect: right  ['Right.eq', 'Right.ne']
# expect: True False []
# expect: [3] False [3] True True False
# expect: True False False
# expect: 2 1
# expect: 3 7 3 42 ('WithBuiltins', 1)
# expect: TypeError
# expect: TypeError
log = []


class Left:
    def __eq__(self, other):
        log.append("Left.eq")
        return NotImplemented


class Right:
    def __eq__(self, other):
        log.append("Right.eq")
        return "right"

    def __ne__(self, other):
        log.append("Right.ne")
        return ""


class Plain:
    pass


left, right, plain = Left(), Right(), Plain()
pairs = ((left, right), (right, left), (plain, right), (left, plain), (left, left), (1, right), (right, None), (plain, plain))
for a, b in pairs:
    print(a == b, a != b, log)
    log.clear()


class Odd:
    def __eq__(self, other):
        return [other]


odd = Odd()
print(odd == 3, odd != 3, 3 == odd, odd in [odd], [odd] == [odd], (odd, 1) == (odd, 2))


class Box:
    def method(self):
        return self


box, other = Box(), Box()
print(box.method == box.method, box.method == other.method, box.method is box.method)
print(len({box.method, box.method, other.method}), {box.method: 1}[box.method])


class WithBuiltins:
    size = len
    kind = int
    absolute = abs
    upper = str.upper

    @staticmethod
    def __getitem__(index):
        return index * 2

    @classmethod
    def __add__(cls, other):
        return cls.__name__, other


thing = WithBuiltins()
print(thing.size("abc"), thing.kind("7"), thing.absolute(-3), thing[21], thing + 1)
try:
    try:
        missing
    except 5:
        pass
except TypeError:
    print("TypeError")
try:
    try:
        1 // 0
    except (ValueError, "text"):
        pass
except TypeError:
    print("TypeError")
