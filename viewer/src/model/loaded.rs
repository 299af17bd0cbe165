//! A log that was read: what every screen needs.

use logs::Log;
use profiler::diff::Diff;
use profiler::report::LoopReport;
use profiler::timeline::Timeline;
use profiler::{Report, Study, Visits};
use std::collections::{BTreeMap, HashMap};

/// A row of the report, by a name that lasts: a log that grows gets further traces behind those it had.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A trace of the log.
    Trace(u32),
    /// A loop that only its events know.
    Event(String),
}

/// How much of a log was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Its beginning.
    Start,
    /// All of it, but not what is in the traces.
    Outline,
    /// Everything.
    Whole,
}

/// What is known of a log.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub extent: Extent,
    pub report: Report,
    pub timeline: Timeline,
    pub visits: HashMap<String, Visits>,
    /// By the number of a trace: offsets in its machine code, ascending, and the ticks that samples found there.
    pub sampled: HashMap<u32, Vec<(u64, u64)>>,
    /// What has changed since another run.
    pub diff: Option<Diff>,
    /// One per row of the report.
    pub nodes: Vec<Node>,
    /// Rows by trace.
    pub by_trace: Vec<u32>,
    /// Rows as they were compiled; what never was comes last.
    pub by_age: Vec<u32>,
    /// Bytes of the log.
    pub bytes: u64,
    /// Kinds of sections, and how many there are.
    pub sections: Vec<(String, u64)>,
    /// The summary of the run, label and value.
    pub summary: Vec<(String, String)>,
}

/// A row's place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub key: Key,
    /// The name, short enough for a list.
    pub name: String,
    /// The row of the trace it starts from.
    pub parent: Option<u32>,
    /// How many rows start from it.
    pub children: u32,
    /// What a search looks at: name and place, in lower case.
    pub searched: Box<str>,
}

impl Loaded {
    /// Puts together what is known.
    pub fn new(log: &Log<'_>, study: Study, diff: Option<Diff>) -> Loaded {
        let Study { report, timeline, visits, sampled } = study;
        let mut by_trace = vec![u32::MAX; log.traces.len()];
        for (row, number) in report.loops.iter().zip(0..) {
            if let Some(slot) = row.trace.and_then(|trace| by_trace.get_mut(trace as usize)) {
                *slot = number;
            }
        }
        let mut nodes: Vec<Node> = report.loops.iter().map(|row| node(log, row, &by_trace)).collect();
        for index in 0..nodes.len() {
            if let Some(parent) = nodes[index].parent {
                nodes[parent as usize].children += 1;
            }
        }
        let mut by_age: Vec<u32> = (0..nodes.len() as u32).collect();
        by_age.sort_by_key(|row| report.loops[*row as usize].trace.unwrap_or(u32::MAX));
        let bytes = log.frame.bytes().len() as u64;
        Loaded {
            extent: Extent::Whole,
            report,
            timeline,
            visits,
            sampled,
            diff,
            nodes,
            by_trace,
            by_age,
            bytes,
            sections: sections(log),
            summary: summary(log),
        }
    }

    /// The row of that key.
    pub fn row_of(&self, key: &Key) -> Option<usize> {
        match key {
            Key::Trace(trace) => self.by_trace.get(*trace as usize).map(|row| *row as usize),
            Key::Event(name) => {
                self.report.loops.iter().position(|row| row.trace.is_none() && row.name == *name)
            }
        }
        .filter(|row| *row < self.nodes.len())
    }

    /// What samples found in a row's machine code.
    pub fn sampled_of(&self, key: &Key) -> &[(u64, u64)] {
        match key {
            Key::Trace(trace) => self.sampled.get(trace).map_or(&[], Vec::as_slice),
            Key::Event(_) => &[],
        }
    }

    /// The row of that name.
    pub fn row_named(&self, name: &str) -> Option<usize> {
        self.report.loops.iter().position(|row| row.name == name)
    }

    /// How often a row's code ran: entered, or gone around.
    pub fn often(&self, row: usize) -> u64 {
        let row = &self.report.loops[row];
        row.entered.max(row.passes).unwrap_or(0).max(row.visits)
    }
}

fn node(log: &Log<'_>, row: &LoopReport, by_trace: &[u32]) -> Node {
    let trace = row.trace.and_then(|trace| log.traces.get(trace as usize));
    let parent = trace.and_then(|trace| by_trace.get(trace.parent?.trace.index()).copied());
    let key = row.trace.map_or_else(|| Key::Event(row.name.clone()), Key::Trace);
    let place = row.location.as_ref();
    let place = place.map_or_else(
        || row.label.clone(),
        |place| format!("{}:{} {}", place.file, place.line, place.function),
    );
    let name = short_name(&row.name);
    let searched = format!("{} {name} {place}", row.name).to_lowercase().into();
    Node { key, name, parent: parent.filter(|row| *row != u32::MAX), children: 0, searched }
}

/// A bridge is named by an address: its end tells it from others, its beginning does not.
pub fn short_name(name: &str) -> String {
    const DIGITS: usize = 5;
    match name.split_once("0x") {
        Some((kind, digits)) if digits.len() > DIGITS + 3 && digits.is_ascii() => {
            format!("{kind}…{}", &digits[digits.len() - DIGITS..])
        }
        _ => name.to_owned(),
    }
}

fn sections(log: &Log<'_>) -> Vec<(String, u64)> {
    let mut counts = BTreeMap::<&[u8], u64>::new();
    for (_, node) in log.frame.sections() {
        *counts.entry(node.name).or_default() += 1;
    }
    for event in log.frame.events() {
        *counts.entry(event.kind.section().name().as_bytes()).or_default() += 1;
    }
    let mut counts: Vec<_> =
        counts.into_iter().map(|(name, count)| (super::printable(name), count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn summary(log: &Log<'_>) -> Vec<(String, String)> {
    let totals = log.summary.iter();
    totals.map(|total| (super::printable(total.label), super::printable(total.value))).collect()
}
