//! The state machine.

use super::calls::Calls;
use super::compile::Costs;
use super::{Attribution, LoopTicks, Watch};
use crate::timeline::Owner;
use logs::Log;
use logs::event::Event;
use logs::frame::{Mark, SectionId};
use logs::section::{Phase, Section, phase_of};
use std::collections::HashMap;

pub(super) struct Machine<'l, 'a, 'w> {
    watch: Watch<'w>,
    log: &'l Log<'a>,
    now: u64,
    phases: Vec<(SectionId, Phase)>,
    calls: Calls,
    costs: Costs,
    numbers: HashMap<&'a [u8], usize>,
    found: Attribution<'a>,
}

impl<'l, 'a, 'w> Machine<'l, 'a, 'w> {
    pub(super) fn new(log: &'l Log<'a>, watch: Watch<'w>) -> Self {
        let now = start(log);
        Machine {
            watch,
            log,
            now,
            phases: Vec::new(),
            calls: Calls::default(),
            costs: Costs::new(log),
            numbers: HashMap::new(),
            found: Attribution::default(),
        }
    }

    pub(super) fn run(mut self) -> Attribution<'a> {
        let start = self.now;
        for &mark in &self.log.frame.timeline {
            self.mark(mark);
        }
        self.advance(self.log.meta.end.map_or(self.now, |end| end.max(self.now)));
        self.calls.finish(self.now, &mut self.found.loops);
        (self.found.compile, self.found.wasted) = self.costs.finish();
        self.found.total = self.now - start;
        self.found
    }

    fn mark(&mut self, mark: Mark) {
        match mark {
            Mark::Start(id) => self.start(id),
            Mark::Stop(id) => self.stop(id),
            Mark::Event(index) => self.event(self.log.frame.events[index as usize]),
        }
    }

    fn start(&mut self, id: SectionId) {
        let section = self.log.frame.section(id);
        self.advance(section.start);
        let phase = phase_of(section.name);
        if phase != Phase::None {
            self.phases.push((id, phase));
        }
        self.costs.start(id);
        if section.kind == Some(Section::LoopscopeSampling) {
            self.sample(id);
        }
    }

    fn stop(&mut self, id: SectionId) {
        self.advance(self.log.frame.section(id).stop);
        if let Some(depth) = self.phases.iter().rposition(|(open, _)| *open == id) {
            self.phases.truncate(depth);
        }
        self.costs.stop(id);
    }

    fn sample(&mut self, id: SectionId) {
        let log = self.log;
        for sampling in log.samplings.iter().filter(|sampling| sampling.section == id) {
            let number = self.number(sampling.name, b"");
            self.found.loops[number].every = sampling.every;
        }
    }

    fn event(&mut self, event: Event<'a>) {
        self.advance(event.at);
        let number = self.number(event.name, event.comment);
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

    /// Gives the ticks since the last stamp to their owner.
    fn advance(&mut self, stamp: u64) {
        let Some(ticks) = stamp.checked_sub(self.now) else {
            self.found.oddities.backwards += 1;
            return;
        };
        let from = std::mem::replace(&mut self.now, stamp);
        let phase = self.phases.last().map_or(Phase::None, |(_, phase)| *phase);
        let other = &mut self.found.other;
        let (sum, owner) = match phase {
            Phase::Tracing => (&mut other.tracing, Owner::Tracing),
            Phase::Optimize => (&mut other.optimize, Owner::Optimize),
            Phase::Backend => (&mut other.backend, Owner::Backend),
            Phase::Gc => (&mut other.gc, Owner::Gc),
            Phase::None => match self.calls.charge(ticks) {
                Some(number) => (&mut self.found.loops[number].own, Owner::Loop(number as u32)),
                None => (&mut other.interpreter, Owner::Interpreter),
            },
        };
        *sum += ticks;
        (self.watch)(from, stamp, owner);
        self.costs.charge(phase, ticks);
    }
}

/// The run starts when the log says, or with its first stamp.
fn start(log: &Log<'_>) -> u64 {
    let first = log.frame.timeline.first().map_or(0, |mark| match *mark {
        Mark::Start(id) | Mark::Stop(id) => log.frame.section(id).start,
        Mark::Event(index) => log.frame.events[index as usize].at,
    });
    log.meta.start.map_or(first, |start| start.min(first))
}
