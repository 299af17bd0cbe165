# Pancake flips over every permutation: list indexing, slices and swaps.
#
# expect: (22, 1616)
# expect: (22, 1616)
# small: 6
# expect-small: (10, 49)
# expect-small: (10, 49)
# stress: 4
import sys


def flips(deck):
    deck = deck[:]
    count = 0
    top = deck[0]
    while top:
        low = 0
        high = top
        while low < high:
            deck[low], deck[high] = deck[high], deck[low]
            low += 1
            high -= 1
        count += 1
        top = deck[0]
    return count


def advance(deck, turns):
    """The next permutation by rotating prefixes; False after the last one."""
    for r in range(1, len(deck)):
        first = deck[0]
        for i in range(r):
            deck[i] = deck[i + 1]
        deck[r] = first
        turns[r] += 1
        if turns[r] <= r:
            return True
        turns[r] = 0
    return False


def run(n):
    deck = list(range(n))
    turns = [0] * n
    best = 0
    checksum = 0
    sign = 1
    while True:
        if deck[0]:
            count = flips(deck)
            if count > best:
                best = count
            checksum += sign * count
        sign = -sign
        if not advance(deck, turns):
            return best, checksum


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    for _ in range(2):
        print(run(n))


main()
