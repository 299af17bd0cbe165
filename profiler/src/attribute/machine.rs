//! The state machine.

use super::calls::Calls;
use super::compile::Costs;
use super::{Attribution, LoopTicks, NodeId, Owner, Sink, Tree};
use crate::perf::{CodeParents, Ran, Slot};
use logs::Log;
use logs::frame::{Mark, SectionId};
use logs::section::{Phase, Section, phase_of};
use rustc_hash::FxHashMap;

pub(super) struct Machine<'l, 'a, 's> {
    log: &'l Log<'a>,
    sink: &'s mut dyn Sink,
    /// What samples say about the time that no section claims; in order, without overlaps.
    slots: &'l [Slot],
    now: u64,
    end: u64,
    phases: Vec<Open>,
    calls: Calls,
    costs: Costs,
    /// How many of the log's sampling rates have been read.
    samplings: usize,
    /// How many of the log's counts of unrecorded visits have been read.
    unrecorded: usize,
    /// Loops that share the time to come, the first one last, and the ticks of each.
    shares: Vec<(usize, u64)>,
    numbers: FxHashMap<&'a [u8], usize>,
    /// The same by the number of an event's token.
    tokens: Vec<Option<u32>>,
    codes: FxHashMap<u32, (usize, NodeId)>,
    parents: CodeParents,
    found: Attribution<'a>,
}

/// An open section that means work.
struct Open {
    section: SectionId,
    phase: Phase,
    node: NodeId,
}

impl<'l, 'a, 's> Machine<'l, 'a, 's> {
    pub(super) fn new(log: &'l Log<'a>, slots: &'l [Slot], sink: &'s mut dyn Sink) -> Self {
        let (start, end) = span_of(log, slots);
        Machine {
            log,
            sink,
            slots,
            now: start,
            end,
            phases: Vec::new(),
            calls: Calls::default(),
            costs: Costs::new(log),
            samplings: 0,
            unrecorded: 0,
            shares: Vec::new(),
            numbers: FxHashMap::default(),
            tokens: vec![None; log.frame.tokens()],
            codes: FxHashMap::default(),
            parents: if slots.is_empty() { CodeParents::default() } else { CodeParents::new(log) },
            found: Attribution { start, ..Attribution::default() },
        }
    }

    pub(super) fn run(mut self) -> Attribution<'a> {
        for mark in self.log.frame.timeline() {
            self.mark(mark);
        }
        self.advance(self.end.max(self.now));
        self.calls.finish(self.now, &mut self.found);
        (self.found.compile, self.found.wasted) = self.costs.finish();
        self.found.total = self.now - self.found.start - self.found.idle;
        self.found
    }

    fn mark(&mut self, mark: Mark) {
        match mark {
            Mark::Start(id) => self.start(id),
            Mark::Stop(id) => self.stop(id),
            Mark::Event(index) => self.event(index),
        }
    }

    fn start(&mut self, id: SectionId) {
        let section = self.log.frame.section(id);
        self.advance(section.start);
        // The table answers for names it knows; others are compared by their beginning.
        let phase = section.kind.map_or_else(|| phase_of(section.name), Section::phase);
        if phase != Phase::None {
            self.open(id, phase);
        }
        self.costs.start(id);
        if section.kind == Some(Section::LoopscopeSampling) {
            self.sample(id);
        }
        if section.kind == Some(Section::JitProfileUnrecorded) {
            self.share(id);
        }
    }

    fn open(&mut self, section: SectionId, phase: Phase) {
        let within = match self.phases.last() {
            // A phase inside of the same phase, as `gc-minor-walkroots` in `gc-minor`, is no context of its own.
            Some(open) if open.phase == phase => open.node,
            Some(open) => self.found.tree.child(open.node, Owner::Phase(phase)),
            None => {
                let around = self.running_node();
                self.found.tree.child(around, Owner::Phase(phase))
            }
        };
        self.phases.push(Open { section, phase, node: within });
    }

    fn stop(&mut self, id: SectionId) {
        self.advance(self.log.frame.section(id).stop);
        if let Some(depth) = self.phases.iter().rposition(|open| open.section == id) {
            self.phases.truncate(depth);
        }
        if self.log.frame.section(id).kind == Some(Section::JitProfileUnrecorded) {
            self.shares.clear();
        }
        self.costs.stop(id);
    }

    /// The rates stand in the log in the order of their sections.
    fn sample(&mut self, id: SectionId) {
        let log = self.log;
        while let Some(sampling) = log.samplings.get(self.samplings).filter(|next| next.section <= id) {
            self.samplings += 1;
            let number = self.number(sampling.name, b"");
            self.found.loops[number].every = sampling.every;
        }
    }

    /// What a section says of unrecorded visits is true of the time until it stops.
    fn share(&mut self, id: SectionId) {
        let log = self.log;
        self.shares.clear();
        while let Some(next) = log.unrecorded.get(self.unrecorded).filter(|next| next.section <= id) {
            self.unrecorded += 1;
            let number = self.number(next.name, b"");
            let row = &mut self.found.loops[number];
            row.unrecorded = row.unrecorded.saturating_add(next.visits);
            self.shares.push((number, next.ticks));
        }
        self.shares.reverse();
    }

    fn event(&mut self, index: u32) {
        let event = self.log.frame.event(index);
        self.advance(event.at);
        let token = self.log.frame.token(index) as usize;
        let number = match self.tokens[token] {
            Some(number) => number as usize,
            None => self.number(event.name, event.comment),
        };
        self.tokens[token] = Some(number as u32);
        self.calls.event(event.kind, number, self.now, &mut self.found);
    }

    /// The index of a loop.
    fn number(&mut self, token: &'a [u8], comment: &'a [u8]) -> usize {
        let loops = &mut self.found.loops;
        let number = *self.numbers.entry(token).or_insert(loops.len());
        if number == loops.len() {
            loops.push(LoopTicks { token, comment, every: 1, ..LoopTicks::default() });
        }
        if loops[number].comment.is_empty() {
            loops[number].comment = comment;
        }
        number
    }

    /// Gives the ticks since the last stamp to their owners.
    fn advance(&mut self, stamp: u64) {
        if stamp < self.now {
            self.found.oddities.backwards += 1;
            return;
        }
        while let Some(slot) = self.next_slot(stamp) {
            self.goes_on(slot.from);
            self.slot(slot, slot.to.min(stamp));
        }
        self.goes_on(stamp);
    }

    /// The slot that goes on after now and begins before the stamp.
    fn next_slot(&mut self, stamp: u64) -> Option<Slot> {
        while self.slots.first().is_some_and(|slot| slot.to <= self.now) {
            self.slots = &self.slots[1..];
        }
        self.slots.first().copied().filter(|slot| slot.from < stamp && self.now < stamp)
    }

    /// What the log says of the time up to that stamp: work, a loop, or the interpreter.
    fn goes_on(&mut self, stamp: u64) {
        while self.phases.is_empty()
            && self.calls.running().is_none()
            && let Some((number, ticks)) = self.shares.pop()
        {
            if !self.shared(number, ticks, stamp) {
                return;
            }
        }
        let ticks = stamp.saturating_sub(self.now);
        let (phase, node) = match (self.phases.last(), self.calls.running()) {
            (Some(open), _) => (open.phase, open.node),
            (None, Some(visit)) => {
                visit.own += ticks;
                let (number, node) = (visit.number, visit.node);
                self.found.loops[number].own += ticks;
                return self.charge(node, stamp);
            }
            (None, None) => (Phase::None, Tree::ROOT),
        };
        let other = &mut self.found.other;
        *match phase {
            Phase::Tracing => &mut other.tracing,
            Phase::Optimize => &mut other.optimize,
            Phase::Backend => &mut other.backend,
            Phase::Gc => &mut other.gc,
            Phase::None => &mut other.interpreter,
        } += ticks;
        self.costs.charge(phase, ticks);
        self.charge(node, stamp);
    }

    /// Gives a loop its share, as much of it as there is time for. Is there time left?
    fn shared(&mut self, number: usize, share: u64, stamp: u64) -> bool {
        let ticks = share.min(stamp.saturating_sub(self.now));
        if ticks < share {
            self.shares.push((number, share - ticks));
        }
        let row = &mut self.found.loops[number];
        row.own += ticks;
        row.total = row.total.saturating_add(ticks);
        let node = self.found.tree.child(Tree::ROOT, Owner::Loop(number as u32));
        self.charge(node, self.now + ticks);
        self.now < stamp
    }

    /// What samples say of it. Sections know better what is done, but not whether it is done now.
    fn slot(&mut self, slot: Slot, to: u64) {
        let (code, called) = match slot.what {
            Ran::Idle => {
                self.found.idle += to - self.now;
                self.now = to;
                return;
            }
            _ if !self.phases.is_empty() => return self.goes_on(to),
            Ran::Code(code) => (code, false),
            Ran::Called(code) => (code, true),
        };
        let ticks = to - self.now;
        let (number, node) = self.code(code);
        let row = &mut self.found.loops[number];
        row.own += ticks;
        row.called_ticks += if called { ticks } else { 0 };
        if slot.at != 0 {
            *self.found.addresses.entry((code, slot.at)).or_default() += ticks;
        }
        self.charge(node, to);
    }

    fn charge(&mut self, node: NodeId, stamp: u64) {
        if stamp > self.now {
            self.found.tree.charge(node, stamp - self.now);
            self.sink.span(&self.found.tree, node, self.now, stamp);
            self.now = stamp;
        }
    }

    fn running_node(&mut self) -> NodeId {
        let visit = self.calls.running().map(|visit| visit.node);
        let slot = || self.slots.first().copied().filter(|slot| slot.from <= self.now && self.now <= slot.to);
        match (visit, slot()) {
            (Some(node), _) => node,
            (None, Some(Slot { what: Ran::Code(code) | Ran::Called(code), .. })) => self.code(code).1,
            _ => Tree::ROOT,
        }
    }

    /// The row of a piece of machine code, and its node: a bridge below what it starts from.
    fn code(&mut self, code: u32) -> (usize, NodeId) {
        if let Some(&known) = self.codes.get(&code) {
            return known;
        }
        let mut node = Tree::ROOT;
        let mut number = 0;
        for code in self.parents.path(code).into_iter().rev() {
            let loops = &mut self.found.loops;
            (number, node) = *self.codes.entry(code).or_insert_with(|| {
                loops.push(LoopTicks { code: Some(code), every: 1, ..LoopTicks::default() });
                let number = loops.len() - 1;
                (number, self.found.tree.child(node, Owner::Loop(number as u32)))
            });
        }
        (number, node)
    }
}

/// The stamps between which everything lies: the run starts when the log says, or with its first stamp, and ends when
/// the log says, or with its last.
pub(crate) fn span_of(log: &Log<'_>, slots: &[Slot]) -> (u64, u64) {
    let first = log.frame.timeline().next().map_or(0, |mark| match mark {
        Mark::Stop(id) => log.frame.section(id).start,
        _ => log.frame.stamp(mark),
    });
    let start = log.meta.start.map_or(first, |start| start.min(first));
    let start = slots.first().map_or(start, |slot| slot.from.min(start));
    let last = log.frame.timeline().map(|mark| log.frame.stamp(mark)).max().unwrap_or(start);
    let ends = [Some(start), log.meta.end, slots.last().map(|slot| slot.to)];
    (start, ends.into_iter().flatten().fold(last, u64::max))
}
