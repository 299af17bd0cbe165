# Calls every method in METHODS (receiver name -> list of names) with arguments that change the receiver, raise, or are of
# the wrong type or size. One line per call: what was called, the result, the receiver afterwards. Runs on CPython and on
# loopscope; the lines are compared. REPEAT is how often each call is made, so that loops get hot.
import builtins
import io
from array import array
from collections import OrderedDict, deque

class Hostile:
    """Every special method does `act` (a few times at most), then gives `value`."""
    def __init__(self, act, value):
        self.act = act
        self.value = value
        self.left = 3
    def run(self):
        if self.left > 0:
            self.left -= 1
            self.act()
        return self.value
    def __index__(self): return self.run()
    def __int__(self): return self.run()
    def __float__(self): return float(self.run())
    def __bool__(self): return bool(self.run())
    def __len__(self): return self.run()
    def __hash__(self): self.run(); return 1
    def __eq__(self, other): return self.run() == 1
    def __lt__(self, other): return self.run() == 1
    def __call__(self, *rest): return self.run()
    def __repr__(self): return 'H'

class Items:
    """An iterable whose iterator does `act` at each step."""
    def __init__(self, act, items):
        self.act = act
        self.items = items
    def __iter__(self):
        for item in self.items:
            self.act()
            yield item
    def __repr__(self): return 'I'

class Boom(Exception):
    pass

def boom():
    raise Boom('boom')

def nothing():
    pass

RECEIVERS = {
    'list': lambda: [1, 2, 3, 2],
    'dict': lambda: {1: 'a', 'b': 2, 3: 3},
    'OrderedDict': lambda: OrderedDict([(1, 'a'), (2, 'b')]),
    'set': lambda: {1, 2, 3},
    'frozenset': lambda: frozenset([1, 2]),
    'bytearray': lambda: bytearray(b'abcabc'),
    'array': lambda: array('i', [1, 2, 3]),
    'deque': lambda: deque([1, 2, 3]),
    'BytesIO': lambda: io.BytesIO(b'one\ntwo\n'),
    'StringIO': lambda: io.StringIO('one\ntwo\n'),
    'str': lambda: 'abc abc',
    'bytes': lambda: b'abc abc',
    'tuple': lambda: (1, 2, 3),
    'int': lambda: 5,
    'float': lambda: 2.5,
    'range': lambda: range(5),
    'memoryview': lambda: memoryview(owned(bytearray(b'abcabc'))),
    'builtins': lambda: built_in(owned([1, 2, 3, 2])),
}

class Target:
    """What the call that is being made is about, and what is changed meanwhile."""
    now = None

def owned(container):
    Target.now = container
    return container

def built_in(container):
    return builtins

def clear(this):
    if isinstance(this, array):
        while len(this): this.pop()
    elif hasattr(this, 'clear'): this.clear()
    elif hasattr(this, 'truncate'): this.truncate(0)

def grow(this):
    if isinstance(this, (list, bytearray, array, deque)): this.extend([7, 8, 9] * 20)
    elif isinstance(this, (dict, OrderedDict)):
        for i in range(30): this[i] = i
    elif isinstance(this, set): this.update(range(30))

def shrink(this):
    if isinstance(this, dict):
        for key in list(this)[:1]: del this[key]
    elif isinstance(this, set):
        this.discard(1)
    elif isinstance(this, (list, bytearray, array, deque)) and len(this): this.pop()

MUTATIONS = [('clear', clear), ('grow', grow), ('shrink', shrink), ('boom', lambda this: boom())]
VALUES = [0, 1, -1, 2, 10 ** 30, None, 'x']
PLAIN = [('1', 1), ('-1', -1), ("'a'", 'a'), ("b'a'", b'a'), ('None', None), ('[]', []), ('[1]', [1])]

def cases():
    """Name and maker of each tuple of arguments."""
    yield '', lambda: ()
    for name, value in PLAIN:
        yield name, lambda v=value: (v,)
    for what, act in MUTATIONS:
        mutate = lambda act=act: act(Target.now)
        for value in VALUES:
            label = '%s%r' % (what, value)
            new = lambda m=mutate, v=value: Hostile(m, v)
            yield label, lambda h=new: (h(),)
            yield label + ',1', lambda h=new: (h(), 1)
            yield '1,' + label, lambda h=new: (1, h())
            yield label + ',' + label, lambda h=new: (h(), h())
            yield "'a',%s,%s" % (label, label), lambda h=new: ('a', h(), h())
            yield "b'a',%s,%s" % (label, label), lambda h=new: (b'a', h(), h())
            yield 'slice ' + label, lambda h=new: (slice(h(), h()), [5, 6])
            yield '[%s]' % label, lambda h=new: ([h(), h()],)
            yield '(%s,1)' % label, lambda h=new: ([(h(), 1)],)
        yield 'items ' + what, lambda m=mutate: (Items(m, [1, 2, 3]),)
        yield 'text ' + what, lambda m=mutate: (Items(m, ['a', 'b']),)
        yield 'pairs ' + what, lambda m=mutate: (Items(m, [(1, 2), (3, 4)]),)
        yield 'slice,items ' + what, lambda m=mutate: (slice(0, 2), Items(m, [1, 2, 3]))

def shown(value):
    if isinstance(value, (set, frozenset)):
        return 'set ' + ' '.join(sorted([repr(item) for item in value]))
    if isinstance(value, (io.BytesIO, io.StringIO)):
        return repr(value.getvalue())
    if isinstance(value, array):
        return 'array %r' % list(value)
    if isinstance(value, memoryview):
        return 'view ' + repr(bytes(value))
    if type(value) in (type(None), bool, int, float, str, bytes, bytearray, list, tuple, dict, type(deque())):
        return repr(value)[:300]
    return 'object'

def consumed(result):
    """The first items of what an iterator gives, so that it runs."""
    if not hasattr(result, '__next__'): return result
    items = []
    for item in result:
        items.append(item)
        if len(items) > 20: break
    return items

def about_the_target(all):
    """The same tuples of arguments, with what is changed meanwhile before or behind them."""
    for label, make in all:
        yield label, make
        yield 'T,' + label, lambda make=make: (Target.now,) + make()
        yield label + ',T', lambda make=make: make() + (Target.now,)

def call(kind, name, make):
    this = RECEIVERS[kind]()
    if kind not in ('memoryview', 'builtins'): Target.now = this
    try:
        result = shown(consumed(getattr(this, name)(*make())))
    except MemoryError:
        result = 'MemoryError'
    except Exception as error:
        result = type(error).__name__
    try:
        return result + ' | ' + shown(Target.now if kind == 'builtins' else this)
    except Exception as error:
        return result + ' | ' + type(error).__name__

def main():
    all = list(cases())
    for kind in METHODS:
        for name in METHODS[kind]:
            for label, make in about_the_target(all) if kind == 'builtins' else all:
                first = call(kind, name, make)
                for _ in range(REPEAT - 1):
                    again = call(kind, name, make)
                    if again != first: print('UNSTABLE', kind, name, label, again)
                print('%s.%s(%s) -> %s' % (kind, name, label, first))

main()
