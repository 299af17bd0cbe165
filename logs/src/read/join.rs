//! Joining what different sections say about one trace.
//!
//! Guards and labels are numbered by the addresses of objects, and a collected object's address is used again. So
//! nothing is joined by number over the whole log:
//!
//! * a bridge belongs to the guard of that number that was compiled *last before it*;
//! * a range of code, and an allocation, belong to the next trace of their name;
//! * counters, which are written in the order of compilation, are joined by position. Where the log lacks some traces,
//!   or some counters, the two sequences are aligned: what is missing in one is skipped in the other.
//!
//! Several processes may have written into one log. A process's counters belong to its traces; what is left over, to
//! those of earlier ones, whose child it may be.

mod align;
mod counters;
mod stand_in;

use crate::diagnostic::Diagnostics;
use crate::frame::{Frame, Radix, SectionId};
use crate::index::Index;
use crate::log::{Blocks, Count, Log};
use crate::trace::{GuardRef, Identity, Trace, TraceId};
use counters::join_counts;
use std::collections::HashMap;

/// What single sections say.
pub(super) struct Facts<'a> {
    /// What goes into the log as it is. The log's frame and its counters come when all is joined.
    pub log: Log<'a>,
    /// Traces that are logged once more, in another form.
    pub twins: Vec<Trace<'a>>,
    pub allocations: Vec<Allocation>,
    pub counts: Vec<(SectionId, Vec<Count>)>,
    /// How often guards left compiled code.
    pub exits: Vec<(u64, u64)>,
    pub diagnostics: Diagnostics,
}

/// A trace was given a number.
#[derive(Clone, Copy)]
pub(super) struct Allocation {
    pub section: SectionId,
    pub number: i64,
    pub root: Option<i64>,
}

impl Default for Facts<'_> {
    fn default() -> Self {
        let nowhere = Frame::new(b"", Index::of(b"", Radix::default()).0);
        Facts {
            log: Log::new(nowhere),
            twins: Vec::new(),
            allocations: Vec::new(),
            counts: Vec::new(),
            exits: Vec::new(),
            diagnostics: Diagnostics::default(),
        }
    }
}

impl<'a> Facts<'a> {
    /// Adds what stands behind.
    pub(super) fn append(&mut self, other: Facts<'a>) {
        self.log.append(other.log);
        self.twins.extend(other.twins);
        self.allocations.extend(other.allocations);
        self.counts.extend(other.counts);
        self.exits.extend(other.exits);
        self.diagnostics.append(other.diagnostics);
    }
}

/// Brings everything together.
pub(super) fn join<'a>(frame: Frame<'a>, facts: Facts<'a>, diagnostics: &mut Diagnostics) -> Log<'a> {
    let mut log = Log { frame, ..facts.log };
    let traces = std::mem::take(&mut log.traces);
    let traces = if traces.is_empty() { facts.twins } else { traces };
    let traces = stand_in::complete(traces, &log.codes, &facts.counts);
    log.blocks = Blocks::new(&log.dumps);
    extend_codes(&mut log);
    let guards = join_traces(&mut log, traces, &facts.allocations);
    for (number, exits) in facts.exits {
        if let Some(GuardRef { trace, guard }) = guards.get(&number) {
            log.traces[trace.index()].guards[*guard as usize].exits = Some(exits);
        }
    }
    for (section, counts) in facts.counts {
        join_counts(&mut log, section, &counts, diagnostics);
        log.counts.extend(counts);
    }
    log
}

/// A dump may be longer than the range that the log gives: code that is rarely run lies behind the rest.
fn extend_codes(log: &mut Log<'_>) {
    let Log { codes, dumps, blocks, frame, .. } = log;
    for code in codes {
        let length = blocks.length(dumps, code.block, frame.section(code.section).offset);
        code.block_end = code.block_end.max(code.block.saturating_add(length));
    }
}

type Guards = HashMap<u64, GuardRef>;

/// Joins traces with their code, their numbers and the guards they start from; gives the guards.
fn join_traces<'a>(log: &mut Log<'a>, traces: Vec<Trace<'a>>, allocations: &[Allocation]) -> Guards {
    let mut guards: Guards = HashMap::new();
    let mut codes: HashMap<Identity, u32> = HashMap::new();
    let (mut next_code, mut allocations) = (0, allocations.iter().peekable());
    for (index, mut trace) in traces.into_iter().enumerate() {
        while let Some(code) = log.codes.get(next_code).filter(|code| code.section < trace.section) {
            codes.insert(code.id, next_code as u32);
            next_code += 1;
        }
        trace.code = codes.remove(&trace.id).or(trace.code);
        let before = |allocation: &&Allocation| allocation.section < trace.section;
        let allocation = std::iter::from_fn(|| allocations.next_if(before)).last();
        name(&mut trace, allocation);
        let id = TraceId(index as u32);
        if let Identity::Bridge(guard) = trace.id {
            trace.parent = guards.get(&guard).copied();
        }
        if let Some(parent) = trace.parent {
            log.traces[parent.trace.index()].guards[parent.guard as usize].bridge = Some(id);
        }
        for (guard, found) in trace.guards.iter().enumerate() {
            guards.insert(found.id, GuardRef { trace: id, guard: guard as u32 });
        }
        log.traces.push(trace);
    }
    guards
}

/// Gives a trace its number: its own, or that of the allocation that was logged last, if it can be its.
fn name(trace: &mut Trace<'_>, allocation: Option<&Allocation>) {
    match (trace.id, allocation) {
        (Identity::Loop(number), _) => (trace.number, trace.root) = (Some(number), None),
        (Identity::Bridge(_), Some(Allocation { number, root: Some(root), .. })) => {
            (trace.number, trace.root) = (Some(*number), Some(*root));
        }
        (Identity::Bridge(_), _) => {}
    }
}
