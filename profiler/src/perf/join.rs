//! From samples to slots.

use super::clock::{Clock, fit};
use super::script::{Sample, Samples};
use super::space::{CodeParents, Space, Stubs};
use super::{Joined, Ran, Slot};
use crate::report::SamplesReport;
use logs::Log;
use logs::trace::Identity;
use std::collections::HashMap;

/// How many samples in a row between two of the same loop can be calls of that loop's code.
const CALLED: usize = 20;

/// Where a sample was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Code(u32),
    /// In something that the code called, from before that address.
    CalledBy(u32, u64),
    /// Presumably.
    PerhapsCalledBy(u32),
    /// In a piece of machine code that all loops call: for slow paths of allocation and of conditional calls. Call
    /// chains end there.
    Stub,
    Elsewhere,
}

impl Place {
    /// The code that ran.
    fn code(self) -> Option<u32> {
        match self {
            Place::Code(code) | Place::CalledBy(code, _) | Place::PerhapsCalledBy(code) => Some(code),
            Place::Stub | Place::Elsewhere => None,
        }
    }

    /// What ran, if the log knows it.
    fn ran(self, address: u64) -> Found {
        match self {
            Place::Code(code) => Some((Ran::Code(code), address)),
            // A call returns behind itself.
            Place::CalledBy(code, from) => Some((Ran::Called(code), from.saturating_sub(1))),
            Place::PerhapsCalledBy(code) => Some((Ran::Called(code), 0)),
            Place::Stub | Place::Elsewhere => None,
        }
    }
}

/// Joins a log with the samples that it holds itself.
pub(crate) fn join_recorded(log: &Log<'_>, hz: Option<u64>, pid: Option<u32>) -> Joined {
    let samples = super::recorded::samples(log);
    let Some(pid) = pid.or_else(|| process(log, &samples)) else {
        return Joined { notes: super::recorded::notes(log), ..Joined::default() };
    };
    let list: Vec<Sample> = samples.list.iter().filter(|sample| sample.pid == pid).copied().collect();
    let places = places(log, &samples, &list, &Clock::STAMPS);
    let slots = slots(&list, &places, &Clock::STAMPS);
    let others = (samples.len() - list.len()).saturating_add(super::recorded::others(log));
    let report = count(pid, others, &places);
    let preempted = slots.iter().filter(|slot| slot.what == Ran::Idle).map(|slot| slot.to - slot.from).sum();
    let mut notes = notes(log, &report, true, "");
    notes.extend(super::recorded::notes(log));
    let hz = hz.or_else(|| super::hz_of(log)).unwrap_or(0);
    Joined { slots, hz, report, notes, preempted: Some(preempted), ..Joined::default() }
}

/// Joins the samples of a process with its log. Without `pid`, the process whose samples met the log's code most often.
pub(crate) fn join(log: &Log<'_>, samples: &Samples, hz: Option<u64>, pid: Option<u32>) -> Joined {
    let Some(pid) = pid.or_else(|| process(log, samples)) else { return Joined::default() };
    let list: Vec<Sample> = samples.list.iter().filter(|sample| sample.pid == pid).copied().collect();
    let known = hz.or_else(|| super::hz_of(log));
    let clock = fit(log, samples, &list, known);
    let places = places(log, samples, &list, &clock);
    let slots = slots(&list, &places, &clock);
    let report = count(pid, samples.len() - list.len(), &places);
    let mut notes = notes(log, &report, samples.has_chains(), super::RECORD);
    if known.is_none() && report.in_code > 0 {
        let note = "the log does not say how fast its clock is; it was taken to span the same time as the samples. \
                    --clock-hz says it, or let PYPYLOG include jit-summary";
        notes.push(note.to_owned());
    }
    Joined { slots, hz: clock.hz as u64, clock: Some(clock), report, notes, ..Joined::default() }
}

/// The process with most samples in the log's code, else with most samples.
fn process(log: &Log<'_>, samples: &Samples) -> Option<u32> {
    let mut space = Space::default();
    for (index, code) in log.codes.iter().enumerate() {
        space.insert(code, index as u32);
    }
    let mut found = HashMap::<u32, (usize, usize)>::new();
    for sample in &samples.list {
        let counts = found.entry(sample.pid).or_default();
        *counts = (counts.0 + usize::from(space.at(sample.address).is_some()), counts.1 + 1);
    }
    found.into_iter().max_by_key(|(pid, counts)| (*counts, std::cmp::Reverse(*pid))).map(|(pid, _)| pid)
}

/// Looks every sample up, as the addresses were at its time.
fn places(log: &Log<'_>, all: &Samples, list: &[Sample], clock: &Clock) -> Vec<Place> {
    let stubs = Stubs::new(log);
    let mut space = Space::default();
    let mut made = log.codes.iter().enumerate().peekable();
    let mut places = Vec::with_capacity(list.len());
    for sample in list {
        let now = clock.stamp(sample.at).saturating_add(1);
        while let Some((index, code)) = made.next_if(|(_, code)| log.frame.section(code.section).start <= now)
        {
            space.insert(code, index as u32);
        }
        let mut addresses = std::iter::once(sample.address).chain(all.callers(sample).iter().copied());
        let found = addresses.find_map(|address| match space.at(address) {
            // What stands in for a loop that is still to be compiled calls the interpreter.
            Some(code) if log.codes[code as usize].id == Identity::Loop(-1) => Some(Place::Elsewhere),
            Some(code) if address == sample.address => Some(Place::Code(code)),
            Some(code) => Some(Place::CalledBy(code, address)),
            None => stubs.hold(address).then_some(Place::Stub),
        });
        places.push(found.unwrap_or(Place::Elsewhere));
    }
    let mut callers = Callers::new(log);
    settle_stubs(list, &mut places, &mut callers);
    // Chains that cross machine code answer for themselves.
    let chains = all.has_chains() || places.iter().any(|place| matches!(place, Place::CalledBy(..)));
    if !chains {
        presume(log, list, &mut places, &mut callers);
    }
    places
}

/// What runs in a stub belongs to the loop that ran before, or comes next: whichever calls anything.
fn settle_stubs(list: &[Sample], places: &mut [Place], callers: &mut Callers<'_, '_>) {
    let mut next = HashMap::<u32, u32>::new();
    let mut after = vec![None; list.len()];
    for index in (0..list.len()).rev() {
        after[index] = next.get(&list[index].tid).copied();
        next.extend(places[index].code().map(|code| (list[index].tid, code)));
    }
    let mut last = HashMap::<u32, u32>::new();
    for index in 0..list.len() {
        if places[index] == Place::Stub {
            let around = [last.get(&list[index].tid).copied(), after[index]];
            let caller = around.into_iter().flatten().find(|code| callers.calls(*code));
            places[index] = caller.or(around[0]).map_or(Place::Elsewhere, Place::PerhapsCalledBy);
        }
        last.extend(places[index].code().map(|code| (list[index].tid, code)));
    }
}

/// Where call chains end at machine code: what happens between two samples of a loop, and is short, it called, if its
/// code calls anything.
fn presume(log: &Log<'_>, list: &[Sample], places: &mut [Place], callers: &mut Callers<'_, '_>) {
    let parents = CodeParents::new(log);
    let mut threads = HashMap::<u32, (Option<u32>, Vec<usize>)>::new();
    for index in 0..list.len() {
        let (last, between) = threads.entry(list[index].tid).or_default();
        let Some(code) = places[index].code() else {
            between.push(index);
            continue;
        };
        let caller = last
            .filter(|last| between.len() <= CALLED && parents.root(*last) == parents.root(code))
            .filter(|_| !between.is_empty())
            .and_then(|last| [last, code].into_iter().find(|code| callers.calls(*code)));
        for index in between.drain(..) {
            places[index] = caller.map_or(Place::Elsewhere, Place::PerhapsCalledBy);
        }
        *last = Some(code);
    }
}

/// Which code calls anything; found out when asked.
struct Callers<'l, 'a> {
    log: &'l Log<'a>,
    traces: HashMap<u32, usize>,
    known: HashMap<u32, bool>,
}

impl<'l, 'a> Callers<'l, 'a> {
    fn new(log: &'l Log<'a>) -> Self {
        Callers { log, traces: crate::build::traces_of_codes(log), known: HashMap::new() }
    }

    fn calls(&mut self, code: u32) -> bool {
        let (log, traces) = (self.log, &self.traces);
        *self.known.entry(code).or_insert_with(|| {
            // Code of which the log does not show the operations may do anything.
            let Some(&trace) = traces.get(&code) else { return true };
            let calls = |name: &[u8]| name.starts_with(b"call_") || name.starts_with(b"cond_call");
            log.ops(&log.traces[trace]).any(|op| calls(op.own_name()))
        })
    }
}

fn slots(list: &[Sample], places: &[Place], clock: &Clock) -> Vec<Slot> {
    let gap = usual_gap(list);
    let mut slots: Vec<Slot> = Vec::new();
    let (mut before, mut owed) = (None, Owed::default());
    for (sample, place) in list.iter().zip(places) {
        let to = clock.stamp(sample.at);
        let guess = sample.period.unwrap_or(gap).saturating_mul(3) / 2;
        let (ran, delayed) = sample.ran.unwrap_or((guess, 0));
        let (reach, delayed) = (clock.ticks(ran), clock.ticks(delayed));
        let since = before.unwrap_or_else(|| to.saturating_sub(reach));
        let from = to.saturating_sub(reach).max(since);
        before = Some(to.max(since));
        let what = place.ran(sample.address);
        let paid = owed.pay(&mut slots, since, from);
        let kept = paid.saturating_add(delayed).min(from);
        put(&mut slots, paid, kept, Some((Ran::Idle, 0)));
        put(&mut slots, kept, from, Some((Ran::Waiting, 0)));
        put(&mut slots, from, to, what);
        if sample.ran.is_some() {
            owed.owe(reach.saturating_sub(to.saturating_sub(from)), reach, what);
        }
    }
    slots
}

/// What ran, and where in machine code; nothing if it was none of the log's.
type Found = Option<(Ran, u64)>;

/// Where threads run in turns, the time before a sample in which its thread ran is in part what samples of others stand
/// for already. That part is paid from time for which no sample stands.
#[derive(Default)]
struct Owed {
    ticks: u64,
    what: Found,
}

impl Owed {
    /// Fills the span from its start; gives the start of what is left.
    fn pay(&mut self, slots: &mut Vec<Slot>, from: u64, to: u64) -> u64 {
        let until = from.saturating_add(self.ticks).min(to.max(from));
        put(slots, from, until, self.what);
        self.ticks -= until - from;
        until
    }

    /// Threads that run at the same time have more than there is: no more than `most` is kept.
    fn owe(&mut self, ticks: u64, most: u64, what: Found) {
        if ticks > 0 {
            *self = Owed { ticks: self.ticks.saturating_add(ticks).min(most), what };
        }
    }
}

fn put(slots: &mut Vec<Slot>, from: u64, to: u64, found: Found) {
    if let Some((what, at)) = found {
        add(slots, Slot { from, to, what, at });
    }
}

/// Neighbours that are alike are one.
fn add(slots: &mut Vec<Slot>, slot: Slot) {
    match slots.last_mut() {
        _ if slot.from >= slot.to => {}
        Some(last) if last.to == slot.from && (last.what, last.at) == (slot.what, slot.at) => {
            last.to = slot.to
        }
        _ => slots.push(slot),
    }
}

/// The median of the times between samples, in nanoseconds.
fn usual_gap(list: &[Sample]) -> u64 {
    let mut gaps: Vec<u64> = list.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    if gaps.is_empty() {
        return 0;
    }
    let middle = gaps.len() / 2;
    *gaps.select_nth_unstable(middle).1
}

fn count(pid: u32, others: usize, places: &[Place]) -> SamplesReport {
    let mut report = SamplesReport {
        pid,
        total: places.len() as u64,
        other_processes: others as u64,
        ..SamplesReport::default()
    };
    for place in places {
        match place {
            Place::Code(_) => report.in_code += 1,
            Place::CalledBy(..) => report.called += 1,
            Place::PerhapsCalledBy(_) => report.perhaps_called += 1,
            Place::Stub | Place::Elsewhere => {}
        }
    }
    report
}

/// What is odd, and how to record it better, if that is known.
fn notes(log: &Log<'_>, report: &SamplesReport, has_chains: bool, better: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let SamplesReport { total, in_code, called, .. } = report;
    if log.codes.is_empty() {
        let lack = "the log does not say where machine code lies (jit-backend-addr)";
        notes.push(if better.is_empty() { lack.to_owned() } else { format!("{lack}; record\n{better}") });
    } else if in_code + called == 0 {
        let found = format!("none of the {total} samples lies in the log's machine code");
        let advice = || format!("{found}: are they of the same run? Record\n{better}");
        notes.push(if better.is_empty() { found.clone() } else { advice() });
    } else if *called == 0 && !has_chains {
        let elsewhere = total - in_code - report.perhaps_called;
        notes.push(format!(
            "without call chains, {} samples between two of the same loop are taken for calls by that loop, and \
             {elsewhere} could not be given to any; perf record --call-graph dwarf,4096 knows who called",
            report.perhaps_called
        ));
    }
    notes
}
