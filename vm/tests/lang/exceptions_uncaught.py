# A program that ends with an exception: output before it stays, and the exit code is 1.
#
# expect: 0 0
# expect: 500 0
# expect: 1000 0
# exit: 1
def run(n):
    total = 0
    for i in range(n):
        total += 100 // (1500 - i)
        if i % 500 == 0:
            print(i, total)


run(3000)
