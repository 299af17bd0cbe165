//! Loops by place in the program instead of by number: what two runs, or two processes of one, have in common.
//!
//! Numbers depend on the order of compilation, and a loop may be compiled twice. So whatever was compiled at one place
//! counts as one, together with the bridges that hang on it.

use crate::report::{LoopReport, Place, Report};
use std::collections::HashMap;

/// What identifies a place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    At(Place),
    /// Machines other than PyPy print what they like.
    Called(String),
}

/// Everything compiled at one place.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub key: Key,
    /// Of the first row.
    pub name: String,
    pub ticks: u64,
    pub visits: u64,
    pub entries: u64,
    pub passes: u64,
    pub compile: u64,
}

/// The places of a report, in the order of its rows.
pub(crate) fn spots(report: &Report) -> Vec<Spot> {
    let roots = roots(&report.loops);
    let mut index = HashMap::<Key, usize>::new();
    let mut spots: Vec<Spot> = Vec::new();
    for (row, root) in report.loops.iter().zip(roots) {
        let key = key(&report.loops[root]);
        let at = *index.entry(key).or_insert_with_key(|key| {
            let name = report.loops[root].name.clone();
            spots.push(Spot {
                key: key.clone(),
                name,
                ticks: 0,
                visits: 0,
                entries: 0,
                passes: 0,
                compile: 0,
            });
            spots.len() - 1
        });
        add(&mut spots[at], row);
    }
    spots
}

fn add(spot: &mut Spot, row: &LoopReport) {
    spot.ticks = spot.ticks.saturating_add(row.ticks);
    spot.visits = spot.visits.saturating_add(row.visits);
    spot.entries = spot.entries.saturating_add(row.entries.unwrap_or(0));
    spot.passes = spot.passes.saturating_add(row.passes.unwrap_or(0));
    spot.compile = spot.compile.saturating_add(row.compile.total());
}

fn key(row: &LoopReport) -> Key {
    match &row.location {
        Some(place) => Key::At(place.clone()),
        None if row.label.is_empty() => Key::Called(row.name.clone()),
        None => Key::Called(row.label.clone()),
    }
}

/// The row at the root of each row's tree.
fn roots(rows: &[LoopReport]) -> Vec<usize> {
    let by_trace: HashMap<u32, usize> =
        rows.iter().enumerate().filter_map(|(index, row)| Some((row.trace?, index))).collect();
    // A trace comes after what it starts from, so that one's root is known.
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&row| rows[row].trace);
    let mut roots: Vec<usize> = (0..rows.len()).collect();
    for row in order {
        if let Some(&parent) = rows[row].parent_trace.and_then(|parent| by_trace.get(&parent)) {
            roots[row] = roots[parent];
        }
    }
    roots
}

impl Key {
    /// For people.
    pub(crate) fn text(&self) -> String {
        match self {
            Key::At(place) => format!("{}:{} {} {}", place.file, place.line, place.function, place.opcode),
            Key::Called(label) => label.clone(),
        }
    }
}
