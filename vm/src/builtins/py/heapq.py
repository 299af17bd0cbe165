"""A list as a heap: the item at n is not larger than those at 2n+1 and 2n+2."""


def _rise(heap, at, least):
    """Moves the item at `at` up, as long as it is smaller than what is above it, but not above `least`."""
    item = heap[at]
    while at > least:
        above = (at - 1) >> 1
        parent = heap[above]
        if not item < parent:
            break
        heap[at] = parent
        at = above
    heap[at] = item


def _sink(heap, at):
    """Moves smaller children up until the gap is at the bottom, puts the item there and lets it rise."""
    end = len(heap)
    start = at
    item = heap[at]
    child = 2 * at + 1
    while child < end:
        other = child + 1
        if other < end and not heap[child] < heap[other]:
            child = other
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    _rise(heap, at, start)


def heappush(heap, item):
    heap.append(item)
    _rise(heap, len(heap) - 1, 0)


def heappop(heap):
    last = heap.pop()
    if not heap:
        return last
    least = heap[0]
    heap[0] = last
    _sink(heap, 0)
    return least


def heapreplace(heap, item):
    least = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return least


def heappushpop(heap, item):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def heapify(heap):
    for at in range(len(heap) // 2 - 1, -1, -1):
        _sink(heap, at)


def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:max(n, 0)]


def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]


def merge(*iterables, key=None, reverse=False):
    """The items of sorted iterables, sorted."""
    heads = []
    for number, iterable in enumerate(iterables):
        it = iter(iterable)
        for item in it:
            heads.append((item if key is None else key(item), number, item, it))
            break
    while heads:
        best = 0
        for n in range(1, len(heads)):
            if heads[n][0] > heads[best][0] if reverse else heads[n][0] < heads[best][0]:
                best = n
        _, number, item, it = heads[best]
        yield item
        for item in it:
            heads[best] = (item if key is None else key(item), number, item, it)
            break
        else:
            del heads[best]
