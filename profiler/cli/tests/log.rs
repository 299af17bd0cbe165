//! Logs of our own JIT, read by our own profiler.

#[path = "../../../jit/tests/support/machine.rs"]
mod machine;

use jit::options::Options;
use logs::Radix;
use logs::filter::Selection;
use machine::log_of;
use profiler::Report;

fn report(program: &str, options: Options) -> Report {
    let (bytes, printed) = log_of(program, options, Selection::everything());
    assert!(!printed.contains("Traceback"), "{printed}");
    let (log, diagnostics) = logs::parse(&bytes, Radix::Sixteen);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let report = profiler::analyze(&log);
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    report
}

fn in_loops(report: &Report) -> u64 {
    report.loops.iter().map(|row| row.ticks).sum()
}

fn assert_all_is_there(report: &Report) {
    let other = &report.other;
    let rest = other.interpreter + other.tracing + other.optimize + other.backend + other.gc;
    assert_eq!(in_loops(report) + rest, report.total_ticks);
}

#[test]
fn a_loop_gets_the_ticks_it_used() {
    let program = "
def f(n):
    x = 0.5
    for i in range(n):
        x = x * 3.0 - x * x * 3.0
    return x
f(10000000)
";
    let report = report(program, Options::default());
    assert_all_is_there(&report);
    assert!(in_loops(&report) * 10 > report.total_ticks * 8, "{report:?}");
    let row = &report.loops[0];
    assert_eq!((row.name.as_str(), row.visits, row.exits), ("loop0", 1, 1));
    assert!(row.passes.is_some_and(|passes| (9_990_000..10_000_000).contains(&passes)), "{row:?}");
    assert!(row.compile.total() > 0);
}

#[test]
fn mandel_is_spent_in_loops() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/programs/mandel.py");
    let report = report(&std::fs::read_to_string(path).unwrap(), Options::default());
    assert_all_is_there(&report);
    let compiling = report.other.tracing + report.other.optimize + report.other.backend;
    let running = report.total_ticks - compiling;
    assert!(in_loops(&report) * 10 > running * 7, "{report:?}");
}

#[test]
fn collections_are_nobody_elses() {
    let program = "
import gc
def f(n):
    kept = []
    for i in range(n):
        kept.append((i, [i]))
    gc.collect()
    return len(kept)
f(100000)
";
    let report = report(program, Options::default());
    assert_all_is_there(&report);
    assert!(report.other.gc > 0, "{report:?}");
}
