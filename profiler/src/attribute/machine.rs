//! The state machine.

use super::calls::Calls;
use super::compile::Costs;
use super::{Attribution, LoopTicks, NodeId, Owner, Sink, Tree};
use crate::perf::{CodeParents, Joined, Ran, Slot};
use logs::Log;
use logs::frame::{Mark, SectionId};
use logs::profile::Window;
use logs::section::{Phase, Section, phase_of};
use logs::trace::Identity;
use rustc_hash::FxHashMap;

pub(super) struct Machine<'l, 'a, 's> {
    log: &'l Log<'a>,
    sink: &'s mut dyn Sink,
    /// What samples say about time; in order, without overlaps.
    slots: &'l [Slot],
    joined: &'l Joined,
    /// Windows to come, if nothing else is to go by.
    windows: Option<&'l [Window]>,
    now: u64,
    end: u64,
    phases: Vec<Open>,
    calls: Calls,
    costs: Costs,
    numbers: FxHashMap<&'a [u8], usize>,
    /// The same by the number of an event's token.
    tokens: Vec<Option<u32>>,
    codes: FxHashMap<u32, (usize, NodeId)>,
    /// The same for traces that were looked at.
    looked: FxHashMap<Identity, (usize, NodeId)>,
    helpers: FxHashMap<u32, u32>,
    parents: CodeParents,
    /// Traces by identity: of those of one name, the last.
    traces: FxHashMap<Identity, usize>,
    found: Attribution<'a>,
}

/// An open section that means work.
struct Open {
    section: SectionId,
    phase: Phase,
    node: NodeId,
}

impl<'l, 'a, 's> Machine<'l, 'a, 's> {
    pub(super) fn new(log: &'l Log<'a>, joined: &'l Joined, sink: &'s mut dyn Sink) -> Self {
        let slots = &joined.slots[..];
        let (start, end) = span_of(log, slots);
        let traces = log.traces.iter().enumerate().filter(|_| joined.looked.is_some());
        Machine {
            log,
            sink,
            slots,
            joined,
            windows: Some(&log.profile.windows[..]).filter(|windows| joined.by_events && !windows.is_empty()),
            now: start,
            end,
            phases: Vec::new(),
            calls: Calls::default(),
            costs: Costs::new(log),
            numbers: FxHashMap::default(),
            tokens: vec![None; log.frame.tokens()],
            codes: FxHashMap::default(),
            looked: FxHashMap::default(),
            helpers: FxHashMap::default(),
            traces: traces.map(|(index, trace)| (trace.id, index)).collect(),
            parents: if slots.is_empty() { CodeParents::default() } else { CodeParents::new(log) },
            found: Attribution { start, looked: joined.looked.is_some(), ..Attribution::default() },
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
        if section.kind.is_some_and(Section::has_no_time) {
            return;
        }
        self.advance(section.start);
        // The table answers for names it knows; others are compared by their beginning.
        let phase = section.kind.map_or_else(|| phase_of(section.name), Section::phase);
        if phase != Phase::None {
            self.open(id, phase);
        }
        self.costs.start(id);
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
        if self.log.frame.section(id).kind.is_some_and(Section::has_no_time) {
            return;
        }
        self.advance(self.log.frame.section(id).stop);
        if let Some(depth) = self.phases.iter().rposition(|open| open.section == id) {
            self.phases.truncate(depth);
        }
        self.costs.stop(id);
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
            loops.push(LoopTicks { token, comment, ..LoopTicks::default() });
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
        if let (true, Some(open)) = (self.joined.looked.is_some(), self.phases.last()) {
            self.costs.charge(open.phase, stamp - self.now);
        }
        while let Some(slot) = self.next_slot(stamp) {
            self.between(slot.from);
            self.slot(slot, slot.to.min(stamp));
        }
        self.between(stamp);
    }

    /// The time up to that stamp, of which no sample tells.
    fn between(&mut self, stamp: u64) {
        if self.joined.looked.is_some() {
            return self.skip(stamp);
        }
        let Some(mut windows) = self.windows else { return self.goes_on(stamp) };
        while self.now < stamp {
            match windows.first() {
                None => self.skip(stamp),
                Some(window) if window.to <= self.now => windows = &windows[1..],
                Some(window) if window.from > self.now => self.skip(stamp.min(window.from)),
                Some(window) => self.goes_on(stamp.min(window.to)),
            }
        }
        self.windows = Some(windows);
    }

    /// Nobody knows what ran until then.
    fn skip(&mut self, stamp: u64) {
        if let (false, Some(open)) = (self.joined.looked.is_some(), self.phases.last()) {
            self.costs.charge(open.phase, stamp.saturating_sub(self.now));
        }
        self.found.idle += stamp.saturating_sub(self.now);
        self.now = self.now.max(stamp);
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
        let ticks = stamp.saturating_sub(self.now);
        let (phase, node) = match (self.phases.last(), self.calls.running()) {
            (Some(open), _) => (open.phase, open.node),
            (None, Some(visit)) => {
                let (number, node) = (visit.number, visit.node);
                self.found.loops[number].own += ticks;
                return self.charge(node, stamp);
            }
            (None, None) => (Phase::None, Tree::ROOT),
        };
        self.costs.charge(phase, ticks);
        self.spend(phase, ticks);
        self.charge(node, stamp);
    }

    fn spend(&mut self, phase: Phase, ticks: u64) {
        let other = &mut self.found.other;
        *match phase {
            Phase::Tracing => &mut other.tracing,
            Phase::Optimize => &mut other.optimize,
            Phase::Backend => &mut other.backend,
            Phase::Gc => &mut other.gc,
            Phase::None => &mut other.interpreter,
        } += ticks;
    }

    /// What samples say of it. Sections know better than perf what is done, but not whether it is done now.
    fn slot(&mut self, slot: Slot, to: u64) {
        let ticks = to - self.now;
        let (number, node) = match slot.what {
            Ran::Idle => return self.skip(to),
            Ran::Waiting => {
                *self.found.other.waiting.get_or_insert(0) += ticks;
                return self.charge_child(Owner::Waiting, to);
            }
            Ran::Recording => {
                *self.found.other.recording.get_or_insert(0) += ticks;
                return self.charge_child(Owner::Recording, to);
            }
            Ran::Phase(Phase::None) => {
                self.spend(Phase::None, ticks);
                return self.charge(Tree::ROOT, to);
            }
            Ran::Phase(phase) => {
                self.spend(phase, ticks);
                return self.charge_child(Owner::Phase(phase), to);
            }
            Ran::Trace(index) => self.trace(self.identity(index)),
            Ran::Helper(index, helper) => self.helper(self.identity(index), helper, ticks),
            Ran::Code(_) | Ran::Called(_) if !self.phases.is_empty() => return self.goes_on(to),
            Ran::Code(code) | Ran::Called(code) => self.code(code),
        };
        let row = &mut self.found.loops[number];
        row.own += ticks;
        if let Ran::Called(_) | Ran::Helper(..) = slot.what {
            row.called_ticks += ticks;
        }
        if let (Ran::Code(code) | Ran::Called(code), true) = (slot.what, slot.at != 0) {
            *self.found.addresses.entry((code, slot.at)).or_default() += ticks;
        }
        self.charge(node, to);
    }

    fn charge_child(&mut self, owner: Owner, stamp: u64) {
        let node = self.found.tree.child(Tree::ROOT, owner);
        self.charge(node, stamp);
    }

    fn identity(&self, index: u32) -> Identity {
        let traces = self.joined.looked.as_ref().map_or(&[][..], |looked| &looked.traces);
        traces.get(index as usize).copied().unwrap_or(Identity::Loop(-1))
    }

    /// The row of a trace that was looked at, and its node: a bridge below what it starts from.
    fn trace(&mut self, id: Identity) -> (usize, NodeId) {
        if let Some(&known) = self.looked.get(&id) {
            return known;
        }
        let parent = self.traces.get(&id).and_then(|index| self.log.traces[*index].parent);
        // A trace is made after what it starts from; all else is a misunderstanding.
        let above = parent.map(|parent| (parent.trace, self.log.trace(parent.trace).id));
        let above = above.filter(|(trace, _)| self.traces.get(&id).is_some_and(|own| trace.index() < *own));
        let below = above.map_or(Tree::ROOT, |(_, parent)| self.trace(parent).1);
        self.found.loops.push(LoopTicks { looked: Some(id), ..LoopTicks::default() });
        let number = self.found.loops.len() - 1;
        let node = self.found.tree.child(below, Owner::Loop(number as u32));
        self.looked.insert(id, (number, node));
        (number, node)
    }

    fn helper(&mut self, id: Identity, helper: u32, ticks: u64) -> (usize, NodeId) {
        let (number, node) = self.trace(id);
        let names = &mut self.found.helpers;
        let owner = *self.helpers.entry(helper).or_insert_with(|| {
            let named = self.log.profile.helpers.iter().rfind(|known| known.number == helper);
            names.push(
                named.map_or_else(|| format!("helper {helper}"), |known| crate::build::text(known.name)),
            );
            names.len() as u32 - 1
        });
        *self.found.loops[number].helpers.entry(owner).or_default() += ticks;
        (number, self.found.tree.child(node, Owner::Helper(owner)))
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
                loops.push(LoopTicks { code: Some(code), ..LoopTicks::default() });
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
