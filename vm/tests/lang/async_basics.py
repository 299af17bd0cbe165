# Coroutines driven by hand: await, values through send, async with and async for.
#
# expect: (235, 6) (2251705, 1501) [None, None]
class Ask:
    def __init__(self, question):
        self.question = question

    def __iter__(self):
        return (yield self.question)

    __await__ = __iter__


async def twice(x):
    got = await Ask(x)
    return got * 2


async def main(n):
    total = 0
    for i in range(n):
        total += await twice(i)
    async with Manager() as value:
        total += value
    async for item in Counter(3):
        total += item
    return total


class Manager:
    async def __aenter__(self):
        return await twice(100)

    async def __aexit__(self, kind, value, trace):
        log.append(kind)


class Counter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


def drive(coroutine):
    answer = None
    steps = 0
    while True:
        try:
            answer = coroutine.send(answer) + 1
            steps += 1
        except StopIteration as stop:
            return stop.value, steps


log = []
print(drive(main(5)), drive(main(1500)), log)
