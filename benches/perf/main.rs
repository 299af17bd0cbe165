//! Does perf agree with us, and what does it cost to let it look? `cargo run --release -p loopscope-benches --bin perf
//! [PROG.py…]`, once the command has been built.
//!
//! ```text
//!   perf record ── loopscope run --perf map --log ──► samples ──► share of each loop's tree ─┐
//!                                               └──► report ───► share of each loop's tree ──┴─► 3 points apart? fail
//! ```
//!
//! Then a recursive function in the interpreter, with its calls entered through trampolines and without, in
//! instructions.

mod shares;

use shares::{by_report, by_samples};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Programs that a run without arguments measures, by name in `benches/programs`, with arguments for some seconds' work:
/// fewer samples leave more to chance than is allowed.
const PROGRAMS: [(&str, &str); 8] = [
    ("mandel", "3000"),
    ("matmul", "250"),
    ("nbody", "2000000"),
    ("sieve", "20000000"),
    ("spectral_norm", "2500"),
    ("wordcount", "1500000"),
    ("fannkuch", "10"),
    ("sorting", "250000"),
];
/// Points of a hundred.
const TOLERANCE: f64 = 3.0;
/// Instructions with trampolines, by those without.
const MOST: f64 = 1.5;

const FIB: &str = "def fib(n):\n    if n < 2: return n\n    return fib(n - 1) + fib(n - 2)\nprint(fib(20))\n";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let command = root.join("target/release/loopscope");
    assert!(command.exists(), "{} is missing: build it first", command.display());
    let work = root.join("target/perf-shares");
    std::fs::create_dir_all(&work).unwrap_or_else(|error| panic!("{}: {error}", work.display()));
    let worst = programs(&root).iter().map(|program| compare(&command, &work, program)).fold(0.0, f64::max);
    let ratio = trampolines(&command, &work);
    if worst > TOLERANCE || ratio > MOST {
        eprintln!("more than {TOLERANCE} points apart, or trampolines cost more than {MOST}");
        std::process::exit(1);
    }
}

/// Each with its arguments.
fn programs(root: &Path) -> Vec<Vec<String>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if !given.is_empty() {
        return given.into_iter().map(|file| vec![file]).collect();
    }
    let path = |name: &str| root.join(format!("benches/programs/{name}.py")).to_string_lossy().into_owned();
    PROGRAMS.iter().map(|(name, size)| vec![path(name), (*size).to_owned()]).collect()
}

/// Prints both shares of each loop; gives the largest difference.
fn compare(command: &Path, work: &Path, program: &[String]) -> f64 {
    let (data, log) = (work.join("perf.data"), work.join("log"));
    let mut record = Command::new("perf");
    record
        .args(["record", "-q", "-e", "cpu-clock", "-F", "2999", "-g", "--call-graph=fp", "-o"])
        .arg(&data)
        .arg("--");
    record.arg(command).args(["run", "--perf", "map", "--log"]).arg(&log).args(program);
    run(&mut record);
    let script = run(Command::new("perf").args(["script", "-F", "comm,ip,sym", "-i"]).arg(&data));
    let report = run(Command::new(command).args(["report", "--format", "json"]).arg(&log));
    let report = serde_json::from_str(&report).unwrap_or_else(|error| panic!("no report: {error}"));
    let (ours, perfs) = (by_report(&report), by_samples(&script, &report));
    println!("\n{}: {} samples", program.join(" "), perfs.total);
    println!("{:>8} {:>8} {:>8}  loop", "report", "perf", "apart");
    shares::together(&ours, &perfs).iter().map(print_row).fold(0.0, f64::max)
}

fn print_row((place, ours, perfs): &(String, f64, f64)) -> f64 {
    let apart = (ours - perfs).abs();
    if ours.max(*perfs) >= 1.0 {
        println!("{ours:>7.1}% {perfs:>7.1}% {apart:>8.1}  {place}");
    }
    apart
}

/// Prints what trampolines cost; gives the factor.
fn trampolines(command: &Path, work: &Path) -> f64 {
    let (fib, nothing) = (work.join("fib.py"), work.join("nothing.py"));
    for (path, text) in [(&fib, FIB), (&nothing, "")] {
        std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let cost =
        |options: &[&str]| instructions(command, options, &fib) - instructions(command, options, &nothing);
    let (off, on) = (cost(&["-X", "jit=off"]), cost(&["-X", "jit=off", "-X", "perf"]));
    let ratio = on as f64 / off as f64;
    println!("\nfib(20) in the interpreter: {off} instructions, {on} through trampolines: {ratio:.2}");
    ratio
}

fn instructions(command: &Path, options: &[&str], program: &PathBuf) -> u64 {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(command)
        .args(options)
        .arg(program);
    let output = valgrind.output().unwrap_or_else(|error| panic!("valgrind is needed: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find(|line| line.contains("Collected :"));
    let count = line.and_then(|line| line.rsplit(' ').next()).and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| panic!("callgrind gave no count:\n{text}"))
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
