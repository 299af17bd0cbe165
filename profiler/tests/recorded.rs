//! Logs with samples of their own, as `loopscope record` writes them.

use logs::Radix;
use loopscope_profiler as profiler;
use profiler::report::{Basis, LoopReport};
use profiler::{Options, Report};
use proptest::prelude::*;

/// A loop at 0x7000 and one at 0x8000, made at 1000; the run is from 0 to 10,000, a tick a microsecond.
fn log(recorded: &str) -> String {
    let traced = |number: u64, start: u64| {
        format!(
            "[3e8] {{jit-tracing\n[3e8] {{jit-backend-addr\n\
             Loop {number} (f{number};x.py:1-{number}~#3 FOR_ITER) has address 0x{start:x} to 0x{:x} (bootstrap 0x{start:x})\n\
             [3e8] jit-backend-addr}}\n[3e8] {{jit-log-opt-loop\n\
             # Loop {number} (f{number};x.py:1-{number}~#3 FOR_ITER) : loop with 1 ops\n[p0]\njump(p0)\n\
             [3e8] jit-log-opt-loop}}\n[3e8] jit-tracing}}\n",
            start + 0x100
        )
    };
    format!(
        "[0] {{loopscope-meta\nrecorder loopscope\npid 7\nclock-hz 1000000\nstart 0\nend 2710\n[0] loopscope-meta}}\n\
         [0] {{loopscope-recorded\nprocess 7\nmethod perf-event 1000\nlost 0\nothers 0\n{recorded}[0] loopscope-recorded}}\n{}{}",
        traced(1, 0x7000),
        traced(2, 0x8000)
    )
}

fn report(recorded: &str) -> Report {
    let text = log(recorded);
    let (log, diagnostics) = logs::parse(text.as_bytes(), Radix::Sixteen);
    assert_eq!(diagnostics, []);
    let report = profiler::analyze_with(&log, &Options::default());
    let loops: u64 = report.loops.iter().map(|row| row.ticks).sum();
    assert_eq!(loops + report.other.total(), report.total_ticks);
    report
}

fn row<'r>(report: &'r Report, name: &str) -> &'r LoopReport {
    report.loops.iter().find(|row| row.name == name).unwrap()
}

/// Samples of a thread: when, how long it ran, how long others did, where, who called.
fn samples(thread: u32, list: &[(u64, u64, u64, &str)]) -> String {
    let line =
        |(at, ran, delayed, address): &(u64, u64, u64, &str)| format!("{at:x} {ran} {delayed} {address}\n");
    format!("thread {thread}\n{}", list.iter().map(line).collect::<String>())
}

#[test]
fn what_lies_between_two_samples_is_known() {
    let list =
        [(2000, 1000, 0, "55"), (3000, 900, 0, "7010"), (4000, 700, 200, "55 7020"), (5000, 500, 0, "8010")];
    let report = report(&samples(7, &list));
    assert_eq!(
        (report.time_from, report.clock_hz, report.clock_estimated),
        (Basis::PerfSamples, Some(1_000_000), false)
    );
    let loop1 = row(&report, "loop1");
    assert_eq!((loop1.ticks, loop1.called_ticks), (1600, Some(700)));
    assert_eq!(row(&report, "loop2").ticks, 500);
    assert_eq!((report.other.waiting, report.preempted_ticks), (Some(100 + 100 + 500), Some(200)));
    assert_eq!(report.total_ticks, 10_000 - 200);
    let samples = report.samples.as_ref().unwrap();
    assert_eq!((samples.pid, samples.total, samples.in_code, samples.called), (7, 4, 2, 1));
    assert_eq!(report.notes, Vec::<String>::new());
}

/// Each thread runs half of the time, in pieces that are shorter than a sample stands for.
#[test]
fn threads_that_take_turns_share_the_time() {
    let times = |first: u64| (0..4).map(move |index| first + 2000 * index);
    let one: Vec<_> = times(2900).map(|at| (at, 1000, 0, "7010")).collect();
    let two: Vec<_> = times(3000).map(|at| (at, 1000, 0, "8010")).collect();
    let report = report(&(samples(7, &one) + &samples(8, &two)));
    let (one, two) = (row(&report, "loop1").ticks, row(&report, "loop2").ticks);
    assert!(one.abs_diff(4000) <= 1000 && two.abs_diff(4000) <= 1000, "{one} {two}");
    assert_eq!(report.other.waiting, Some(0));
}

#[test]
fn without_samples_the_log_says_why() {
    let text = log("").replace("method perf-event 1000", "method none nobody may");
    let (log, _) = logs::parse(text.as_bytes(), Radix::Sixteen);
    let report = profiler::analyze_with(&log, &Options::default());
    assert_eq!((report.time_from, &report.samples), (Basis::Counts, &None));
    assert!(
        report.notes.iter().any(|note| note == "no samples were taken: nobody may"),
        "{:?}",
        report.notes
    );
}

proptest! {
    #[test]
    fn whatever_the_samples_the_parts_add_up(
        samples in prop::collection::vec(
            (0..12_000u64, 0..3000u64, 0..500u64, 0x6f00..0x8200u64, 0..3u32, prop::option::of(0x6f00..0x8200u64)), 0..60),
    ) {
        let line = |(at, ran, delayed, address, thread, caller): (u64, u64, u64, u64, u32, Option<u64>)| {
            let caller = caller.map_or(String::new(), |caller| format!(" {caller:x}"));
            format!("thread {thread}\n{at:x} {ran} {delayed} {address:x}{caller}\n")
        };
        report(&samples.into_iter().map(line).collect::<String>());
    }
}
