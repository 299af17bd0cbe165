# Positions in long strings that are not ASCII: found without walking there each time, or this takes minutes.
#
# expect: 320000 [40000, 6400080000, 6399880000, 40000, 6400000000, 12799760000]
# expect: (40000, 2, ['eéb😀b€é', '😀b€é'])
# expect: edc😀b aé€ edc😀 -a-é-€-b-
# expect: 0 a a 6 -1; 1 é é 6 -1; 62 d d 62 54; 63 e e 70 62; 64 a a 70 62; 65 é é 70 62; 127 e e 134 126; 128 a a 134 126; 129 é é 134 126; 
# stress: 40
import sys


def walk(text):
    n = len(text)
    parts = [0] * 6
    for i in range(n):
        if text[i] == "é":
            parts[0] += 1
        if text[-1 - i] == "é":
            parts[1] += i
        if text[i : i + 2] == "é€":
            parts[2] += i
        if text.startswith("€", i):
            parts[3] += 1
    at = text.find("😀")
    while at >= 0:
        parts[4] += at
        parts[5] += text.rfind("a", 0, at) + text.count("a", max(0, at - 8), at) + text.index("é", max(0, at - 8))
        at = text.find("😀", at + 1)
    return parts


def parts(text):
    out = []
    for i, c in enumerate(text):
        if c == "€":
            out.append(text[i - 3 : i + 3 : 2] + text[i + 2 : i - 2 : -1])
    return len(out), len(set(out)), sorted(set(out))[:3]


n = int(sys.argv[1]) if len(sys.argv) > 1 else 40000
text = "aé€b😀cde" * n
print(len(text), walk(text))
print(parts(text))
print(text[::-1][:5], text[len(text) // 2 :][:3], "".join(reversed(text))[:4], text.replace("", "-")[:9])
for i in (0, 1, 62, 63, 64, 65, 127, 128, 129):
    print(i, text[i], text[i:][:1], text.find("d", i), text.rfind("d", 0, i), end="; ")
print()
