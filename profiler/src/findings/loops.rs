//! Loops that do not do what loops are compiled for.

use super::{called, finding, spent};
use crate::report::{Basis, Finding, LoopReport, Report, TreeReport};
use logs::Log;
use logs::trace::TraceKind;
use std::cmp::Reverse;

/// Fewer events than this say nothing.
const ENOUGH: u64 = 100;

/// Places that are left for the interpreter almost every time they are entered, soon: entering and leaving is what they
/// do.
pub(super) fn short_visits(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    if report.time_from == Basis::Events { short_by_events(report) } else { short_by_samples(report) }
}

/// Lengths of visits are known, and how they ended.
fn short_by_events(report: &Report) -> Vec<Finding> {
    const SHORT: u64 = 2000;
    let leaves = |row: &&LoopReport| row.exits.unwrap_or(0) >= row.visits - row.visits / 10;
    let mut rows: Vec<&LoopReport> =
        report.loops.iter().filter(|row| row.visits >= ENOUGH && row.p50 < SHORT).filter(leaves).collect();
    rows.sort_by_key(|row| Reverse(row.visits));
    let say = |row: &LoopReport| {
        let message = format!(
            "{} was entered {} times and mostly left to the interpreter within {}",
            called(row),
            row.visits,
            spent(report, row.p50)
        );
        Finding { ticks: Some(row.ticks), ..finding(Some(row), message) }
    };
    rows.into_iter().map(say).collect()
}

/// A place's time, divided by how often it was entered.
fn short_by_samples(report: &Report) -> Vec<Finding> {
    /// Seconds of a short visit.
    const SHORT: f64 = 1e-6;
    let mut found: Vec<(u64, Finding)> = Vec::new();
    for tree in report.places.iter().filter(|tree| tree.share.is_some()) {
        let (Some(entered), Some(exits)) = (tree.entered.filter(|entered| *entered >= ENOUGH), tree.exits)
        else {
            continue;
        };
        let each = tree.ticks / entered;
        let short = report.milliseconds(each).is_some_and(|each| each < SHORT * 1e3);
        if exits >= entered - entered / 10 && short {
            let row = root(report, tree);
            let message = format!(
                "{} was entered {entered} times and left to the interpreter {exits} times, after {} on the average",
                called(row),
                spent(report, each)
            );
            found.push((entered, Finding { ticks: Some(tree.ticks), ..finding(Some(row), message) }));
        }
    }
    found.sort_by_key(|(entered, _)| Reverse(*entered));
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// The row that a place is known by.
fn root<'r>(report: &'r Report, tree: &TreeReport) -> &'r LoopReport {
    &report.loops[tree.rows[0] as usize]
}

/// Places with a loop that does not loop: few passes for each entry from elsewhere.
pub(super) fn few_passes(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let is_loop = |row: &u32| {
        let trace = report.loops[*row as usize].trace;
        trace.is_some_and(|index| log.traces[index as usize].kind == TraceKind::Loop)
    };
    let mut found: Vec<(u64, Finding)> = Vec::new();
    for tree in report.places.iter().filter(|tree| tree.rows.iter().any(is_loop)) {
        let (Some(entered), Some(passes)) = (tree.entered.filter(|entered| *entered >= ENOUGH), tree.passes)
        else {
            continue;
        };
        if passes / 2 < entered {
            let row = root(report, tree);
            let message =
                format!("{} made {passes} passes in {entered} entries: it hardly loops", called(row));
            found.push((entered, finding(Some(row), message)));
        }
    }
    found.sort_by_key(|(entered, _)| Reverse(*entered));
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// Bridges that are taken in nearly every pass of what they start from.
pub(super) fn busy_bridges(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in &report.loops {
        let trace = row.trace.map(|index| &log.traces[index as usize]);
        let Some(parent) = trace.and_then(|trace| trace.parent) else { continue };
        let parent = log.trace(parent.trace);
        let passes = parent.labels.iter().filter_map(|label| label.count).max().or(parent.count).unwrap_or(0);
        let entries = row.entered.unwrap_or(0);
        if passes >= ENOUGH && entries <= passes && entries.saturating_mul(10) >= passes.saturating_mul(9) {
            let from = row.parent.as_deref().unwrap_or("its parent");
            let message = format!("{} is taken in {entries} of {passes} passes of {from}", called(row));
            found.push((entries, finding(Some(row), message)));
        }
    }
    found.sort_by_key(|(entries, _)| Reverse(*entries));
    found.into_iter().map(|(_, finding)| finding).collect()
}
