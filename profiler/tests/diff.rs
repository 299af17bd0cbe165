//! Two runs compared.

use logs::Radix;
use loopscope_profiler as profiler;
use profiler::Report;
use profiler::diff::{Diff, DiffOptions, LoopDiff, Status};

const RUN: &str = include_str!("data/run.pypylog");

fn report(text: &str) -> Report {
    let (log, _) = logs::parse(text.as_bytes(), Radix::Ten);
    profiler::analyze(&log)
}

/// Loops that ran for so long, one after the other: `(place, ticks)`.
fn run(loops: &[(&str, u64)]) -> Report {
    let mut text = String::new();
    let mut now = 0;
    for (number, (place, ticks)) in loops.iter().enumerate() {
        text +=
            &format!("[{now}] {{jit-profile-enter\nloop{number} # {place}\n[{now}] jit-profile-enter}}\n");
        now += ticks;
    }
    text += &format!("[{now}] {{jit-profile-exit\nloop0\n[{now}] jit-profile-exit}}\n");
    report(&text)
}

fn compare(old: &[(&str, u64)], new: &[(&str, u64)]) -> Diff {
    profiler::diff(&run(old), &run(new), &DiffOptions::default())
}

fn status<'d>(diff: &'d Diff, place: &str) -> &'d LoopDiff {
    diff.loops.iter().find(|row| row.label.starts_with(place)).unwrap_or_else(|| panic!("{place}: {diff:?}"))
}

#[test]
fn a_run_does_not_differ_from_itself() {
    let (log, _) = logs::parse(RUN.as_bytes(), Radix::Sixteen);
    let report = profiler::analyze(&log);
    let diff = profiler::diff(&report, &report, &DiffOptions { ignore_below: 0.0 });
    assert!(diff.loops.iter().all(|row| row.status == Status::Same), "{diff:?}");
    assert_eq!((diff.total.percent, diff.unit), (Some(0.0), "ms"));
    assert!(diff.slower_than(0.0).is_empty());
}

#[test]
fn slower_faster_new_gone_and_the_same() {
    let old = [("a.py:1 f X", 1000), ("a.py:5 g X", 1000), ("a.py:9 h X", 500), ("a.py:12 same X", 1000)];
    let new = [("a.py:12 same X", 1010), ("a.py:1 f X", 1500), ("a.py:5 g X", 600), ("a.py:20 i Y", 300)];
    let diff = compare(&old, &new);
    let found = ["a.py:1 f", "a.py:5 g", "a.py:9 h", "a.py:20 i", "a.py:12 same"]
        .map(|place| status(&diff, place).status);
    assert_eq!(found, [Status::Slower, Status::Faster, Status::Gone, Status::New, Status::Same]);
    let slower = status(&diff, "a.py:1 f");
    assert_eq!((slower.change.old, slower.change.new, slower.change.percent), (1000.0, 1500.0, Some(50.0)));
    assert_eq!((slower.old_name.as_deref(), slower.new_name.as_deref()), (Some("loop0"), Some("loop1")));
    assert_eq!(diff.slower_than(20.0).len(), 1);
    assert!(diff.slower_than(60.0).is_empty());
}

#[test]
fn loops_move_with_their_function_and_its_file() {
    let diff = compare(
        &[("a.py:1 f X", 1000), ("a.py:5 f X", 2000)],
        &[("a.py:11 f X", 1000), ("a.py:15 f X", 3000)],
    );
    assert_eq!(diff.loops.len(), 2);
    assert_eq!(status(&diff, "a.py:15 f").change.old, 2000.0);
    let diff = compare(&[("old/a.py:1 f X", 1000)], &[("new/a.py:3 f X", 1000)]);
    assert_eq!((diff.loops.len(), diff.loops[0].status), (1, Status::Same));
    let diff = compare(&[("v1.py:1 f X", 1000)], &[("v2.py:3 f X", 1000)]);
    assert_eq!((diff.loops.len(), diff.loops[0].status), (1, Status::Same));
    let diff = compare(&[("v1.py:1 <module> X", 1000)], &[("v2.py:3 <module> X", 1000)]);
    assert_eq!(diff.loops.len(), 2);
}

#[test]
fn what_is_small_is_noise() {
    let diff = compare(
        &[("a.py:1 f X", 100_000), ("a.py:5 g X", 100)],
        &[("a.py:1 f X", 100_500), ("a.py:5 g X", 900)],
    );
    assert!(diff.loops.iter().all(|row| row.status == Status::Same), "{diff:?}");
    assert!(diff.slower_than(5.0).is_empty());
}

#[test]
fn logs_without_time_compare_how_often_loops_ran() {
    let counts = |passes: u64| {
        report(&format!(
            "[0] {{jit-log-opt-loop\n# Loop 1 (f;x.py:1-2~#3 FOR_ITER) : loop with 2 ops\n[p0]\n\
             label(p0, descr=TargetToken(64))\njump(p0, descr=TargetToken(64))\n[10] jit-log-opt-loop}}\n\
             [20] {{jit-backend-counts\nentry 1:10\nTargetToken(64):{passes}\n[20] jit-backend-counts}}\n"
        ))
    };
    let diff = profiler::diff(&counts(1000), &counts(4000), &DiffOptions::default());
    assert_eq!((diff.unit, diff.loops[0].status, diff.loops[0].change.new), ("passes", Status::More, 4000.0));
    assert!(diff.slower_than(5.0).is_empty());
}
