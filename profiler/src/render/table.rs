//! Text: where the run went, a table of loops with their bridges below them, and what to know about both.
//!
//! ```text
//! sieve.py: 61.44 ms, of which it ran 60.10 ms
//!
//!  85.0 % ±0.9  loops           52.22 ms       ─┐ parts: the whole run
//!  14.1 % ±0.7  interpreter     8.680 ms       ─┘
//!
//!   share     ±      self  entered  name              location        ─┐ places, the members that matter below,
//!  77.1 %  ±0.9  47.36 ms        1  loop0 and 5 more  sieve.py:7 sieve │ and places where no loop ran; columns that
//!  60.3 %  ±0.9  37.05 ms        1  └ loop0           sieve.py:7 sieve │ have something to say, and as many of them
//!                                   … and 4 more, 0.2 % of the run     │ as there is room for; `–` is not observed
//!                                                                     ─┘
//! ! findings, notes
//! ```

mod columns;
mod layout;
mod phases;
mod prose;
mod rest;
mod style;
mod summary;
mod totals;
mod tree;
mod units;

use super::Render;
use crate::report::Report;
use columns::Item;
use layout::Layout;
pub(super) use prose::wrapped;
use std::io::{self, Write};
pub(super) use style::{Style, paint};
pub use summary::together_table;
use tree::Line;
pub(crate) use units::grouped;
pub(crate) use units::time;
pub(super) use units::{NOT_OBSERVED, clean, shorten};

/// How wide, how long, how colourful.
#[derive(Clone, Copy, Debug)]
pub struct TableOptions {
    /// Colours, for a terminal that wants them.
    pub color: bool,
    /// Columns on the screen.
    pub width: usize,
    /// No more places than that.
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
        rest::helpers(&report, &self.0, out)?;
        rest::warmup(&report, &self.0, out)?;
        phases::phases(&report, &self.0, out)?;
        phases::gc(&report, &self.0, out)?;
        rest::aborts(&report, &self.0, out)?;
        totals::totals(&report, &self.0, out)?;
        rest::findings(&report, &self.0, out)?;
        rest::recording(&report, &self.0, out)?;
        rest::notes(&report, &self.0, out)
    }
}

impl Table {
    fn loops(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if report.loops.is_empty() {
            return writeln!(out, "the log shows no loop{}", totals::counted(report));
        }
        let lines = tree::lines(report, &self.0);
        let items: Vec<(Item<'_>, usize)> = lines
            .iter()
            .filter_map(|line| match line {
                Line::Item { item, depth } => Some((*item, *depth)),
                Line::Remark { .. } => None,
            })
            .collect();
        let layout = Layout::new(report, &items, self.0.width);
        writeln!(out, "{}", paint(self.0.color, Style::Title, &layout.title()))?;
        for line in &lines {
            let (style, text) = match line {
                Line::Item { item, depth } => (style_of(*item), layout.row(report, *item, *depth)),
                Line::Remark { depth, text } => (Style::Quiet, layout.remark(*depth, text)),
            };
            writeln!(out, "{}", paint(self.0.color, style, &text))?;
        }
        Ok(())
    }
}

fn style_of(item: Item<'_>) -> Style {
    match item.share().map_or(0.0, |share| share.percent) {
        share if share >= 20.0 => Style::Hot,
        share if share >= 5.0 => Style::Warm,
        _ => Style::Plain,
    }
}
