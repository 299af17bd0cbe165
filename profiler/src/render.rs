//! Writing a report. One format per file.

mod csv;
mod json;
mod table;

use crate::Report;
use std::io::{self, Write};

/// A format for reports.
pub trait Render {
    /// Writes the report.
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()>;
}

pub use csv::Csv;
pub use json::Json;
pub use table::{Table, TableOptions};

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
