# Ranges with steps that are not constant, of both directions, zero, and too wide for machine words.
#
# expect: 2059874 1552044 2934185229224425808596 3977579190893622157724
# expect: 2059874 1552044 2934185229224425808596 3977579190893622157724
# expect: 2059874 1552044 2934185229224425808596 3977579190893622157724
# expect: 2059874 1552044 2934185229224425808596 3977579190893622157724
# expect: 2059874 1552044 2934185229224425808596 3977579190893622157724
def total(a, b, c):
    t = 0
    for i in range(200):
        for k in range(a + i, b, c if i < 150 else -c):
            t += k
    for i in range(-5, 6):
        try:
            r = range(0, 10, i)
            t += len(r)
            for q in r:
                t += q
        except ValueError:
            t += 1000
    return t


for _ in range(5):
    print(total(1, 300, 3), total(300, 1, -7), total(1 << 60, (1 << 60) + 40, 3), total(1 << 61, 1 << 62, 1 << 58))
