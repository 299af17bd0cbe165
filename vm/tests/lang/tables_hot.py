# Dicts and sets in hot loops: lookups, insertions, replacements, deletions, odd keys, and dicts that are namespaces.
#
# expect: {'a': 360, 'rose': 360, 'is': 240}
# expect: (1173535, 43, 48632) (500, 6000) False 3000 (24, True, False)
# expect: (['0', '1', '1.0', 'None'], 998, 999, 996) 13007 3
# expect: 13000 ('RuntimeError', True)
class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        global compared
        compared += 1
        return isinstance(other, Key) and self.n == other.n


class Plain:
    pass


compared = 0


def count(words, rounds):
    seen = {}
    for r in range(rounds):
        for word in words:
            seen[word] = seen.get(word, 0) + 1
            if word not in seen:
                print("lost")
    return seen


def sparse(n):
    table = {}
    hits = 0
    for i in range(n):
        k = i * 7 % 301
        if k in table:
            hits += table[k]
            table[k] += 1
        else:
            table[k] = i
        if i % 97 == 0:
            del table[k]
    return hits, len(table), sum(table.values())


def objects(n):
    table = {Key(1): "one", 5: "five"}
    things = [Plain(), Plain()]
    places = {things[0]: 1, things[1]: 2}
    found = total = 0
    for i in range(n):
        if Key(i % 3) in table:
            found += 1
        total += places[things[i & 1]]
        if (i % 4, "x") in {(1, "x"): 0, (2, "y"): 1}:
            total += 10
    return found, total


def missing(n):
    table = {i: i for i in range(10)}
    errors = 0
    for i in range(n):
        try:
            errors += table[i % 12]
        except KeyError as e:
            errors -= e.args[0]
    return errors


def members(n):
    seen = set()
    for i in range(n):
        seen.add(i * i % 77)
        if i % 50 == 0:
            seen.discard(i % 77)
    return len(seen), 4 in seen, 5 in seen


def mixed(n):
    table = {}
    for i in range(n):
        table[[i % 5, str(i % 5), i % 5 * 0.5, None, True][i % 5]] = i
    return sorted(str(k) for k in table), table[None], table[1], table["1"]


limit = 10


def through_globals(n):
    space = globals()
    total = 0
    for i in range(n):
        total += limit
        if i == n // 2:
            space["limit"] = 3
        if i % 100 == 0:
            space["made_%d" % (i // 100)] = i
    return total


def walk(table, rounds):
    total = 0
    for r in range(rounds):
        for k in table:
            total += len(k)
        for v in table.values():
            total += v
        for k, v in table.items():
            if v == r:
                total += 1000
        for i, (k, v) in enumerate(table.items()):
            total += i * v
        for k, n in zip(table, range(3, 100)):
            total ^= n
    return total


def resized(n):
    table = {i: i for i in range(n)}
    try:
        for i, k in enumerate(table):
            if i == n - 5:
                table[-1] = 0
    except RuntimeError as e:
        return type(e).__name__, i == n - 5
    return "no error"


print(count("a rose is a rose is a rose".split(), 120))
print(sparse(3000), objects(1500), compared > 500, missing(1500), members(1200))
print(mixed(1000), through_globals(2000), limit)
print(walk({"one": 1, "two": 2, "three": 3, "four": 4}, 200), resized(900))
