# Square roots by power: bit for bit what the C library's pow gives, also where sqrt would differ.
#
# expect: 89510019471346
# expect: 1e-150
# expect: 2.2227587494850775e-162
# expect: 3.1622776601683795e-101
# expect: 1e-100
# expect: 1.4142135623730951
# expect: 2.0
# expect: 1e+150
# expect: 1.3407807929942596e+154
# expect: inf

def spread(n):
    state = 123456789
    mixed = 0
    for i in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        x = (state + 1) * 0.000123 * (1 + (i & 7))
        mixed = (mixed * 31 + int((x**0.5) * 4503599627370496.0)) & 0xFFFFFFFFFFFF
    return mixed


def edges():
    for x in (1e-300, 5e-324, 1e-201, 1e-200, 2.0, 4.0, 1e300, 1.7976931348623157e308, float("inf")):
        for _ in range(700):
            y = x**0.5
        print(repr(y))


print(spread(60000))
edges()
