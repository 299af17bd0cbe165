//! One program, many engines, one output.
//!
//! Every program of `benches/programs` and `vm/tests/lang`, and a stream of generated ones, runs under every row of
//! `mode::MODES`; standard output and exit code must be those the program's header promises, or, where it promises
//! nothing, those of the first row (the plain interpreter).
//!
//! `DIFFERENTIAL_ONLY=text` keeps the programs whose path contains the text, `DIFFERENTIAL_MODE=text` the rows whose
//! name contains it; `GENERATE_FIRST=seed` and `GENERATE_COUNT=n` choose the generated programs.
#![forbid(unsafe_code)]

mod check;
mod generator;
mod mode;
mod peer;
mod process;
mod program;
mod shrink;

use std::path::{Path, PathBuf};

use program::Program;

#[test]
fn benchmark_programs() {
    check::corpus(&programs("benches/programs"));
}

#[test]
fn language_programs() {
    check::corpus(&programs("vm/tests/lang"));
}

#[test]
fn generated_programs() {
    let first = number("GENERATE_FIRST", 1);
    let count = number("GENERATE_COUNT", 40);
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let written: Vec<Program> =
        (first..first + count).map(|seed| write_generated(&directory, seed)).collect();
    let failures = check::failures(&written);
    let Some(failure) = failures.first() else { return };
    let smaller = shrink::shrink(failure, &directory);
    panic!("{} generated programs differ\n{failure}\nshrunk to {}", failures.len(), smaller.display());
}

fn write_generated(directory: &Path, seed: u64) -> Program {
    let path = directory.join(format!("generated_{seed}.py"));
    std::fs::write(&path, generator::program(seed)).expect("the target directory can be written");
    Program::read(&path)
}

fn programs(directory: &str) -> Vec<Program> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(directory);
    let only = std::env::var("DIFFERENTIAL_ONLY").unwrap_or_default();
    let entries = std::fs::read_dir(&directory).expect("the directory of programs exists");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| {
        path.extension().is_some_and(|end| end == "py") && path.to_string_lossy().contains(&only)
    });
    paths.sort();
    paths.iter().map(|path| Program::read(path)).collect()
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
