//! What a row of a loop has, one name and one type each: the columns of CSV and Parquet. New ones are added at the end.

use crate::report::{Compile, LoopReport, Report};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    Text(String),
    Number(Option<u64>),
    Real(Option<f64>),
}

type Of = fn(&LoopReport) -> Field;

/// All of them.
pub(crate) const FIELDS: &[(&str, Of)] = &[
    ("name", |row| Field::Text(row.name.clone())),
    ("kind", |row| Field::Text(row.kind.to_owned())),
    ("ticks", |row| Field::Number(observed(row, row.ticks))),
    ("total_ticks", |row| Field::Number(observed(row, row.total_ticks))),
    ("visits", |row| Field::Number(seen(row, row.visits))),
    ("p50", |row| Field::Number(seen(row, row.p50))),
    ("p90", |row| Field::Number(seen(row, row.p90))),
    ("p99", |row| Field::Number(seen(row, row.p99))),
    ("max", |row| Field::Number(seen(row, row.max))),
    ("exits", |row| Field::Number(row.exits)),
    ("entered", |row| Field::Number(row.entered)),
    ("passes", |row| Field::Number(row.passes)),
    ("compile_ticks", |row| Field::Number(Some(row.compile.total()))),
    ("function", |row| {
        Field::Text(row.location.as_ref().map_or(String::new(), |place| place.function.clone()))
    }),
    ("file", |row| Field::Text(row.location.as_ref().map_or(String::new(), |place| place.file.clone()))),
    ("line", |row| Field::Number(row.location.as_ref().map(|place| u64::from(place.line)))),
    ("opcode", |row| Field::Text(row.location.as_ref().map_or(String::new(), |place| place.opcode.clone()))),
    ("called_ticks", |row| Field::Number(row.called_ticks)),
    ("payback", |row| Field::Real(row.payback)),
    ("parent", |row| Field::Text(row.parent.clone().unwrap_or_default())),
    ("trace", |row| Field::Number(row.trace.map(u64::from))),
    ("parent_trace", |row| Field::Number(row.parent_trace.map(u64::from))),
    ("share", |row| Field::Real(row.share.map(|share| share.percent))),
    ("share_low", |row| Field::Real(row.share.map(|share| share.low))),
    ("share_high", |row| Field::Real(row.share.map(|share| share.high))),
    ("samples", |row| Field::Number(row.samples)),
    ("caused_by", |row| Field::Text(row.caused_by.clone().unwrap_or_default())),
    ("called_by", |row| Field::Text(row.called_by.clone().unwrap_or_default())),
    ("part_of", |row| Field::Text(row.part_of.unwrap_or_default().to_owned())),
    ("label", |row| Field::Text(row.label.clone())),
    ("ops", |row| Field::Number(Some(u64::from(row.ops)).filter(|ops| *ops > 0))),
    ("guards", |row| Field::Number((row.ops > 0).then_some(u64::from(row.guards)))),
    ("code_bytes", |row| Field::Number(row.code_bytes)),
];

/// What no sample met, and no event tells, is not 0.
fn observed(row: &LoopReport, ticks: u64) -> Option<u64> {
    (row.share.is_some() || ticks > 0).then_some(ticks)
}

/// What no visit tells is not 0.
fn seen(row: &LoopReport, value: u64) -> Option<u64> {
    (row.visits > 0).then_some(value)
}

/// The loops, then the parts of the rest: their ticks add up to the run. Then places, which are parts of these parts.
pub(crate) fn rows(report: &Report) -> Vec<LoopReport> {
    let parts = report.other.parts().into_iter().filter_map(|(part, ticks)| {
        let (name, ticks, share) = (part.to_owned(), ticks?, report.shares.get(part).copied());
        Some(LoopReport { name, kind: "other", ticks, total_ticks: ticks, share, ..LoopReport::default() })
    });
    let loops = report.loops.iter().cloned();
    loops.chain(parts).chain(report.spots.iter().cloned()).chain(phases(report)).collect()
}

/// Phases, which add nothing to the sum: their time is in `total_ticks` and `compile_ticks`, that of the collector in a
/// row of its own.
fn phases(report: &Report) -> impl Iterator<Item = LoopReport> {
    report.phases.iter().flat_map(|phase| {
        let compile = Compile {
            tracing: phase.other.tracing,
            optimize: phase.other.optimize,
            backend: phase.other.backend,
        };
        let row = |kind, total_ticks, compile| LoopReport {
            name: phase.name.clone(),
            kind,
            total_ticks,
            compile,
            ..LoopReport::default()
        };
        let gc = phase.gc().map(|ticks| row("phase gc", ticks, Compile::default()));
        std::iter::once(row("phase", phase.ticks, compile)).chain(gc)
    })
}
