//! Which share of a run each loop had: by our report, and by perf's samples of the same run.
//!
//! Bridges and entries count to their loops, and loops at one place together. A sample belongs to the innermost piece
//! of compiled code in its call chain, so what a loop calls is the loop's, as in the report; a collection is nobody's.

use serde_json::Value;
use std::collections::BTreeMap;

/// Percent by place, as `function:line`.
#[derive(Debug, Default)]
pub struct Shares {
    pub percent: BTreeMap<String, f64>,
    /// What was counted: ticks or samples.
    pub total: u64,
}

/// By the report.
pub fn by_report(report: &Value) -> Shares {
    let mut shares = Shares { total: report["total_ticks"].as_u64().unwrap_or(0), ..Shares::default() };
    for row in rows(report) {
        *shares.percent.entry(place(report, row)).or_default() += row["ticks"].as_f64().unwrap_or(0.0);
    }
    shares.in_percent()
}

/// By what `perf script -F comm,ip,sym` printed; the report says which bridge is whose.
pub fn by_samples(script: &str, report: &Value) -> Shares {
    let mut shares = Shares::default();
    // The program's thread; its process's first thread waits for it.
    for sample in script.split("\n\n").filter(|sample| sample.trim_start().starts_with("program")) {
        shares.total += 1;
        let functions = sample.lines().skip(1).filter_map(|line| line.trim().split_once(' '));
        let Some(name) = functions.map(|(_, name)| name).find(|name| owner(name).is_some()) else { continue };
        if let Some(row) =
            owner(name).flatten().and_then(|wanted| rows(report).find(|row| row["name"] == wanted))
        {
            *shares.percent.entry(place(report, row)).or_default() += 1.0;
        }
    }
    shares.in_percent()
}

impl Shares {
    fn in_percent(mut self) -> Shares {
        self.percent.values_mut().for_each(|part| *part *= 100.0 / self.total.max(1) as f64);
        self
    }
}

/// Place, our share, perf's; the largest first.
pub fn together(ours: &Shares, perfs: &Shares) -> Vec<(String, f64, f64)> {
    let of = |shares: &Shares, place: &String| shares.percent.get(place).copied().unwrap_or(0.0);
    let places: std::collections::BTreeSet<&String> =
        ours.percent.keys().chain(perfs.percent.keys()).collect();
    let mut rows: Vec<_> =
        places.into_iter().map(|place| (place.clone(), of(ours, place), of(perfs, place))).collect();
    rows.sort_by(|a, b| b.2.total_cmp(&a.2));
    rows
}

/// A function that decides whose a sample is: the name of the loop, entry or bridge in the report, or nobody's.
fn owner(function: &str) -> Option<Option<String>> {
    let collects = function.contains("Vm>::collect") || function.contains("Vm::collect");
    let Some(symbol) = function.strip_prefix("jit::") else { return collects.then_some(None) };
    let name = symbol.split([':', '+']).next().unwrap_or(symbol);
    let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    let number: u64 = digits.parse().ok()?;
    match &name[..name.len() - digits.len()] {
        "loop" | "entry" => Some(Some(format!("loop{number}"))),
        "bridge" => Some(Some(format!("bridge 0x{number:x}"))),
        _ => None,
    }
}

/// Compiled code only: rows of other kinds say where the rest of the run was.
fn rows(report: &Value) -> impl Iterator<Item = &Value> {
    let is_code = |row: &&Value| matches!(row["kind"].as_str(), Some("loop" | "entry bridge" | "bridge"));
    report["loops"].as_array().into_iter().flatten().filter(is_code)
}

/// Where the loop is that this row belongs to.
fn place(report: &Value, row: &Value) -> String {
    let mut row = row;
    // A chain of bridges is no longer than there are rows.
    for _ in rows(report) {
        match rows(report).find(|other| !row["parent"].is_null() && other["name"] == row["parent"]) {
            Some(parent) => row = parent,
            None => break,
        }
    }
    let at = &row["location"];
    format!("{}:{}", at["function"].as_str().unwrap_or("?"), at["line"])
}
