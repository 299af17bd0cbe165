//! Loops that do not do what loops are compiled for.

use super::{called, finding, spent};
use crate::report::{Finding, LoopReport, Report};
use logs::Log;
use logs::trace::TraceKind;
use std::cmp::Reverse;

/// Fewer events than this say nothing.
const ENOUGH: u64 = 100;

/// Loops that go back to the interpreter almost every time, soon: entering and leaving is what they do.
pub(super) fn short_visits(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    const SHORT: u64 = 2000;
    let recorded = |row: &LoopReport| row.visits.saturating_sub(row.unrecorded);
    let leaves = |row: &&LoopReport| row.exits >= recorded(row) - recorded(row) / 10;
    let mut rows: Vec<&LoopReport> =
        report.loops.iter().filter(|row| recorded(row) >= ENOUGH && row.p50 < SHORT).filter(leaves).collect();
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

/// Loops that do not loop.
pub(super) fn few_passes(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let is_loop =
        |row: &&LoopReport| row.trace.is_some_and(|index| log.traces[index as usize].kind == TraceKind::Loop);
    let counts = |row| -> Option<(&LoopReport, u64, u64)> {
        let row: &LoopReport = row;
        Some((row, row.entries.filter(|&entries| entries >= ENOUGH)?, row.passes?))
    };
    let mut rows: Vec<_> = report.loops.iter().filter(is_loop).filter_map(counts).collect();
    rows.retain(|(_, entries, passes)| passes / 2 < *entries);
    rows.sort_by_key(|(_, entries, _)| Reverse(*entries));
    let say = |(row, entries, passes): (&LoopReport, u64, u64)| {
        let message =
            format!("{} ran {passes} iterations in {entries} entries: it hardly loops", called(row));
        finding(Some(row), message)
    };
    rows.into_iter().map(say).collect()
}

/// Bridges that are taken in nearly every pass of what they start from.
pub(super) fn busy_bridges(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in &report.loops {
        let trace = row.trace.map(|index| &log.traces[index as usize]);
        let Some(parent) = trace.and_then(|trace| trace.parent) else { continue };
        let parent = log.trace(parent.trace);
        let passes = parent.labels.iter().filter_map(|label| label.count).max().or(parent.count).unwrap_or(0);
        let entries = row.entries.unwrap_or(0);
        if passes >= ENOUGH && entries <= passes && entries.saturating_mul(10) >= passes.saturating_mul(9) {
            let from = row.parent.as_deref().unwrap_or("its parent");
            let message = format!("{} is taken in {entries} of {passes} passes of {from}", called(row));
            found.push((entries, finding(Some(row), message)));
        }
    }
    found.sort_by_key(|(entries, _)| Reverse(*entries));
    found.into_iter().map(|(_, finding)| finding).collect()
}
