# Bound methods, properties, truth of containers and instances, and built-ins on scalars, in hot loops.
#
class Stack:
    def __init__(self):
        self.items = []

    def push(self, x):
        self.items.append(x)

    def __len__(self):
        return len(self.items)


class Flag:
    def __init__(self, on):
        self.on = on

    def __bool__(self):
        return self.on


class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next

    @property
    def double(self):
        return self.value * 2

    def add(self, n):
        return self.value + n


def methods(n):
    nodes = [Node(i) for i in range(4)]
    total = 0
    for i in range(n):
        add = nodes[i & 3].add
        total += add(i) + nodes[i & 1].double
        f = add if i % 3 else len
        if f is add:
            total += 1
    return total


def truths(n):
    head = None
    for i in range(5):
        head = Node(i, head)
    stack, flags, total = Stack(), [Flag(True), Flag(False)], 0
    for i in range(n):
        node = head
        while node:
            total += node.value
            node = node.next
        if not stack or i % 4 == 0:
            stack.push(i)
        while stack.items and len(stack.items) > 3:
            total += stack.items.pop()
        if flags[i & 1]:
            total += 1
        for thing in ("", "x", (), (0,), 0.0, 1.5, {}, {1}, b"", methods):
            if thing:
                total += 3
    return total


def searches(n):
    total = 0
    for i in range(n):
        c = "aeiouxyz"[i % 8]
        if c in ("a", "e", "i"):
            total += 1
        if c in "xyz":
            total += 10
        if i % 6 in (1, 2.0, None, "a"):
            total += 100
        if [c] in ([], ["a"]):
            total += 1000
    return total


def texts(n):
    parts = []
    for i in range(n):
        word = "w%d" % (i % 7)
        word += str(i % 3) + "-".join(["a", word]) + f"{i % 5:02d}{word!r}"
        if word.startswith("w1") and word.endswith("'") or not word.find("w2"):
            parts.append(word.upper()[:6])
        if len(parts) > 5:
            parts = parts[3:]
    return parts, hash(1.0) == hash(1), min(3, 2.5, 4), max("a", "b")


def made(n):
    def walk(k, step=1):
        while k > 0:
            yield k
            k -= step

    total = 0
    for i in range(n):
        for x in walk(i % 6):
            total += x
        for x in walk(9, step=i % 2 + 2):
            total -= x
    return total


class Child(Node):
    def add(self, n):
        return super().add(n) * 2


class Fault(Exception):
    def __init__(self, n):
        super().__init__("fault %d" % n)


def supers(n):
    child, total = Child(3), 0
    for i in range(n):
        total += child.add(i)
        try:
            if i % 2:
                raise Fault(i % 10)
        except Fault as e:
            total += len(str(e))
    return total


print(methods(1500), truths(700), searches(1500))
print(texts(1200), made(900), supers(1200))
