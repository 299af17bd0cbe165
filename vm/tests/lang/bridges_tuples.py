# A tuple that exists only in exits, and is needed again in the bridge behind one.
#
# expect: (20, None) (2252292, None)
def walk(count):
    total = 0
    for i in range(count):
        pair = (i, i * 0.5, i > 7)
        if i % 3 == 1:
            total += pair[0]
        elif i % 3 == 2:
            total += int(pair[1]) + pair[2]
        first, half, late = pair
        if late and first % 5 == 0:
            total += len([pair, pair][1])
        pair = None
    return total, pair


print(walk(10), walk(3000))
