# Generators feeding generators: yield in loops, yield from, send, and generator expressions.
#
# expect: (1075399073, 2147483531, 32633587)
# expect: (1075399073, 2147483531, 32633587)
# small: 3000
# expect-small: (1081171075, 2147483531, 680377)
# expect-small: (1081171075, 2147483531, 680377)
# stress: 60
import sys


def numbers(count):
    state = 1
    for _ in range(count):
        state = (state * 16807) % 2147483647
        yield state


def keep(source, divisor):
    for item in source:
        if item % divisor:
            yield item


def pairs(source):
    for first in source:
        yield first, next(source, 0)


def chunks(source, size):
    chunk = []
    for item in source:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def flat(chunked):
    for chunk in chunked:
        yield from chunk


def average():
    total = 0
    count = 0
    mean = 0
    while True:
        value = yield mean
        total += value
        count += 1
        mean = total // count


def run(n):
    stream = flat(chunks(keep(keep(numbers(n), 3), 5), 7))
    mean = average()
    next(mean)
    last = 0
    biggest = 0
    for a, b in pairs(stream):
        last = mean.send(a ^ b)
        if a > biggest:
            biggest = a
    squares = sum(x * x % 1000 for x in numbers(n) if x & 1)
    return last, biggest, squares


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 150000
    for _ in range(2):
        print(run(n))


main()
