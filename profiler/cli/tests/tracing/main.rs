//! `sys.settrace` tells what CPython 3.11 tells: generated programs that trace themselves print the same events under
//! both, with and without the JIT. And the tools made of it.
//!
//! `TRACING_FIRST=seed` and `TRACING_COUNT=n` choose the generated programs. Without a `python3` of version 3.11 they
//! are not compared.
#![forbid(unsafe_code)]

#[path = "../support/dir.rs"]
mod dir;
mod tools;

use std::path::PathBuf;
use std::process::Command;

use dir::{Dir, text};

/// What a run of the command is given before the program.
const MODES: [&[&str]; 4] =
    [&["--jit", "off"], &[], &["--threshold", "1"], &["--threshold", "1", "--gc-stress"]];
/// Programs that print more than this are not worth it.
const MOST: usize = 300_000;

#[test]
fn generated_programs_print_cpythons_events() {
    if !has_python() {
        eprintln!("skipped: there is no python3 of version 3.11 to compare with");
        return;
    }
    let (first, count) = (number("TRACING_FIRST", 1), number("TRACING_COUNT", 60));
    let dir = Dir::new("generated");
    let failures: Vec<String> = (first..first + count).filter_map(|seed| differs(&dir, seed)).collect();
    assert!(failures.is_empty(), "{} of {count} programs differ\n{}", failures.len(), failures.join("\n"));
}

/// All ways in which callbacks come and go in the middle of functions.
#[test]
fn callbacks_come_and_go_in_the_middle_as_in_cpython() {
    if !has_python() {
        eprintln!("skipped: there is no python3 of version 3.11 to compare with");
        return;
    }
    let dir = Dir::new("midfunction");
    dir.write("p.py", include_str!("midfunction.py"));
    let failure = compare(&dir, "p.py");
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}

fn differs(dir: &Dir, seed: u64) -> Option<String> {
    let generator = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tracing/generate.py");
    let program =
        Command::new("python3").arg(generator).arg(seed.to_string()).output().expect("python3 runs");
    let name = format!("traced_{seed}.py");
    dir.write(&name, &text(&program.stdout));
    compare(dir, &name).map(|difference| format!("seed {seed} {difference}"))
}

/// How what this program prints differs from what it prints under CPython.
fn compare(dir: &Dir, name: &str) -> Option<String> {
    let wanted = Command::new("python3").arg(name).current_dir(&dir.0).output().expect("python3 runs");
    if wanted.stdout.len() > MOST {
        return None;
    }
    let wanted = text(&wanted.stdout);
    MODES.iter().find_map(|mode| {
        let args: Vec<&str> = ["run"].into_iter().chain(mode.iter().copied()).chain([name]).collect();
        let (_, said, complaint) = dir.said(&args);
        let differs = said != wanted;
        differs.then(|| format!("{mode:?}: {}{complaint}", difference(&wanted, &said)))
    })
}

/// The first line that differs, with its number.
fn difference(wanted: &str, said: &str) -> String {
    let (mut wanted, mut said) = (wanted.lines(), said.lines());
    for number in 1.. {
        let lines = (wanted.next(), said.next());
        if lines.0 != lines.1 || lines == (None, None) {
            return format!("line {number}: wanted {:?}, got {:?}\n", lines.0, lines.1);
        }
    }
    String::new()
}

fn has_python() -> bool {
    let version = Command::new("python3").arg("--version").output();
    version.is_ok_and(|output| text(&output.stdout).starts_with("Python 3.11"))
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
