//! Several runs in one file.

use crate::dir::Dir;
use crate::{new_loop, report, report_with, row, section};
use serde_json::Value;

/// A process: two loops with labels from that number on, and their counters.
fn process(at: u64, token: i64, passes: u64) -> Vec<String> {
    let counts = format!(
        "entry 1:1\nTargetToken({token}):{passes}\nentry 2:1\nTargetToken({}):{}\n",
        token + 16,
        passes + 1
    );
    vec![
        section(at, "gc-set-nursery-size", "nursery size: 4096\n"),
        new_loop(at + 0x10, 1, token),
        new_loop(at + 0x20, 2, token + 16),
        section(at + 0x30, "jit-backend-counts", &counts),
    ]
}

fn passes(report: &Value) -> [Value; 2] {
    ["loop1", "loop2"].map(|name| row(report, name)["passes"].clone())
}

fn both_are_right(report: &Value) {
    let reports = report["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 2, "{report:#}");
    assert_eq!(passes(&reports[0]), [Value::from(500), 501.into()]);
    assert_eq!(passes(&reports[1]), [Value::from(70), 71.into()]);
    assert!(reports.iter().all(|report| report["diagnostics"].as_array().unwrap().is_empty()), "{report:#}");
}

#[test]
fn runs_that_were_appended() {
    let log = process(0x100, 4096, 500).concat() + &process(0x900, 8192, 70).concat();
    both_are_right(&report(&log));
    assert_eq!(passes(&report_with(&log, &["--run", "2"])), [Value::from(70), 71.into()]);
}

#[test]
fn a_run_that_was_killed_and_one_that_gave_the_same_numbers() {
    let log = process(0x900, 4096, 500)[1..3].concat() + &process(0x100, 8192, 70)[1..].concat();
    let report = report(&log);
    assert_eq!(report["reports"].as_array().unwrap().len(), 2, "{report:#}");
    assert_eq!(passes(&report["reports"][0]), [Value::Null, Value::Null]);
    assert_eq!(passes(&report["reports"][1]), [Value::from(70), 71.into()]);
}

#[test]
fn processes_that_write_in_turns() {
    let (one, two) = (process(0x100, 4096, 500), process(0x108, 8192, 70));
    let turns = one[1..].iter().zip(&two[1..]).map(|(a, b)| format!("{a}{b}")).collect::<String>();
    let found = report(&turns);
    let reports = found["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 2, "{found:#}");
    assert_eq!(passes(&reports[0]), [Value::from(500), 501.into()]);
    assert_eq!(passes(&reports[1]), [Value::from(70), 71.into()]);
}

#[test]
fn counters_do_not_go_to_a_loop_whose_labels_they_lack() {
    let counts = section(0x80, "jit-backend-counts", "entry 1:9\nTargetToken(999):9\n");
    assert_eq!(row(&report(&(new_loop(0x10, 1, 16) + &counts)), "loop1")["entered"], Value::Null);
}

#[test]
fn a_run_that_is_not_there_is_said() {
    let dir = Dir::new("none");
    dir.write("a.pypylog", &process(0x100, 4096, 500).concat());
    assert_eq!(dir.said(&["report", "--run", "1", "a.pypylog"]).0, 0);
    let (code, _, err) = dir.said(&["report", "--run", "2", "a.pypylog"]);
    assert!(code == 2 && err.contains("no run 2: there is 1"), "{code} {err}");
}

#[test]
fn a_child_takes_its_parents_clock() {
    let dir = Dir::new("clock");
    let tracing = section(0x1000, "jit-tracing", "JIT starting (x86)\n");
    let parent = tracing
        + &section(0x1000 + 10_000, "jit-summary", "Tracing:      \t1\t0.1\nTOTAL:      \t\t0.00001\n");
    dir.write("parent.pypylog", &parent);
    dir.write("child.pypylog", &section(0x1800, "jit-tracing", ""));
    let (_, out, _) = dir.said(&["report", "--format", "json", "parent.pypylog", "child.pypylog"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["reports"][1]["clock_hz"], 1_000_000_000);
}
