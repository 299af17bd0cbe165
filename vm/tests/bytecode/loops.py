def count(n, table):
    for i in range(n):
        for j in range(0, 10, 2):
            if j == i:
                continue
            if j > 6:
                break
        else:
            table[i] = j
    for key, *rest in table:
        if key:
            break
    while n:
        n -= 1
    else:
        return rest
    while True:
        yield n


for i in range(3): pass
print([x * y for x in range(4) if x for y in range(x)], {x: -x for x in (1, 2)}, {x for x in ()})
print(list(x for x in "abc"))
