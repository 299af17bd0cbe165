//! What a row of a loop has, one name and one type each: the columns of CSV and Parquet. New ones are added at the end.

use crate::report::{LoopReport, Report};

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
    ("ticks", |row| Field::Number(Some(row.ticks))),
    ("total_ticks", |row| Field::Number(Some(row.total_ticks))),
    ("visits", |row| Field::Number(Some(row.visits))),
    ("p50", |row| Field::Number(Some(row.p50))),
    ("p90", |row| Field::Number(Some(row.p90))),
    ("p99", |row| Field::Number(Some(row.p99))),
    ("max", |row| Field::Number(Some(row.max))),
    ("exits", |row| Field::Number(Some(row.exits))),
    ("entries", |row| Field::Number(row.entries)),
    ("passes", |row| Field::Number(row.passes)),
    ("compile_ticks", |row| Field::Number(Some(row.compile.total()))),
    ("function", |row| {
        Field::Text(row.location.as_ref().map_or(String::new(), |place| place.function.clone()))
    }),
    ("file", |row| Field::Text(row.location.as_ref().map_or(String::new(), |place| place.file.clone()))),
    ("line", |row| Field::Number(row.location.as_ref().map(|place| u64::from(place.line)))),
    ("opcode", |row| Field::Text(row.location.as_ref().map_or(String::new(), |place| place.opcode.clone()))),
    ("guard_exits", |row| Field::Number(row.guard_exits)),
    ("called_ticks", |row| Field::Number(row.called_ticks)),
    ("estimated_ticks", |row| Field::Number(row.estimated_ticks)),
    ("payback", |row| Field::Real(row.payback)),
    ("parent", |row| Field::Text(row.parent.clone().unwrap_or_default())),
    ("trace", |row| Field::Number(row.trace.map(u64::from))),
    ("parent_trace", |row| Field::Number(row.parent_trace.map(u64::from))),
];

/// The loops, then the parts of the rest: their ticks add up to the run.
pub(crate) fn rows(report: &Report) -> Vec<LoopReport> {
    let parts = report.other.parts().map(|(name, ticks)| {
        let name = name.to_owned();
        LoopReport { name, kind: "other", ticks, total_ticks: ticks, ..LoopReport::default() }
    });
    report.loops.iter().cloned().chain(parts).collect()
}
