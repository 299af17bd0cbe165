//! The columns, and which of them a report has.

use crate::report::{LoopReport, Report};

/// A column.
pub(super) struct Column {
    pub title: &'static str,
    pub right: bool,
    pub cell: fn(&Report, &LoopReport) -> String,
    /// Is it worth its place?
    shown: fn(&Report) -> bool,
}

const fn right(
    title: &'static str,
    shown: fn(&Report) -> bool,
    cell: fn(&Report, &LoopReport) -> String,
) -> Column {
    Column { title, right: true, cell, shown }
}

const fn left(
    title: &'static str,
    shown: fn(&Report) -> bool,
    cell: fn(&Report, &LoopReport) -> String,
) -> Column {
    Column { title, right: false, cell, shown }
}

/// All columns, in order.
const COLUMNS: &[Column] = &[
    right("share", events, |report, row| format!("{:>6.2}%", report.percent(row.ticks))),
    right("self", events, |_, row| grouped(row.ticks)),
    right("ms", clock, |report, row| {
        report.milliseconds(row.ticks).map_or(String::new(), |ms| format!("{ms:.3}"))
    }),
    right("total", nested, |_, row| grouped(row.total_ticks)),
    right("visits", events, |_, row| visits(row)),
    right("p50", events, |_, row| grouped(row.p50)),
    right("p99", events, |_, row| grouped(row.p99)),
    right("max", events, |_, row| grouped(row.max)),
    right("entries", counts, |_, row| row.entries.map_or(String::new(), grouped)),
    right("passes", counts, |_, row| row.passes.map_or(String::new(), grouped)),
    right("compile", compiled, |_, row| grouped(row.compile.total())),
    left("name", always, |_, row| row.name.clone()),
    left("kind", always, |_, row| row.kind.to_owned()),
    left("location", always, |_, row| location(row)),
];

/// The columns worth their place in that report.
pub(super) fn columns(report: &Report) -> Vec<&'static Column> {
    COLUMNS.iter().filter(|column| (column.shown)(report)).collect()
}

/// `1,234,567`
pub(super) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn always(_: &Report) -> bool {
    true
}

fn events(report: &Report) -> bool {
    report.has_events
}

fn clock(report: &Report) -> bool {
    report.has_events && report.clock_hz.is_some()
}

fn nested(report: &Report) -> bool {
    report.has_events && report.loops.iter().any(|row| row.total_ticks != row.ticks)
}

fn counts(report: &Report) -> bool {
    !report.has_events && report.loops.iter().any(|row| row.entries.is_some())
}

fn compiled(report: &Report) -> bool {
    !report.has_events
}

fn visits(row: &LoopReport) -> String {
    let sign = if row.sampled.is_some() { "~" } else { "" };
    format!("{sign}{}", grouped(row.visits))
}

fn location(row: &LoopReport) -> String {
    match &row.location {
        Some(place) => format!("{}:{} {} {}", place.file, place.line, place.function, place.opcode),
        None if !row.label.is_empty() => row.label.clone(),
        None => row.parent.as_ref().map_or(String::new(), |parent| format!("from {parent}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"].map(str::to_owned)
        );
    }
}
