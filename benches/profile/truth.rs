//! Does the report say where the time is? `cargo run --release -p loopscope-benches --bin truth [-v] [PROG.py…]`
//!
//! ```text
//!   run --log  under perf record ─► samples ─► by address ─► shares ─┐
//!        └─► log ─► report --format json ─────────────────► shares ──┴─► differ by more than 3 points? fail
//!   run that logs addresses only, under perf ─► shares by place ──────┘
//! ```
//!
//! A sample belongs to the innermost frame of its call chain that lies in machine code, by the addresses in the log. What
//! such code calls is its helpers' time. Compared are trees (a loop or an entry with all its bridges), places (loops and
//! entries of one line), bridges, and each tree's helpers, as shares of the time that the program's thread ran, where
//! either says 2 % or more. `perf` may be missing, or may not be permitted: then nothing is compared, and that is said.

mod perf;
mod shares;

use loopscope_benches::program::{Program, loopscope, repeated, sources};
use perf::Pieces;
use serde_json::Value;
use shares::{Names, Shares};
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Points that a share may be off, and the shares that are looked at.
const TOLERANCE: f64 = 3.0;
const SEEN: f64 = 2.0;
const SECONDS: f64 = 1.5;
/// Programs that a run without arguments compares.
const PROGRAMS: [&str; 10] = [
    "machine",
    "nbody",
    "mandel",
    "branches",
    "trees",
    "nqueens",
    "sorting",
    "spectral_norm",
    "wordcount",
    "strings",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(reason) = perf::is_usable() {
        println!("skipped: {reason}");
        return;
    }
    let verbose = arguments.iter().any(|word| word == "-v");
    let named = arguments.iter().any(|word| word.ends_with(".py"));
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let mut wrong = 0;
    for source in sources(&arguments) {
        let stem = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if named || PROGRAMS.contains(&stem.as_str()) {
            wrong += compare(&repeated(&source, folder.path(), SECONDS), folder.path(), verbose);
        }
    }
    println!("{wrong} shares are off by more than {TOLERANCE} points");
    std::process::exit(i32::from(wrong > 0));
}

/// Prints a program's rows; how many are off.
fn compare(program: &Program, folder: &Path, verbose: bool) -> usize {
    let log = folder.join("log");
    let arguments: [&OsStr; 4] =
        ["run".as_ref(), "--log".as_ref(), log.as_os_str(), program.path.as_os_str()];
    let samples = perf::record(folder, &arguments, None);
    let report = report(&log);
    let names = Names::of(&report);
    let (ours, theirs) = (names.by_report(&report), names.by_perf(&samples.ran(&Pieces::of(&log))));
    println!("{} ({} samples)", program.name, samples.len());
    let wrong = table("", &ours, &theirs, verbose);
    match bare(program, folder, &names) {
        Some(bare) => wrong + table("place ", &ours, &bare, verbose),
        None => {
            println!("  without the log's events other traces are made: not compared");
            wrong
        }
    }
}

/// Shares of a run that logs only where its code lies; none if its traces are others.
fn bare(program: &Program, folder: &Path, names: &Names) -> Option<Shares> {
    let log = folder.join("bare");
    let variable = format!("jit-backend-addr,jit-backend-dump:{}", log.display());
    let samples = perf::record(folder, &[program.path.as_os_str()], Some(variable.as_ref()));
    let pieces = Pieces::of(&log);
    pieces.are_among(&names.roots).then(|| names.by_perf(&samples.ran(&pieces)))
}

fn report(log: &Path) -> Value {
    let output = Command::new(loopscope()).args(["report", "--format", "json"]).arg(log).output();
    let output = output.unwrap_or_else(|error| panic!("{error}"));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("the report is no JSON: {error}"))
}

/// Prints the rows whose name begins so; how many are off.
fn table(what: &str, ours: &Shares, theirs: &Shares, verbose: bool) -> usize {
    let mut names: Vec<&String> =
        ours.keys().chain(theirs.keys()).filter(|name| name.starts_with(what)).collect();
    names.sort();
    names.dedup();
    let share = |shares: &Shares, name: &String| shares.get(name).copied().unwrap_or(0.0);
    let mut wrong = 0;
    for name in names {
        let (report, perf) = (share(ours, name), share(theirs, name));
        let off = report - perf;
        let counts = report.max(perf) >= SEEN;
        wrong += usize::from(counts && off.abs() > TOLERANCE);
        if counts && (verbose || off.abs() > TOLERANCE) {
            println!("  {name:<44} perf {perf:>5.1} report {report:>5.1} {off:>+5.1}");
        }
    }
    wrong
}
