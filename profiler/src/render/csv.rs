//! CSV: one row per loop and one per part of the rest, for spreadsheets. The ticks of all rows add up to the run.

use super::Render;
use crate::Report;
use crate::report::LoopReport;
use std::io::{self, Write};

/// Comma-separated values with a header line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Csv;

type Cell = fn(&LoopReport) -> String;

const COLUMNS: &[(&str, Cell)] = &[
    ("name", |row| row.name.clone()),
    ("kind", |row| row.kind.to_owned()),
    ("ticks", |row| row.ticks.to_string()),
    ("total_ticks", |row| row.total_ticks.to_string()),
    ("visits", |row| row.visits.to_string()),
    ("p50", |row| row.p50.to_string()),
    ("p90", |row| row.p90.to_string()),
    ("p99", |row| row.p99.to_string()),
    ("max", |row| row.max.to_string()),
    ("exits", |row| row.exits.to_string()),
    ("entries", |row| number(row.entries)),
    ("passes", |row| number(row.passes)),
    ("compile_ticks", |row| row.compile.total().to_string()),
    ("function", |row| row.location.as_ref().map_or(String::new(), |place| place.function.clone())),
    ("file", |row| row.location.as_ref().map_or(String::new(), |place| place.file.clone())),
    ("line", |row| number(row.location.as_ref().map(|place| u64::from(place.line)))),
    ("opcode", |row| row.location.as_ref().map_or(String::new(), |place| place.opcode.clone())),
];

impl Render for Csv {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let titles: Vec<_> = COLUMNS.iter().map(|(title, _)| *title).collect();
        writeln!(out, "{}", titles.join(","))?;
        for row in &report.loops {
            write_row(row, out)?;
        }
        for (name, ticks) in report.other.parts() {
            let name = name.to_owned();
            write_row(
                &LoopReport { name, kind: "other", ticks, total_ticks: ticks, ..LoopReport::default() },
                out,
            )?;
        }
        Ok(())
    }
}

fn write_row(row: &LoopReport, out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<_> = COLUMNS.iter().map(|(_, cell)| quoted(cell(row))).collect();
    writeln!(out, "{}", cells.join(","))
}

fn number(value: Option<u64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// In quotes, where the text needs them.
fn quoted(text: String) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_quoted() {
        assert_eq!(quoted("a,\"b\"".to_owned()), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("a b".to_owned()), "a b");
    }
}
