# Names: local, global, nonlocal, built-in, class scope, deletion, conditional definition, shadowing in loops.
#
# expect: module ('local', 'module') 1 unbound class class! module (4, 2) 1000
# expect: written written
# expect: deleted
# expect: yes
# expect: 2
x = "module"


def reader():
    return x


def writer():
    global x
    x = "written"


def local():
    x = "local"
    return x, reader()


def conditional(flag):
    if flag:
        y = 1
    try:
        return y
    except NameError:
        return "unbound"


class Scope:
    x = "class"
    y = x + "!"

    def method(self):
        return x


def levels():
    x = 1

    def middle():
        def bottom():
            nonlocal x
            x += 1
            return x

        return bottom() + x

    return middle(), x


def deleting(n):
    gone = 0
    for i in range(n):
        v = i
        if i % 2:
            del v
        try:
            v
        except NameError:
            gone += 1
    return gone


print(reader(), local(), conditional(True), conditional(False), Scope.x, Scope.y, Scope().method(), levels(), deleting(2000))
writer()
print(x, reader())
del x
try:
    reader()
except NameError:
    print("deleted")
if True:
    def defined():
        return "yes"
else:
    def defined():
        return "no"
print(defined())
for defined in range(3):
    pass
print(defined)
