# The module re.
#
# expect: [('hello', 'world'), ('foo', 'bar')] [(0, 11), (12, 19)] ['', 'hello', 'world', ' ', 'foo', 'bar', ''] <hello world> <foo bar>
# expect: ['', 'aa', '', ''] [(0, 0), (1, 3), (3, 3), (4, 4)] ['', 'b', '', 'c', ''] <>b<aa><>c<>
# expect: ['', 'x', '', ''] [(0, 0), (1, 2), (2, 2), (3, 3)] ['', 'a', '', 'b', ''] <>a<x><>b<>
# expect: [('2024', '05'), ('1999', '12')] [(3, 10), (15, 22)] ['on ', '2024', '05', ' and ', '1999', '12', ''] on <2024-05> and <1999-12>
# expect: ['[a]'] [(1, 4)] ['x', ''] x<[a]>
# expect: [] [] ['a\nb'] a
# expect: b
# expect: ['a{'] [(0, 2)] ['', 'b'] <a{>b
# expect: ['aab'] [(0, 3)] ['', ''] <aab>
# expect: ['foo-bar', 'baz'] [(0, 7), (8, 11)] ['', ' ', ''] <foo-bar> <baz>
# expect: ['éé'] [(3, 5)] ['caf', ' ok'] caf<éé> ok
# expect: ['a', ''] [(0, 1), (1, 2)] ['', 'a', '', None, ''] <a><b>
# expect: ['foo'] [(2, 5)] ['a ', ' b'] a <foo> b
# expect: ['hello'] [(4, 9)] ['say ', ''] say <hello>
# expect: ['l'] [(2, 4)] ['he', 'l', 'o'] he<ll>o
# expect: ['foo'] [(0, 3)] ['', 'bar'] <foo>bar
# expect: ['b'] [(1, 2)] ['a', ''] a<b>
# expect: ['a'] [(0, 1)] ['', ']'] <a>]
# expect: ['ab'] [(0, 5)] ['', 'ab', ''] <${ab}>
# expect: ['a'] [(0, 1)] ['', '\n'] <a>
# expect:
# expect: [] [] ['a\n'] a
# expect:
# expect: ['&&b'] [(1, 4)] ['x', ''] x<&&b>
# expect: bbaddc
# expect: ('a', None) ('a', '-')
# expect: (0, 2) None
# expect: {'k': 'key', 'v': 'val'} key 6 v val key
# expect: ['1.', '22.']
# expect: [b'\xffb'] b'bXb'
# expect: a\.b\*c ['a', 'b;c'] ('bba', 2)
# expect: 2 44 x 666
# expect: (3, 4) None
# expect: error
# expect: error
# expect: error
# expect: error
# expect: 600
import re

patterns = [
    (r"(\w+) (\w+)", "hello world foo bar"),
    (r"a*", "baac"),
    (r"x*", "axb"),
    (r"(?P<y>\d{4})-(?P<m>\d\d)", "on 2024-05 and 1999-12"),
    (r"\[a[]]", "x[a]"),
    (r"^b", "a\nb"),
    (r"a{", "a{b"),
    (r"a{,2}b", "aab"),
    (r"[\w-]+", "foo-bar baz"),
    (r"\u00e9+", "caf\u00e9\u00e9 ok"),
    (r"(a)|b", "ab"),
    (r"\bfoo\b", "a foo b"),
    (r"(?i)HELLO", "say hello"),
    (r"(\w)\1", "hello"),
    (r"foo(?=bar)", "foobar"),
    (r"(?<=a)b", "ab"),
    (r"[^]]", "a]"),
    (r"\$\{(\w+)\}", "${ab}"),
    (r"a$", "a\n"),
    (r"a\Z", "a\n"),
    (r"[a&&b]+", "x&&b"),
]
for pattern, text in patterns:
    spans = [match.span() for match in re.finditer(pattern, text)]
    print(re.findall(pattern, text), spans, re.split(pattern, text), re.sub(pattern, r"<\g<0>>", text))
print(re.sub(r"(?P<a>\w)(?P<b>\w)", r"\g<b>\2\1", "abcd"))
print(re.match(r"(a)(b)?", "ac").groups(), re.match("(a)(b)?", "ac").groups("-"))
print(re.fullmatch("a|ab", "ab").span(), re.fullmatch("a", "ab"))
match = re.search(r"(?P<k>\w+)=(?P<v>\w+)", "  key=val ")
print(match.groupdict(), match["k"], match.start("v"), match.lastgroup, match.expand(r"\2 \1"))
verbose = r"""
 \d+  # number
 \.   # dot
"""
print(re.compile(verbose, re.X).findall("1. 22. 3"))
print(re.findall(rb"\xff.", b"a\xffb"), re.sub(b"a", b"b", b"aXa"))
print(re.escape("a.b*c"), re.split(r"[,;]\s*", "a, b;c", maxsplit=1), re.subn("a", "b", "aaa", count=2))
print(re.sub(r"\d+", lambda match: str(int(match.group()) * 2), "1 22 x 333"))
print(re.compile("b").search("abcb", 2).span(), re.compile("^b").match("ab", 1))
for bad in ("(", "[a", "*", "a{2,1}"):
    try:
        re.compile(bad)
        print("compiled")
    except re.error:
        print("error")
count = 0
word = re.compile(r"([a-z]+)(\d)")
for i in range(80):
    found = word.search("-- abc%d" % (i % 10))
    count += int(found.group(2)) + len(found.group(1))
print(count)
