//! What others put around a log is taken off, and said.

use crate::{healthy, new_loop, old_bridge, old_loop, report, row, section};
use serde_json::Value;

fn log() -> String {
    let counts = section(0x80, "jit-backend-counts", "0:700\n1:60\n2:41\n");
    old_loop(0x10, 0, "5") + &old_bridge(0x20, "5") + &old_loop(0x30, 1, "6") + &counts
}

fn each_line(log: &str, before: &str) -> String {
    log.lines().map(|line| format!("{before}{line}\n")).collect()
}

fn is_right(report: &Value) {
    assert_eq!((&row(report, "loop0")["passes"], &row(report, "loop1")["passes"]), (&700.into(), &41.into()));
    assert_eq!(row(report, "bridge 5")["entered"], 60);
}

fn remarks(report: &Value) -> String {
    report["notes"].to_string()
}

#[test]
fn quoted_and_indented_texts() {
    for before in ["> ", ">> ", "    ", "\t", "> > ", "| ", "    > "] {
        let report = healthy(&format!("Dear all,\nthis is my log:\n\n{}\nWhy?\n", each_line(&log(), before)));
        is_right(&report);
        assert!(remarks(&report).contains("indented, quoted or numbered"), "{before}");
    }
}

#[test]
fn markdown_fences() {
    is_right(&healthy(&format!("My log:\n```\n{}```", log())));
    is_right(&healthy(&format!("1. My log:\n   ```text\n{}   ```\n", each_line(&log(), "   "))));
}

#[test]
fn listings_with_the_numbers_of_lines() {
    for (open, close) in [("  ", "  "), ("", ": "), (" ", " | ")] {
        let numbered = |(number, line): (usize, &str)| format!("{open}{number:>3}{close}{line}\n");
        is_right(&healthy(&log().lines().enumerate().map(numbered).collect::<String>()));
    }
}

#[test]
fn the_numbers_of_threads() {
    let report = healthy(&each_line(&log(), "0# "));
    is_right(&report);
    assert!(remarks(&report).contains("PyPy-STM"));
}

#[test]
fn threads_that_write_in_turns() {
    let lines =
        |log: String, thread: u8| log.lines().map(|line| format!("{thread}# {line}\n")).collect::<Vec<_>>();
    let (one, two) = (lines(new_loop(0x10, 1, 16), 0), lines(new_loop(0x12, 2, 32), 1));
    let turns: String = one.iter().zip(&two).flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect();
    let report = report(&turns);
    assert_eq!((&row(&report, "loop1")["ops"], &row(&report, "loop2")["ops"]), (&3.into(), &3.into()));
}

#[test]
fn text_before_a_start_or_a_stop() {
    let log = "[1000] {jit-tracing\n[1400] jit-tracing}\nworking... [2000] {jit-tracing\ndone[2900] jit-tracing}\n\
               [##   ] 50%[3000] {jit-tracing\n[3100] jit-tracing}\n";
    let report = healthy(log);
    assert_eq!(report["other"]["tracing"], 0x400 + 0x900 + 0x100);
    assert!(remarks(&report).contains("behind other text"));
}

#[test]
fn text_that_only_looks_like_a_start_stays_text() {
    let log = section(0x10, "jit-tracing", "f [12] {nothing\n") + "[30] no-such}\n";
    let report = report(&log);
    assert_eq!(report["other"]["tracing"], 8);
    assert_eq!(report["diagnostics"].as_array().unwrap().len(), 1);
}

#[test]
fn traces_without_a_section() {
    let bare: String = log()
        .lines()
        .filter(|line| !line.starts_with("[1") && !line.starts_with("[2") && !line.starts_with("[3"))
        .take_while(|line| !line.starts_with("[8"))
        .map(|line| format!("{line}\n"))
        .collect();
    let report = healthy(&format!("The trace is\n\n{bare}\nand that is all: print(x)\n"));
    assert_eq!(report["loops"].as_array().unwrap().len(), 3, "{report:#}");
    let headless = healthy(
        "label(p0, i1, descr=TargetToken(16))\ni2 = int_add(i1, 1)\njump(p0, i2, descr=TargetToken(16))\n",
    );
    assert_eq!(row(&headless, "loop0")["ops"], 3);
}

#[test]
fn stamps_that_were_left_out() {
    let log = new_loop(0x10, 1, 16).replace("[10] ", "[...] ").replace("[18] ", "[…] ");
    assert_eq!(row(&healthy(&log), "loop1")["ops"], 3);
}

#[test]
fn a_log_that_breaks_off_is_left_alone() {
    let whole = log();
    let report = report(&whole[..whole.len() - 30]);
    assert!(!remarks(&report).contains("taken off"), "{report:#}");
}
