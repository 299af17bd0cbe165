# with: enter and exit, several managers, exceptions swallowed and passed, return, break and continue inside.
#
# expect: a b
# expect: +a +b -b -a
# expect: +s -s:ValueError
# expect: ('k',)
# expect: +p +q -q:KeyError -p:KeyError
# expect: r [0, 2, 3]
# expect: +r -r +0 -0 +1 -1 +2 -2 +3 -3 +4 -4
# expect: +outer +inner -inner:ZeroDivisionError -outer:ZeroDivisionError
# expect: 2700 0 3000 300
# expect: ('enter',)
# expect: not a manager
class Manager:
    log = []

    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    def __enter__(self):
        self.log.append("+" + self.name)
        return self.name

    def __exit__(self, kind, value, trace):
        self.log.append("-" + self.name + (":" + kind.__name__ if kind else ""))
        return self.swallow


def show():
    print(" ".join(Manager.log))
    Manager.log.clear()


def returns():
    with Manager("r") as name:
        return name


def loops():
    out = []
    for i in range(6):
        with Manager(str(i)):
            if i == 1:
                continue
            if i == 4:
                break
            out.append(i)
    return out


with Manager("a") as a, Manager("b") as b:
    print(a, b)
show()
with Manager("s", True):
    raise ValueError
show()
try:
    with Manager("p"), Manager("q"):
        raise KeyError("k")
except KeyError as error:
    print(error.args)
show()
print(returns(), loops())
show()
with Manager("outer", True):
    with Manager("inner"):
        1 // 0
show()


class Counter:
    def __init__(self):
        self.inside = self.entered = self.failed = 0

    def __enter__(self):
        self.inside += 1
        self.entered += 1

    def __exit__(self, kind, value, trace):
        self.inside -= 1
        if kind is not None:
            self.failed += 1
        return kind is ValueError


c = Counter()
total = 0
for i in range(3000):
    with c:
        if i % 10 == 3:
            raise ValueError(i)
        total += c.inside
print(total, c.inside, c.entered, c.failed)


class Broken:
    def __enter__(self):
        raise ValueError("enter")

    def __exit__(self, *rest):
        print("never")


try:
    with Broken():
        print("never")
except ValueError as error:
    print(error.args)
try:
    with 5:
        pass
except (AttributeError, TypeError):
    print("not a manager")
