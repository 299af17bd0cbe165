# Recursion beyond the limit is an error that can be caught, again and again, in functions and in attribute lookups.
#
# expect: too deep
# expect: too deep
# expect: too deep
# expect: 200
# expect: too deep again
# stress: skip
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


def forever(n):
    return forever(n + 1) + 1


for _ in range(3):
    try:
        forever(0)
        print("returned")
    except RuntimeError:
        print("too deep")
print(deep(200))


class Odd:
    def __getattr__(self, name):
        return getattr(self, name + "x")


try:
    Odd().anything
except RuntimeError:
    print("too deep again")
