//! Where ticks go, on small logs written by hand.

use logs::Radix;
use loopscope_profiler as profiler;
use profiler::Report;

const NOTE: &str = include_str!("data/note.pypylog");

fn report(log: &str) -> Report {
    analyze(log, Radix::Sixteen)
}

fn analyze(log: &str, radix: Radix) -> Report {
    let (log, diagnostics) = logs::parse(log.as_bytes(), radix);
    let report = profiler::analyze(&log).with_diagnostics(&diagnostics);
    assert_eq!(sum(&report), report.total_ticks);
    report
}

fn sum(report: &Report) -> u64 {
    let loops: u64 = report.loops.iter().map(|row| row.ticks).sum();
    loops + report.other.total()
}

/// Events in a notation of one line each: `100 enter loop1`.
fn events(lines: &[&str]) -> Report {
    let mut text = String::new();
    for line in lines {
        let [at, kind, content] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        match kind {
            "{" => text += &format!("[{at}] {{{content}\n"),
            "}" => text += &format!("[{at}] {content}}}\n"),
            _ => text += &format!("[{at}] {{jit-profile-{kind}\n{content}\n[{at}] jit-profile-{kind}}}\n"),
        }
    }
    analyze(&text, Radix::Ten)
}

fn ticks(report: &Report, name: &str) -> (u64, u64, u64) {
    let row = report.loops.iter().find(|row| row.name == name).unwrap();
    (row.ticks, row.total_ticks, row.visits)
}

#[test]
fn the_notes_example() {
    let decimal = analyze(NOTE, Radix::Ten);
    assert_eq!((ticks(&decimal, "loop1"), ticks(&decimal, "loop0")), ((100, 100, 1), (300, 300, 1)));
    assert_eq!((decimal.total_ticks, decimal.other.interpreter), (400, 0));
    let hex = analyze(NOTE, Radix::Sixteen);
    assert_eq!((ticks(&hex, "loop1"), ticks(&hex, "loop0")), ((256, 256, 1), (768, 768, 1)));
    assert!(decimal.diagnostics.is_empty() && decimal.loops[0].name == "loop0");
}

#[test]
fn visits_have_lengths_and_ends() {
    let report = events(&[
        "100 enter loop0",
        "110 exit loop0",
        "120 enter loop0",
        "150 enter loop1",
        "155 exit loop1",
        "200 enter loop0",
        "300 exit loop0",
    ]);
    let row = &report.loops[0];
    assert_eq!((row.name.as_str(), row.visits, row.exits), ("loop0", 3, Some(2)));
    assert_eq!((row.ticks, row.p50, row.p90, row.max), (140, 30, 100, 100));
    assert_eq!(report.other.interpreter, 55);
}

#[test]
fn a_called_loop_is_its_callers_total_and_its_own_self() {
    let report = events(&[
        "0 enter loop0",
        "10 call loop1",
        "15 call loop2",
        "25 return loop2",
        "30 return loop1",
        "50 exit loop0",
    ]);
    assert_eq!(ticks(&report, "loop0"), (30, 50, 1));
    assert_eq!(ticks(&report, "loop1"), (10, 20, 1));
    assert_eq!(ticks(&report, "loop2"), (10, 10, 1));
}

#[test]
fn a_call_may_name_its_caller_and_be_followed_by_an_enter() {
    let report = events(&[
        "0 enter loop0",
        "10 call loop0",
        "12 enter loop1",
        "20 exit loop1",
        "30 return loop0",
        "50 exit loop0",
    ]);
    assert_eq!((ticks(&report, "loop0"), ticks(&report, "loop1")), ((42, 50, 1), (8, 8, 1)));
    assert!(report.diagnostics.is_empty());
}

#[test]
fn recursion_counts_once_in_the_total() {
    let report = events(&[
        "0 enter loop0",
        "10 call loop1",
        "20 call loop0",
        "30 return loop0",
        "40 return loop1",
        "50 exit loop0",
    ]);
    assert_eq!((ticks(&report, "loop0"), ticks(&report, "loop1")), ((30, 50, 2), (20, 30, 1)));
}

#[test]
fn an_exit_closes_the_calls_an_exception_left() {
    let report =
        events(&["0 enter loop0", "10 call loop1", "30 exit loop0", "50 enter loop2", "60 exit loop2"]);
    assert_eq!((ticks(&report, "loop0"), ticks(&report, "loop1")), ((10, 30, 1), (20, 20, 1)));
    assert_eq!(report.other.interpreter, 20);
    assert!(report.diagnostics.is_empty());
}

#[test]
fn sections_take_their_time_from_whatever_they_interrupt() {
    let report = events(&[
        "0 { jit-tracing",
        "10 { jit-optimize",
        "20 { gc-minor",
        "25 } gc-minor",
        "30 } jit-optimize",
        "32 { jit-backend",
        "40 } jit-backend",
        "45 } jit-tracing",
        "50 enter loop0",
        "60 { gc-minor",
        "61 { gc-minor-walkroots",
        "65 } gc-minor-walkroots",
        "70 } gc-minor",
        "100 exit loop0",
    ]);
    let other = report.other;
    assert_eq!((other.tracing, other.optimize, other.backend, other.gc), (17, 15, 8, 15));
    assert_eq!((other.interpreter, ticks(&report, "loop0")), (5, (40, 50, 1)));
}

#[test]
fn a_killed_run_keeps_its_last_visit() {
    let report = events(&["100 enter loop0", "150 { gc-minor", "170 } gc-minor"]);
    assert_eq!(ticks(&report, "loop0"), (50, 70, 1));
    assert_eq!(report.loops[0].exits, None);
}

#[test]
fn the_clock_never_goes_back() {
    let report = events(&["100 enter loop0", "90 exit loop0", "110 enter loop0", "120 exit loop0"]);
    assert_eq!((ticks(&report, "loop0"), report.total_ticks), ((10, 10, 2), 20));
    assert!(report.diagnostics[0].message.contains("backwards"));
}

#[test]
fn strays_are_counted() {
    let report =
        events(&["0 exit loop0", "10 return loop1", "20 enter loop2", "30 exit loop3", "40 enter loop2"]);
    assert_eq!(ticks(&report, "loop2"), (10, 10, 2));
    let messages: Vec<_> = report.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert!(messages[0].starts_with("2 times a loop was left") && messages[1].starts_with("1 times a call"));
}

#[test]
fn meta_widens_the_run() {
    let report = report(
        "[10] {loopscope-meta\nversion 0.1.0\npid 7\nclock-hz 1000\nprogram sieve.py\nstart 8\nend 40\n\
         [10] loopscope-meta}\n[20] {jit-profile-enter\nloop0 # sieve.py:7 sieve FOR_ITER\n[20] jit-profile-enter}\n\
         [30] {jit-profile-exit\nloop0\n[30] jit-profile-exit}\n",
    );
    assert_eq!((report.total_ticks, report.clock_hz, report.other.interpreter), (0x38, Some(1000), 0x28));
    assert_eq!(report.milliseconds(16), Some(16.0));
    let place = report.loops[0].location.as_ref().unwrap();
    assert_eq!((place.file.as_str(), place.line, place.function.as_str()), ("sieve.py", 7, "sieve"));
}

#[test]
fn compiling_belongs_to_the_trace_shown_next() {
    let report = report(concat!(
        "[0] {jit-tracing\nf;x.py:1-2~#3 FOR_ITER\n",
        "[10] {jit-optimize\n[20] jit-optimize}\n[20] {jit-backend\n[50] jit-backend}\n",
        "[50] {jit-log-opt-loop\n# Loop 0 (f;x.py:1-2~#3 FOR_ITER) : loop with 1 ops\n[p0]\njump(p0)\n",
        "[50] jit-log-opt-loop}\ncompiled new loop\n[55] jit-tracing}\n",
        "[60] {jit-tracing\ng;x.py:5-6~#7 LOAD_FAST\n~~~ ABORTING TRACING ABORT_TOO_LONG\n[70] jit-tracing}\n",
    ));
    let cost = report.loops[0].compile;
    assert_eq!((cost.tracing, cost.optimize, cost.backend), (0x15, 0x10, 0x30));
    let abort = &report.aborts[0];
    assert_eq!((abort.reason.as_str(), abort.times, abort.ticks), ("ABORT_TOO_LONG", 1, 0x10));
    assert_eq!(abort.location.as_ref().unwrap().function, "g");
    assert!(!report.has_events && report.notes[0].contains("tells when loops ran"));
}

#[test]
fn what_is_no_log_has_an_empty_report() {
    let report = report("\u{0}\u{1}garbage [");
    assert_eq!((report.total_ticks, report.loops.len()), (0, 0));
    assert!(report.diagnostics[0].message.starts_with("not a PYPYLOG"));
}

/// Events of windows say nothing of the time between these.
#[test]
fn events_alone_cover_their_windows() {
    let text = "[100] {jit-profile-enter\nloop0\n[100] jit-profile-enter}\n\
                [180] {jit-profile-exit\nloop0\n[180] jit-profile-exit}\n\
                [200] {jit-profile-window\n100 200 2\n[200] jit-profile-window}\n\
                [500] {gc-minor\n[600] gc-minor}\n\
                [900] {jit-profile-enter\nloop1\n[900] jit-profile-enter}\n\
                [a00] {jit-profile-exit\nloop1\n[a00] jit-profile-exit}\n\
                [a00] {jit-profile-window\n900 a00 2\n[a00] jit-profile-window}\n[f00] {x\n[f00] x}\n";
    let (log, _) = logs::parse(text.as_bytes(), Radix::Sixteen);
    let options = profiler::Options { by_events: true, ..profiler::Options::default() };
    let report = profiler::analyze_with(&log, &options);
    assert_eq!((ticks(&report, "loop0").0, ticks(&report, "loop1").0), (0x80, 0x100));
    assert_eq!((report.total_ticks, report.other.interpreter, report.other.gc), (0x200, 0x80, 0));
    assert_eq!((report.events.coverage, report.events.covered_ticks), ("windows", Some(0x200)));
}
