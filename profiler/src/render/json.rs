//! JSON: the report as it is. Rows that say where parts of `other` were stand among the loops, behind them.

use super::Render;
use crate::Report;
use crate::report::LoopReport;
use crate::together::Together;
use serde::Serialize;
use std::io::{self, Write};

/// The schema `loopscope-report/2`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

#[derive(Serialize)]
struct Document<'r> {
    #[serde(flatten)]
    report: &'r Report,
    loops: Vec<Row<'r>>,
}

#[derive(Serialize)]
struct Row<'r> {
    #[serde(flatten)]
    row: &'r LoopReport,
    /// What `entered` was called in the first version of the schema.
    entries: Option<u64>,
}

#[derive(Serialize)]
struct Documents<'r> {
    #[serde(flatten)]
    together: &'r Together,
    reports: Vec<Document<'r>>,
}

impl Render for Json {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &document(report))?;
        out.write_all(b"\n")
    }
}

/// Writes what several processes did, and all of them together.
pub fn json_together(together: &Together, out: &mut dyn Write) -> io::Result<()> {
    let reports = together.reports.iter().map(document).collect();
    serde_json::to_writer_pretty(&mut *out, &Documents { together, reports })?;
    out.write_all(b"\n")
}

fn document(report: &Report) -> Document<'_> {
    let rows = report.loops.iter().chain(&report.spots);
    Document { report, loops: rows.map(|row| Row { row, entries: row.entered }).collect() }
}
