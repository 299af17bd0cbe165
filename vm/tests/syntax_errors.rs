//! What is no program, with the words and the line MicroPython has for it.

use loopscope_vm::compile::{CompileError, Mode, Options, compile};

fn error(source: &str) -> CompileError {
    compile(source, "t.py", &Options::default()).expect_err(source)
}

#[test]
fn errors_have_micropythons_words_and_the_line() {
    let cases = [
        ("x = 1\nreturn x\n", 2, "'return' outside function"),
        ("def f():\n  x = 1\n  global x\n", 3, "identifier redefined as global"),
        ("def f():\n  nonlocal x\n", 2, "no binding for nonlocal found"),
        ("nonlocal x\n", 1, "can't declare nonlocal in outer code"),
        ("\ndef f(a, a): pass\n", 2, "argument name reused"),
        ("while x:\n  pass\nelse:\n  break\n", 4, "'break'/'continue' outside loop"),
        ("class A:\n  yield 1\n", 2, "'yield' outside function"),
        ("await x\n", 1, "'await' outside function"),
        ("def f():\n  async with x: pass\n", 2, "async for/with outside async function"),
        ("x = *a\n", 1, "*x must be assignment target"),
        ("*a, *b = c\n", 1, "multiple *x in assignment"),
        ("f() = 1\n", 1, "can't assign to expression"),
        ("() = 1\n", 1, "can't assign to expression"),
        ("del f()\n", 1, "can't delete expression"),
        ("def f():\n  from a import *\n", 2, "import * not at module level"),
        ("f(a=1, 2)\n", 1, "positional arg after keyword arg"),
        ("f(a=1, *b)\n", 1, "* arg after kwarg"),
        ("try: pass\nexcept: pass\nexcept A: pass\n", 2, "default 'except' must be last"),
        ("X = const(y)\n", 1, "not a constant"),
        ("X = const(1)\nX = 2\n", 2, "can't assign to expression"),
        ("@micropython.native\ndef f(): pass\n", 1, "invalid arch"),
        ("def f():\n  super()\n", 2, "super() can't find self"),
        ("x = '\\N{DIGIT ONE}'\n", 1, "unicode name escapes"),
        ("1if x else 2\n", 1, "invalid syntax for number"),
        ("a b\n", 1, "invalid syntax"),
        ("  x\n", 1, "unexpected indent"),
    ];
    for (source, line, message) in cases {
        let error = error(source);
        assert_eq!((error.line, &*error.message), (line, message), "{source}");
        assert_eq!(error.file, "t.py");
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    for unit in ["(", "[", "{", "not ", "-", "~", "lambda: ", "x if y else ", "a ** ", "f(", "x[", "await "] {
        for n in [1_000, 100_000] {
            let source = unit.repeat(n);
            assert!(compile(&source, "t.py", &Options::default()).is_err(), "{unit} x {n}");
        }
    }
    let blocks: String = (0..300).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
    assert!(compile(&blocks, "t.py", &Options::default()).is_err());
}

#[test]
fn long_flat_programs_are_fine() {
    let sum = format!("x = 1{}\n", " + y".repeat(5_000));
    let calls = format!("x = y{}\n", ".z()".repeat(5_000));
    let branches = format!("if x: pass\n{}", "elif y: z()\n".repeat(1_000));
    let negatives = format!("x = [{}]\n", "-y, ".repeat(5_000));
    for source in [sum, calls, branches, negatives] {
        compile(&source, "t.py", &Options::default()).unwrap();
    }
}

#[test]
fn nothing_but_layout_is_a_program() {
    for source in ["", "\n\n", "\\\n", "  \\\n\n", "# only this", "'\\\\N{'", "r'\\N{x}'"] {
        assert!(compile(source, "t.py", &Options::default()).is_ok(), "{source:?}");
    }
}

#[test]
fn eval_and_prompt_have_their_own_rules() {
    let eval = Options { mode: Mode::Eval, ..Options::default() };
    assert!(compile("1 + x", "<string>", &eval).is_ok());
    assert!(compile("x = 1", "<string>", &eval).is_err());
    let prompt = Options { mode: Mode::Single, ..Options::default() };
    let module = compile("1 + 1\n", "<stdin>", &prompt).unwrap();
    assert!(module.qstrs.iter().any(|name| &**name == "__repl_print__"));
}

#[test]
fn damaged_programs_never_crash() {
    let pieces = [
        "(", ")", "[", "{", "}", "\n", "\n    ", "é", "\\", "\"", "'''", "f'", "{x", ":", "*", ",", "=", "@",
    ];
    let words =
        ["const(", "await ", "yield ", "lambda ", "nonlocal x\n", "not ", "1", "in ", "0x", "=:", "\r", "\t"];
    let pieces: Vec<&str> = pieces.into_iter().chain(words).collect();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |limit: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % limit
    };
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bytecode")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let source: Vec<char> = std::fs::read_to_string(path).unwrap().chars().collect();
        for _ in 0..1_000 {
            let mut damaged = source.clone();
            for _ in 0..next(3) + 1 {
                let at = next(damaged.len());
                let until = (at + next(4)).min(damaged.len());
                damaged.splice(at..until, pieces[next(pieces.len())].chars());
            }
            let damaged: String = damaged.into_iter().collect();
            _ = compile(&damaged, "t.py", &Options::default());
        }
    }
}
