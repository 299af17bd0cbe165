//! CSV: one row per loop and one per part of the rest, for spreadsheets. The ticks of all rows add up to the run, or to
//! all runs if there are several. `SCHEMA.md` explains the columns.

use super::Render;
use super::fields::{FIELDS, Field, rows};
use crate::Report;
use std::io::{self, Write};

/// Comma-separated values with a header line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Csv;

impl Render for Csv {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        csv_all(std::slice::from_ref(report), out)
    }
}

/// Writes several reports below one header; the last column tells them apart.
pub fn csv_all(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    let titles = FIELDS.iter().map(|(title, _)| *title).chain(["log"]);
    writeln!(out, "{}", titles.collect::<Vec<_>>().join(","))?;
    for report in reports {
        let log = quoted(report.log.clone().unwrap_or_default());
        for row in rows(report) {
            let cells: Vec<_> = FIELDS.iter().map(|(_, field)| cell(field(&row))).collect();
            writeln!(out, "{},{log}", cells.join(","))?;
        }
    }
    Ok(())
}

fn cell(field: Field) -> String {
    match field {
        Field::Text(text) => quoted(text),
        Field::Number(number) => number.map_or(String::new(), |number| number.to_string()),
        Field::Real(number) => number.map_or(String::new(), |number| format!("{number:.4}")),
    }
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
