//! From samples to slots.

use super::clock::{Clock, fit};
use super::script::{Sample, Samples};
use super::space::{CodeParents, Space};
use super::{Joined, Slot};
use crate::report::SamplesReport;
use logs::Log;
use std::collections::HashMap;

/// How many samples in a row between two of the same loop can be calls of that loop's code.
const CALLED: usize = 20;

/// Where a sample was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Code(u32),
    /// In something that the code called.
    CalledBy(u32),
    /// Presumably.
    PerhapsCalledBy(u32),
    Elsewhere,
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
    let mut notes = notes(log, &report);
    if known.is_none() && report.in_code > 0 {
        let note = "the log does not say how fast its clock is; it was taken to span the same time as the samples. \
                    --clock-hz says it, or let PYPYLOG include jit-summary";
        notes.push(note.to_owned());
    }
    Joined { slots, hz: clock.hz as u64, clock: Some(clock), report, notes }
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
    let mut space = Space::default();
    let mut made = log.codes.iter().enumerate().peekable();
    let mut places = Vec::with_capacity(list.len());
    for sample in list {
        let now = clock.stamp(sample.at).saturating_add(1);
        while let Some((index, code)) =
            made.next_if(|(_, code)| log.frame.section(code.section).start <= now)
        {
            space.insert(code, index as u32);
        }
        let caller = || all.callers(sample).iter().find_map(|address| space.at(*address));
        places.push(match space.at(sample.address) {
            Some(code) => Place::Code(code),
            None => caller().map_or(Place::Elsewhere, Place::CalledBy),
        });
    }
    // Chains that cross machine code answer for themselves.
    if !places.iter().any(|place| matches!(place, Place::CalledBy(_))) {
        presume(log, list, &mut places);
    }
    places
}

/// Where call chains end at machine code: what happens between two samples of a loop, and is short, it called.
fn presume(log: &Log<'_>, list: &[Sample], places: &mut [Place]) {
    let parents = CodeParents::new(log);
    let mut threads = HashMap::<u32, (Option<u32>, Vec<usize>)>::new();
    for index in 0..list.len() {
        let (last, between) = threads.entry(list[index].tid).or_default();
        let Place::Code(code) = places[index] else {
            between.push(index);
            continue;
        };
        let caller = last.filter(|last| between.len() <= CALLED && parents.root(*last) == parents.root(code));
        for index in between.drain(..) {
            places[index] = caller.map_or(Place::Elsewhere, Place::PerhapsCalledBy);
        }
        *last = Some(code);
    }
}

fn slots(list: &[Sample], places: &[Place], clock: &Clock) -> Vec<Slot> {
    let gap = usual_gap(list);
    let mut slots: Vec<Slot> = Vec::new();
    let mut before = 0;
    for (sample, place) in list.iter().zip(places) {
        let to = clock.stamp(sample.at);
        let reach = clock.ticks(sample.period.unwrap_or(gap).saturating_mul(3) / 2);
        let from = to.saturating_sub(reach).max(before);
        before = to.max(before);
        let (code, called) = match *place {
            Place::Code(code) => (code, false),
            Place::CalledBy(code) | Place::PerhapsCalledBy(code) => (code, true),
            Place::Elsewhere => continue,
        };
        match slots.last_mut() {
            Some(last) if last.to == from && (last.code, last.called) == (code, called) => last.to = to,
            _ if from < to => slots.push(Slot { from, to, code, called }),
            _ => {}
        }
    }
    slots
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
    let mut report = SamplesReport { pid, total: places.len() as u64, other_processes: others as u64, ..SamplesReport::default() };
    for place in places {
        match place {
            Place::Code(_) => report.in_code += 1,
            Place::CalledBy(_) => report.called += 1,
            Place::PerhapsCalledBy(_) => report.perhaps_called += 1,
            Place::Elsewhere => {}
        }
    }
    report
}

fn notes(log: &Log<'_>, report: &SamplesReport) -> Vec<String> {
    let mut notes = Vec::new();
    let SamplesReport { total, in_code, called, .. } = report;
    if log.codes.is_empty() {
        notes.push(format!("the log does not say where machine code lies (jit-backend-addr); record\n{}", super::RECORD));
    } else if in_code + called == 0 {
        let found = format!("none of the {total} samples lies in the log's machine code: are they of the same run? Record\n");
        notes.push(found + super::RECORD);
    } else if report.perhaps_called > 0 {
        notes.push(format!(
            "{} samples between two of the same loop are taken for calls of that loop's code; with perf record \
             --call-graph dwarf,4096 they need not be guessed",
            report.perhaps_called
        ));
    }
    notes
}
