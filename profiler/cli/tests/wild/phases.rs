//! Phases of a run, and the collector's work.

use crate::{healthy, new_loop, report_with, section, table};
use serde_json::Value;

fn iteration(at: u64, inside: &str) -> String {
    format!("[{at:x}] {{iteration\n{inside}[{:x}] iteration}}\n", at + 0x100)
}

#[test]
fn user_sections_are_phases() {
    let first = section(0x110, "jit-tracing", "") + &new_loop(0x120, 1, 16) + &section(0x130, "gc-minor", "");
    let log = iteration(0x100, &first) + &iteration(0x200, "");
    let report = healthy(&log);
    let phases = report["phases"].as_array().unwrap();
    assert_eq!((&phases[0]["name"], &phases[1]["name"]), (&"iteration 1".into(), &"iteration 2".into()));
    assert_eq!((&phases[0]["ticks"], &phases[0]["other"]["tracing"]), (&0x100.into(), &8.into()));
    assert_eq!((&phases[0]["other"]["gc"], &phases[0]["minor_collections"]), (&8.into(), &1.into()));
    assert_eq!((&phases[0]["loops_made"], &phases[1]["loops_made"]), (&1.into(), &0.into()));
    assert_eq!(phases[1]["other"]["tracing"], 0);
    assert!(table(&log).contains("iteration 2"));
}

#[test]
fn lines_that_were_asked_for_begin_phases() {
    let round = |at: u64, number: u64| format!("round {number}\n{}", section(at, "jit-tracing", ""));
    let log =
        section(0x10, "gc-minor", "") + &round(0x100, 1) + &round(0x200, 2) + &section(0x300, "gc-minor", "");
    let report = report_with(&log, &["--phase", r"round (\d+)"]);
    let phases = report["phases"].as_array().unwrap();
    let names: Vec<&Value> = phases.iter().map(|phase| &phase["name"]).collect();
    assert_eq!(names, ["round 1", "round 2"]);
    assert_eq!((&phases[0]["other"]["tracing"], &phases[0]["other"]["gc"]), (&8.into(), &0.into()));
    assert_eq!(phases[1]["other"]["gc"], 8);
}

#[test]
fn a_collectors_work() {
    let minor =
        |at, used: u64| section(at, "gc-minor", &format!("minor collect, total memory used: {used}\n"));
    let log = section(0, "gc-set-nursery-size", "nursery size: 4096\n")
        + &minor(0x10, 100)
        + &minor(0x20, 900)
        + &section(0x30, "gc-collect-step", "starting gc state:  MARKING\n")
        + &section(0x40, "gc-collect-done", "bytes used in arenas:  900  =>  300\n");
    let gc = &healthy(&log)["gc"];
    assert_eq!(
        (&gc["minors"], &gc["steps"], &gc["majors"], &gc["peak_bytes"]),
        (&2.into(), &1.into(), &1.into(), &900.into())
    );
    assert_eq!((&gc["pauses"]["p50"], &gc["pauses"]["max"]), (&8.into(), &8.into()));
    let memory: Vec<&Value> = gc["memory"].as_array().unwrap().iter().map(|point| &point["bytes"]).collect();
    assert_eq!(memory, [100, 900, 300]);
    assert_eq!(healthy(&section(0, "jit-tracing", ""))["gc"], Value::Null);
}
