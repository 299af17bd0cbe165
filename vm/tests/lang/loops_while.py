# while with break, continue, else; conditions with and, or, not; nested loops and early returns.
#
# expect: 6252500 stopped finished (3000, 0, 1996) 387 (677, 40, 40)
# expect: else
# expect: finally 2
# expect: finally 1
# expect: finally 0
def steps(n):
    i = 0
    out = 0
    while True:
        i += 1
        if i % 2:
            continue
        if i > n:
            break
        out += i
    return out


def with_else(n, stop):
    while n > 0:
        n -= 1
        if n == stop:
            break
    else:
        return "finished"
    return "stopped"


def conditions(n):
    a = 0
    b = n
    hits = 0
    while a < n and b > 0 or hits < 10:
        if not a % 3 and not (b % 2 or a > b):
            hits += 2
        elif a > b > 5:
            hits += 1
        a += 1
        b -= 1
    return a, b, hits


def nested(n):
    i = 0
    total = 0
    while i < n:
        j = i
        while j > 0:
            if j == 40:
                return total, i, j
            j -= 3
            total += j & 5
        i += 1
    return total


print(steps(5000), with_else(2000, 50), with_else(2000, -1), conditions(3000), nested(30), nested(100))
while 0:
    print("never")
else:
    print("else")
n = 3
while n:
    n -= 1
    try:
        if n == 1:
            continue
    finally:
        print("finally", n)
