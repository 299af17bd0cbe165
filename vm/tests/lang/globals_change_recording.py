# A global that is first changed while a trace is recorded, by which other compiled code runs before the trace ends.
#
# expect: 0 20
failed = 0


def f1(p, q):
    global failed
    a = p
    b = q
    c = 1
    d = 3
    x = 0.5
    y = q * 1.5
    items = [1, 5, 2]
    text = "ab1"
    a = a * b // 10 % -1000003
    for i1 in range(40):
        try:
            if a > d:
                a = len(table) & 15
            elif 1.0 / x > 2.0:
                pair = 1
            text = (text + f"{c % 10}:{len(items)}")[-2:] + "1"
            x = 1.0
        except Exception as error:
            failed += 1
        x += 5 - (y + y)
        items = [item for item in items]


digest = 0
for i in range(3):
    try:
        result = f1(i, i)
    except Exception as error:
        digest += len(type(error).__name__)
print(digest, failed)
