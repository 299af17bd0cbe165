//! Logs of our own JIT, read by our own profiler.

#[path = "../../../jit/tests/support/machine.rs"]
mod machine;

use jit::options::Options;
use logs::Radix;
use logs::event::EventKind;
use logs::filter::Selection;
use machine::log_of;
use profiler::Report;

fn report(program: &str, options: Options) -> Report {
    report_of(&written(program, options))
}

fn written(program: &str, options: Options) -> Vec<u8> {
    let (bytes, printed) = log_of(program, options, Selection::everything());
    assert!(!printed.contains("Traceback"), "{printed}");
    bytes
}

fn report_of(bytes: &[u8]) -> Report {
    let (log, diagnostics) = logs::parse(bytes, Radix::Sixteen);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    // What events say: these tests are about them.
    let by_events = profiler::Options { by_events: true, ..profiler::Options::default() };
    let report = profiler::analyze_with(&log, &by_events);
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    report
}

fn in_loops(report: &Report) -> u64 {
    report.loops.iter().map(|row| row.ticks).sum()
}

fn assert_all_is_there(report: &Report) {
    let other = &report.other;
    assert_eq!(in_loops(report) + other.total(), report.total_ticks);
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
    let bytes = written(program, Options::default());
    let report = report_of(&bytes);
    assert_all_is_there(&report);
    // What the log says about it, however long that was.
    assert_eq!(in_loops(&report), ticks_inside(&bytes));
    let row = &report.loops[0];
    assert_eq!((row.name.as_str(), row.visits, row.exits), ("loop0", 1, Some(1)));
    assert!(row.passes.is_some_and(|passes| (9_990_000..10_000_000).contains(&passes)), "{row:?}");
    assert!(row.compile.total() > 0);
}

/// Ticks between each entering of the outermost level and its end.
fn ticks_inside(bytes: &[u8]) -> u64 {
    let (log, _) = logs::parse(bytes, Radix::Sixteen);
    let mut since = None;
    let mut ticks = 0;
    for event in log.frame.events() {
        match event.kind {
            EventKind::Enter | EventKind::Exit => {
                ticks += since.take().map_or(0, |since| event.at - since);
                since = (event.kind == EventKind::Enter).then_some(event.at);
            }
            EventKind::Call | EventKind::Return => panic!("the program calls nothing"),
        }
    }
    ticks
}

/// By the passes that the counters saw, not by how long they took: there are 2.05 million of the inner loop.
#[test]
fn mandel_runs_in_loops() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/programs/mandel.py");
    let report = report(&std::fs::read_to_string(path).unwrap(), Options::default());
    assert_all_is_there(&report);
    let passes: u64 = report.loops.iter().filter_map(|row| row.passes).sum();
    assert!(passes > 2_000_000, "{passes}");
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
