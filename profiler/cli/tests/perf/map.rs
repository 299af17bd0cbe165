//! The map: who is in it, and under which name.

use crate::dir::Dir;
use crate::run::{CHAIN, run};
use std::os::unix::fs::PermissionsExt;

#[test]
fn functions_are_in_the_map() {
    let dir = Dir::new("map");
    dir.write("a.py", CHAIN);
    let ways: [&[&str]; 4] = [
        &["-Xperf", "a.py"],
        &["-X", "perf", "-X", "jit=off", "a.py"],
        &["run", "--perf", "map", "a.py"],
        &["-Xperf", "-X", "threshold=1", "a.py"],
    ];
    for way in ways {
        let (ran, files) = run(&dir, way);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""), "{way:?}");
        for name in ["<module>", "foo", "bar", "baz"] {
            assert!(files.names(&format!("py::{name}:a.py")), "{way:?} {name}\n{}", files.map());
        }
        let mode = std::fs::metadata(files.map_path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn the_environment_asks_as_of_cpython() {
    let dir = Dir::new("environment");
    dir.write("a.py", CHAIN);
    for (variable, value, map, dump) in [
        ("PYTHONPERFSUPPORT", "1", true, false),
        ("PYTHONPERFSUPPORT", "0", false, false),
        ("PYTHON_PERF_JIT_SUPPORT", "1", false, true),
    ] {
        let mut command = dir.command(&["a.py"]);
        command.env(variable, value);
        let (ran, files) = crate::run::finish(command);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        assert_eq!(
            (files.map_path().exists(), files.dump_path().exists()),
            (map, dump),
            "{variable}={value}"
        );
    }
}

/// Every way of running code.
const KINDS: &str = "import sys
class A:
    @property
    def p(self): return 1
    @staticmethod
    def s(): return 2
    @classmethod
    def c(cls): return 3
    def __init__(self): self.x = 0
    def __add__(self, other): return other
    def m(self): return self.p
def gen(n):
    yield from inner(n)
def inner(n):
    for i in range(n):
        yield i
def outer():
    a = 1
    def closure(): return a
    return closure
def kw(a, *b, c=2, **d): return a
def sender():
    got = yield 1
    yield got
a = A()
a.m(), A.s(), A.c(), a + 1, outer()(), kw(1, 2, c=3, d=4), (lambda: 5)()
print([i for i in gen(3)], {i: i for i in range(2)}, {i for i in range(2)}, list(i for i in range(2)))
g = sender()
next(g), g.send(3)
exec('def ex(): pass\\nex()')
def rec(n): return rec(n + 1) + 1
try:
    rec(0)
except RuntimeError as e:
    print(e)
def raises():
    try:
        raise ValueError('v')
    finally:
        kw(1)
try:
    raises()
except ValueError as e:
    print(e)
";

#[test]
fn all_kinds_of_code_have_frames() {
    let dir = Dir::new("kinds");
    dir.write("a.py", KINDS);
    for jit in ["jit=on", "jit=off", "threshold=1", "gc-stress"] {
        let (ran, files) = run(&dir, &["-Xperf", "-X", jit, "a.py"]);
        let out = "[0, 1, 2] {0: 0, 1: 1} {0, 1} [0, 1]\nmaximum recursion depth exceeded\nv\n";
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), out, ""), "{jit}");
        let names = [
            "<module>",
            "A",
            "A.p",
            "A.s",
            "A.c",
            "A.__init__",
            "A.__add__",
            "A.m",
            "gen",
            "inner",
            "outer",
            "outer.<locals>.closure",
            "kw",
            "<lambda>",
            "<listcomp>",
            "<dictcomp>",
            "<setcomp>",
            "<genexpr>",
            "sender",
            "rec",
            "raises",
        ];
        for name in names {
            assert!(files.names(&format!("py::{name}:a.py")), "{jit} {name}\n{}", files.map());
        }
        assert!(files.names("py::ex:<string>"), "{}", files.map());
    }
}

#[test]
fn compiled_code_is_in_the_map() {
    let dir = Dir::new("compiled");
    let text = "class A:
    def m(self, n):
        x = 0
        for i in range(n):
            x += 2 if i % 3 else 1
        return x
print(A().m(100000))
";
    dir.write("a.py", text);
    // A writer that comes late is told of what there is.
    dir.write("late.py", &format!("{text}import sys\nsys.activate_stack_trampoline('perf')\n"));
    for way in [&["-Xperf", "a.py"], &["-X", "jit=on", "late.py"][..]] {
        let (ran, files) = run(&dir, way);
        let file = way.last().unwrap();
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("166666\n", ""));
        let map = files.map();
        for start in ["jit::loop0:A.m:", "jit::entry1:A.m:"] {
            assert!(files.names(&format!("{start}{file}:4")), "{start}\n{map}");
        }
        assert!(map.contains(" jit::bridge") && files.names("jit::stub:entry"), "{map}");
        let mut symbols: Vec<(u64, u64)> = map
            .lines()
            .map(|line| {
                let mut words = line.split(' ').map(|word| u64::from_str_radix(word, 16));
                (words.next().unwrap().unwrap(), words.next().unwrap().unwrap())
            })
            .collect();
        symbols.sort_unstable();
        assert!(symbols.windows(2).all(|two| two[0].0 + two[0].1 <= two[1].0), "no two overlap\n{map}");
    }
}

#[test]
fn visits_of_loops_are_marked() {
    let dir = Dir::new("marks");
    dir.write(
        "a.py",
        "def f(n):\n    x = 0\n    for i in range(n):\n        x += i\n    return x\nprint(f(300000))\n",
    );
    let (ran, files) = run(&dir, &["run", "--perf-marks", "a.py"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("44999850000\n", ""));
    let marks = std::fs::read_to_string(files.marks_path()).unwrap();
    let mut words = marks.lines().next().unwrap().splitn(3, ' ');
    let times = [(); 2].map(|()| words.next().unwrap().parse::<u64>().unwrap());
    assert!(times[0] < times[1], "{marks}");
    assert_eq!(words.next(), Some("loop0 f (a.py:3)"), "{marks}");
}
