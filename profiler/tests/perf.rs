//! A log without events gets its loops' ticks from samples.

use logs::Radix;
use loopscope_profiler as profiler;
use profiler::perf::Samples;
use profiler::report::LoopReport;
use profiler::{Options, Report};
use proptest::prelude::*;

/// A microsecond is a tick: PyPy's summary says that a second has a million.
fn log(extra: &str) -> String {
    let traced = |at: u64, number: u64, start: u64, ops: &str| {
        format!(
            "[{at:x}] {{jit-tracing\n[{at:x}] {{jit-backend-addr\n\
             Loop {number} (f{number};x.py:1-{number}~#3 FOR_ITER) has address 0x{start:x} to 0x{:x} (bootstrap 0x{start:x})\n\
             [{at:x}] jit-backend-addr}}\n[{at:x}] {{jit-log-opt-loop\n\
             # Loop {number} (f{number};x.py:1-{number}~#3 FOR_ITER) : loop with 3 ops\n[p0]\n{ops}jump(p0)\n\
             [{at:x}] jit-log-opt-loop}}\n[{at:x}] jit-tracing}}\n",
            start + 0x100
        )
    };
    let first = traced(1000, 1, 0x7000, "guard_true(p0, descr=<Guard0x10>) [p0]\ncall_n(p0)\n");
    let second = traced(1000, 2, 0x8000, "guard_true(p0, descr=<Guard0x20>) [p0]\n");
    let bridge = "[7d0] {jit-backend-addr\nbridge out of Guard 0x10 has address 0x9000 to 0x9100\n[7d0] jit-backend-addr}\n\
                  [7d0] {jit-log-opt-bridge\n# bridge out of Guard 0x10 with 1 ops\n[p0]\njump(p0)\n[7d0] jit-log-opt-bridge}\n";
    let summary = "[f4628] {jit-summary\nTOTAL:      \t\t1.000000\n[f4628] jit-summary}\n";
    format!("{first}{second}{bridge}{extra}{summary}")
}

/// One sample each 100 ticks, from the first stamp on, in these addresses; perf's clock started ten seconds earlier.
fn script(addresses: &[&str]) -> String {
    let line = |(index, address): (usize, &&str)| {
        let at = 10_001_100 + 100 * index as u64;
        format!("pypy3 7 {}.{:06}: 100000 cpu-clock:u: {address}\n", at / 1_000_000, at % 1_000_000)
    };
    addresses.iter().enumerate().map(line).collect()
}

fn report(log: &str, script: &str) -> Report {
    let (log, diagnostics) = logs::parse(log.as_bytes(), Radix::Sixteen);
    assert_eq!(diagnostics, []);
    let samples = Samples::parse(script.as_bytes());
    let report = profiler::analyze_with(&log, &Options { samples: Some(&samples), ..Options::default() });
    let loops: u64 = report.loops.iter().map(|row| row.ticks).sum();
    let other: u64 = report.other.total();
    assert_eq!(loops + other, report.total_ticks);
    report
}

fn row<'r>(report: &'r Report, name: &str) -> &'r LoopReport {
    report.loops.iter().find(|row| row.name == name).unwrap()
}

/// Within a sample of each other: where the clocks meet is known to that.
fn near(ticks: u64, wanted: u64) -> bool {
    ticks.abs_diff(wanted) <= 100
}

#[test]
fn loops_and_bridges_get_the_time_of_their_samples() {
    let mut addresses = vec!["7010"; 30];
    addresses.extend(vec!["8010"; 10]);
    addresses.extend(vec!["9010"; 20]);
    addresses.extend(vec!["55"; 40]);
    let report = report(&log(""), &script(&addresses));
    assert_eq!((report.clock_hz, report.clock_estimated, report.has_events), (Some(1_000_000), true, false));
    let ticks = ["loop1", "loop2", "bridge 0x10"].map(|name| row(&report, name).ticks);
    assert!(near(ticks[0], 3000) && near(ticks[1], 1000) && near(ticks[2], 2000), "{ticks:?}");
    assert_eq!(row(&report, "loop1").total_ticks, ticks[0] + ticks[2]);
    assert_eq!(row(&report, "bridge 0x10").parent_trace, row(&report, "loop1").trace);
    let samples = report.samples.as_ref().unwrap();
    assert_eq!((samples.total, samples.in_code, samples.pid), (100, 60, 7));
}

#[test]
fn samples_say_where_in_the_code_time_went() {
    let chain =
        "pypy3 7 10.001300: 100000 cpu-clock:u: \n\t 55 memset (libc.so)\n\t 7021 [unknown] (//anon)\n\n";
    let script = format!("{}{chain}", script(&["7010", "7010"]));
    let text = log("");
    let (log, _) = logs::parse(text.as_bytes(), Radix::Sixteen);
    let samples = Samples::parse(script.as_bytes());
    let study = profiler::study(&log, &Options { samples: Some(&samples), ..Options::default() });
    let trace = row(&study.report, "loop1").trace.unwrap();
    let offsets: Vec<u64> = study.sampled[&trace].iter().map(|(offset, _)| *offset).collect();
    // A call is where it was made, not where it returns to.
    assert_eq!(offsets, [0x10, 0x20]);
    let ticks: u64 = study.sampled[&trace].iter().map(|(_, ticks)| ticks).sum();
    assert_eq!(ticks, row(&study.report, "loop1").ticks);
}

#[test]
fn what_a_loop_calls_is_its_own() {
    let chain =
        "pypy3 7 10.001100: 100000 cpu-clock:u: \n\t 55 memset (libc.so)\n\t 7020 [unknown] (//anon)\n\n";
    let report = report(&log(""), chain);
    let row = row(&report, "loop1");
    assert!(row.ticks > 0 && row.called_ticks == Some(row.ticks), "{row:?}");
    assert_eq!(report.samples.unwrap().called, 1);
}

#[test]
fn without_chains_what_is_between_two_samples_of_a_loop_that_calls_is_guessed() {
    let report = report(&log(""), &script(&["7010", "55", "7010", "8010", "55", "8010"]));
    let samples = report.samples.as_ref().unwrap();
    assert_eq!((samples.in_code, samples.perhaps_called), (4, 1));
    assert!(report.notes.iter().any(|note| note.contains("without call chains")), "{:?}", report.notes);
}

/// A run may be recorded with call chains of which none leads through machine code.
#[test]
fn who_has_recorded_call_chains_is_not_told_to() {
    let callers: String = (0x50..0x60).map(|address| format!("\t {address:x} f (pypy)\n")).collect();
    let chain = format!("pypy3 7 10.001100: 100000 cpu-clock:u: \n\t 40 eval (pypy)\n{callers}\n");
    let report = report(&log(""), &(chain + &script(&["7010"; 3])));
    assert_eq!(report.samples.as_ref().unwrap().called, 0);
    assert!(!report.notes.iter().any(|note| note.contains("call chains")), "{:?}", report.notes);
}

/// PyPy's stand-in for a loop that is still to be compiled is called `Loop -1`.
#[test]
fn what_stands_in_for_a_loop_calls_the_interpreter() {
    let stand_in = "[7d0] {jit-backend-addr\nLoop -1 (callback) has address 0xa000 to 0xa100 (bootstrap 0xa000)\n\
                    [7d0] jit-backend-addr}\n";
    let chain = "pypy3 7 10.001400: 100000 cpu-clock:u: \n\t 55 run (pypy)\n\t a020 [unknown] (//anon)\n\t 7021 x (y)\n\n";
    let report = report(&log(stand_in), &(script(&["7010"; 3]) + chain));
    assert!(report.loops.iter().all(|row| row.name != "loop-1"));
    assert!(near(row(&report, "loop1").ticks, 300), "{}", row(&report, "loop1").ticks);
}

#[test]
fn shares_have_errors() {
    let mut addresses = vec!["7010"; 50];
    addresses.extend(vec!["8010"; 50]);
    let report = report(&log(""), &script(&addresses));
    let share = row(&report, "loop1").share.unwrap();
    assert!(share.low < share.percent && share.percent < share.high, "{share:?}");
    assert_eq!(row(&report, "bridge 0x10").share, None);
}

#[test]
fn memory_that_is_used_again_belongs_to_whom_it_belonged() {
    let again = "[1388] {jit-backend-addr\nLoop 9 (g;y.py:1-2~#3 FOR_ITER) has address 0x8000 to 0x8100 (bootstrap 0x8000)\n\
                 [1388] jit-backend-addr}\n";
    let mut addresses = vec!["7010"; 5];
    addresses.extend(vec!["8010"; 60]);
    let report = report(&log(again), &script(&addresses));
    let (old, new) = (row(&report, "loop2").ticks, row(&report, "loop9").ticks);
    // Sampled from 1500 to 7500, and given away at 5000.
    assert!(near(old, 3500) && near(new, 2500), "{old} {new}");
}

#[test]
fn when_nothing_was_sampled_it_waited() {
    let text = script(&["7010"; 10]) + "pypy3 7 10.502100: 100000 cpu-clock:u: 7010\n";
    let report = report(&log(""), &text);
    let waiting = report.other.waiting.unwrap();
    assert!((499_000..500_100).contains(&waiting), "{waiting}");
    assert_eq!(report.running_ticks, Some(report.total_ticks - waiting));
    assert!(near(row(&report, "loop1").ticks, 1100), "{}", row(&report, "loop1").ticks);
}

#[test]
fn samples_of_something_else_are_said_to_be() {
    let report = report(&log(""), &script(&["1", "2"]));
    assert_eq!(report.other.interpreter, report.total_ticks);
    assert!(report.notes[0].contains("none of the 2 samples") && report.notes[0].contains("perf record"));
    assert!(!report.has_ticks());
}

#[test]
fn the_process_that_ran_the_code_is_found() {
    let others = "sh 3 10.001100: 100000 cpu-clock:u: 55\n".repeat(20);
    let report = report(&log(""), &(others + &script(&["7010"; 3])));
    let samples = report.samples.unwrap();
    assert_eq!((samples.pid, samples.total, samples.other_processes), (7, 3, 20));
}

#[test]
fn events_need_no_samples() {
    let events = "[7d0] {jit-profile-enter\nloop1\n[7d0] jit-profile-enter}\n[fa0] {jit-profile-exit\nloop1\n[fa0] jit-profile-exit}\n";
    let report = report(&log(events), &script(&["8010"; 30]));
    assert_eq!((row(&report, "loop1").ticks, row(&report, "loop2").ticks), (2000, 0));
    assert!(report.samples.is_none() && report.notes[0].contains("not used"));
}

proptest! {
    #[test]
    fn whatever_the_samples_the_parts_add_up(
        samples in prop::collection::vec((0..2_000_000_000u64, 0..3u32, 0..0xa000u64, 0..2_000_000u64), 0..60),
        lines in prop::collection::vec("\\PC{0,40}", 0..4),
    ) {
        let mut text = lines.join("\n") + "\n";
        for (at, pid, address, period) in samples {
            text += &format!("a {pid} {}.{:09}: {period} cpu-clock: {address:x}\n", at / 1_000_000_000, at % 1_000_000_000);
        }
        report(&log(""), &text);
    }
}
