# Which hashes and comparisons set algebra and dict.pop ask for.
#
# expect: pop 5 
# expect: pop KeyError 
# expect: pop 5 
# expect: pop 5 hb a=b
# expect: get None ha
# expect: union ['a', 'b'] a=b
# expect: union ['a', 'b'] hb a=b
# expect: intersection [] a=b
# expect: intersection [] hb a=b
# expect: difference ['a'] b=a
# expect: difference ['a'] hb a=b
# expect: symmetric_difference ['a', 'b'] b=a b=a
# expect: symmetric_difference ['a', 'b'] hb b=a b=a
# expect: issubset False b=a
# expect: issubset False hb b=a
# expect: issuperset False a=b
# expect: issuperset False hb a=b
# expect: isdisjoint True a=b
# expect: isdisjoint True hb a=b
# expect: difference ['a'] b=a
# expect: update ['a', 'b']
# expect: intersection_update []
# expect: difference_update ['a']
# expect: symmetric_difference_update ['a', 'b']
# expect: union ['a'] a=c
# expect: union ['a'] hc a=c
# expect: intersection ['c'] a=c
# expect: intersection ['c'] hc a=c
# expect: difference [] c=a
# expect: difference [] hc a=c
# expect: symmetric_difference [] c=a
# expect: symmetric_difference [] hc c=a
# expect: issubset True c=a
# expect: issubset True hc c=a
# expect: issuperset True a=c
# expect: issuperset True hc a=c
# expect: isdisjoint False a=c
# expect: isdisjoint False hc a=c
# expect: difference [] c=a
# expect: update ['a']
# expect: intersection_update ['c']
# expect: difference_update []
# expect: symmetric_difference_update []
# expect: union ['a', 'd'] 
# expect: union ['a', 'd'] hd
# expect: intersection [] 
# expect: intersection [] hd
# expect: difference ['a'] 
# expect: difference ['a'] hd
# expect: symmetric_difference ['a', 'd'] 
# expect: symmetric_difference ['a', 'd'] hd
# expect: issubset False 
# expect: issubset False hd
# expect: issuperset False 
# expect: issuperset False hd
# expect: isdisjoint True 
# expect: isdisjoint True hd
# expect: difference ['a'] 
# expect: update ['a', 'd']
# expect: intersection_update []
# expect: difference_update ['a']
# expect: symmetric_difference_update ['a', 'd']
# expect: union ['a', 'e'] a=c
# expect: union ['a', 'e'] hc a=c he
# expect: intersection ['a'] c=a
# expect: intersection ['c'] hc a=c
# expect: difference [] c=a
# expect: difference [] hc a=c he
# expect: symmetric_difference ['e'] c=a
# expect: symmetric_difference ['e'] hc he c=a
# expect: issubset True c=a
# expect: issubset True hc he c=a
# expect: issuperset False 
# expect: issuperset False hc a=c he
# expect: isdisjoint False c=a
# expect: isdisjoint False hc a=c
# expect: difference [] c=a
# expect: update ['a', 'e']
# expect: intersection_update ['a']
# expect: difference_update []
# expect: symmetric_difference_update ['e']
# expect: union ['a', 'b', 'e'] a=b
# expect: union ['a', 'b', 'e'] hb a=b he
# expect: intersection [] b=a
# expect: intersection [] hb a=b he
# expect: difference ['a'] b=a
# expect: difference ['a'] hb a=b he
# expect: symmetric_difference ['a', 'b', 'e'] b=a b=a
# expect: symmetric_difference ['a', 'b', 'e'] hb he b=a b=a
# expect: issubset False b=a
# expect: issubset False hb he b=a
# expect: issuperset False 
# expect: issuperset False hb a=b
# expect: isdisjoint True b=a
# expect: isdisjoint True hb a=b he
# expect: difference ['a'] b=a
# expect: update ['a', 'b', 'e']
# expect: intersection_update []
# expect: difference_update ['a']
# expect: symmetric_difference_update ['a', 'b', 'e']
# expect: union ['a', 'b', 'd'] a=b
# expect: union ['a', 'b', 'd'] hb a=b
# expect: intersection [] a=b
# expect: intersection [] hb a=b
# expect: difference ['a', 'd'] b=a
# expect: difference ['a', 'd'] hb a=b
# expect: symmetric_difference ['a', 'b', 'd'] b=a b=a
# expect: symmetric_difference ['a', 'b', 'd'] hb b=a b=a
# expect: issubset False 
# expect: issubset False hb
# expect: issuperset False a=b
# expect: issuperset False hb a=b
# expect: isdisjoint True a=b
# expect: isdisjoint True hb a=b
# expect: difference ['a', 'd'] b=a
# expect: update ['a', 'b', 'd']
# expect: intersection_update []
# expect: difference_update ['a', 'd']
# expect: symmetric_difference_update ['a', 'b', 'd']
# expect: union ['a', 'd'] a=c
# expect: union ['a', 'd'] hc a=c
# expect: intersection ['c'] a=c
# expect: intersection ['c'] hc a=c
# expect: difference ['d'] c=a
# expect: difference ['d'] hc a=c
# expect: symmetric_difference ['d'] c=a
# expect: symmetric_difference ['d'] hc c=a
# expect: issubset False 
# expect: issubset False hc
# expect: issuperset True a=c
# expect: issuperset True hc a=c
# expect: isdisjoint False a=c
# expect: isdisjoint False hc a=c
# expect: difference ['d'] c=a
# expect: update ['a', 'd']
# expect: intersection_update ['c']
# expect: difference_update ['d']
# expect: symmetric_difference_update ['d']
# expect: union ['a', 'd'] 
# expect: union ['a', 'd'] hd
# expect: intersection ['d'] 
# expect: intersection ['d'] hd
# expect: difference ['a'] 
# expect: difference ['a'] hd
# expect: symmetric_difference ['a'] 
# expect: symmetric_difference ['a'] hd
# expect: issubset False 
# expect: issubset False hd
# expect: issuperset True 
# expect: issuperset True hd
# expect: isdisjoint False 
# expect: isdisjoint False hd
# expect: difference ['a'] 
# expect: update ['a', 'd']
# expect: intersection_update ['d']
# expect: difference_update ['a']
# expect: symmetric_difference_update ['a']
# expect: union ['a', 'b'] a=b
# expect: union ['a', 'b'] hb a=b
# expect: intersection ['b'] a=b
# expect: intersection ['b'] hb a=b
# expect: difference ['a'] b=a
# expect: difference ['a'] hb a=b
# expect: symmetric_difference ['a'] b=a b=a
# expect: symmetric_difference ['a'] hb b=a b=a
# expect: issubset False 
# expect: issubset False hb
# expect: issuperset True a=b
# expect: issuperset True hb a=b
# expect: isdisjoint False a=b
# expect: isdisjoint False hb a=b
# expect: difference ['a'] b=a
# expect: update ['a', 'b']
# expect: intersection_update ['b']
# expect: difference_update ['a']
# expect: symmetric_difference_update ['a']
# expect: union ['a', 'b'] a=c
# expect: union ['a', 'b'] hc a=c
# expect: intersection ['c'] a=c
# expect: intersection ['c'] hc a=c
# expect: difference ['b'] c=a c=b
# expect: difference ['b'] hc a=c
# expect: symmetric_difference ['b'] c=a
# expect: symmetric_difference ['b'] hc c=a
# expect: issubset False 
# expect: issubset False hc
# expect: issuperset True a=c
# expect: issuperset True hc a=c
# expect: isdisjoint False a=c
# expect: isdisjoint False hc a=c
# expect: difference ['b'] c=a c=b
# expect: update ['a', 'b']
# expect: intersection_update ['c']
# expect: difference_update ['b']
# expect: symmetric_difference_update ['b']
# expect: union ['a', 'b', 'd'] 
# expect: union ['a', 'b', 'd'] hd
# expect: intersection [] 
# expect: intersection [] hd
# expect: difference ['a', 'b'] a=b
# expect: difference ['a', 'b'] hd
# expect: symmetric_difference ['a', 'b', 'd'] a=b a=b
# expect: symmetric_difference ['a', 'b', 'd'] hd a=b a=b
# expect: issubset False 
# expect: issubset False hd
# expect: issuperset False 
# expect: issuperset False hd
# expect: isdisjoint True 
# expect: isdisjoint True hd
# expect: difference ['a', 'b'] a=b
# expect: update ['a', 'b', 'd']
# expect: intersection_update []
# expect: difference_update ['a', 'b']
# expect: symmetric_difference_update ['a', 'b', 'd']
# expect: union ['b', 'e'] 
# expect: union ['b', 'e'] hb
# expect: intersection ['b'] 
# expect: intersection ['b'] hb
# expect: difference ['e'] 
# expect: difference ['e'] hb
# expect: symmetric_difference ['e'] 
# expect: symmetric_difference ['e'] hb
# expect: issubset False 
# expect: issubset False hb
# expect: issuperset True 
# expect: issuperset True hb
# expect: isdisjoint False 
# expect: isdisjoint False hb
# expect: difference ['e'] 
# expect: update ['b', 'e']
# expect: intersection_update ['b']
# expect: difference_update ['e']
# expect: symmetric_difference_update ['e']
# expect: union ['b', 'c', 'e'] b=c
# expect: union ['b', 'c', 'e'] hc b=c
# expect: intersection [] b=c
# expect: intersection [] hc b=c
# expect: difference ['b', 'e'] c=b
# expect: difference ['b', 'e'] hc b=c
# expect: symmetric_difference ['b', 'c', 'e'] c=b c=b
# expect: symmetric_difference ['b', 'c', 'e'] hc c=b c=b
# expect: issubset False 
# expect: issubset False hc
# expect: issuperset False b=c
# expect: issuperset False hc b=c
# expect: isdisjoint True b=c
# expect: isdisjoint True hc b=c
# expect: difference ['b', 'e'] c=b
# expect: update ['b', 'c', 'e']
# expect: intersection_update []
# expect: difference_update ['b', 'e']
# expect: symmetric_difference_update ['b', 'c', 'e']
# expect: union ['b', 'd', 'e'] 
# expect: union ['b', 'd', 'e'] hd
# expect: intersection [] 
# expect: intersection [] hd
# expect: difference ['b', 'e'] 
# expect: difference ['b', 'e'] hd
# expect: symmetric_difference ['b', 'd', 'e'] 
# expect: symmetric_difference ['b', 'd', 'e'] hd
# expect: issubset False 
# expect: issubset False hd
# expect: issuperset False 
# expect: issuperset False hd
# expect: isdisjoint True 
# expect: isdisjoint True hd
# expect: difference ['b', 'e'] 
# expect: update ['b', 'd', 'e']
# expect: intersection_update []
# expect: difference_update ['b', 'e']
# expect: symmetric_difference_update ['b', 'd', 'e']
# expect: union ['b', 'e'] 
# expect: union ['b', 'e'] hb
# expect: intersection [] 
# expect: intersection [] hb
# expect: difference ['e'] 
# expect: difference ['e'] hb
# expect: symmetric_difference ['b', 'e'] 
# expect: symmetric_difference ['b', 'e'] hb
# expect: issubset False 
# expect: issubset False hb
# expect: issuperset False 
# expect: issuperset False hb
# expect: isdisjoint True 
# expect: isdisjoint True hb
# expect: difference ['e'] 
# expect: update ['b', 'e']
# expect: intersection_update []
# expect: difference_update ['e']
# expect: symmetric_difference_update ['b', 'e']
# expect: union ['c', 'e'] 
# expect: union ['c', 'e'] hc
# expect: intersection [] 
# expect: intersection [] hc
# expect: difference ['e'] 
# expect: difference ['e'] hc
# expect: symmetric_difference ['c', 'e'] 
# expect: symmetric_difference ['c', 'e'] hc
# expect: issubset False 
# expect: issubset False hc
# expect: issuperset False 
# expect: issuperset False hc
# expect: isdisjoint True 
# expect: isdisjoint True hc
# expect: difference ['e'] 
# expect: update ['c', 'e']
# expect: intersection_update []
# expect: difference_update ['e']
# expect: symmetric_difference_update ['c', 'e']
# expect: union ['d', 'e'] 
# expect: union ['d', 'e'] hd
# expect: intersection [] 
# expect: intersection [] hd
# expect: difference ['e'] 
# expect: difference ['e'] hd
# expect: symmetric_difference ['d', 'e'] 
# expect: symmetric_difference ['d', 'e'] hd
# expect: issubset False 
# expect: issubset False hd
# expect: issuperset False 
# expect: issuperset False hd
# expect: isdisjoint True 
# expect: isdisjoint True hd
# expect: difference ['e'] 
# expect: update ['d', 'e']
# expect: intersection_update []
# expect: difference_update ['e']
# expect: symmetric_difference_update ['d', 'e']
# expect: union ['c', 'e'] 
# expect: union ['c', 'e'] hc he
# expect: intersection ['e'] 
# expect: intersection ['e'] hc he
# expect: difference [] 
# expect: difference [] hc he
# expect: symmetric_difference ['c'] 
# expect: symmetric_difference ['c'] hc he
# expect: issubset True 
# expect: issubset True hc he
# expect: issuperset False 
# expect: issuperset False hc
# expect: isdisjoint False 
# expect: isdisjoint False hc he
# expect: difference [] 
# expect: update ['c', 'e']
# expect: intersection_update ['e']
# expect: difference_update []
# expect: symmetric_difference_update ['c']
# expect: union ['b', 'e'] 
# expect: union ['b', 'e'] hb he
# expect: intersection ['e'] 
# expect: intersection ['e'] hb he
# expect: difference [] 
# expect: difference [] hb he
# expect: symmetric_difference ['b'] 
# expect: symmetric_difference ['b'] hb he
# expect: issubset True 
# expect: issubset True hb he
# expect: issuperset False 
# expect: issuperset False hb
# expect: isdisjoint False 
# expect: isdisjoint False hb he
# expect: difference [] 
# expect: update ['b', 'e']
# expect: intersection_update ['e']
# expect: difference_update []
# expect: symmetric_difference_update ['b']
# expect: set()
# expect: {300} []


asked = []


class Key:
    def __init__(self, name, hash, value):
        self.name = name
        self.hash = hash
        self.value = value

    def __hash__(self):
        asked.append("h" + self.name)
        return self.hash

    def __eq__(self, other):
        asked.append(self.name + "=" + getattr(other, "name", "?"))
        return isinstance(other, Key) and self.value == other.value

    def __repr__(self):
        return self.name


def check(what, f, *args):
    asked.clear()
    try:
        result = f(*args)
    except Exception as error:
        result = type(error).__name__
    if isinstance(result, (set, frozenset)):
        result = sorted(map(repr, result))
    print(what, result, " ".join(asked))


a, b, c, d, e = Key("a", 1, 1), Key("b", 1, 2), Key("c", 1, 1), Key("d", 2, 1), Key("e", 3, 9)
check("pop", {}.pop, a, 5)
check("pop", {}.pop, a)
check("pop", {}.pop, [], 5)
check("pop", {a: 1}.pop, b, 5)
check("get", {}.get, a)
for left in ({a}, {a, d}, {a, b}, {b, e}, {e}):
    for right in ({b}, {c}, {d}, {c, e}, {b, e}):
        one, two = list(left), list(right)
        if len(one) == 1 or len(two) == 1:
            for name in "union intersection difference symmetric_difference issubset issuperset isdisjoint".split():
                check(name, getattr(left, name), right)
                check(name, getattr(left, name), two)
            check("difference", left.difference, dict.fromkeys(two))
            for name in "update intersection_update difference_update symmetric_difference_update".split():
                changed = set(left)
                getattr(changed, name)(right)
                print(name, sorted(map(repr, changed)))
same = {a, e}
same.symmetric_difference_update(same)
print(same)
many = set(range(100))
few = {1, 2, 300}
few.difference_update(many)
print(few, sorted({a, 5}.difference(many | {a}), key=repr))
