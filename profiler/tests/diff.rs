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

/// Numbers that look like chance; a generator of Lehmer's, and twelve of its numbers for one of a normal distribution.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0 * 48271 % 0x7fff_ffff;
        self.0 as f64 / f64::from(0x7fff_ffff)
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// The loops of a program with some variation: of whole runs, and of each loop.
const PROGRAM: [(&str, f64); 6] = [
    ("a.py:1 f X", 400_000.0),
    ("a.py:5 g X", 250_000.0),
    ("a.py:9 h X", 150_000.0),
    ("a.py:12 i X", 120_000.0),
    ("a.py:15 j X", 50_000.0),
    ("a.py:18 k X", 5_000.0),
];

/// Five runs, in which the second loop takes so many times as long.
fn runs(chance: &mut Chance, variation: f64, factor: f64) -> Vec<Report> {
    let one = |chance: &mut Chance| {
        // The machine is faster and slower, by more than loops are by themselves.
        let whole = 1.0 + 3.0 * variation * chance.normal();
        let loops = PROGRAM.map(|(place, ticks)| {
            let slower = if place.contains(" g ") { factor } else { 1.0 };
            (place, (ticks * slower * whole * (1.0 + variation * chance.normal())) as u64)
        });
        run(&loops)
    };
    (0..5).map(|_| one(chance)).collect()
}

fn compared(old: &[Report], new: &[Report]) -> Diff {
    let (old, new): (Vec<&Report>, Vec<&Report>) = (old.iter().collect(), new.iter().collect());
    profiler::diff_sets(&old, &new, &DiffOptions::default())
}

#[test]
fn a_program_and_itself_alarm_at_most_once_in_a_hundred() {
    let mut chance = Chance(11);
    let mut alarms = 0;
    for index in 0..500 {
        let variation = [0.002, 0.01, 0.03, 0.06][index % 4];
        let diff = compared(&runs(&mut chance, variation, 1.0), &runs(&mut chance, variation, 1.0));
        assert_eq!((diff.runs.old, diff.runs.new), (5, 5));
        alarms += u32::from(diff.verdict != "no difference seen");
        assert!(diff.verdict == "slower" || diff.slower_than(0.0).is_empty());
    }
    assert!(alarms <= 8, "{alarms} of 500");
}

#[test]
fn a_loop_that_is_a_tenth_slower_is_found() {
    let mut chance = Chance(5);
    let (mut found, mut others) = (0, 0);
    for _ in 0..200 {
        let diff = compared(&runs(&mut chance, 0.01, 1.0), &runs(&mut chance, 0.01, 1.1));
        let slower = |row: &&LoopDiff| row.status == Status::Slower;
        found += u32::from(diff.loops.iter().filter(slower).any(|row| row.label.contains(" g ")));
        others += diff.loops.iter().filter(slower).filter(|row| !row.label.contains(" g ")).count();
    }
    assert!(found >= 180 && others <= 4, "{found} of 200, {others} wrong ones");
}

/// What is allowed is asked of the bound that is sure.
#[test]
fn a_gate_asks_for_what_is_sure() {
    let mut chance = Chance(3);
    let diff = compared(&runs(&mut chance, 0.002, 1.0), &runs(&mut chance, 0.002, 1.1));
    assert!(!diff.slower_than(5.0).is_empty() && diff.slower_than(9.99).is_empty(), "{diff:?}");
    let wild = compared(&runs(&mut chance, 0.1, 1.0), &runs(&mut chance, 0.1, 1.0));
    assert!(wild.slower_than(5.0).is_empty() && wild.uncertain_above(5.0) > 0);
}

#[test]
fn of_nothing_there_are_no_percentages() {
    let diff = compare(&[("a.py:1 f X", 1000)], &[("a.py:1 f X", 1000), ("a.py:9 g X", 900)]);
    let new = status(&diff, "a.py:9 g");
    assert_eq!((new.status, new.change.percent, new.change.percent_low), (Status::New, None, None));
    assert!(diff.assumed_variation.is_some());
}

#[test]
fn programs_that_share_nothing_are_not_compared_by_mistake() {
    let named = |program: &str, loops: &[(&str, u64)]| {
        let mut report = run(loops);
        report.program = Some(program.to_owned());
        report
    };
    let sieve = named("x/sieve.py", &[("x/sieve.py:1 sieve X", 900)]);
    let moved = named("y/sieve.py", &[("y/sieve.py:7 sieve X", 900)]);
    let renamed = named("y/sieve2.py", &[("y/sieve2.py:7 sieve X", 900)]);
    let other = named("y/queens.py", &[("y/queens.py:7 place X", 900)]);
    let different = |new: &Report| profiler::diff(&sieve, new, &DiffOptions::default()).different_programs;
    assert_eq!([different(&sieve), different(&moved), different(&renamed)], [None, None, None]);
    assert_eq!(different(&other).unwrap(), "these are runs of queens.py and of sieve.py");
}
