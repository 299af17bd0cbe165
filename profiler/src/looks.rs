//! What looks at the running program say of its time.
//!
//! Another thread reads the mark of what runs now, thousands of times a second, and counts what it finds in slices of
//! time ([`logs::profile`]). How long the program's thread ran in a slice is known exactly, by its own clock; the looks
//! divide that between the keys. So a look that came late or early weighs no more than its slice allows, and waiting
//! is no matter of looks at all:
//!
//! ```text
//! slice   │◄───── running, by the thread's clock ─────►│◄─ waiting ─►│◄─ others had the processor ─►│
//! looks    loop0 loop0/h3 loop0 gc loop1 loop0 …         where it waits
//! slots   │ loop0            │ loop0/h3 │ gc │ loop1     │ waiting     │ not part of the run
//! ```
//!
//! The attribution takes these slots as it takes perf's: within a slice their order means nothing, their lengths do.
//!
//! **Error.** Looks come at jittered times and tell only what runs at that moment, so n of them are as good as n
//! independent draws from the running time; what runs for long is looked at evenly, which is better than that. Where
//! some slices were looked at less often than others, fewer count: `(sum R)² / sum (R² / n)`, R the running time of a
//! slice.

use crate::perf::{Ran, Slot};
use crate::report::Share;
use logs::Log;
use logs::profile::{Key, Looks, Slice};
use logs::section::Phase;
use logs::trace::Identity;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The looks of a log, ready to be attributed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looked {
    pub slots: Vec<Slot>,
    /// What slots call traces, by index.
    pub traces: Vec<Identity>,
    /// Looks that found it running.
    pub running: FxHashMap<Key, u64>,
    /// Looks that found it waiting.
    pub waiting: FxHashMap<Key, u64>,
    /// How many independent looks these are worth.
    pub worth: f64,
    pub running_ticks: u64,
    pub waiting_ticks: u64,
    /// Ticks in which it could have run, if the log tells these from waiting.
    pub preempted_ticks: Option<u64>,
}

impl Looked {
    /// Reads the slices; nothing if no look found the program running.
    pub(crate) fn new(log: &Log<'_>) -> Option<Looked> {
        if !log.profile.has_looks() {
            return None;
        }
        let mut looked = Looked::default();
        for looks in &log.profile.looks {
            let running = looked.running.entry(looks.key).or_default();
            *running = running.saturating_add(looks.running);
            let waiting = looked.waiting.entry(looks.key).or_default();
            *waiting = waiting.saturating_add(looks.waiting);
        }
        let all: BTreeMap<Key, u64> = looked.running.iter().map(|(key, looks)| (*key, *looks)).collect();
        let numbers = looked.number_traces(all.keys());
        let rate = log.meta.clock_hz.unwrap_or(1_000_000_000) as f64 / 1e9;
        let mut spread = Spread { looked: &mut looked, numbers, rate, all, at: 0, worth: (0.0, 0.0) };
        for slice in &log.profile.slices {
            spread.slice(slice, log.profile.looks_of(slice));
        }
        let (sum, squares) = spread.worth;
        looked.worth = if squares > 0.0 { sum * sum / squares } else { 1.0 };
        Some(looked)
    }

    /// The share of what had so many ticks of the running time and was met by so many looks.
    pub(crate) fn share(&self, ticks: u64, looks: u64) -> Option<Share> {
        if looks == 0 {
            return None;
        }
        let whole = self.running_ticks as f64 * 100.0 / self.total().max(1) as f64;
        Some(Share::sampled(ticks as f64 / self.running_ticks.max(1) as f64, whole, self.worth))
    }

    /// The run.
    pub(crate) fn total(&self) -> u64 {
        self.running_ticks + self.waiting_ticks
    }

    /// Looks that found a trace running, or something that it had called.
    pub(crate) fn looks_at(&self, id: Identity) -> u64 {
        let is_it = |key: &Key| matches!(key, Key::Trace(found, _) if *found == id);
        self.running.iter().filter(|(key, _)| is_it(key)).map(|(_, looks)| looks).sum()
    }

    fn number_traces<'k>(&mut self, keys: impl Iterator<Item = &'k Key>) -> FxHashMap<Identity, u32> {
        let mut numbers = FxHashMap::default();
        for key in keys {
            if let Key::Trace(id, _) = key {
                numbers.entry(*id).or_insert_with(|| {
                    self.traces.push(*id);
                    self.traces.len() as u32 - 1
                });
            }
        }
        numbers
    }
}

/// Makes slots of slices.
struct Spread<'l> {
    looked: &'l mut Looked,
    numbers: FxHashMap<Identity, u32>,
    /// Ticks in a nanosecond.
    rate: f64,
    /// The looks of the whole run, for slices that have none.
    all: BTreeMap<Key, u64>,
    /// The end of what was spread.
    at: u64,
    /// Sums of the running times, and of their squares by looks.
    worth: (f64, f64),
}

impl Spread<'_> {
    fn slice(&mut self, slice: &Slice, looks: &[Looks]) {
        // A slice that goes back in time begins where the last one ended.
        let from = slice.from.max(self.at);
        let length = slice.to.saturating_sub(from);
        let ticks = |ns: u64, most: u64| ((ns as f64 * self.rate) as u64).min(most);
        let running = ticks(slice.running_ns, length);
        let preempted = slice.delayed_ns.map(|ns| ticks(ns, length - running));
        let found: u64 = looks.iter().map(|looks| looks.running).fold(0, u64::saturating_add);
        self.at = from;
        if found > 0 {
            let looks = looks.iter().map(|looks| (looks.key, looks.running));
            self.running(looks.collect(), running);
            let weight = running as f64;
            self.worth.0 += weight;
            self.worth.1 += weight * weight / found as f64;
        } else {
            self.running(self.all.iter().map(|(key, looks)| (*key, *looks)).collect(), running);
        }
        let waiting = length - running - preempted.unwrap_or(0);
        self.put(Ran::Waiting, waiting);
        self.put(Ran::Idle, preempted.unwrap_or(0));
        self.looked.running_ticks += running;
        self.looked.waiting_ticks += waiting;
        if let Some(ticks) = preempted {
            *self.looked.preempted_ticks.get_or_insert(0) += ticks;
        }
    }

    /// Divides ticks as looks are divided; what rounding leaves goes to those behind.
    fn running(&mut self, looks: Vec<(Key, u64)>, ticks: u64) {
        let all: u128 = looks.iter().map(|(_, looks)| u128::from(*looks)).sum();
        let (mut seen, mut given) = (0u128, 0u64);
        for (key, looks) in looks {
            seen += u128::from(looks);
            let until = (u128::from(ticks) * seen / all.max(1)) as u64;
            let ran = self.ran(key);
            self.put(ran, until - given);
            given = until;
        }
    }

    fn ran(&self, key: Key) -> Ran {
        match key {
            Key::Trace(id, helper) => {
                let trace = self.numbers.get(&id).copied().unwrap_or(0);
                helper.map_or(Ran::Trace(trace), |helper| Ran::Helper(trace, helper))
            }
            Key::Interpreter(_) => Ran::Phase(Phase::None),
            Key::Tracing => Ran::Phase(Phase::Tracing),
            Key::Optimize => Ran::Phase(Phase::Optimize),
            Key::Backend => Ran::Phase(Phase::Backend),
            Key::Gc => Ran::Phase(Phase::Gc),
            Key::Log => Ran::Recording,
        }
    }

    fn put(&mut self, what: Ran, ticks: u64) {
        if ticks > 0 {
            self.looked.slots.push(Slot { from: self.at, to: self.at + ticks, what, at: 0 });
            self.at += ticks;
        }
    }
}
