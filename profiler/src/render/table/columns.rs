//! The columns, and which of them a report has.

use super::units::{clean, grouped, time, times};
use crate::report::{LoopReport, Report};

/// A column.
pub(super) struct Column {
    pub title: &'static str,
    pub right: bool,
    pub cell: fn(&Report, &LoopReport) -> String,
    /// Is it worth its place?
    shown: fn(&Report) -> bool,
    /// Which goes first when there is not enough room: the highest. 0 stays.
    pub rank: u8,
}

type Cell = fn(&Report, &LoopReport) -> String;

const fn right(title: &'static str, rank: u8, shown: fn(&Report) -> bool, cell: Cell) -> Column {
    Column { title, right: true, cell, shown, rank }
}

const fn left(title: &'static str, rank: u8, shown: fn(&Report) -> bool, cell: Cell) -> Column {
    Column { title, right: false, cell, shown, rank }
}

/// The column whose cells are indented.
pub(super) const NAME: &str = "name";

/// All columns, in order.
const COLUMNS: &[Column] = &[
    right("share", 0, Report::has_ticks, |report, row| format!("{:>6.2}%", report.percent(row.ticks))),
    right("self", 1, Report::has_ticks, |report, row| time(report, row.ticks)),
    right("est.", 1, estimated, |report, row| {
        row.estimated_ticks.map_or(String::new(), |ticks| format!("~{:.1}%", report.percent(ticks)))
    }),
    right("total", 5, nested, |report, row| time(report, row.total_ticks)),
    right("calls", 6, called, |report, row| {
        row.called_ticks.map_or(String::new(), |ticks| time(report, ticks))
    }),
    right("visits", 2, events, |_, row| visits(row)),
    right("p50", 8, events, |report, row| visit_time(report, row, row.p50)),
    right("p99", 7, events, |report, row| visit_time(report, row, row.p99)),
    right("max", 9, events, |report, row| visit_time(report, row, row.max)),
    right("exits", 6, exits, |_, row| row.guard_exits.map_or(String::new(), grouped)),
    right("entries", 4, counts, |_, row| row.entries.map_or(String::new(), grouped)),
    right("passes", 3, counts, |_, row| row.passes.map_or(String::new(), grouped)),
    right("compile", 5, compiled, compile),
    right("payback", 6, paid, payback),
    left(NAME, 0, always, |_, row| clean(&row.name)),
    left("kind", 10, always, |_, row| row.kind.to_owned()),
    left("location", 0, always, |_, row| clean(&location(row))),
];

/// The columns worth their place in that report.
pub(super) fn columns(report: &Report) -> Vec<&'static Column> {
    COLUMNS.iter().filter(|column| (column.shown)(report)).collect()
}

fn always(_: &Report) -> bool {
    true
}

fn events(report: &Report) -> bool {
    report.has_events
}

fn estimated(report: &Report) -> bool {
    !report.has_ticks() && report.loops.iter().any(|row| row.estimated_ticks.is_some())
}

fn nested(report: &Report) -> bool {
    report.has_ticks() && report.loops.iter().any(|row| row.total_ticks != row.ticks)
}

fn called(report: &Report) -> bool {
    report.loops.iter().any(|row| row.called_ticks.is_some_and(|ticks| ticks > 0))
}

fn exits(report: &Report) -> bool {
    report.loops.iter().any(|row| row.guard_exits.is_some())
}

fn counts(report: &Report) -> bool {
    !report.has_events && report.loops.iter().any(|row| row.entries.is_some())
}

fn compiled(report: &Report) -> bool {
    report.loops.iter().any(|row| row.compile.total() > 0)
}

fn paid(report: &Report) -> bool {
    compiled(report) && report.loops.iter().any(|row| row.ticks > 0 || row.estimated_ticks.is_some())
}

fn visits(row: &LoopReport) -> String {
    let sign = if row.sampled.is_some() { "~" } else { "" };
    if row.visits == 0 { String::new() } else { format!("{sign}{}", grouped(row.visits)) }
}

fn visit_time(report: &Report, row: &LoopReport, ticks: u64) -> String {
    if row.visits == 0 { String::new() } else { time(report, ticks) }
}

fn compile(report: &Report, row: &LoopReport) -> String {
    let ticks = row.compile.total();
    if ticks == 0 { String::new() } else { time(report, ticks) }
}

/// A bridge's time is its loop's where events do not tell them apart.
fn payback(report: &Report, row: &LoopReport) -> String {
    let tells = row.ticks > 0 || row.estimated_ticks.is_some() || row.parent_trace.is_none();
    let sign = if report.has_ticks() { "" } else { "~" };
    row.payback.filter(|_| tells).map_or(String::new(), |value| format!("{sign}{}", times(value)))
}

fn location(row: &LoopReport) -> String {
    match &row.location {
        Some(place) => format!("{}:{} {} {}", place.file, place.line, place.function, place.opcode),
        None if !row.label.is_empty() => row.label.clone(),
        None => row.parent.as_ref().map_or(String::new(), |parent| format!("from {parent}")),
    }
}
