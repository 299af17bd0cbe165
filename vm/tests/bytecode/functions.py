def outer(a, b=2, *rest, c, d=4, **others):
    """Dropped."""
    total = 0

    def inner(x=a):
        nonlocal total
        total += x + b
        return inner

    @wrap.around(1)
    @plain
    def decorated(): return lambda y: y + a
    del total
    return inner(*rest, 1, key=c, **others), decorated


global_name = outer(1, c=3)
f = lambda *args, k=1: (yield)
