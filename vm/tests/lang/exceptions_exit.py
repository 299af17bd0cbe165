# A program that leaves by SystemExit out of a hot loop, with its own exit code.
#
# expect: leaving 3210
# expect: cleaned
# exit: 3
import sys

try:
    for i in range(5000):
        if i == 3210:
            print("leaving", i)
            sys.exit(3)
finally:
    print("cleaned")
print("not reached")
