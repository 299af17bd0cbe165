"""Iterators made from iterators."""


def count(start=0, step=1):
    while True:
        yield start
        start += step


def cycle(iterable):
    items = []
    for item in iterable:
        items.append(item)
        yield item
    while items:
        for item in items:
            yield item


def repeat(value, times=None):
    if times is None:
        while True:
            yield value
    for _ in range(times):
        yield value


class chain:
    def __init__(self, *iterables):
        self._items = _chained(iterables)

    @classmethod
    def from_iterable(cls, iterables):
        self = cls()
        self._items = _chained(iterables)
        return self

    def __iter__(self):
        return self._items

    def __next__(self):
        return next(self._items)


def _chained(iterables):
    for iterable in iterables:
        for item in iterable:
            yield item


def accumulate(iterable, func=None, *, initial=None):
    it = iter(iterable)
    if initial is None:
        try:
            total = next(it)
        except StopIteration:
            return
    else:
        total = initial
    yield total
    for item in it:
        total = total + item if func is None else func(total, item)
        yield total


def batched(iterable, n):
    batch = []
    for item in iterable:
        batch.append(item)
        if len(batch) == n:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def compress(data, selectors):
    for item, keep in zip(data, selectors):
        if keep:
            yield item


def dropwhile(predicate, iterable):
    it = iter(iterable)
    for item in it:
        if not predicate(item):
            yield item
            break
    for item in it:
        yield item


def takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            break
        yield item


def filterfalse(predicate, iterable):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


def groupby(iterable, key=None):
    group = []
    current = None
    for item in iterable:
        rank = item if key is None else key(item)
        if group and rank != current:
            yield current, iter(group)
            group = []
        current = rank
        group.append(item)
    if group:
        yield current, iter(group)


def islice(iterable, *args):
    bounds = slice(*args)
    start = bounds.start or 0
    step = bounds.step or 1
    stop = bounds.stop
    it = iter(iterable)
    at = 0
    while stop is None or start < stop:
        while at <= start:
            try:
                item = next(it)
            except StopIteration:
                return
            at += 1
        yield item
        start += step


def pairwise(iterable):
    it = iter(iterable)
    try:
        before = next(it)
    except StopIteration:
        return
    for item in it:
        yield before, item
        before = item


def starmap(function, iterable):
    for args in iterable:
        yield function(*args)


def tee(iterable, n=2):
    from collections import deque
    it = iter(iterable)
    queues = [deque() for _ in range(n)]

    def branch(queue):
        while True:
            if not queue:
                try:
                    item = next(it)
                except StopIteration:
                    return
                for other in queues:
                    other.append(item)
            yield queue.popleft()

    return tuple([branch(queue) for queue in queues])


def zip_longest(*iterables, fillvalue=None):
    iterators = [iter(iterable) for iterable in iterables]
    left = len(iterators)
    while left:
        row = []
        for i, it in enumerate(iterators):
            item = fillvalue
            if it is not None:
                try:
                    item = next(it)
                except StopIteration:
                    iterators[i] = None
                    left -= 1
            row.append(item)
        if left:
            yield tuple(row)


def product(*iterables, repeat=1):
    pools = [tuple(iterable) for iterable in iterables] * repeat
    if not all(pools):
        return
    indices = [0] * len(pools)
    while True:
        yield tuple([pool[i] for pool, i in zip(pools, indices)])
        at = len(pools) - 1
        while at >= 0:
            indices[at] += 1
            if indices[at] < len(pools[at]):
                break
            indices[at] = 0
            at -= 1
        if at < 0:
            return


def permutations(iterable, r=None):
    pool = tuple(iterable)
    n = len(pool)
    r = n if r is None else r
    if r > n:
        return
    indices = list(range(n))
    cycles = list(range(n, n - r, -1))
    yield tuple([pool[i] for i in indices[:r]])
    while n:
        for i in range(r - 1, -1, -1):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1:] + indices[i:i + 1]
                cycles[i] = n - i
            else:
                j = n - cycles[i]
                indices[i], indices[j] = indices[j], indices[i]
                yield tuple([pool[i] for i in indices[:r]])
                break
        else:
            return


def combinations(iterable, r):
    pool = tuple(iterable)
    n = len(pool)
    if r > n:
        return
    indices = list(range(r))
    while True:
        yield tuple([pool[i] for i in indices])
        at = r - 1
        while at >= 0 and indices[at] == at + n - r:
            at -= 1
        if at < 0:
            return
        indices[at] += 1
        for k in range(at + 1, r):
            indices[k] = indices[k - 1] + 1


def combinations_with_replacement(iterable, r):
    pool = tuple(iterable)
    n = len(pool)
    if not n and r:
        return
    indices = [0] * r
    while True:
        yield tuple([pool[i] for i in indices])
        at = r - 1
        while at >= 0 and indices[at] == n - 1:
            at -= 1
        if at < 0:
            return
        indices[at:] = [indices[at] + 1] * (r - at)
