# Which special method of an operator is asked first, and which ones not at all.
#
# expect: between equal types nothing is reflected, except comparisons
# expect: TypeError A.add
# expect: TypeError A.add
# expect: TypeError A.lt A.gt
# expect: TypeError A.lt A.gt
# expect: a subclass with another reflected method goes first
# expect: TypeError B.radd A.add
# expect: TypeError A.add A.radd
# expect: TypeError A.mul A.rmul
# expect: TypeError B.gt A.lt
# expect: TypeError A.lt A.gt
# expect: number Number.radd
# expect: 3 
# expect: in place, then the left method, then the right one
# expect: other A.iadd A.add Other.radd
# expect: TypeError A.iadd A.add
# expect: other Other.radd
# expect: other Other.radd
# expect: sequences join and repeat at last
# expect: other Other.radd
# expect: [1, 1] A.rmul A.index
# expect: (1, 2, 1, 2) A.mul A.index
# expect: abab A.rmul A.index
# expect: TypeError A.radd
# expect: the first items that differ decide
# expect: answer A.lt
# expect: answer A.gt
# expect: True 
# expect: False A.gt
# expect: False A.lt
# expect: deleting and storing
# expect: AttributeError 
# expect: AttributeError 
# expect: TypeError A.index
# expect: TypeError A.index
# expect: TypeError A.index
# expect: TypeError 
# expect: IndexError 
# expect: IndexError A.index
# expect: True 
# expect: [False, True, 1] 
log = []


def shown(*results):
    print(*results, " ".join(log))
    log.clear()


def attempt(function):
    try:
        result = function()
    except Exception as error:
        result = type(error).__name__
    shown(result)


class A:
    answer = NotImplemented

    def __add__(self, other):
        log.append("A.add")
        return self.answer

    def __radd__(self, other):
        log.append("A.radd")
        return self.answer

    def __iadd__(self, other):
        log.append("A.iadd")
        return self.answer

    def __mul__(self, other):
        log.append("A.mul")
        return self.answer

    def __rmul__(self, other):
        log.append("A.rmul")
        return self.answer

    def __lt__(self, other):
        log.append("A.lt")
        return self.answer

    def __gt__(self, other):
        log.append("A.gt")
        return self.answer

    def __index__(self):
        log.append("A.index")
        return 2


class B(A):
    def __radd__(self, other):
        log.append("B.radd")
        return self.answer

    def __gt__(self, other):
        log.append("B.gt")
        return self.answer


class Other:
    def __radd__(self, other):
        log.append("Other.radd")
        return "other"


class Number(int):
    def __radd__(self, other):
        log.append("Number.radd")
        return "number"


def augment(a, b):
    a += b
    return a


a, b = A(), B()
print("between equal types nothing is reflected, except comparisons")
attempt(lambda: a + a)
attempt(lambda: a + A())
attempt(lambda: a < a)
attempt(lambda: A() < A())
print("a subclass with another reflected method goes first")
attempt(lambda: a + b)
attempt(lambda: b + a)
attempt(lambda: a * b)
attempt(lambda: a < b)
attempt(lambda: b < a)
attempt(lambda: 1 + Number(2))
attempt(lambda: Number(2) + 1)
print("in place, then the left method, then the right one")
attempt(lambda: augment(a, Other()))
attempt(lambda: augment(a, a))
attempt(lambda: augment([1], Other()))
attempt(lambda: augment("x", Other()))
print("sequences join and repeat at last")
attempt(lambda: [1] + Other())
attempt(lambda: [1] * a)
attempt(lambda: a * (1, 2))
attempt(lambda: "ab" * a)
attempt(lambda: [1] + a)
print("the first items that differ decide")
A.answer = "answer"
attempt(lambda: [1, a, 3] < [1, A(), 4])
attempt(lambda: (1, a) > (1, A(), 4))
attempt(lambda: [1, a] < [1, a, 4])
attempt(lambda: max(a, A()) is a)
attempt(lambda: min(a, A()) is a)
print("deleting and storing")


class OnlySet:
    def __setitem__(self, key, value):
        log.append("set")


class OnlyDelete:
    def __delitem__(self, key):
        log.append("delete")


def store(where, key):
    where[key] = 1


def delete(where, key):
    del where[key]


attempt(lambda: delete(OnlySet(), 1))
attempt(lambda: store(OnlyDelete(), 1))
attempt(lambda: store(Other(), a))
attempt(lambda: store("ab", a))
attempt(lambda: delete((1,), a))
attempt(lambda: store(5, a))
attempt(lambda: [1, 2, 3][2**70])
attempt(lambda: [].pop(a))
attempt(lambda: True & True)
attempt(lambda: [True ^ True, True | False, True & 1])
