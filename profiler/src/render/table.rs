//! Text: a table of loops, the rest of the run, and what to know about both.

mod columns;
mod style;

use super::Render;
use crate::report::{LoopReport, Report};
use columns::{Column, columns};
use std::io::{self, Write};
use style::{Style, paint};

/// How wide, how long, how colourful.
#[derive(Clone, Copy, Debug)]
pub struct TableOptions {
    /// Colours, for a terminal that wants them.
    pub color: bool,
    /// Columns on the screen.
    pub width: usize,
    /// No more loops than that.
    pub top: Option<usize>,
}

impl Default for TableOptions {
    fn default() -> Self {
        TableOptions { color: false, width: 120, top: None }
    }
}

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Table(pub TableOptions);

impl Render for Table {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        self.headline(report, out)?;
        self.loops(report, out)?;
        self.other(report, out)?;
        self.remarks(report, out)
    }
}

impl Table {
    fn headline(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let program = report.program.as_deref().unwrap_or("the run");
        writeln!(out, "{program}: {}", time(report, report.total_ticks))?;
        writeln!(out)
    }

    fn loops(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let shown = &report.loops[..self.0.top.unwrap_or(usize::MAX).min(report.loops.len())];
        if shown.is_empty() {
            return writeln!(out, "the log shows no loop\n");
        }
        let columns = columns(report);
        let cells: Vec<Vec<String>> = shown
            .iter()
            .map(|row| columns.iter().map(|column| (column.cell)(report, row)).collect())
            .collect();
        let widths = self.widths(&columns, &cells);
        let titles: Vec<_> = columns.iter().map(|column| column.title.to_owned()).collect();
        writeln!(out, "{}", paint(self.0.color, Style::Title, &line(&columns, &widths, &titles)))?;
        for (row, cells) in shown.iter().zip(&cells) {
            writeln!(out, "{}", paint(self.0.color, style_of(report, row), &line(&columns, &widths, cells)))?;
        }
        self.left_out(report, shown.len(), out)
    }

    fn left_out(&self, report: &Report, shown: usize, out: &mut dyn Write) -> io::Result<()> {
        let rest = &report.loops[shown..];
        if !rest.is_empty() {
            let ticks: u64 = rest.iter().map(|row| row.ticks).sum();
            writeln!(out, "{:>6.2}%  {} more", report.percent(ticks), rest.len())?;
        }
        writeln!(out)
    }

    fn other(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        for (name, ticks) in report.other.parts() {
            writeln!(out, "{:>6.2}%  {name:<12} {}", report.percent(ticks), time(report, ticks))?;
        }
        Ok(())
    }

    fn remarks(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let findings = report.findings.iter().map(|finding| format!("! {}", finding.message));
        let notes = report.notes.iter().map(|note| format!("note: {note}"));
        let remarks: Vec<_> = findings.chain(notes).collect();
        if !remarks.is_empty() {
            writeln!(out)?;
        }
        for remark in remarks {
            writeln!(out, "{}", paint(self.0.color, Style::Remark, &remark))?;
        }
        match report.diagnostics.len() {
            0 => Ok(()),
            1 => writeln!(out, "\n1 diagnostic: {}", report.diagnostics[0].message),
            count => writeln!(out, "\n{count} diagnostics"),
        }
    }

    /// As wide as the cells; the last column gets what is left of the line.
    fn widths(&self, columns: &[&Column], cells: &[Vec<String>]) -> Vec<usize> {
        let width = |index: usize| {
            let longest = cells.iter().map(|row| row[index].chars().count()).max().unwrap_or(0);
            longest.max(columns[index].title.len())
        };
        let mut widths: Vec<_> = (0..columns.len()).map(width).collect();
        if let Some((last, others)) = widths.split_last_mut() {
            let taken: usize = others.iter().map(|width| width + 2).sum();
            *last = (*last).min(self.0.width.saturating_sub(taken).max(10));
        }
        widths
    }
}

fn line(columns: &[&Column], widths: &[usize], cells: &[String]) -> String {
    let padded = columns.iter().zip(widths).zip(cells).map(|((column, &width), cell)| {
        let cell = shorten(cell, width);
        if column.right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
    });
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

/// The end of a place says more than its beginning: it is the beginning that goes.
fn shorten(cell: &str, width: usize) -> String {
    let length = cell.chars().count();
    if length <= width {
        return cell.to_owned();
    }
    let kept: String = cell.chars().skip(length + 1 - width).collect();
    format!("…{kept}")
}

fn style_of(report: &Report, row: &LoopReport) -> Style {
    match report.percent(row.ticks) {
        share if share >= 20.0 => Style::Hot,
        share if share >= 5.0 => Style::Warm,
        _ => Style::Plain,
    }
}

fn time(report: &Report, ticks: u64) -> String {
    let grouped = columns::grouped(ticks);
    match report.milliseconds(ticks) {
        Some(ms) => format!("{grouped} ticks, {ms:.3} ms"),
        None => format!("{grouped} ticks"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_places_lose_their_beginning() {
        assert_eq!(shorten("abcdef", 4), "…def");
        assert_eq!(shorten("abcd", 4), "abcd");
    }
}
