# Much garbage of many kinds and sizes, with survivors that must keep their contents; cycles; large strings.
#
# expect: (30425, 25)
# expect: ('efghijklmnopqrstuvwx', 500) (250, 585975) [992, 993, 994, 995, 996, 997, 998, 999, 984, 985, 986, 987, 988, 989, 990, 991]
class Node:
    def __init__(self, value, other=None):
        self.value = value
        self.other = other
        self.extra = [value] * (value % 5)


def churn(n):
    kept = []
    for i in range(n):
        node = Node(i)
        node.other = Node(i + 1, node)
        junk = [str(i), (i, [i]), {i: str(i)}, "x" * (i % 50), i * 0.5, i << 70]
        if i % 100 == 7:
            kept.append((node, junk))
    total = 0
    for node, junk in kept:
        assert node.other.other is node
        assert junk[0] == str(node.value) and junk[2][node.value] == junk[0]
        assert junk[5] >> 70 == node.value and junk[4] * 2 == node.value
        total += node.other.value + len(node.extra) + len(junk[3])
    return total, len(kept)


def strings(n):
    out = ""
    for i in range(n):
        out += chr(97 + i % 26)
        if len(out) > 500:
            out = out[250:]
    return out[:20], len(out)


def dictionary(n):
    d = {}
    for i in range(n):
        d["key%d" % (i % 300)] = [i]
        if i % 3 == 0:
            d.pop("key%d" % (i % 150), None)
    return len(d), sum([v[0] for v in d.values()])


def lists(n):
    ring = [[] for _ in range(16)]
    for i in range(n):
        ring[i % 16] = [ring[(i + 5) % 16][:2], i]
    return [item[1] for item in ring]


print(churn(2500))
print(strings(3000), dictionary(2500), lists(1000))
