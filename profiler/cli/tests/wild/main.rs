//! Logs as people have them: of all years and machines, shortened, quoted, mixed. Each is small and made up; what is right
//! for it stands beside it.

#[path = "../support/dir.rs"]
mod dir;
mod filters;
mod framing;
mod generations;
mod machines;
mod phases;
mod runs;

use dir::Dir;
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A directory that no other test has.
fn fresh() -> Dir {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    Dir::new(&format!("log{}", MADE.fetch_add(1, Ordering::Relaxed)))
}

/// The report of a log, as JSON, with whatever options.
pub fn report_with(log: &str, options: &[&str]) -> Value {
    let dir = fresh();
    dir.write("a.pypylog", log);
    let args = [&["report", "--format", "json"], options, &["a.pypylog"]].concat();
    let (code, out, err) = dir.said(&args);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

pub fn report(log: &str) -> Value {
    report_with(log, &[])
}

/// The same of a log about which there is nothing to complain.
pub fn healthy(log: &str) -> Value {
    let report = report(log);
    assert_eq!(report["diagnostics"].as_array().unwrap().len(), 0, "{report:#}");
    report
}

/// The table.
pub fn table(log: &str) -> String {
    let dir = fresh();
    dir.write("a.pypylog", log);
    dir.said(&["report", "a.pypylog"]).1
}

/// What is known of a loop.
pub fn row<'r>(report: &'r Value, name: &str) -> &'r Value {
    let rows = report["loops"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no {name} in {report:#}"))
}

/// A section.
pub fn section(at: u64, name: &str, text: &str) -> String {
    format!("[{at:x}] {{{name}\n{text}[{:x}] {name}}}\n", at + 8)
}

/// A loop as PyPy 1.5 logged it, with a guard of that number.
pub fn old_loop(at: u64, number: u64, guard: &str) -> String {
    let line = 10 * (number + 1);
    let text = format!(
        "# Loop {number} : loop with 4 ops\n[p0, i1]\n\
         debug_merge_point('<code object f{number}, file 'old.py', line {line}> #9 LOAD_FAST', 0)\n\
         i2 = int_lt(i1, 5000)\nguard_true(i2, descr=<Guard{guard}>) [p0, i1]\njump(p0, i1, descr=<Loop{number}>)\n"
    );
    section(at, "jit-log-opt-loop", &text)
}

/// Its bridge.
pub fn old_bridge(at: u64, guard: &str) -> String {
    let text = format!("# bridge out of Guard {guard} with 1 ops\n[p0, i1]\njump(p0, i1, descr=<Loop0>)\n");
    section(at, "jit-log-opt-bridge", &text)
}

/// A loop as PyPy logs it now, with a label of that number.
pub fn new_loop(at: u64, number: u64, token: i64) -> String {
    let place = format!("f{number};new.py:{}-{}~#4 FOR_ITER", 10 * number, 10 * number + 1);
    let text = format!(
        "# Loop {number} ({place}) : loop with 3 ops\n[p0]\n+4: label(p0, descr=TargetToken({token}))\n\
         debug_merge_point(0, 0, '{place}')\n+9: jump(p0, descr=TargetToken({token}))\n+14: --end of the loop--\n"
    );
    section(at, "jit-log-opt-loop", &text)
}
