# One loop with three hot paths that alternate unpredictably, so that guards fail often and need bridges.
#
# expect: ((294037, 293521030, 2647605.5), (261, 6171), 708330)
# expect: ((294037, 293521030, 2647605.5), (261, 6171), 708330)
# small: 6000
# expect-small: ((6869, 45493656, 65693.5), (124, 171), 17000)
# expect-small: ((6869, 45493656, 65693.5), (124, 171), 17000)
# stress: 400
import sys


def walk(n):
    state = 12345
    small = 0
    middle = 0
    large = 0.0
    for i in range(n):
        state = (state * 69069 + 1) & 0xFFFFFFFF
        kind = (state >> 24) % 3
        if kind == 0:
            small += i & 7
        elif kind == 1:
            middle ^= state >> 3
        else:
            large += (state & 255) * 0.25
    return small, middle, large


def collatz(n):
    longest = 0
    start = 0
    for i in range(1, n):
        steps = 0
        value = i
        while value != 1:
            if value & 1:
                value = 3 * value + 1
            else:
                value >>= 1
            steps += 1
        if steps > longest:
            longest = steps
            start = i
    return longest, start


def kinds(n):
    """The type of a value changes from path to path."""
    items = [1, 2.5, "abc", None, (1, 2), 7]
    score = 0
    i = 0
    while i < n:
        item = items[i * 7 % 6]
        if isinstance(item, int):
            score += item
        elif isinstance(item, float):
            score += int(item * 2)
        elif item is None:
            score -= 1
        else:
            score += len(item)
        i += 1
    return score


def run(n):
    return walk(n), collatz(n // 32), kinds(n)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 250000
    for _ in range(2):
        print(run(n))


main()
