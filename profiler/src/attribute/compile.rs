//! What each trace cost to make.
//!
//! Work on a trace ends with the section that shows it; so work is put on a heap, and the next trace shown takes the
//! heap. What is still done in the same `jit-tracing` after that belongs to the same trace. A heap left by an attempt
//! that was given up was wasted.

use crate::report::Compile;
use logs::Log;
use logs::frame::SectionId;
use logs::log::Outcome;
use logs::section::Phase;
use std::collections::HashMap;

pub(super) struct Costs {
    /// What a section's end decides.
    ends: HashMap<SectionId, End>,
    heap: Compile,
    /// The trace shown in the attempt that goes on.
    shown: Option<usize>,
    traces: Vec<Compile>,
    wasted: Vec<(usize, u64)>,
}

#[derive(Clone, Copy)]
enum End {
    Trace(usize),
    Attempt { number: usize, aborted: bool },
}

impl Costs {
    pub(super) fn new(log: &Log<'_>) -> Costs {
        let traces = log.traces.iter().enumerate().map(|(number, trace)| (trace.section, End::Trace(number)));
        let attempts = log.attempts.iter().enumerate().map(|(number, attempt)| {
            let aborted = matches!(attempt.outcome, Outcome::Aborted(_));
            (attempt.section, End::Attempt { number, aborted })
        });
        Costs {
            ends: traces.chain(attempts).collect(),
            heap: Compile::default(),
            shown: None,
            traces: vec![Compile::default(); log.traces.len()],
            wasted: Vec::new(),
        }
    }

    pub(super) fn charge(&mut self, phase: Phase, ticks: u64) {
        match phase {
            Phase::Tracing => self.heap.tracing += ticks,
            Phase::Optimize => self.heap.optimize += ticks,
            Phase::Backend => self.heap.backend += ticks,
            Phase::Gc | Phase::None => {}
        }
    }

    pub(super) fn start(&mut self, section: SectionId) {
        if matches!(self.ends.get(&section), Some(End::Attempt { .. })) {
            self.shown = None;
        }
    }

    pub(super) fn stop(&mut self, section: SectionId) {
        match self.ends.get(&section) {
            Some(&End::Trace(number)) => {
                self.give(number);
                self.shown = Some(number);
            }
            Some(&End::Attempt { number, aborted }) => self.end_attempt(number, aborted),
            None => {}
        }
    }

    pub(super) fn finish(self) -> (Vec<Compile>, Vec<(usize, u64)>) {
        (self.traces, self.wasted)
    }

    fn end_attempt(&mut self, number: usize, aborted: bool) {
        if let Some(trace) = self.shown.take() {
            self.give(trace);
        }
        if aborted {
            self.wasted.push((number, std::mem::take(&mut self.heap).total()));
        }
    }

    fn give(&mut self, trace: usize) {
        let heap = std::mem::take(&mut self.heap);
        let cost = &mut self.traces[trace];
        cost.tracing += heap.tracing;
        cost.optimize += heap.optimize;
        cost.backend += heap.backend;
    }
}
