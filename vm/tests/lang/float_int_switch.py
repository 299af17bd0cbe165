# A hot loop whose variable is an integer first, a float later, and an integer again.
#
# expect: 3000.5 7500 (6001.0, 2000) 2999.25
# expect: 3000.5 7500 (6001.0, 2000) 2999.25
def switch(n):
    total = 0
    for i in range(n):
        if i == 1500:
            total = total + 0.5
        if i == 3000:
            total = int(total)
        total += i & 3
    return total


def alternate(n):
    values = [1, 2.5, 3, -0.5]
    total = 0
    floats = 0
    for i in range(n):
        value = values[i % 4]
        total += value
        if isinstance(value, float):
            floats += 1
    return total, floats


def late(n):
    values = [1] * n
    values[n - 2] = 0.25
    total = 0
    for value in values:
        total += value
    return total


for _ in range(2):
    print(switch(2000), switch(5000), alternate(4001), late(3000))
