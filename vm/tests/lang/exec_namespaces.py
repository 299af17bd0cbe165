# One code object run with several namespaces, and functions made by it: compiled code knows whose globals it has.
#
# expect: 4090
# expect: 4090 486710 4090
# expect: 22610 190
# expect: 198 100 [1, 99, -99]
# expect: 3675 7350
code = compile(
    """
def add(n):
    t = 0
    for i in range(n):
        t += step * i
    return t
total = 0
for k in range(30):
    total += add(k) + step
""",
    "inner",
    "exec",
)
plain = compile("seen.append(x)", "plain", "exec")
x = 1
step = 1
total = 0
seen = []
made = []


def everywhere(n):
    for i in range(n):
        names = {"step": i % 3 + 2}
        exec(code, names)
        made.append(names["add"])
        if i % 5 == 0:
            exec(code)
        yield names["total"]


def run(n):
    for i in range(n):
        exec(plain)
        if i > n // 2:
            exec(plain, {"x": i, "seen": seen})
            exec(plain, {"seen": seen}, {"x": -i})


exec(code)
print(total)
for _ in range(40):
    exec(code)
print(total, sum(everywhere(40)), total)
print(sum([f(20) for f in made]), add(20))
run(100)
print(len(seen), sum(seen), seen[-3:])
local = compile("for i in range(50):\n    acc += i * x\n", "local", "exec")
names = {"acc": 0, "x": 3}
acc = 0
exec(local)
exec(local)
exec(local, globals(), names)
exec(local, names)
exec(local)
print(acc, names["acc"])
