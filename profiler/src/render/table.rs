//! Text: where the run went, a table of loops with their bridges below them, and what to know about both.
//!
//! ```text
//! sieve.py: 61.44 ms
//!
//!  85.00%  loops           52.22 ms       ─┐ parts: the whole run
//!  14.13%  interpreter     8.680 ms       ─┘
//!
//!   share      self  visits  name         location            ─┐ loops: columns that have something to say,
//!  77.08%  47.36 ms       1  loop0        sieve.py:7 sieve     │ and as many of them as there is room for;
//!   0.30%  0.184 ms          └ bridge …   sieve.py:9 sieve     │ what took no time is counted, not listed
//!                            … and 3 bridges that took no time ─┘
//!
//! ! findings, notes
//! ```

mod columns;
mod layout;
mod prose;
mod rest;
mod style;
mod summary;
mod tree;
mod units;

use super::Render;
use crate::report::{LoopReport, Report};
use layout::Layout;
use std::io::{self, Write};
pub(super) use style::{Style, paint};
pub use summary::together_table;
use tree::Line;
pub(crate) use units::time;
pub(super) use units::{clean, grouped, shorten};

/// How wide, how long, how colourful.
#[derive(Clone, Copy, Debug)]
pub struct TableOptions {
    /// Colours, for a terminal that wants them.
    pub color: bool,
    /// Columns on the screen.
    pub width: usize,
    /// No more loops than that.
    pub top: Option<usize>,
    /// What took no time too.
    pub all: bool,
    /// Ticks even where the clock is known.
    pub ticks: bool,
}

impl Default for TableOptions {
    fn default() -> Self {
        TableOptions { color: false, width: 120, top: None, all: false, ticks: false }
    }
}

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Table(pub TableOptions);

impl Render for Table {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        // Without a clock there is nothing but ticks; with one, they are what nobody asked for.
        let mut report = std::borrow::Cow::Borrowed(report);
        if self.0.ticks {
            report.to_mut().clock_hz = None;
        }
        rest::headline(&report, out)?;
        rest::parts(&report, &self.0, out)?;
        self.loops(&report, out)?;
        rest::warmup(&report, &self.0, out)?;
        rest::aborts(&report, &self.0, out)?;
        rest::findings(&report, &self.0, out)?;
        rest::notes(&report, &self.0, out)
    }
}

impl Table {
    fn loops(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if report.loops.is_empty() {
            return writeln!(out, "the log shows no loop");
        }
        let lines = tree::lines(report, &self.0);
        let rows: Vec<(usize, usize)> = lines
            .iter()
            .filter_map(|line| match line {
                Line::Row { row, depth } => Some((*row, *depth)),
                Line::Remark { .. } => None,
            })
            .collect();
        let layout = Layout::new(report, &rows, self.0.width);
        let title = layout.title();
        writeln!(out, "{}", paint(self.0.color, Style::Title, &title))?;
        for line in &lines {
            match line {
                Line::Row { row, depth } => {
                    let row = &report.loops[*row];
                    writeln!(
                        out,
                        "{}",
                        paint(self.0.color, style_of(report, row), &layout.row(report, row, *depth))
                    )?;
                }
                Line::Remark { depth, text } => {
                    writeln!(out, "{}", paint(self.0.color, Style::Quiet, &layout.remark(*depth, text)))?;
                }
            }
        }
        Ok(())
    }
}

fn style_of(report: &Report, row: &LoopReport) -> Style {
    match report.percent(row.ticks) {
        share if share >= 20.0 => Style::Hot,
        share if share >= 5.0 => Style::Warm,
        _ => Style::Plain,
    }
}
