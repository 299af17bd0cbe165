//! The columns: what a run is, what CSV says of a row, and what only some kinds of rows have. New ones are added at the
//! end.

use super::rows::Row;
use super::{Facts, column, push};
use crate::export::{Cells, Column};
use crate::render::fields::{FIELDS, Field};
use crate::report::{LoopReport, Report};
use rustc_hash::FxHashSet as HashSet;
use std::sync::Arc;

/// All there is to know of a row.
struct About<'r> {
    facts: &'r Facts,
    /// What wrote the log, if it says so.
    writer: Option<&'r [u8]>,
    report: &'r Report,
    row: &'r Row,
}

#[derive(Clone, Copy)]
enum Type {
    Text,
    Number,
    Real,
    Time,
}

type Of = fn(&About<'_>) -> Field;

const fn none() -> Field {
    Field::Number(None)
}

fn text(text: Option<&str>) -> Field {
    text.map_or(none(), |text| Field::Text(text.to_owned()))
}

/// The same in each row of a run.
const RUN: &[(&str, Type, Of)] = &[
    ("run", Type::Text, |it| text(Some(&it.facts.run))),
    ("host", Type::Text, |it| text(it.facts.host.as_deref())),
    ("program", Type::Text, |it| text(it.facts.program.as_deref().or(it.report.program.as_deref()))),
    ("version", Type::Text, |it| text(it.facts.version.as_deref())),
    ("time", Type::Time, |it| Field::Number(Some(it.facts.time))),
    ("run_ticks", Type::Number, |it| Field::Number(Some(it.report.total_ticks))),
    ("run_seconds", Type::Real, |it| Field::Real(it.seconds(it.report.total_ticks as f64))),
    ("clock_hz", Type::Number, |it| Field::Number(it.report.clock_hz)),
    ("time_from", Type::Text, |it| text(Some(it.report.time_from.word()))),
];

/// What only some kinds have, and where the run was read from.
const MORE: &[(&str, Type, Of)] = &[
    ("compile_ticks", Type::Number, |it| Field::Number(it.row.compile_ticks)),
    ("ticks_low", Type::Real, |it| Field::Real(it.bounds().map(|bounds| bounds.0))),
    ("ticks_high", Type::Real, |it| Field::Real(it.bounds().map(|bounds| bounds.1))),
    ("seconds", Type::Real, |it| Field::Real(it.ticks().and_then(|ticks| it.seconds(ticks)))),
    ("seconds_low", Type::Real, |it| Field::Real(it.bounds().and_then(|bounds| it.seconds(bounds.0)))),
    ("seconds_high", Type::Real, |it| Field::Real(it.bounds().and_then(|bounds| it.seconds(bounds.1)))),
    ("compile_seconds", Type::Real, |it| {
        Field::Real(it.row.compile_ticks.and_then(|ticks| it.seconds(ticks as f64)))
    }),
    ("operation", Type::Text, |it| text(it.row.operation.as_deref())),
    ("bridge", Type::Text, |it| text(it.row.bridge.as_deref())),
    ("failures", Type::Number, |it| Field::Number(it.row.failures)),
    ("reason", Type::Text, |it| text(it.row.reason.as_deref())),
    ("times", Type::Number, |it| Field::Number(it.row.times)),
    ("message", Type::Text, |it| text(it.row.message.as_deref())),
    ("advice", Type::Text, |it| text(it.row.advice.as_deref())),
    ("loops", Type::Number, |it| Field::Number(it.row.tally.map(|tally| tally.loops))),
    ("bridges", Type::Number, |it| Field::Number(it.row.tally.map(|tally| tally.bridges))),
    ("aborts", Type::Number, |it| Field::Number(it.row.tally.map(|tally| tally.aborts))),
    ("findings", Type::Number, |it| Field::Number(it.row.tally.map(|tally| tally.findings))),
    ("diagnostics", Type::Number, |it| Field::Number(it.row.tally.map(|tally| tally.diagnostics))),
    ("writer", Type::Text, |it| it.writer.map_or(none(), |version| Field::Text(crate::build::text(version)))),
    ("pid", Type::Number, |it| Field::Number(it.report.pid)),
    ("log", Type::Text, |it| text(Some(&it.facts.log.path))),
    ("log_bytes", Type::Number, |it| Field::Number(Some(it.facts.log.bytes))),
    ("log_modified", Type::Time, |it| Field::Number(Some(it.facts.log.modified))),
];

impl About<'_> {
    fn seconds(&self, ticks: f64) -> Option<f64> {
        self.report.clock_hz.map(|hz| ticks / hz as f64)
    }

    /// Ticks, where they were observed.
    fn ticks(&self) -> Option<f64> {
        let row = &self.row.of;
        (row.share.is_some() || row.ticks > 0).then_some(row.ticks as f64)
    }

    /// Between what the ticks lie, in 95 of 100 cases; what is exact lies between itself and itself.
    fn bounds(&self) -> Option<(f64, f64)> {
        let (ticks, share) = (self.ticks()?, self.row.of.share?);
        let of_run = |percent: f64| percent / 100.0 * self.report.total_ticks as f64;
        match share.is_exact() {
            true => Some((ticks, ticks)),
            false => Some((of_run(share.low).min(ticks), of_run(share.high).max(ticks))),
        }
    }
}

/// The columns, being filled.
pub(super) struct Columns(Vec<Column>);

impl Columns {
    pub fn new() -> Columns {
        let typed = |(name, kind, _): &(&str, Type, Of)| column(name, kind.empty());
        let plain = fields().map(|(name, field)| column(name, empty_of(&field(&LoopReport::default()))));
        Columns(RUN.iter().map(typed).chain(plain).chain(MORE.iter().map(typed)).collect())
    }

    pub fn push(
        &mut self,
        facts: &Facts,
        writer: Option<&[u8]>,
        report: &Report,
        row: &Row,
        texts: &mut HashSet<Arc<str>>,
    ) {
        let about = About { facts, writer, report, row };
        let run = RUN.iter().map(|(_, _, of)| of(&about));
        let plain = fields().map(|(_, of)| of(&row.of));
        let more = MORE.iter().map(|(_, _, of)| of(&about));
        for (column, field) in self.0.iter_mut().zip(run.chain(plain).chain(more)) {
            push(&mut column.cells, field, texts);
        }
    }

    pub fn all(&self) -> &[Column] {
        &self.0
    }
}

/// CSV's columns; there, what costs nothing to compile has cost 0.
fn fields() -> impl Iterator<Item = (&'static str, fn(&LoopReport) -> Field)> {
    FIELDS.iter().copied().filter(|(name, _)| *name != "compile_ticks")
}

impl Type {
    fn empty(self) -> Cells {
        match self {
            Type::Text => Cells::Text(Vec::new()),
            Type::Number => Cells::Number(Vec::new()),
            Type::Real => Cells::Real(Vec::new()),
            Type::Time => Cells::Time(Vec::new()),
        }
    }
}

fn empty_of(field: &Field) -> Cells {
    match field {
        Field::Text(_) => Cells::Text(Vec::new()),
        Field::Number(_) => Cells::Number(Vec::new()),
        Field::Real(_) => Cells::Real(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_columns_have_one_name() {
        let columns = Columns::new();
        for (index, column) in columns.all().iter().enumerate() {
            assert!(columns.all()[..index].iter().all(|other| other.name != column.name), "{}", column.name);
        }
    }

    #[test]
    fn every_column_is_explained() {
        let text = include_str!("../../FLEET.md");
        for column in Columns::new().all() {
            assert!(text.contains(&format!("`{}`", column.name)), "{} is not in FLEET.md", column.name);
        }
    }
}
