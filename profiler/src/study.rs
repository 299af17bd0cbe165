//! A report, and what is too large for one: the run over time, and how long the visits of each loop took.

use crate::attribute::{self, NodeId, Sink, Tree, attribute, span_of};
use crate::build::{Options, joined, loop_name, report_of, traces_of_codes};
use crate::perf::{Joined, Space};
use crate::report::Report;
use crate::timeline::{Owner, Recorder, Timeline};
use crate::warmup::Warmup;
use logs::Log;
use logs::profile::CodeSamples;
use logs::section::Phase;
use std::collections::HashMap;
use std::ops::Range;

/// A log, attributed.
#[derive(Clone, Debug)]
pub struct Study {
    pub report: Report,
    pub timeline: Timeline,
    /// By the name of the loop.
    pub visits: HashMap<String, Visits>,
    /// By the number of a trace: offsets in its machine code, ascending, and the ticks that samples found there.
    pub sampled: HashMap<u32, Vec<(u64, u64)>>,
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

/// Attributes a log's ticks once, and keeps everything: see [`crate::analyze_with`] for the report alone.
pub fn study(log: &Log<'_>, options: &Options<'_>) -> Study {
    let joined = joined(log, options);
    let warmup = Warmup::new(span_of(log, &joined.slots));
    let mut watch = Watch { warmup: Some(warmup), recorder: Recorder::new(0..u64::MAX) };
    let found = attribute(log, &joined, &mut watch);
    let names: Vec<String> = found.loops.iter().map(|ticks| loop_name(log, ticks)).collect();
    let lengths = found.loops.iter().map(|row| Visits { lengths: row.lengths.recorded() });
    let visits = names.iter().cloned().zip(lengths).collect();
    let warmup = watch.warmup.unwrap_or_else(|| Warmup::new((0, 1)));
    let report = report_of(log, options, &joined, &found, warmup);
    let sampled = sampled(log, &joined, &found, &report);
    Study { report, timeline: watch.recorder.finish(names), visits, sampled }
}

/// Ticks by trace and offset: perf's samples have them; where the program itself was looked at, samples of its program
/// counter divide a trace's own ticks.
pub(crate) fn sampled(
    log: &Log<'_>,
    joined: &Joined,
    found: &attribute::Attribution<'_>,
    report: &Report,
) -> HashMap<u32, Vec<(u64, u64)>> {
    let traces = traces_of_codes(log);
    let mut sampled: HashMap<u32, Vec<(u64, u64)>> = HashMap::new();
    let mut add = |code: u32, address: u64, ticks: u64| {
        if let Some(&trace) = traces.get(&code) {
            let offset = address.saturating_sub(log.codes[code as usize].block);
            sampled.entry(trace as u32).or_default().push((offset, ticks));
        }
    };
    for (&(code, address), &ticks) in &found.addresses {
        add(code, address, ticks);
    }
    if joined.looked.is_some() {
        let all = log.profile.codes.iter().map(|code| code.count);
        let all = all.chain(log.profile.natives.iter().map(|native| native.count)).sum::<u64>().max(1);
        let each = (report.running_ticks.unwrap_or(0) / all).max(1);
        for (code, samples) in addresses(log) {
            add(code, samples.address, samples.count.saturating_mul(each));
        }
    }
    sampled.values_mut().for_each(|ticks| ticks.sort_unstable());
    sampled
}

/// Samples of the program counter, with the code they lie in: of what lay there, the last.
fn addresses(log: &Log<'_>) -> Vec<(u32, CodeSamples)> {
    let mut space = Space::default();
    log.codes.iter().enumerate().for_each(|(index, code)| space.insert(code, index as u32));
    let codes = log.profile.codes.iter();
    codes.filter_map(|samples| Some((space.at(samples.address)?, *samples))).collect()
}

/// A part of a run over time, in finer slices.
pub fn timeline(log: &Log<'_>, options: &Options<'_>, window: Range<u64>) -> Timeline {
    let joined = joined(log, options);
    let mut watch = Watch { warmup: None, recorder: Recorder::new(window) };
    let found = attribute(log, &joined, &mut watch);
    watch.recorder.finish(found.loops.iter().map(|ticks| loop_name(log, ticks)).collect())
}

/// Who is told of every interval.
struct Watch {
    warmup: Option<Warmup>,
    recorder: Recorder,
}

impl Sink for Watch {
    fn span(&mut self, tree: &Tree, node: NodeId, from: u64, to: u64) {
        if let Some(warmup) = &mut self.warmup {
            warmup.span(tree, node, from, to);
        }
        self.recorder.span(from, to, owner(tree, node));
    }
}

/// What a helper does, it does for the loop that called it.
fn owner(tree: &Tree, node: NodeId) -> Owner {
    match tree.node(node).owner {
        attribute::Owner::Loop(index) => Owner::Loop(index),
        attribute::Owner::Helper(_) => owner(tree, tree.node(node).parent),
        attribute::Owner::Recording => Owner::Recording,
        attribute::Owner::Waiting => Owner::Waiting,
        attribute::Owner::Program | attribute::Owner::Phase(Phase::None) => Owner::Interpreter,
        attribute::Owner::Phase(Phase::Tracing) => Owner::Tracing,
        attribute::Owner::Phase(Phase::Optimize) => Owner::Optimize,
        attribute::Owner::Phase(Phase::Backend) => Owner::Backend,
        attribute::Owner::Phase(Phase::Gc) => Owner::Gc,
    }
}
