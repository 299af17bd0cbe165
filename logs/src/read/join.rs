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

use crate::diagnostic::Diagnostics;
use crate::frame::{Frame, Radix, SectionId};
use crate::index::Index;
use crate::log::{Blocks, Count, Counted, Log};
use crate::trace::{GuardRef, Identity, Trace, TraceId, TraceKind};
use align::align;
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
        trace.code = codes.remove(&trace.id);
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

/// Where a counter's value goes.
#[derive(Clone, Copy)]
enum Slot {
    Entry(usize),
    Label(usize, usize),
    /// A helper's counter: nowhere.
    Nowhere,
}

fn join_counts(log: &mut Log<'_>, section: SectionId, counts: &[Count], diagnostics: &mut Diagnostics) {
    if counts.is_empty() || log.traces.is_empty() {
        return;
    }
    let process = log.frame.section(section).process;
    let mut rest: Vec<usize> = (0..counts.len()).collect();
    for is_own in [true, false] {
        let slots = slots(log, section, |other| (other == process) == is_own);
        let places = align_from_the_end(
            rest.iter().map(|&at| counts[at].of).collect(),
            slots.iter().map(|(of, _)| *of).collect(),
        );
        for (&at, place) in rest.iter().zip(&places) {
            if let Some(place) = place {
                set(log, slots[*place].1, counts[at].value);
            }
        }
        let left = rest.iter().zip(places).filter(|(_, place)| place.is_none());
        rest = left.map(|(at, _)| *at).collect();
    }
    if log.traces.iter().any(|trace| trace.ops > 0) {
        complain(log, section, counts, &rest, diagnostics);
    }
}

/// Children of one process number alike, so where several wrote into one log, what stands nearest to the counters is
/// theirs.
fn align_from_the_end(mut counted: Vec<Counted>, mut wanted: Vec<Counted>) -> Vec<Option<usize>> {
    counted.reverse();
    wanted.reverse();
    let places = align(&counted, &wanted).into_iter().rev();
    places.map(|place| place.map(|place| wanted.len() - 1 - place)).collect()
}

/// A process that was forked off counts its parent's traces too, which come first and are in the parent's log. Others
/// that are not in the log are missing.
fn complain(
    log: &Log<'_>,
    section: SectionId,
    counts: &[Count],
    rest: &[usize],
    diagnostics: &mut Diagnostics,
) {
    let inherited = rest.iter().enumerate().take_while(|(index, at)| *index == **at).count();
    // A log that was filtered may hold no bridge at all.
    let has_bridges = log.traces.iter().any(|trace| trace.kind == TraceKind::Bridge);
    let is_lost = |of: Counted| match of {
        Counted::Entry(Identity::Bridge(_)) => has_bridges,
        _ => !is_helper(of),
    };
    let lost = rest[inherited..].iter().filter(|&&at| is_lost(counts[at].of)).count();
    if lost > 0 {
        let place = log.frame.section(section);
        let message = format_args!("{lost} of {} counters belong to traces that the log lacks", counts.len());
        diagnostics.push(place.offset, place.name, message);
    }
}

fn is_helper(of: Counted) -> bool {
    of == Counted::Entry(Identity::Loop(-1))
}

/// The counters as they should stand in that section, for the traces of some processes.
fn slots(log: &Log<'_>, section: SectionId, is_wanted: impl Fn(u16) -> bool) -> Vec<(Counted, Slot)> {
    let process = |section: SectionId| log.frame.section(section).process;
    let is_mine = |of: SectionId| of < section && is_wanted(process(of));
    let helpers = log.codes.iter().filter(|code| code.id == Identity::Loop(-1) && is_mine(code.section));
    let mut helpers = helpers.map(|code| code.section).peekable();
    let mut slots = Vec::new();
    let helper = (Counted::Entry(Identity::Loop(-1)), Slot::Nowhere);
    for (index, trace) in log.traces.iter().enumerate().filter(|(_, trace)| is_mine(trace.section)) {
        while helpers.next_if(|helper| *helper < trace.section).is_some() {
            slots.push(helper);
        }
        slots.push((Counted::Entry(trace.id), Slot::Entry(index)));
        let labels = trace.labels.iter().enumerate();
        slots.extend(labels.map(|(label, at)| (Counted::Label(at.token), Slot::Label(index, label))));
    }
    slots.extend(helpers.map(|_| helper));
    slots
}

fn set(log: &mut Log<'_>, slot: Slot, value: u64) {
    match slot {
        Slot::Entry(trace) => log.traces[trace].count = Some(value),
        Slot::Label(trace, label) => log.traces[trace].labels[label].count = Some(value),
        Slot::Nowhere => {}
    }
}
