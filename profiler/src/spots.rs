//! Where the program was while no loop ran: places of the interpreter, and places where it waited.
//!
//! These rows say more about parts of `other`; they are no parts of their own. A place of the interpreter knows the loop
//! whose exits lead there, if these are so many, and so short each, that they are the reason: what is interpreted once
//! after a loop has ended is no fault of the loop.

use crate::build::{name, place, text};
use crate::perf::Joined;
use crate::report::{LoopReport, Place, Report};
use logs::Log;
use logs::profile::Key;
use logs::trace::TraceId;
use std::collections::{BTreeMap, HashMap};

/// Exits of a guard that are a reason for what is interpreted then.
const MANY: u64 = 100;
/// Seconds of interpreting after one exit, at most.
const SHORT: f64 = 1e-3;

/// What is known of a place.
#[derive(Clone, Debug, Default)]
struct Found {
    location: Option<Place>,
    label: String,
    looks: u64,
}

/// The rows, the most expensive first.
pub(crate) fn spots(log: &Log<'_>, joined: &Joined, report: &Report) -> Vec<LoopReport> {
    if joined.looked.is_none() {
        return Vec::new();
    }
    let mut rows = interpreted(log, report);
    rows.extend(waits(log, joined, report));
    rows.sort_by_key(|row| std::cmp::Reverse(row.ticks));
    rows
}

fn interpreted(log: &Log<'_>, report: &Report) -> Vec<LoopReport> {
    let exits = exits(log);
    let all: u64 = log.profile.places.iter().map(|spot| spot.running).sum();
    let mut found = BTreeMap::<_, Found>::new();
    let mut by_cause = BTreeMap::<Option<u64>, u64>::new();
    for spot in log.profile.places.iter().filter(|spot| spot.running > 0) {
        *by_cause.entry(spot.cause).or_default() += spot.running;
    }
    let ticks = |looks: u64| part(report.other.interpreter, looks, all);
    let seconds = |ticks: u64| report.clock_hz.map_or(0.0, |hz| ticks as f64 / hz as f64);
    let blamed = |cause: Option<u64>| {
        let (trace, times) = *exits.get(&cause?)?;
        let each = seconds(ticks(by_cause[&cause])) / times.max(1) as f64;
        (times >= MANY && each < SHORT).then_some(trace)
    };
    for spot in log.profile.places.iter().filter(|spot| spot.running > 0) {
        let location = spot.location.as_ref().map(place);
        let line = location.as_ref().map(|place| (place.file.clone(), place.line, place.function.clone()));
        let label = if line.is_none() { text(spot.text) } else { String::new() };
        let row = found.entry((line, label.clone(), blamed(spot.cause))).or_default();
        row.location.get_or_insert_with(|| location.unwrap_or_default());
        row.label = text(spot.text);
        row.looks += spot.running;
    }
    let row = |((line, _, cause), found): ((Option<_>, String, Option<TraceId>), Found)| {
        let spent = ticks(found.looks);
        LoopReport {
            name: "interpreter".to_owned(),
            kind: "interpreter",
            location: line.and(found.location),
            label: found.label,
            ticks: spent,
            total_ticks: spent,
            share: crate::shares::together(report, spent, found.looks),
            samples: Some(found.looks),
            part_of: Some("interpreter"),
            caused_by: cause.map(|trace| name(log.trace(root(log, trace)).id)),
            ..LoopReport::default()
        }
    };
    found.into_iter().map(row).collect()
}

/// The guards that left machine code, their traces, and how often.
fn exits(log: &Log<'_>) -> HashMap<u64, (TraceId, u64)> {
    let traces = log.traces.iter().enumerate();
    let guards = traces.flat_map(|(index, trace)| {
        let id = TraceId(index as u32);
        trace.guards.iter().filter_map(move |guard| Some((guard.id, (id, guard.exits?))))
    });
    guards.collect()
}

/// The loop at the root of a bridge's tree.
fn root(log: &Log<'_>, trace: TraceId) -> TraceId {
    let up = |trace: &TraceId| {
        let parent = log.trace(*trace).parent.map(|parent| parent.trace);
        parent.filter(|parent| parent.index() < trace.index())
    };
    std::iter::successors(Some(trace), up).last().unwrap_or(trace)
}

/// Places where the program waited. Looks cannot tell a program that sleeps from one that others keep from running; as
/// many as the latter takes of the waiting are expected where it runs, and taken away.
fn waits(log: &Log<'_>, joined: &Joined, report: &Report) -> Vec<LoopReport> {
    let Some(looked) = &joined.looked else { return Vec::new() };
    let mut found = BTreeMap::<(Option<Place>, String), f64>::new();
    let all_running: u64 = looked.running.values().sum();
    let all_waiting: u64 = looked.waiting.values().sum();
    let preempted = looked.preempted_ticks.unwrap_or(0) as f64;
    let kept = preempted / (preempted + looked.waiting_ticks as f64).max(1.0);
    let expected =
        |running: u64| all_waiting as f64 * kept * running as f64 / all_running.max(1) as f64;
    for (key, waiting) in looked.waiting.iter().filter(|(_, waiting)| **waiting > 0) {
        let running = looked.running.get(key).copied().unwrap_or(0);
        let waiting = (*waiting as f64 - expected(running)).max(0.0);
        match key {
            Key::Interpreter(_) => {}
            Key::Trace(id, _) => {
                let trace = log.traces.iter().rfind(|trace| trace.id == *id);
                let location = trace.and_then(|trace| trace.location.as_ref()).map(place);
                *found.entry((location, name(*id))).or_default() += waiting;
            }
            Key::Tracing | Key::Optimize | Key::Backend | Key::Gc | Key::Log => {
                *found.entry((None, "the machine".to_owned())).or_default() += waiting;
            }
        }
    }
    for spot in log.profile.places.iter().filter(|spot| spot.waiting > 0) {
        let waiting = (spot.waiting as f64 - expected(spot.running)).max(0.0);
        let location = spot.location.as_ref().map(place);
        let label = if location.is_some() { String::new() } else { text(spot.text) };
        *found.entry((location, label)).or_default() += waiting;
    }
    let all: f64 = found.values().sum();
    let waiting = report.other.waiting.unwrap_or(0);
    let row = |((location, label), looks): ((Option<Place>, String), f64)| {
        let share = looks / all.max(1.0);
        let ticks = (waiting as f64 * share) as u64;
        LoopReport {
            name: "waiting".to_owned(),
            kind: "waiting",
            location,
            label,
            ticks,
            total_ticks: ticks,
            share: Some(crate::report::Share::sampled(share, report.percent(waiting), all)),
            samples: Some(looks.round() as u64),
            part_of: Some("waiting"),
            ..LoopReport::default()
        }
    };
    found.into_iter().filter(|(_, looks)| *looks >= 1.0 && waiting > 0).map(row).collect()
}

fn part(whole: u64, looks: u64, all: u64) -> u64 {
    (u128::from(whole) * u128::from(looks) / u128::from(all.max(1))) as u64
}
