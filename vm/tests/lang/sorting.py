# sort and sorted: keys, reverse, stability, own comparisons, errors in the middle.
#
# expect: [0, 1, 1, 1, 2, 2] [996, 996, 997, 999, 999, 999] True True
# expect: 999 True True [] [1]
# expect: ['apple', 'date', 'fig', 'kiwi', 'pear', 'plum'] ['fig', 'date', 'kiwi', 'pear', 'plum', 'apple'] ['pear', 'plum', 'kiwi', 'fig', 'date', 'apple']
# expect: True True
# expect: [-36893488147419103232, -3, 0.5, 1, 2.5, 1180591620717411303424] [(1, 'z'), (2, 'a'), (2, 'b')] ['e', 'h', 'l', 'l', 'o'] [1, 2, 3]
# expect: [1, 2, 3] None [1, 2, 3]
# expect: TypeError
# expect: (3,)
class Card:
    compared = 0

    def __init__(self, rank, suit):
        self.rank = rank
        self.suit = suit

    def __lt__(self, other):
        Card.compared += 1
        return self.rank < other.rank


state = 1
items = []
for i in range(1500):
    state = state * 48271 % 2147483647
    items.append(state % 1000)
ordered = sorted(items)
print(ordered[:6], ordered[-6:], all([ordered[i] <= ordered[i + 1] for i in range(len(ordered) - 1)]), sum(ordered) == sum(items))
down = sorted(items, reverse=True)
print(down[0], down == ordered[::-1], sorted(items, key=lambda x: -x) == down, sorted([]), sorted([1]))
words = ["pear", "fig", "apple", "kiwi", "date", "plum"]
print(sorted(words), sorted(words, key=lambda w: (len(w), w)), sorted(words, key=lambda w: w[-1] + w[0], reverse=True))
cards = [Card(i * 7 % 13, i % 4) for i in range(52)]
cards.sort()
print([card.rank for card in cards] == sorted([card.rank for card in cards]), Card.compared > 50)
print(sorted([2.5, 1, -3, 2**70, -(2**65), 0.5]), sorted([(2, "b"), (1, "z"), (2, "a")]), sorted("hello"), sorted({3, 1, 2}))
mixed = [3, 1, 2]
mixed.sort(reverse=True)
print(mixed, mixed.sort(), mixed)
try:
    sorted([1, "a"])
except TypeError:
    print("TypeError")


def bad(x):
    if x == 3:
        raise ValueError(x)
    return x


try:
    sorted([1, 2, 3, 4], key=bad)
except ValueError as error:
    print(error.args)
