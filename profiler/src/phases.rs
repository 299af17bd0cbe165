//! Phases of a run: what user sections (`debug_start('iteration')`) enclose, and what lies between marker lines.
//!
//! ```text
//! section   [10] {iteration … [50] iteration}     a phase for each, numbered if there are several of one name
//! lines     … round 1 … round 2 … end             each line that was asked for begins one, up to the next
//! ```
//!
//! Lines have no stamps; one has that of the last framing line before it. Phases may lie in each other.

use crate::attribute::{Attribution, NodeId, Owner, Sink, Tree, attribute};
use crate::perf::Joined;
use crate::report::{Other, PhaseReport, Unknown};
use logs::Log;
use logs::frame::SectionId;
use logs::log::Outcome;
use logs::section::{Phase, Section};
use logs::trace::Identity;
use std::collections::HashMap;

/// Phases of one log; more are no phases but noise.
const MOST: usize = 10_000;

/// A line that begins a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The stamp before it.
    pub at: u64,
    /// What the phase is called.
    pub name: String,
}

/// The lines of a log that a program may have written, with the stamps before them; and the names of its sections.
pub fn lines<'a>(log: &'a Log<'_>) -> Vec<(u64, &'a [u8])> {
    let mut stamps: Vec<(usize, u64)> = Vec::new();
    for (_, node) in log.frame.sections() {
        stamps.extend([(node.offset, node.start), (node.end.saturating_sub(1), node.stop)]);
    }
    stamps.sort_unstable();
    let at = |offset: usize| {
        let before = stamps.partition_point(|(place, _)| *place < offset);
        before.checked_sub(1).or(Some(0)).and_then(|index| stamps.get(index)).map_or(0, |(_, stamp)| *stamp)
    };
    let users = log.frame.sections().filter(|(_, node)| is_user(node.kind, node.name)).map(|(id, _)| id);
    let texts = std::iter::once(SectionId::ROOT).chain(users);
    let mut found: Vec<(usize, &[u8])> = texts
        .flat_map(|id| log.frame.lines(id).map(|line| (line.offset, line.text)).collect::<Vec<_>>())
        .collect();
    found.sort_unstable_by_key(|(offset, _)| *offset);
    found.into_iter().map(|(offset, text)| (at(offset), text)).collect()
}

fn is_user(kind: Option<Section>, name: &[u8]) -> bool {
    let of_the_machine: [&[u8]; 6] = [b"jit-", b"gc-", b"loopscope-", b"translation-", b"rbigint", b"stm-"];
    kind.is_none() && !name.is_empty() && !of_the_machine.iter().any(|prefix| name.starts_with(prefix))
}

/// A phase, and when it was.
struct Span {
    name: String,
    from: u64,
    to: u64,
}

/// The phases of a run, in the order of their beginnings.
pub(crate) fn phases(
    log: &Log<'_>,
    joined: &Joined,
    found: &Attribution<'_>,
    marks: &[Mark],
) -> Vec<PhaseReport> {
    let end = found.start.saturating_add(found.total).saturating_add(found.idle);
    let mut spans = sections(log);
    for (index, mark) in marks.iter().take(MOST).enumerate() {
        let to = marks.get(index + 1).map_or(end, |next| next.at);
        spans.push(Span { name: mark.name.clone(), from: mark.at, to: to.max(mark.at) });
    }
    if spans.is_empty() {
        return Vec::new();
    }
    spans.sort_by_key(|span| (span.from, std::cmp::Reverse(span.to)));
    let mut cutter = Cutter::new(&spans);
    let _ = attribute(log, joined, &mut cutter);
    let unknown = crate::lack::unknown(log);
    spans.iter().map(|span| cutter.phase(log, span, unknown)).collect()
}

/// What user sections enclose.
fn sections(log: &Log<'_>) -> Vec<Span> {
    let mut times: HashMap<&[u8], usize> = HashMap::new();
    let users: Vec<_> = log
        .frame
        .sections()
        .map(|(_, node)| node)
        .filter(|node| is_user(node.kind, node.name))
        .take(MOST)
        .collect();
    for node in &users {
        *times.entry(node.name).or_default() += 1;
    }
    let mut numbers: HashMap<&[u8], usize> = HashMap::new();
    let mut spans = Vec::new();
    for node in users {
        let number = numbers.entry(node.name).or_default();
        *number += 1;
        let name = String::from_utf8_lossy(node.name).into_owned();
        let name = if times[node.name] > 1 { format!("{name} {number}") } else { name };
        spans.push(Span { name, from: node.start, to: node.stop.max(node.start) });
    }
    spans
}

/// Sums of who had the ticks, up to each of some stamps.
struct Cutter {
    bounds: Vec<u64>,
    sums: Vec<Parts>,
    sum: Parts,
    next: usize,
}

#[derive(Clone, Copy, Default)]
struct Parts {
    loops: u64,
    other: Other,
}

impl Cutter {
    fn new(spans: &[Span]) -> Cutter {
        let mut bounds: Vec<u64> = spans.iter().flat_map(|span| [span.from, span.to]).collect();
        bounds.sort_unstable();
        bounds.dedup();
        Cutter { bounds, sums: Vec::new(), sum: Parts::default(), next: 0 }
    }

    /// The sum at a bound; those behind the last span are the whole.
    fn at(&self, stamp: u64) -> Parts {
        let index = self.bounds.partition_point(|bound| *bound < stamp);
        self.sums.get(index).copied().unwrap_or(self.sum)
    }

    fn phase(&self, log: &Log<'_>, span: &Span, unknown: Unknown) -> PhaseReport {
        let (before, after) = (self.at(span.from), self.at(span.to));
        let other = Other {
            interpreter: after.other.interpreter - before.other.interpreter,
            tracing: after.other.tracing - before.other.tracing,
            optimize: after.other.optimize - before.other.optimize,
            backend: after.other.backend - before.other.backend,
            gc: after.other.gc - before.other.gc,
            recording: None,
            waiting: after.other.waiting.map(|ticks| ticks - before.other.waiting.unwrap_or(0)),
            unknown,
        };
        let inside = |section: SectionId| (span.from..span.to).contains(&log.frame.section(section).start);
        let made = log.traces.iter().filter(|trace| inside(trace.section));
        let (bridges, loops): (Vec<_>, Vec<_>) =
            made.partition(|trace| matches!(trace.id, Identity::Bridge(_)));
        let aborts = log.attempts.iter().filter(|attempt| matches!(attempt.outcome, Outcome::Aborted(_)));
        let minors =
            log.frame.sections().filter(|(id, node)| node.kind == Some(Section::GcMinor) && inside(*id));
        PhaseReport {
            name: span.name.clone(),
            from: span.from,
            ticks: span.to - span.from,
            loops: after.loops - before.loops,
            other,
            loops_made: loops.len() as u64,
            bridges_made: bridges.len() as u64,
            aborts: aborts.filter(|attempt| inside(attempt.section)).count() as u64,
            minor_collections: (!unknown.gc).then(|| minors.count() as u64),
        }
    }
}

impl Sink for Cutter {
    fn span(&mut self, tree: &Tree, node: NodeId, from: u64, to: u64) {
        let owner = tree.node(node).owner;
        let mut from = from;
        while let Some(bound) = self.bounds.get(self.next).copied().filter(|bound| *bound <= to) {
            self.add(owner, bound.saturating_sub(from));
            from = from.max(bound);
            self.sums.push(self.sum);
            self.next += 1;
        }
        self.add(owner, to - from);
    }
}

impl Cutter {
    fn add(&mut self, owner: Owner, ticks: u64) {
        let Parts { loops, other } = &mut self.sum;
        *match owner {
            Owner::Loop(_) | Owner::Helper(_) => loops,
            Owner::Recording => other.recording.get_or_insert(0),
            Owner::Waiting => other.waiting.get_or_insert(0),
            Owner::Program | Owner::Phase(Phase::None) => &mut other.interpreter,
            Owner::Phase(Phase::Tracing) => &mut other.tracing,
            Owner::Phase(Phase::Optimize) => &mut other.optimize,
            Owner::Phase(Phase::Backend) => &mut other.backend,
            Owner::Phase(Phase::Gc) => &mut other.gc,
        } += ticks;
    }
}
