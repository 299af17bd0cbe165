//! Programs that want more memory than they may have: MemoryError, which they can catch, and then go on.

use super::{MODES, loopscope, write};

/// A function `f` that takes memory until it is refused, and the limit it runs under.
const GREEDY: &[(&str, &str)] = &[
    ("list", "l = []\n        while True: l.append(l)"),
    ("lists", "l = []\n        while True: l = [l, 1.5]"),
    ("text", "s = 'ab'\n        while True: s += s"),
    ("bytes", "b = bytearray(b'ab')\n        while True: b += b"),
    ("dict", "d = {}; i = 0\n        while True: d[i] = i * 1.5; i += 1"),
    ("set", "s = set(); i = 0\n        while True: s.add(str(i)); i += 1"),
    ("tuple", "t = ()\n        while True: t = t + (1,) + t"),
    ("int", "n = 3\n        while True: n = n << n.bit_length()"),
    ("comprehension", "x = [str(i) for i in range(10 ** 12)]"),
    ("iteration", "x = list(map(str, range(10 ** 12)))"),
    ("pairs", "x = {str(i): [i] for i in range(10 ** 12)}"),
    ("objects", "os = []\n        while True: o = O(); o.a = 1.5; o.b = [o]; os.append(o)"),
    ("generators", "it = iter([1]); k = []\n        while True: it = g(it); k.append(it)"),
    ("exceptions", "c = None\n        while True: c = ValueError(c, 'x' * 100)"),
    ("recursion", "r([])"),
    ("printing", "a = []\n        for _ in range(60): a = [a, a]\n        repr(a)"),
];

fn program(greedy: &str) -> String {
    format!(
        "class O: pass\n\
         def g(inner):\n    for x in inner: yield x\n\
         def r(l): return r(l + [1] * 100)\n\
         def f():\n    try:\n        {greedy}\n    except (MemoryError, RuntimeError):\n        return 'refused'\n\
         print(f())\nprint(f())\nprint(sum([1] * 1000))\n"
    )
}

const EXPECTED: &str = "refused\nrefused\n1000\n";

fn check(options: &[&str]) {
    let mut wrong = Vec::new();
    for (name, greedy) in GREEDY {
        let file = write(&format!("memory_{name}"), &program(greedy));
        for (mode, engine) in MODES {
            let all: Vec<&str> = engine.iter().chain(options).copied().collect();
            let output = loopscope(&all, &file);
            if output.status.code() != Some(0) || output.stdout != EXPECTED.as_bytes() {
                let shown = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
                wrong.push(format!("{name} ({mode}): {}\n{}", output.status, shown.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_limit_is_a_memory_error() {
    check(&["--heap", "24M"]);
}

#[test]
fn programs_within_the_limit_do_not_meet_it() {
    let file = write(
        "memory_churn",
        "t = 0\nfor i in range(60000):\n    s = 'x' * 5000; b = bytearray(3000); l = [i] * 200\n    t += len(s) + len(b) + len(l)\nprint(t)\n",
    );
    for (mode, engine) in MODES {
        let options: Vec<&str> = engine.iter().chain(&["--heap", "4M"]).copied().collect();
        let output = loopscope(&options, &file);
        assert_eq!(String::from_utf8_lossy(&output.stdout), "492000000\n", "{mode}");
    }
}

#[test]
fn sizes_beyond_all_memory_are_refused() {
    let file = write("memory_sizes", SIZES);
    for (mode, engine) in MODES {
        let output = loopscope(engine, &file);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(String::from_utf8_lossy(&output.stdout), "done\n", "{mode}: {} {told}", output.status);
    }
}

/// Prints what was not refused.
const SIZES: &str = r#"
import struct, io
from array import array
N = 10 ** 12
refused = [
    lambda: 'x'.center(N), lambda: 'x'.ljust(N), lambda: b'x'.rjust(N), lambda: 'x'.zfill(N), lambda: '\t'.expandtabs(N),
    lambda: 'x' * N, lambda: b'x' * N, lambda: [0] * N, lambda: (0,) * N, lambda: (1).to_bytes(N, 'little'),
    lambda: 1 << 10 ** 13, lambda: list(range(N)), lambda: bytearray(N), lambda: bytes(N), lambda: tuple(range(N)),
    lambda: struct.pack('1000000000000x'), lambda: sorted(range(N)), lambda: ('x' * 10 ** 6).replace('x', 'y' * 10 ** 6),
    lambda: ('y' * 10 ** 6).join(['x'] * 10 ** 6), lambda: array('i', [1]) * N, lambda: '%1000000000000d' % 1,
    lambda: '{:1000000000000}'.format(1), lambda: '%*d' % (N, 1), lambda: '%.1000000000000d' % 1,
    lambda: '{:>1000000000000}'.format('x'), lambda: '%.3000000000f' % 1.5, lambda: '{:01000000000000,}'.format(10),
    lambda: b'%1000000000000s' % b'x', lambda: f'{1:{N}}',
]
for i, f in enumerate(refused):
    try:
        f()
        print(i, 'was not refused')
    except (MemoryError, OverflowError, ValueError):
        pass
b = io.BytesIO()
b.seek(N)
try:
    b.write(b'x')
    print('written')
except MemoryError:
    pass
assert len('%.70000f' % 1.5) == 70002
assert '{:.70000f}'.format(0.1)[:6] == '0.1000' and '{:.70000f}'.format(0.1)[-5:] == '00000'
assert len(f'{1.5:.70000e}') == 70006 and len('%#.70000g' % 1.5) == 70001 and '%.70000g' % 1.5 == '1.5'
assert len('{:70000,}'.format(10 ** 40)) == 70000 and len('{:070000,}'.format(1)) in (70000, 70001)
print('done')
"#;
