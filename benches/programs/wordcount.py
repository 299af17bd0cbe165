# Words of an invented text counted in dictionaries: string slices, hashing, sorting by key.
#
# expect: 584
# expect: [('sha', 5068), ('e', 5024), ('ka', 5024)]
# expect: [(1, 1), (2, 5), (3, 12), (4, 34), (5, 81), (6, 145), (7, 171), (8, 108), (9, 27)]
# expect: [('\n', 10909), (' ', 130908), ('a', 60151), ('e', 59863)]
# expect: 584
# expect: [('sha', 5068), ('e', 5024), ('ka', 5024)]
# expect: [(1, 1), (2, 5), (3, 12), (4, 34), (5, 81), (6, 145), (7, 171), (8, 108), (9, 27)]
# expect: [('\n', 10909), (' ', 130908), ('a', 60151), ('e', 59863)]
# small: 2000
# expect-small: 442
# expect-small: [('ka', 95), ('mi', 93), ('e', 91)]
# expect-small: [(1, 1), (2, 5), (3, 12), (4, 31), (5, 64), (6, 109), (7, 117), (8, 83), (9, 20)]
# expect-small: [('\n', 181), (' ', 2180), ('a', 990), ('e', 1023)]
# expect-small: 442
# expect-small: [('ka', 95), ('mi', 93), ('e', 91)]
# expect-small: [(1, 1), (2, 5), (3, 12), (4, 31), (5, 64), (6, 109), (7, 117), (8, 83), (9, 20)]
# expect-small: [('\n', 181), (' ', 2180), ('a', 990), ('e', 1023)]
# stress: 40
import sys


def text(words):
    syllables = ["ka", "lo", "mi", "ren", "tu", "sha", "e", "vor"]
    state = 7
    out = []
    for i in range(words):
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        pick = (state >> 16) & 0x7FFF
        length = 1 + pick % 3
        word = ""
        for _ in range(length):
            word += syllables[pick & 7]
            pick >>= 3
        out.append(word)
        if i % 11 == 10:
            out.append("\n")
    return " ".join(out)


def count(lines):
    counts = {}
    for line in lines:
        for word in line.split():
            counts[word] = counts.get(word, 0) + 1
    return counts


def letters(source):
    seen = {}
    for letter in source:
        if letter in seen:
            seen[letter] += 1
        else:
            seen[letter] = 1
    return seen


def run(n):
    source = text(n)
    counts = count(source.split("\n"))
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    by_length = {}
    for word in counts:
        by_length.setdefault(len(word), []).append(word)
    lengths = [(size, len(by_length[size])) for size in sorted(by_length)]
    return len(counts), common[:3], lengths, sorted(letters(source).items())[:4]


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 120000
    for _ in range(2):
        for line in run(n):
            print(line)


main()
