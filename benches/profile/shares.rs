//! Shares of the time in which the program's thread ran, in percent, by the report and by perf, under the same names.

use crate::perf::Ran;
use serde_json::Value;
use std::collections::BTreeMap;

/// `tree loop3`, `place f:7`, `bridge 0x1f`, `helpers of loop3`, `part gc`.
pub type Shares = BTreeMap<String, f64>;

/// What belongs to what, by the report.
pub struct Names {
    /// Loop, entry or bridge → the loop or entry that its tree grows from.
    pub roots: BTreeMap<String, String>,
    /// Root → where it is in the program.
    places: BTreeMap<String, String>,
}

impl Names {
    pub fn of(report: &Value) -> Names {
        let rows = loops(report);
        let by_trace: BTreeMap<u64, &Value> =
            rows.iter().filter_map(|row| Some((row["trace"].as_u64()?, *row))).collect();
        let roots = rows.iter().map(|row| (text(&row["name"]), root_of(row, &by_trace))).collect();
        let place =
            |row: &Value| format!("{}:{}", text(&row["location"]["function"]), row["location"]["line"]);
        let places = rows.iter().map(|row| (text(&row["name"]), place(row))).collect();
        Names { roots, places }
    }

    pub fn by_report(&self, report: &Value) -> Shares {
        let ticks = |value: &Value| value.as_f64().unwrap_or(0.0);
        let whole = ticks(&report["total_ticks"]) - ticks(&report["other"]["waiting"]);
        let mut shares = Shares::new();
        for row in loops(report) {
            let percent = |value: &Value| 100.0 * ticks(value) / whole.max(1.0);
            self.add(&mut shares, &text(&row["name"]), percent(&row["ticks"]), percent(&row["called_ticks"]));
        }
        for (part, value) in report["other"].as_object().into_iter().flatten() {
            if part != "waiting" {
                *shares.entry(format!("part {part}")).or_default() += 100.0 * ticks(value) / whole.max(1.0);
            }
        }
        shares
    }

    pub fn by_perf(&self, samples: &[Ran]) -> Shares {
        let one = 100.0 / samples.len().max(1) as f64;
        let mut shares = Shares::new();
        for ran in samples {
            match ran {
                Ran::Code(name) => self.add(&mut shares, name, one, 0.0),
                Ran::Helper(name) => self.add(&mut shares, name, one, one),
                Ran::Phase(phase) => *shares.entry(format!("part {phase}")).or_default() += one,
                Ran::Interpreter => *shares.entry("part interpreter".to_owned()).or_default() += one,
            }
        }
        shares
    }

    fn add(&self, shares: &mut Shares, name: &str, share: f64, called: f64) {
        let root = self.roots.get(name).map_or(name, String::as_str);
        let place = self.places.get(root).map_or("?", String::as_str);
        *shares.entry(format!("tree {root} ({place})")).or_default() += share;
        *shares.entry(format!("place {place}")).or_default() += share;
        *shares.entry(format!("helpers of {root} ({place})")).or_default() += called;
        if name.starts_with("bridge") {
            *shares.entry(name.to_owned()).or_default() += share;
        }
    }
}

/// The name of what a row's tree grows from.
fn root_of(row: &Value, by_trace: &BTreeMap<u64, &Value>) -> String {
    match row["parent_trace"].as_u64().and_then(|parent| by_trace.get(&parent)) {
        Some(parent) => root_of(parent, by_trace),
        None => text(&row["name"]),
    }
}

/// Rows of traces: not those that say where a part of the rest was.
fn loops(report: &Value) -> Vec<&Value> {
    let rows = report["loops"].as_array().into_iter().flatten();
    rows.filter(|row| row["part_of"].is_null()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
