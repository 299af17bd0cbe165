# Regular expressions over long texts, ASCII or not, and bytes: a search costs what it passes over.
#
# expect: 24000 12001 156000
# expect: 1727964000
# expect: 144000 48001 None
# expect: False
# expect: 24000 12001 168000
# expect: 1871976000
# expect: 156000 60001 None
# expect: False
# expect: 12000 12001 144000
# expect: 2375958000
# stress: 12
import re
import sys

n = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
word = re.compile(r"\w+")
for text in ("key1=wert1; ", "ключ1=wert€; "):
    long = text * n
    print(len(word.findall(long)), len(re.split(";", long)), len(re.sub("=", "->", long)))
    print(sum(m.start() + m.end() for m in re.finditer("=", long)))
    token = re.compile(r"\s*(?:(\w+)|(.))")
    at = count = 0
    while True:
        found = token.match(long, at)
        if not found:
            break
        at = found.end()
        count += 1
    print(at, count, found)
    miss = re.compile("zz")
    print(any(miss.match(long, i) for i in range(len(long))))
data = b"k\xe4y=value\xff;" * n
print(len(re.findall(b"\xe4(.)", data)), len(re.split(b"\xff", data)), len(re.sub(b"=", b"->", data)))
print(sum(m.end() for m in re.finditer(b"[a-z]+", data)))
