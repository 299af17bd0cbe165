# Formatting: the % operator, str.format, f-strings, with widths, precisions, alignments and conversions.
#
# expect: s 'r' 1     2|3    |00004 ff FF 10 c A %
# expect:    ab|ab   |ab|    a|+5| 5|    42
# expect: 1 2 1 [1] (2,) no args
# expect: 1 a 2 1 1 'x' {}
# expect:     1|2    |    a|  b  |***c***|00042|+7|ff|0xff|101|1,234,567
# expect: 3.14|   2.500|1.25    |1.234500e+04|0.5|3|25.000000%
# expect: a   |   2.0
# expect: n 12.5 2 12.50 'n' 3 2 {}    n|    12.5|
# expect: nested n 1, 2 nn  plain anb
# expect: n     |  12.5|0xff|-0005|value=12.5
# expect: 34340
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: IndexError
# expect: KeyError
print("%s %r %d %5d|%-5d|%05d %x %X %o %c %c %%" % ("s", "r", 1, 2, 3, 4, 255, 255, 8, "c", 65))
print("%5s|%-5s|%.2s|%5.1s|%+d|% d|%*d" % ("ab", "ab", "abc", "abc", 5, 5, 6, 42))
print("%(a)s %(b)d" % {"a": 1, "b": 2}, "%s" % (1,), "%s %s" % ([1], (2,)), "no args" % ())
print("{} {}".format(1, "a"), "{1} {0}".format(1, 2), "{a} {b!r}".format(a=1, b="x"), "{{}}".format())
print("{:5}|{:<5}|{:>5}|{:^5}|{:*^7}|{:05d}|{:+d}|{:x}|{:#x}|{:b}|{:,}".format(1, 2, "a", "b", "c", 42, 7, 255, 255, 5, 1234567))
print("{:.2f}|{:8.3f}|{:<8.2f}|{:e}|{:g}|{:.0f}|{:%}".format(3.14159, 2.5, 1.25, 12345.0, 0.5, 2.75, 0.25))
print("{:{}}|{:{w}.{p}f}".format("a", 4, 2.0, w=6, p=1))
name = "n"
value = 12.5
items = [1, 2]
print(f"{name} {value} {items[1]} {value:.2f} {name!r} {1 + 2} {len(items)} {{}} {name:>4}|{value:8.1f}|")
print(f"{'nested'} {f'{name}'} {', '.join([str(i) for i in items])} {name}{name}", f"", f"plain", "a" f"{name}" "b")
width = 6
print(f"{name:{width}}|{value:{width}.{1}f}|{255:#x}|{-5:05d}|{value=}")
total = 0
for i in range(1500):
    total += len(f"{i}:{i * 0.5:.1f}") + len("%d-%s" % (i, i)) + len("{}{:>3}".format(i, i % 7))
print(total)
for call in (lambda: "%d" % "x", lambda: "%s %s" % (1,), lambda: "%s" % (1, 2), lambda: "{}".format(), lambda: "{a}".format(b=1)):
    try:
        print(call())
    except (TypeError, IndexError, KeyError) as error:
        print(type(error).__name__)
