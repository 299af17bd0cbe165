//! Writing a report. One format per file.

mod compare;
mod csv;
pub(crate) mod fields;
mod json;
mod table;
mod traces;

use crate::Report;
use std::io::{self, Write};

/// A format for reports.
pub trait Render {
    /// Writes the report.
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()>;
}

pub use compare::{diff_json, diff_table};
pub use csv::{Csv, csv_all};
pub use json::{Json, json_together};
pub use table::{Table, TableOptions, together_table};
pub(crate) use table::{grouped as grouped_number, time};
pub use traces::{TraceDiffJson, trace_diff_text};

/// Writes the report as text for people.
pub fn table(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    Table(*options).render(report, out)
}

/// Writes the report as comma-separated values.
pub fn csv(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    Csv.render(report, out)
}

/// Writes the report as JSON.
pub fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    Json.render(report, out)
}
