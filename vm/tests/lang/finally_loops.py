# Loops in a finally body, which runs with more or less on the stack: reached by falling through, break, return, raise.
#
# expect: -35 -44 50 60 7 3 -164 -165 -62 -71 30 40 5 6 -167 -163 -44 -53 60 70 3 4 -165 -166 
def leave(n, how):
    total = 0
    for i in range(20):
        try:
            if i > n:
                if how == 0:
                    break
                if how == 1:
                    return total + i
                if how == 2:
                    raise ValueError(i)
                continue
            total += 1
        finally:
            for a, b in zip(range(3), [1, 2, 3]):
                total += a * b
            k = 0
            while k < 3:
                k += 1
                total ^= k
    return -total


for step in range(24):
    try:
        print(leave(step % 5 + 2, step // 2 % 4), end=" ")
    except ValueError as error:
        print(error, end=" ")
print()
