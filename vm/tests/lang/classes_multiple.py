# Several bases, chains of super, mixins, attribute lookup order, and methods taken from classes.
#
# expect: Left Left ['Left', 'Base'] ['Right', 'Base'] base right
# expect: [0, 400, 800, 1200] Base
# expect: Left Left Base
# expect: [('Base', 1000), ('Left', 1000)]
# expect: color size
# expect: no other
# expect: 3000
class Base:
    tag = "base"

    def who(self):
        return "Base"

    def chain(self):
        return ["Base"]


class Left(Base):
    def who(self):
        return "Left"

    def chain(self):
        return ["Left"] + super().chain()


class Right(Base):
    tag = "right"

    def chain(self):
        return ["Right"] + Base.chain(self)


class Both(Left, Right):
    pass


class Logged:
    def log(self, text):
        self.lines.append(text)


class Task(Logged, Base):
    def __init__(self):
        self.lines = []

    def run(self, n):
        for i in range(n):
            if i % 400 == 0:
                self.log(i)
        return self.lines


print(Both().who(), Both().chain()[0], Left().chain(), Right().chain(), Left.tag, Right.tag)
print(Task().run(1500), Task().who())
method = Left.who
bound = Left().who
print(method(Left()), bound(), Base.who(Left()))
kinds = [Base, Left, Right, Both]
counts = {}
for i in range(2000):
    name = kinds[i % 4]().who()
    counts[name] = counts.get(name, 0) + 1
print(sorted(counts.items()))


class Dynamic:
    def __getattr__(self, name):
        if name.startswith("get_"):
            return lambda: name[4:]
        raise AttributeError(name)


d = Dynamic()
print(d.get_color(), d.get_size())
try:
    d.other
except AttributeError as error:
    print("no", error.args[0])
out = 0
for i in range(1500):
    out += len(d.get_ab())
print(out)
