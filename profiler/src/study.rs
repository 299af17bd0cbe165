//! A report, and what is too large for one: the run over time, and how long the visits of each loop took.

use crate::attribute::attribute_watched;
use crate::build::{loop_name, report_of};
use crate::report::Report;
use crate::timeline::{Owner, Recorder, Timeline};
use logs::Log;
use std::collections::HashMap;
use std::ops::Range;

/// A log, attributed.
#[derive(Clone, Debug)]
pub struct Study {
    pub report: Report,
    pub timeline: Timeline,
    /// By the name of the loop.
    pub visits: HashMap<String, Visits>,
}

/// How long the visits of a loop took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    /// A length in ticks, as exact as the histogram is, and how many visits were that long; the shortest first.
    pub lengths: Vec<(u64, u64)>,
}

impl Visits {
    /// How many.
    pub fn count(&self) -> u64 {
        self.lengths.iter().map(|(_, times)| times).sum()
    }

    /// The length that `percent` of the visits do not exceed.
    pub fn percentile(&self, percent: f64) -> u64 {
        let wanted = (self.count() as f64 * percent / 100.0).ceil() as u64;
        let mut seen = 0;
        let found = self.lengths.iter().find(|(_, times)| {
            seen += times;
            seen >= wanted
        });
        found.or(self.lengths.last()).map_or(0, |(length, _)| *length)
    }
}

/// Attributes a log's ticks once, and keeps everything: see [`crate::analyze`] for the report alone.
pub fn study(log: &Log<'_>) -> Study {
    let mut recorder = Recorder::new(0..u64::MAX);
    let found = attribute_watched(log, &mut |from, to, owner| recorder.span(from, to, owner));
    let names: Vec<String> = found.loops.iter().map(loop_name).collect();
    let lengths = found.loops.iter().map(|row| Visits { lengths: row.lengths.recorded() });
    let visits = names.iter().cloned().zip(lengths).collect();
    Study { report: report_of(log, &found), timeline: recorder.finish(names), visits }
}

/// A part of a run over time, in finer slices.
pub fn timeline(log: &Log<'_>, window: Range<u64>) -> Timeline {
    let mut recorder = Recorder::new(window);
    let found = attribute_watched(log, &mut |from, to, owner: Owner| recorder.span(from, to, owner));
    recorder.finish(found.loops.iter().map(loop_name).collect())
}
