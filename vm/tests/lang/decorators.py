# Decorators with and without arguments, on functions, methods and classes; descriptors; callables with state.
#
# expect: 1 3 6 64 ['Kept'] 8 7 [1, 2, 2, 2]
# expect: 75336750 3004 6007
# expect: read only
def logged(function):
    def wrapper(*args, **kwargs):
        wrapper_log.append(len(args) + len(kwargs))
        return function(*args, **kwargs)

    return wrapper


def times(n):
    def decorate(function):
        def wrapper(x):
            for _ in range(n):
                x = function(x)
            return x

        return wrapper

    return decorate


def registered(cls):
    registry[cls.__name__] = cls
    return cls


wrapper_log = []
registry = {}


@logged
def add(a, b=0):
    return a + b


@times(3)
@times(2)
def double(x):
    return x * 2


@registered
class Kept:
    @logged
    def method(self, k):
        return k * 2

    @property
    def seven(self):
        return 7


print(add(1), add(1, 2), add(a=1, b=5), double(1), sorted(registry), Kept().method(4), Kept().seven, wrapper_log)
total = 0
kept = Kept()
for i in range(1500):
    total += add(i, b=1) + double(i) + kept.method(i) + kept.seven
print(total, len(wrapper_log), sum(wrapper_log))
try:
    kept.seven = 8
except AttributeError:
    print("read only")
