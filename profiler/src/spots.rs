//! Where the program was while no loop ran: places of the interpreter, places where it waited, and places for which the
//! JIT worked.
//!
//! These rows say more about parts of `other`; they are no parts of their own. A place of the interpreter knows the loop
//! whose exits lead there, if these are so many, and so short each, that they are the reason: what is interpreted once
//! after a loop has ended is no fault of the loop.

use crate::build::{place, text};
use crate::perf::Joined;
use crate::report::{Compile, LoopReport, Place, Report};
use logs::Log;
use logs::profile::{Key, Spot};
use logs::trace::{Identity, TraceId};
use std::collections::{BTreeMap, HashMap};

/// What logs call the interpreter where machine code has called it.
const INTERPRETER: &str = "interpreter";
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
    ticks: u64,
}

/// The rows, the most expensive first.
pub(crate) fn spots(log: &Log<'_>, joined: &Joined, report: &Report) -> Vec<LoopReport> {
    if joined.looked.is_none() {
        return Vec::new();
    }
    let mut rows = interpreted(log, report);
    rows.extend(waits(log, joined, report));
    rows.extend(compiled(report));
    rows.sort_by_key(|row| std::cmp::Reverse(row.ticks));
    rows
}

/// A line, or the label of what has none; the trace that is to blame, and the tree that called.
type At<L> = (Option<L>, String, Option<TraceId>, Option<String>);

fn interpreted(log: &Log<'_>, report: &Report) -> Vec<LoopReport> {
    let exits = exits(log);
    let wholes = wholes(log, report);
    let ticks = |spot: &Spot<'_>| {
        let (whole, all) = wholes.get(&spot.caller).copied().unwrap_or_default();
        part(whole, spot.running, all)
    };
    let mut found = BTreeMap::<_, Found>::new();
    let mut by_cause = BTreeMap::<Option<u64>, u64>::new();
    for spot in log.profile.places.iter().filter(|spot| spot.running > 0) {
        *by_cause.entry(spot.cause).or_default() += ticks(spot);
    }
    let seconds = |ticks: u64| report.clock_hz.map_or(0.0, |hz| ticks as f64 / hz as f64);
    let blamed = |cause: Option<u64>| {
        let (trace, times) = *exits.get(&cause?)?;
        let each = seconds(by_cause[&cause]) / times.max(1) as f64;
        (times >= MANY && each < SHORT).then_some(trace)
    };
    for spot in log.profile.places.iter().filter(|spot| spot.running > 0) {
        let location = spot.location.as_ref().map(place);
        let line = location.as_ref().map(|place| (place.file.clone(), place.line, place.function.clone()));
        let label = if line.is_none() { text(spot.text) } else { String::new() };
        let caller = spot.caller.map(|id| name_of_tree(log, id));
        let row = found.entry((line, label.clone(), blamed(spot.cause), caller)).or_default();
        row.location.get_or_insert_with(|| location.unwrap_or_default());
        row.label = text(spot.text);
        row.looks += spot.running;
        row.ticks += ticks(spot);
    }
    let row = |((line, _, cause, caller), found): (At<_>, Found)| {
        let spent = found.ticks;
        LoopReport {
            name: "interpreter".to_owned(),
            kind: "interpreter",
            location: line.and(found.location),
            label: found.label,
            ticks: spent,
            total_ticks: spent,
            share: crate::shares::together(report, spent, found.looks),
            samples: Some(found.looks),
            part_of: Some(if caller.is_some() { "helpers" } else { "interpreter" }),
            called_by: caller,
            caused_by: cause.map(|trace| log.name(log.trace(root(log, trace)).id)),
            ..LoopReport::default()
        }
    };
    found.into_iter().map(row).collect()
}

/// What interpreting takes all in all, in ticks, and how many looks saw where: for itself, and for each trace that has
/// called it, as a part of that trace's time.
fn wholes(log: &Log<'_>, report: &Report) -> HashMap<Option<Identity>, (u64, u64)> {
    let mut wholes = HashMap::from([(None, (report.other.interpreter, 0))]);
    for spot in &log.profile.places {
        wholes.entry(spot.caller).or_default().1 += spot.running;
    }
    for row in &report.loops {
        let id = row.trace.and_then(|trace| log.traces.get(trace as usize)).map(|trace| trace.id);
        let found = row.helpers.iter().find(|helper| helper.name == INTERPRETER);
        if let (Some(whole), Some(helper)) = (wholes.get_mut(&id).filter(|_| id.is_some()), found) {
            whole.0 = helper.ticks;
        }
    }
    wholes
}

/// The loop at the root of the tree that a trace belongs to.
fn name_of_tree(log: &Log<'_>, id: Identity) -> String {
    let index = log.traces.iter().rposition(|trace| trace.id == id);
    let root = index.map(|index| root(log, TraceId(index as u32)));
    log.name(root.map_or(id, |root| log.trace(root).id))
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
    let mut found = BTreeMap::<_, (Option<Place>, f64)>::new();
    let mut add = |location: Option<Place>, label: String, looks: f64| {
        let line = location.as_ref().map(|place| (place.file.clone(), place.line, place.function.clone()));
        let label = if line.is_some() { String::new() } else { label };
        let row = found.entry((line, label)).or_insert((location, 0.0));
        row.1 += looks;
    };
    let all_running: u64 = looked.running.values().sum();
    let all_waiting: u64 = looked.waiting.values().sum();
    let preempted = looked.preempted_ticks.unwrap_or(0) as f64;
    let kept = preempted / (preempted + looked.waiting_ticks as f64).max(1.0);
    let expected = |running: u64| all_waiting as f64 * kept * running as f64 / all_running.max(1) as f64;
    for (key, waiting) in looked.waiting.iter().filter(|(_, waiting)| **waiting > 0) {
        let running = looked.running.get(key).copied().unwrap_or(0);
        let waiting = (*waiting as f64 - expected(running)).max(0.0);
        match key {
            Key::Interpreter(_) => {}
            Key::Trace(id, _) => {
                let trace = log.traces.iter().rfind(|trace| trace.id == *id);
                let location = trace.and_then(|trace| trace.location.as_ref()).map(place);
                add(location, log.name(*id), waiting);
            }
            Key::Tracing | Key::Optimize | Key::Backend | Key::Gc | Key::Log => {
                add(None, "the machine".to_owned(), waiting);
            }
        }
    }
    for spot in log.profile.places.iter().filter(|spot| spot.waiting > 0) {
        let waiting = (spot.waiting as f64 - expected(spot.running)).max(0.0);
        add(spot.location.as_ref().map(place), text(spot.text), waiting);
    }
    let all: f64 = found.values().map(|(_, looks)| looks).sum();
    let waiting = report.other.waiting.unwrap_or(0);
    let row = |((_, label), (location, looks)): ((Option<_>, String), (Option<Place>, f64))| {
        let share = looks / all.max(1.0);
        // Whole thousandths of looks, so that the parts are no more than all.
        let ticks = part(waiting, (looks * 1e3) as u64, (all * 1e3).ceil() as u64);
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
    found.into_iter().filter(|(_, (_, looks))| *looks >= 1.0 && waiting > 0).map(row).collect()
}

/// Places for which the JIT worked: each part of its work, divided as sections say that its costs are.
fn compiled(report: &Report) -> Vec<LoopReport> {
    /// Percent of the run.
    const LEAST: f64 = 0.1;
    type Cost = fn(&Compile) -> u64;
    let parts: [(&'static str, u64, Cost); 3] = [
        ("tracing", report.other.tracing, |cost| cost.tracing),
        ("optimize", report.other.optimize, |cost| cost.optimize),
        ("backend", report.other.backend, |cost| cost.backend),
    ];
    let mut rows = Vec::new();
    for (name, whole, cost) in parts {
        let aborted: u64 =
            if name == "tracing" { report.aborts.iter().map(|abort| abort.ticks).sum() } else { 0 };
        let all = report.loops.iter().map(|row| cost(&row.compile)).fold(aborted, u64::saturating_add);
        let mut places = BTreeMap::<&Place, u64>::new();
        for row in &report.loops {
            if let Some(place) = &row.location {
                *places.entry(place).or_default() += cost(&row.compile);
            }
        }
        for abort in report.aborts.iter().filter(|_| name == "tracing") {
            if let Some(place) = &abort.location {
                *places.entry(place).or_default() += abort.ticks;
            }
        }
        let of_part = report.shares.get(name);
        let row = |(place, cost): (&Place, u64)| {
            let ticks = part(whole, cost, all);
            let scale = cost as f64 / all.max(1) as f64;
            LoopReport {
                name: name.to_owned(),
                kind: "compiling",
                location: Some(place.clone()),
                ticks,
                total_ticks: ticks,
                share: of_part.map(|share| share.part(scale)),
                part_of: Some(name),
                ..LoopReport::default()
            }
        };
        rows.extend(places.into_iter().map(row).filter(|row| report.percent(row.ticks) >= LEAST));
    }
    rows
}

fn part(whole: u64, looks: u64, all: u64) -> u64 {
    (u128::from(whole) * u128::from(looks) / u128::from(all.max(1))) as u64
}
