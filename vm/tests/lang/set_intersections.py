# An update by several intersections changes the set when all have been read: not at all if one of them raises.
#
# expect: TypeError [1, 2, 3]
# expect: Boom [1, 2, 3]
# expect: TypeError [1, 2, 3]
# expect: Boom [1, 2, 3]
# expect: None {2}
# expect: None {2}
# expect: {2}
# expect: [[1, 2, 3]] {2}
# expect: {2}
# expect: {2}
# expect: {2, 3}
class Boom(Exception):
    pass

def broken():
    yield 1
    raise Boom

class Changing:
    def __init__(self, act, items):
        self.act = act
        self.items = items

    def __iter__(self):
        self.act()
        return iter(self.items)

for arguments in ([1, 2], 5), ([1, 2], broken()), ([1], [[]]), ([], broken()):
    s = {1, 2, 3}
    try:
        s.intersection_update(*arguments)
    except (TypeError, Boom) as error:
        print(type(error).__name__, sorted(s))
s = {1, 2, 3}
print(s.intersection_update([1, 2, 5], {2: 0, 1: 0}, (2, 7)), s)
print(s.intersection_update(), s)
s.intersection_update(s, s)
print(s)
seen = []
s = {1, 2, 3}
s.intersection_update([1, 2], Changing(lambda: seen.append(sorted(s)), [2]))
print(seen, s)
s = {1, 2, 3}
s.intersection_update([1, 2], Changing(lambda: s.clear(), [2]))
print(s)
s = {1, 2, 3}
s.intersection_update([1, 2], Changing(lambda: s.add(9), [2, 9]))
print(s)
s = {1, 2, 3}
try:
    s.difference_update([1], 5)
except TypeError:
    print(s)
