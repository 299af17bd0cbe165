# The methods of strings that every implementation has, with their corner cases.
#
# expect: HELLO, WORLD hello, world 4 8 -1 8 7 3 13
# expect: True True True True HeLLo, WorLd Heo, World
# expect: ['a', 'b', '', 'c'] ['a', 'b'] [] [''] ['a', 'b', 'c d'] ['a-b', 'c'] ['', '']
# expect: a-b  x,y,z pad a a a
# expect: ('a', '=', 'b=c') ('abc', '', '') ('a=b', '=', 'c') ['l1', 'l2', 'l3']
# expect: True True True False True False False
# expect: True False True True zzz ababab   abc
# expect: True True False False 5 True 233 €
# expect: tab	new\ 'quote' "double" "tab\tnew\n'q'" '"' '\'"' ABC
# expect: ['h', '€', 'y'] € y€h 1 ['a', 'b', 'c'] €€
# expect:    center    |  ab | b'abc' abc abc
# expect: 11215
# expect: ValueError
# expect: ValueError
# expect: TypeError
# expect: IndexError
# expect: TypeError
# expect: TypeError
s = "Hello, World"
print(s.upper(), s.lower(), s.find("o"), s.find("o", 5), s.find("z"), s.rfind("o"), s.index("W"), s.count("l"), s.count(""))
print(s.startswith("Hell"), s.startswith("World", 7), s.endswith("ld"), s.endswith(""), s.replace("l", "L"), s.replace("l", "", 2))
print("a,b,,c".split(","), " a  b ".split(), "".split(), "".split(","), "a b c d".split(None, 2), "a-b-c".rsplit("-", 1), "abc".split("abc"))
print("-".join(["a", "b"]), "".join([]), ",".join("xyz"), "  pad ".strip(), "xxaxx".strip("x"), "xxa".lstrip("x"), "axx".rstrip("x"))
print("a=b=c".partition("="), "abc".partition("="), "a=b=c".rpartition("="), "l1\nl2\r\nl3".splitlines())
print("abc".isalpha(), "12".isdigit(), " \t".isspace(), "Ab".isupper(), "ab".islower(), "".isalpha(), "a1".isalpha())
print("a" < "b", "a" < "B", "abc" < "abcd", "" < "a", "z" * 3, 3 * "ab", "x" * 0, "x" * -1, "a" + "b" "c")
print("el" in "hello", "" in "", "xyz" in "xy", "h" not in "hello", len("h\u00e9llo"), "\u00e9" == "é", ord("é"), chr(8364))
print("tab\tnew\\ 'quote' \"double\"", repr("tab\tnew\n'q'"), repr('"'), repr("'\""), "\x41\u0042\103")
print([c for c in "h€y"], "h€y"[1], "h€y"[::-1], "€uro".find("u"), "a€b€c".split("€"), "€" * 2)
print("center".center(12), "|" + "ab".center(5) + "|", "abc".encode(), b"abc".decode(), str(b"abc", "utf-8"))
total = 0
for i in range(2000):
    word = "word%d" % (i % 10)
    total += word.find(str(i % 7)) + len(word.replace("o", "00")) + word.startswith("word1")
print(total)
for call in (lambda: "abc".index("z"), lambda: "a".split(""), lambda: "abc" + 1, lambda: "abc"[5], lambda: ord("ab"), lambda: "-".join([1])):
    try:
        print(call())
    except (ValueError, TypeError, IndexError) as error:
        print(type(error).__name__)
