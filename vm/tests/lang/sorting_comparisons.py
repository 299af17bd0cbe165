# Sorting makes CPython's comparisons, in its order; the list is empty meanwhile.
#
# expect: scattered 0 0 0 True
# expect: scattered 0 0 0 True
# expect: few 0 0 0 True
# expect: few 0 0 0 True
# expect: up 0 0 0 True
# expect: up 0 0 0 True
# expect: down 0 0 0 True
# expect: down 0 0 0 True
# expect: steps 0 0 0 True
# expect: steps 0 0 0 True
# expect: runs 0 0 0 True
# expect: runs 0 0 0 True
# expect: half 0 0 0 True
# expect: half 0 0 0 True
# expect: scattered 1 0 0 True
# expect: scattered 1 0 0 True
# expect: few 1 0 0 True
# expect: few 1 0 0 True
# expect: up 1 0 0 True
# expect: up 1 0 0 True
# expect: down 1 0 0 True
# expect: down 1 0 0 True
# expect: steps 1 0 0 True
# expect: steps 1 0 0 True
# expect: runs 1 0 0 True
# expect: runs 1 0 0 True
# expect: half 1 0 0 True
# expect: half 1 0 0 True
# expect: scattered 2 1 8 True
# expect: scattered 2 1 8 True
# expect: few 2 1 14 True
# expect: few 2 1 2 True
# expect: up 2 1 7 True
# expect: up 2 1 1 True
# expect: down 2 1 9 True
# expect: down 2 1 15 True
# expect: steps 2 1 7 True
# expect: steps 2 1 1 True
# expect: runs 2 1 7 True
# expect: runs 2 1 1 True
# expect: half 2 1 7 True
# expect: half 2 1 1 True
# expect: scattered 3 4 688171 True
# expect: 3
# expect: scattered 3 4 642489 True
# expect: 3
# expect: few 3 4 419058 True
# expect: 2
# expect: few 3 4 419058 True
# expect: 2
# expect: up 3 2 232 True
# expect: 5
# expect: up 3 2 280 True
# expect: 5
# expect: down 3 2 536 True
# expect: 4
# expect: down 3 2 488 True
# expect: 4
# expect: steps 3 2 232 True
# expect: 5
# expect: steps 3 2 280 True
# expect: 5
# expect: runs 3 2 232 True
# expect: 5
# expect: runs 3 2 280 True
# expect: 5
# expect: half 3 2 232 True
# expect: 5
# expect: half 3 2 280 True
# expect: 5
# expect: scattered 10 23 12704787 True
# expect: 325
# expect: scattered 10 22 637549832 True
# expect: 239
# expect: few 10 22 148503377 True
# expect: 101
# expect: few 10 23 659087497 True
# expect: 73
# expect: up 10 9 263989643 True
# expect: 285
# expect: up 10 9 828751787 True
# expect: 285
# expect: down 10 9 394611942 True
# expect: 165
# expect: down 10 9 829849805 True
# expect: 165
# expect: steps 10 17 509642968 True
# expect: 138
# expect: steps 10 23 627185682 True
# expect: 103
# expect: runs 10 9 263989643 True
# expect: 285
# expect: runs 10 9 828751787 True
# expect: 285
# expect: half 10 20 614695173 True
# expect: 383
# expect: half 10 21 438221151 True
# expect: 296
# expect: scattered 63 295 230706187 True
# expect: 75506
# expect: scattered 63 291 168128180 True
# expect: 54802
# expect: few 63 276 536802028 True
# expect: 5125
# expect: few 63 287 72957709 True
# expect: 3375
# expect: up 63 62 500283722 True
# expect: 81375
# expect: up 63 62 849358385 True
# expect: 81375
# expect: down 63 62 693707450 True
# expect: 41664
# expect: down 63 62 344632787 True
# expect: 41664
# expect: steps 63 281 901544873 True
# expect: 7263
# expect: steps 63 285 160978827 True
# expect: 4865
# expect: runs 63 167 632656195 True
# expect: 110573
# expect: runs 63 257 345143895 True
# expect: 71649
# expect: half 63 285 905802549 True
# expect: 106921
# expect: half 63 203 968108237 True
# expect: 80798
# expect: scattered 64 304 325653703 True
# expect: 73821
# expect: scattered 64 303 970024037 True
# expect: 59387
# expect: few 64 281 348266633 True
# expect: 4982
# expect: few 64 290 135177326 True
# expect: 3747
# expect: up 64 63 508795780 True
# expect: 85344
# expect: up 64 63 504930804 True
# expect: 85344
# expect: down 64 63 679751862 True
# expect: 43680
# expect: down 64 63 683616838 True
# expect: 43680
# expect: steps 64 292 954538250 True
# expect: 6961
# expect: steps 64 300 182220215 True
# expect: 5272
# expect: runs 64 73 728940796 True
# expect: 107864
# expect: runs 64 116 801900932 True
# expect: 98180
# expect: half 64 189 85100488 True
# expect: 105639
# expect: half 64 202 689962250 True
# expect: 87185
# expect: scattered 65 307 236533406 True
# expect: 69894
# expect: scattered 65 299 8547879 True
# expect: 52808
# expect: few 65 285 116665191 True
# expect: 5180
# expect: few 65 297 645344166 True
# expect: 3908
# expect: up 65 64 772669586 True
# expect: 89440
# expect: up 65 64 72307576 True
# expect: 89440
# expect: down 65 64 491760347 True
# expect: 45760
# expect: down 65 64 192122350 True
# expect: 45760
# expect: steps 65 297 561796694 True
# expect: 7081
# expect: steps 65 304 592663183 True
# expect: 5331
# expect: runs 65 74 577844076 True
# expect: 111960
# expect: runs 65 118 586748775 True
# expect: 101772
# expect: half 65 194 891510463 True
# expect: 110360
# expect: half 65 204 914369802 True
# expect: 90753
# expect: scattered 127 722 836917320 True
# expect: 518242
# expect: scattered 127 723 817599935 True
# expect: 413449
# expect: few 127 647 215218651 True
# expect: 18013
# expect: few 127 662 622394524 True
# expect: 13782
# expect: up 127 126 817184617 True
# expect: 674751
# expect: up 127 126 465676223 True
# expect: 674751
# expect: down 127 126 713952898 True
# expect: 341376
# expect: down 127 126 65461285 True
# expect: 341376
# expect: steps 127 672 695685435 True
# expect: 27174
# expect: steps 127 689 523133188 True
# expect: 20649
# expect: runs 127 442 437594576 True
# expect: 782491
# expect: runs 127 592 170335483 True
# expect: 685210
# expect: half 127 420 171315879 True
# expect: 723969
# expect: half 127 445 348982018 True
# expect: 618567
# expect: scattered 200 1265 46891565 True
# expect: 2245310
# expect: scattered 200 1271 698479583 True
# expect: 1819641
# expect: few 200 1077 537369878 True
# expect: 45731
# expect: few 200 1086 396342150 True
# expect: 36071
# expect: up 200 199 856216785 True
# expect: 2646700
# expect: up 200 199 469085517 True
# expect: 2646700
# expect: down 200 199 319966432 True
# expect: 1333300
# expect: down 200 199 707097700 True
# expect: 1333300
# expect: steps 200 1106 953903467 True
# expect: 66486
# expect: steps 200 1164 789695749 True
# expect: 52263
# expect: runs 200 639 980107400 True
# expect: 2865594
# expect: runs 200 752 177605989 True
# expect: 2584749
# expect: half 200 628 142276880 True
# expect: 2587909
# expect: half 200 645 817155832 True
# expect: 2311969
# expect: lt 1 2; lt 1 2; gt 2 1; lt 3 1; lt 3 1; gt 1 3; lt 3 2; lt 3 2; gt 2 3; [1, 2, 3]
# expect: [1, 2, 3]
# expect: modified [3, 2, 1]
# expect: kept [3, 2, 1]
class Key:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        global comparisons, digest
        comparisons += 1
        digest = (digest * 31 + self.n * 7 + other.n) % 1000000007
        if comparisons == limit:
            raise ValueError
        return self.n < other.n


def scattered(count, modulus):
    state = 12345
    numbers = []
    for _ in range(count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        numbers.append((state >> 8) % modulus)
    return numbers


def check(name, numbers):
    global comparisons, digest, limit
    for reverse in (False, True):
        keys = [Key(n) for n in numbers]
        again = keys[:]
        comparisons, digest, limit = 0, 0, -1
        keys.sort(reverse=reverse)
        print(name, len(numbers), comparisons, digest, [key.n for key in keys] == sorted(numbers, reverse=reverse))
        comparisons, limit = 0, comparisons * 2 // 3
        try:
            again.sort(reverse=reverse)
        except ValueError:
            print(sum([i * key.n for i, key in enumerate(again)]))


for count in (0, 1, 2, 3, 10, 63, 64, 65, 127, 200):
    check("scattered", scattered(count, count + 1))
    check("few", scattered(count, 5))
    check("up", list(range(count)))
    check("down", list(range(count, 0, -1)))
    check("steps", [n % 7 for n in range(count)])
    check("runs", [n if n % 40 else (n * n) % 997 for n in range(count)])
    check("half", [(n * n) % 97 if n < count // 2 else n for n in range(count)])


class Shy:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        print("lt", self.n, other.n, end="; ")
        return NotImplemented

    def __gt__(self, other):
        print("gt", self.n, other.n, end="; ")
        return self.n > other.n


print([key.n for key in sorted([Shy(2), Shy(1), Shy(3)])])
items = [3, 1, 2]
items.sort(key=lambda item: (len(items), item))
print(items)
try:
    items.sort(key=lambda item: items.append(item) or -item)
except ValueError as error:
    print("modified", items)
try:
    items.sort(key=lambda item: 1 // (item - 2))
except ZeroDivisionError:
    print("kept", items)
