# A repeated group over a long text either matches or is a RuntimeError; so is a pattern that backtracks without end.
#
# stress: 10
# expect: True
# expect: True False
# expect: error
import re
import sys

size = int(sys.argv[1]) if len(sys.argv) > 1 else 1500000

def matches(pattern, text):
    try:
        return re.match(pattern, text) is not None
    except RuntimeError:
        return True

print(matches("(a|b|ab| )*$", "ab " * size))
print(matches("(a|b|ab| )*$", "ab " * 5), matches("(a|b|ab| )*$", "ab c" * 5))
try:
    re.compile("(")
except re.error:
    print("error")
