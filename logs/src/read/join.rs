//! Joining what different sections say about one trace.
//!
//! Guards and labels are numbered by the addresses of objects, and a collected object's address is used again. So
//! nothing is joined by number over the whole log: a bridge belongs to the guard of that number that was compiled
//! *last before it*, and counters, which are written in the order of compilation, are joined by position. Only where
//! the positions do not fit, because the log lacks some traces, the numbers decide.

use super::Reader;
use crate::log::{Count, Counted, Log};
use crate::trace::{Guard, GuardRef, Identity, TraceId};
use std::collections::{HashMap, VecDeque};

#[derive(Default)]
pub(super) struct Join {
    codes: HashMap<Identity, u32>,
    /// Ranges of code that belong to no trace, in the order of compilation: how many traces came before.
    helpers: Vec<usize>,
    guards: HashMap<u64, GuardRef>,
    pub(super) exits: Vec<(u64, u64)>,
    traces: usize,
}

/// Where a counter's value goes.
#[derive(Clone, Copy)]
enum Slot {
    Entry(usize),
    Label(usize, usize),
    /// A helper's counter: nowhere.
    Nowhere,
}

impl Join {
    pub(super) fn code(&mut self, id: Identity, index: usize) {
        self.codes.insert(id, index as u32);
        if id == Identity::Loop(-1) {
            self.helpers.push(self.traces);
        }
    }

    pub(super) fn code_of(&self, id: Identity) -> Option<u32> {
        self.codes.get(&id).copied()
    }

    /// The guard of that number that was compiled last.
    pub(super) fn guard(&self, number: u64) -> Option<GuardRef> {
        self.guards.get(&number).copied()
    }

    pub(super) fn guards(&mut self, trace: TraceId, guards: &[Guard]) {
        self.traces = trace.index() + 1;
        for (index, guard) in guards.iter().enumerate() {
            self.guards.insert(guard.id, GuardRef { trace, guard: index as u32 });
        }
    }
}

impl Reader<'_> {
    pub(super) fn join_counts(&mut self) {
        if self.log.counts.is_empty() || self.log.traces.is_empty() {
            return;
        }
        let slots = slots(&self.log, &self.join.helpers);
        let counts = std::mem::take(&mut self.log.counts);
        if slots.iter().map(|(of, _)| of).eq(counts.iter().map(|count| &count.of)) {
            slots.iter().zip(&counts).for_each(|((_, slot), count)| set(&mut self.log, *slot, count.value));
        } else {
            by_number(&mut self.log, &slots, &counts);
        }
        self.log.counts = counts;
    }

    pub(super) fn join_exits(&mut self) {
        for (number, exits) in std::mem::take(&mut self.join.exits) {
            if let Some(GuardRef { trace, guard }) = self.join.guard(number) {
                self.log.traces[trace.index()].guards[guard as usize].exits = Some(exits);
            }
        }
    }
}

/// The counters as they should stand there.
fn slots(log: &Log<'_>, helpers: &[usize]) -> Vec<(Counted, Slot)> {
    let mut helpers = helpers.iter().peekable();
    let mut slots = Vec::new();
    let helper = (Counted::Entry(Identity::Loop(-1)), Slot::Nowhere);
    for (index, trace) in log.traces.iter().enumerate() {
        while helpers.next_if(|before| **before <= index).is_some() {
            slots.push(helper);
        }
        slots.push((Counted::Entry(trace.id), Slot::Entry(index)));
        let labels = trace.labels.iter().enumerate();
        slots.extend(labels.map(|(label, at)| (Counted::Label(at.token), Slot::Label(index, label))));
    }
    slots.extend(helpers.map(|_| helper));
    slots
}

/// The nth counter of a number goes to the nth slot of that number.
fn by_number(log: &mut Log<'_>, slots: &[(Counted, Slot)], counts: &[Count]) {
    let mut values: HashMap<Counted, VecDeque<u64>> = HashMap::new();
    for count in counts {
        values.entry(count.of).or_default().push_back(count.value);
    }
    for (of, slot) in slots {
        if let Some(value) = values.get_mut(of).and_then(VecDeque::pop_front) {
            set(log, *slot, value);
        }
    }
}

fn set(log: &mut Log<'_>, slot: Slot, value: u64) {
    match slot {
        Slot::Entry(trace) => log.traces[trace].count = Some(value),
        Slot::Label(trace, label) => log.traces[trace].labels[label].count = Some(value),
        Slot::Nowhere => {}
    }
}
