# Strings built and taken apart: appending, joining, slicing, formatting, searching, replacing.
#
# expect: ('Jxu Gkysa rhemd ven, Zkcfi eluh jxu bqpo Tew.', 899, 284777, 3599860001, 6677, 188775)
# expect: ('Jxu Gkysa rhemd ven, Zkcfi eluh jxu bqpo Tew.', 899, 284777, 3599860001, 6677, 188775)
# small: 120
# expect-small: ('Lzw Imauc tjgof xgp, Bmehk gnwj lzw dsrq Vgy.', 123, 6832, 3235800, 200, 4671)
# expect-small: ('Lzw Imauc tjgof xgp, Bmehk gnwj lzw dsrq Vgy.', 123, 6832, 3235800, 200, 4671)
# stress: 4
import sys


def caesar(source, shift):
    out = []
    for letter in source:
        code = ord(letter)
        if 97 <= code <= 122:
            code = (code - 97 + shift) % 26 + 97
        elif 65 <= code <= 90:
            code = (code - 65 + shift) % 26 + 65
        out.append(chr(code))
    return "".join(out)


def palindrome(source):
    low = 0
    high = len(source) - 1
    while low < high:
        if source[low] != source[high]:
            return False
        low += 1
        high -= 1
    return True


def rows(count):
    blocks = []
    block = ""
    for i in range(count):
        block += "%d;%s;%x\n" % (i, "abc"[i % 3 :], i * 17)
        if len(block) > 1000:
            blocks.append(block)
            block = ""
    blocks.append(block)
    return "".join(blocks)


def fields(table):
    total = 0
    for line in table.split("\n"):
        if not line:
            continue
        number, word, code = line.split(";")
        total += int(number) + len(word) + int(code, 16)
    return total


def run(n):
    sentence = "The Quick brown fox, Jumps over the lazy Dog."
    for i in range(n):
        sentence = caesar(sentence, i % 24 + 1)
    found = 0
    for i in range(n * 20):
        if palindrome(str(i)):
            found += 1
    table = rows(n * 5)
    swapped = table.replace(";", ", ").upper()
    return sentence, found, len(table), fields(table), swapped.count("ABC"), swapped.find("\n%d, " % (n * 3))


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    for _ in range(2):
        print(run(n))


main()
