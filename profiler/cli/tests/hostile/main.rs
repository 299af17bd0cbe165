//! Every method of the built-in types and every built-in function with arguments whose special methods change the receiver, raise, or give values of
//! the wrong type or size; and programs that want more memory than there is.
//!
//! `calls.py` makes the calls and prints a line for each; the methods are those that `python3` lists. All engines must
//! print the same lines, without a crash, within a bounded address space, and CPython's, but for the kinds of
//! differences in `differences.rs`.
#![forbid(unsafe_code)]

mod differences;
mod memory;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Name and options of each engine.
pub const MODES: &[(&str, &[&str])] =
    &[("plain", &["--jit", "off"]), ("jit", &["--jit", "on"]), ("eager", &["--threshold", "1"])];
/// Kilobytes of address space.
const ADDRESSES: &str = "4000000";
const CALLS: &str = include_str!("calls.py");
/// How often each call is made, so that the loop around it gets hot.
const REPEAT: usize = 20;
/// Prints the names of what is to be called, a line per type: methods, and the functions and types of `builtins`, but for
/// those that read input, run or end programs, or say what is a matter of the engine.
const METHODS: &str = r#"
import builtins, io
from array import array
from collections import OrderedDict, deque
receivers = {'list': [], 'dict': {}, 'OrderedDict': OrderedDict(), 'set': set(), 'frozenset': frozenset(),
    'bytearray': bytearray(), 'array': array('i'), 'deque': deque(), 'BytesIO': io.BytesIO(), 'StringIO': io.StringIO(),
    'str': '', 'bytes': b'', 'tuple': (), 'int': 1, 'float': 1.5, 'range': range(1), 'memoryview': memoryview(b''),
    'builtins': builtins}
special = '__len__ __iter__ __contains__ __getitem__ __setitem__ __delitem__'.split()
left_out = """exec eval compile input open exit quit help breakpoint print copyright credits license dir globals locals vars
    id hash super type object memoryview aiter anext property classmethod staticmethod""".split()
for kind, receiver in receivers.items():
    names = [n for n in dir(receiver) if callable(getattr(receiver, n)) and (n[0] != '_' or n in special)]
    if receiver is builtins:
        is_error = lambda f: isinstance(f, type) and issubclass(f, BaseException)
        names = [n for n in names if n not in left_out and not is_error(getattr(builtins, n))]
    print(kind, *names)
"#;

/// Runs a program with a bounded address space.
pub fn run(program: &str, options: &[&str], file: &Path) -> Output {
    let script = format!("ulimit -v {ADDRESSES}; exec timeout 100 \"$@\"");
    Command::new("sh")
        .args(["-c", &script, "sh", program])
        .args(options)
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .expect("sh runs")
}

pub fn loopscope(options: &[&str], file: &Path) -> Output {
    let options: Vec<&str> = ["run"].iter().chain(options).copied().collect();
    run(env!("CARGO_BIN_EXE_loopscope"), &options, file)
}

pub fn write(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile_{name}.py"));
    std::fs::write(&path, text).expect("the target directory can be written");
    path
}

/// The calls of some methods of one type, each so many times.
fn calls(file: &str, kind: &str, names: &[&str], times: usize) -> PathBuf {
    write(file, &format!("METHODS = {{{kind:?}: {names:?}}}\nREPEAT = {times}\n{CALLS}"))
}

/// What CPython prints. It does not survive all of them: then each method has a process of its own.
fn expected(kind: &str, names: &[&str]) -> BTreeMap<String, String> {
    let file = |name: &str, names: &[&str]| calls(&format!("{kind}_{name}"), kind, names, 1);
    let all = run("python3", &[], &file("python", names));
    if all.status.success() {
        return lines(&all);
    }
    names.iter().flat_map(|name| lines(&run("python3", &[], &file(name, &[*name])))).collect()
}

/// What was called, and what came of it.
fn lines(output: &Output) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let pairs = text.lines().filter_map(|line| line.split_once(" -> "));
    pairs.map(|(call, result)| (call.to_owned(), result.to_owned())).collect()
}

/// `None` where there is no python3.
fn methods() -> Option<String> {
    let listed = Command::new("python3").args(["-c", METHODS]).output().ok()?;
    listed.status.success().then(|| String::from_utf8_lossy(&listed.stdout).into_owned())
}

#[test]
fn methods_survive_hostile_arguments() {
    let Some(methods) = methods() else {
        println!("skipped: no python3, which knows the methods");
        return;
    };
    let mut wrong = Vec::new();
    for line in methods.lines() {
        let (kind, names) = line.split_once(' ').expect("a type and its methods");
        let names: Vec<&str> = names.split(' ').collect();
        let file = calls(kind, kind, &names, REPEAT);
        let plain = checked(kind, MODES[0], &file, &mut wrong);
        for mode in &MODES[1..] {
            let other = checked(kind, *mode, &file, &mut wrong);
            wrong.extend(differences(&plain, &other).map(|text| format!("{}: {text}", mode.0)));
        }
        let expected = expected(kind, &names);
        wrong.extend(differences(&expected, &plain).filter(|text| !differences::is_known(text)));
    }
    assert!(
        wrong.is_empty(),
        "{} calls went wrong\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
}

fn checked(
    kind: &str,
    (mode, options): (&str, &[&str]),
    file: &Path,
    wrong: &mut Vec<String>,
) -> BTreeMap<String, String> {
    let output = loopscope(options, file);
    if output.status.code() != Some(0) {
        let told = String::from_utf8_lossy(&output.stderr);
        wrong.push(format!("{kind} ({mode}): {}\n{told}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    wrong.extend(text.lines().filter(|line| line.starts_with("UNSTABLE")).map(str::to_owned));
    lines(&output)
}

/// `call: expected, not found`
fn differences<'a>(
    expected: &'a BTreeMap<String, String>,
    found: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = String> + 'a {
    expected.iter().filter_map(|(call, result)| match found.get(call) {
        Some(other) if other == result => None,
        other => Some(format!("{call}: {result}, not {}", other.map_or("missing", String::as_str))),
    })
}
