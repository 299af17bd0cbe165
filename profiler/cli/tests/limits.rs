//! Programs larger than the fields of MicroPython's bytecode: each way of growing, just below and above every width.
//! They run as if there were no widths, or say that they are too deep.

#[path = "support/dir.rs"]
mod dir;

use dir::Dir;

/// A kind of program of size `n`, and what it prints.
type Kind = (&'static str, fn(usize) -> String, fn(usize) -> String);

fn each(n: usize, separator: &str, item: impl Fn(usize) -> String) -> String {
    (0..n).map(item).collect::<Vec<_>>().join(separator)
}

fn names(n: usize) -> String {
    each(n, ",", |i| format!("a{i}"))
}

fn numbers(n: usize) -> String {
    each(n, ",", |i| i.to_string())
}

fn locals(n: usize) -> String {
    each(n, "\n", |i| format!(" x{i}={i}"))
}

/// Statements that add up to 3 for each seven, one a line.
fn statements(n: usize, indent: &str) -> String {
    each(n, "\n", |i| format!("{indent}x+={}", usize::from(i % 2 == 0)))
}

const KINDS: &[Kind] = &[
    (
        "locals",
        |n| format!("def f():\n{}\n return x0+x{}\nfor i in range(3): print(f())", locals(n), n - 1),
        |n| format!("{}\n", n - 1).repeat(3),
    ),
    (
        "parameters",
        |n| {
            format!(
                "def f({}): return a0,a{}\nprint(f({}))\nprint(f(*range({n})))",
                names(n),
                n - 1,
                numbers(n)
            )
        },
        |n| format!("(0, {})\n", n - 1).repeat(2),
    ),
    (
        "keyword arguments",
        |n| {
            format!(
                "def f({}): return a0,a{}\nprint(f({}))",
                names(n),
                n - 1,
                each(n, ",", |i| format!("a{i}={i}"))
            )
        },
        |n| format!("(0, {})\n", n - 1),
    ),
    (
        "defaults",
        |n| format!("def f({}): return a0,a{}\nprint(f(5))", each(n, ",", |i| format!("a{i}={i}")), n - 1),
        |n| format!("(5, {})\n", if n == 1 { 5 } else { n - 1 }),
    ),
    (
        "keyword-only parameters",
        |n| {
            format!(
                "def f(*,{}): return a0,a{}\nprint(f(a1=3))",
                each(n, ",", |i| format!("a{i}={i}")),
                n - 1
            )
        },
        |n| format!("(0, {})\n", n - 1),
    ),
    (
        "arguments",
        |n| {
            let call = numbers(n);
            format!(
                "class A:\n def m(self,*a): return len(a),sum(a)\nfor i in range(3): print(A().m({call}), A().m({call},*[1]))"
            )
        },
        |n| {
            let sum = n * (n - 1) / 2;
            format!("({n}, {sum}) ({}, {})\n", n + 1, sum + 1).repeat(3)
        },
    ),
    (
        "targets before a star",
        |n| {
            format!(
                "def f():\n {},*r,z=range({})\n return a0,a{},r,z\nfor i in range(3): print(f())",
                names(n),
                n + 2,
                n - 1
            )
        },
        |n| format!("(0, {}, [{n}], {})\n", n - 1, n + 1).repeat(3),
    ),
    (
        "targets behind a star",
        |n| format!("def f():\n z,*r,{}=range({})\n return a0,a{},r,z\nprint(f())", names(n), n + 2, n - 1),
        |n| format!("(2, {}, [1], 0)\n", n + 1),
    ),
    (
        "displays",
        |n| {
            let items = each(n, ",", |i| if i % 2 == 0 { "x".to_owned() } else { i.to_string() });
            let dict = each(n, ",", |i| format!("{i}:x"));
            format!(
                "x=0\ndef f(): return len([{items}]),len(({items})),len({{{items}}}),len({{{dict}}})\nfor i in range(3): print(f())"
            )
        },
        |n| format!("({n}, {n}, {}, {n})\n", n / 2 + 1).repeat(3),
    ),
    (
        "constants",
        |n| format!("print(sum([{}]))", each(n, ",", |i| format!("{i}.5"))),
        |n| format!("{:?}\n", (0..n).map(|i| i as f64 + 0.5).sum::<f64>()),
    ),
    (
        "cells",
        |n| {
            format!(
                "def f():\n{}\n def g(d=1): return {}\n return g\nfor i in range(3): print(f()())",
                locals(n),
                each(n, "+", |i| format!("x{i}"))
            )
        },
        |n| format!("{}\n", n * (n - 1) / 2).repeat(3),
    ),
    (
        "functions",
        |n| format!("{}\nprint(f0(),f{}())", each(n, "\n", |i| format!("def f{i}(): return {i}")), n - 1),
        |n| format!("0 {}\n", n - 1),
    ),
    (
        "attributes",
        |n| {
            format!("class A: pass\na=A()\n{}\nprint(a.x{})", each(n, "\n", |i| format!("a.x{i}={i}")), n - 1)
        },
        |n| format!("{}\n", n - 1),
    ),
    (
        "statements of a branch",
        |n| {
            format!(
                "def f(c):\n x=0\n for i in range(3):\n  if c:\n{}\n  else: x+=1\n return x\nfor i in range(5): print(f(1),f(0))",
                statements(n, "   ")
            )
        },
        |n| format!("{} 3\n", n.div_ceil(2) * 3).repeat(5),
    ),
    (
        "statements of a loop",
        |n| format!("x=0\nwhile x<{n}:\n{}\nprint(x)", statements(n, " ")),
        |n| format!("{}\n", n.div_ceil(2) * if n.div_ceil(2) >= n { 1 } else { 2 }),
    ),
    (
        "statements of handlers",
        |n| {
            let body = statements(n, "   ");
            format!(
                "def f(c):\n x=0\n for i in range(3):\n  try:\n{body}\n   if c: continue\n   if c<0: break\n   raise ValueError\n  \
                 except ValueError:\n{body}\n  finally:\n{body}\n return x\nfor i in range(3): print(f(1),f(0))"
            )
        },
        |n| format!("{} {}\n", n.div_ceil(2) * 6, n.div_ceil(2) * 9).repeat(3),
    ),
    (
        "statements under with",
        |n| {
            let body = statements(n, "   ");
            format!(
                "class C:\n def __enter__(s): return 3\n def __exit__(s,*a): return True\n\
                 def f():\n x=0\n for i in range(4):\n  with C():\n{body}\n   if i&1: continue\n   raise ValueError\n return x\nprint(f())"
            )
        },
        |n| format!("{}\n", n.div_ceil(2) * 4),
    ),
    (
        "a generator's statements",
        |n| {
            format!(
                "def f():\n x=0\n for i in range(3):\n{}\n  yield x\nprint(list(f()),sum(f()))",
                statements(n, "  ")
            )
        },
        |n| {
            let k = n.div_ceil(2);
            format!("[{k}, {}, {}] {}\n", 2 * k, 3 * k, 6 * k)
        },
    ),
    (
        "elif",
        |n| {
            format!(
                "def f(x):\n if x==-1: return -1\n{}\n else: return 'e'\nprint(f(0),f({}),f(-5))",
                each(n, "\n", |i| format!(" elif x=={i}: return {i}")),
                n - 1
            )
        },
        |n| format!("0 {} e\n", n - 1),
    ),
    (
        "logic",
        |n| {
            format!(
                "x=1\nprint({})\nif {}: print('y')",
                each(n, " and ", |_| "x".to_owned()),
                each(n, " or ", |i| format!("x=={i}"))
            )
        },
        |n| format!("1\n{}", if n > 1 { "y\n" } else { "" }),
    ),
    (
        "comparisons",
        |n| format!("x=1\nprint({})", each(n, "<=", |_| "x".to_owned())),
        |n| format!("{}\n", if n > 1 { "True" } else { "1" }),
    ),
    (
        "chains",
        |n| {
            format!(
                "class A: pass\na=A()\na.b=a\ndef f(): return f\nx=[]\nx.append(x)\nprint(a{} is a,f{} is f,x{} is x,{})",
                ".b".repeat(n),
                "()".repeat(n),
                "[0]".repeat(n),
                each(n, "+", |_| "1".to_owned())
            )
        },
        |n| format!("True True True {n}\n"),
    ),
    (
        "parts of an f-string",
        |n| format!("x=1\nprint(len(f'{}'))", "{x}a".repeat(n)),
        |n| format!("{}\n", 2 * n),
    ),
    (
        "strings side by side",
        |n| format!("print(len({}))", each(n, " ", |_| "'ab'".to_owned())),
        |n| format!("{}\n", 2 * n),
    ),
    (
        "long strings",
        |n| format!("print(len('{}'),len(b'{}'))", "x".repeat(n), "x".repeat(n)),
        |n| format!("{n} {n}\n"),
    ),
    (
        "a class body",
        |n| format!("class A:\n{}\nprint(A.x0,A.x{})", locals(n), n - 1),
        |n| format!("0 {}\n", n - 1),
    ),
    (
        "imports",
        |n| format!("from sys import {}\nprint(a{} is a0)", each(n, ",", |i| format!("path as a{i}")), n - 1),
        |_| "True\n".to_owned(),
    ),
];

fn check(sizes: &[usize], modes: &[&[&str]]) {
    let dir = Dir::new(&format!("limits{}", sizes[0]));
    for (kind, source, expected) in KINDS {
        for n in sizes {
            dir.write("program.py", &source(*n));
            for mode in modes {
                let (code, out, err) = dir.said(&[mode, &["program.py"][..]].concat());
                assert!(
                    code == 0 && out == expected(*n),
                    "{kind}, {n}, {mode:?}: {code} {out:.200} {err:.300}"
                );
            }
        }
    }
}

#[test]
fn widths_of_a_byte() {
    let off: &[&str] = &["-X", "jit=off"];
    check(&[15, 17, 127, 128, 255, 256, 257], &[off, &[], &["-X", "threshold=1"]]);
}

#[test]
fn widths_of_two_bytes() {
    check(&[32768, 65536], &[&["-X", "threshold=2"]]);
    check(&[70000], &[&["-X", "jit=off"]]);
}

#[test]
fn what_nests_too_deeply_is_refused_and_long_chains_are_not() {
    let dir = Dir::new("depth");
    let deep = 100_000;
    let nested = [
        format!("x={}1{}", "(".repeat(deep), ")".repeat(deep)),
        format!("x={}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("x={}1", "not ".repeat(deep)),
        format!("x={}1", "-".repeat(deep)),
        format!("x={}1", "lambda:".repeat(deep)),
        format!("x=f'{{{}1{}}}'", "(".repeat(deep), ")".repeat(deep)),
        format!("x={}1", "1 if 1 else ".repeat(deep)),
        (0..1500).map(|n| format!("{}if 1:\n", " ".repeat(n))).collect::<String>()
            + &" ".repeat(1500)
            + "pass",
    ];
    for program in nested {
        dir.write("program.py", &program);
        let (code, _, err) = dir.said(&["program.py"]);
        assert!(code == 1 && err.contains("RuntimeError"), "{program:.40}: {code} {err:.200}");
    }
    let chain = format!("print({})", each(400_000, "+", |_| "1".to_owned()));
    dir.write("program.py", &chain);
    assert_eq!(dir.said(&["program.py"]).1, "400000\n");
}

#[test]
fn what_nests_at_run_time_is_a_recursion_error() {
    let dir = Dir::new("nested");
    let grow = [
        ("t = (t,)", "hash(t)"),
        ("t = (t,)", "isinstance(1, t)"),
        ("t = [t]", "repr(t)"),
        ("t = [t]", "t == [t]"),
        ("t = map(str, t)", "list(t)"),
        ("t = enumerate(t)", "next(t)"),
    ];
    for (step, then) in grow {
        let program = format!(
            "t = ()\nu = ()\ntry:\n  for i in range(300000): {step}\n  {then}\nexcept RuntimeError: pass\nprint('on')"
        );
        let (code, out, err) = dir.said(&["-c", &program]);
        assert_eq!((code, out.as_str()), (0, "on\n"), "{step} {then}: {err:.200}");
    }
    let program = "class A: pass\nA.__call__ = A()\ntry: A()()\nexcept RuntimeError as e: print(e)";
    assert_eq!(dir.said(&["-c", program]).1, "maximum recursion depth exceeded\n");
}
