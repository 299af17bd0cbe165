//! What stands out in a report, in plain words.

use crate::report::{Finding, LoopReport, Report};
use logs::Log;
use logs::trace::TraceKind;

/// A guard that fails this often should have a bridge.
const HOT_GUARD: u64 = 1000;
/// Fewer events than this say nothing.
const ENOUGH: u64 = 100;
/// Attempts at one place that are given up before it is worth a word.
const AGAIN: u64 = 3;
/// Share of a run in percent, from which on collecting or compiling is worth a word.
const LARGE_SHARE: f64 = 20.0;

type Rule = fn(&Log<'_>, &Report) -> Vec<Finding>;

/// Every kind of finding, and who looks for it.
const RULES: &[(&str, Rule)] = &[
    ("hot-guard", hot_guards),
    ("short-visits", short_visits),
    ("few-passes", few_passes),
    ("busy-bridge", busy_bridges),
    ("aborted-again", aborted_again),
    ("compile-share", compile_share),
    ("gc-share", gc_share),
];

/// Applies every rule.
pub(crate) fn find(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let named = |&(kind, rule): &(&'static str, Rule)| {
        rule(log, report).into_iter().map(move |finding| Finding { kind, ..finding })
    };
    RULES.iter().flat_map(named).collect()
}

fn finding(row: Option<&LoopReport>, message: String) -> Finding {
    Finding { kind: "", name: row.map(|row| row.name.clone()), message, location: None, advice: "", ticks: None }
}

/// Guards that fail often and have no bridge.
fn hot_guards(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in &report.loops {
        let Some(index) = row.trace else { continue };
        let hot = log.traces[index as usize].guards.iter().filter(|guard| guard.bridge.is_none());
        for (guard, exits) in
            hot.filter_map(|guard| Some((guard, guard.exits.filter(|&exits| exits >= HOT_GUARD)?)))
        {
            let message = format!(
                "guard 0x{:x} (operation {}) of {} failed {exits} times and has no bridge",
                guard.id,
                guard.op,
                called(row)
            );
            found.push(finding(Some(row), message));
        }
    }
    found
}

/// Loops that go back to the interpreter almost every time, soon: entering and leaving is what they do.
fn short_visits(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    const SHORT: u64 = 2000;
    let rows = report
        .loops
        .iter()
        .filter(|row| row.visits >= ENOUGH && row.p50 < SHORT && row.exits >= row.visits - row.visits / 10);
    rows.map(|row| {
        let message = format!(
            "{} was entered {} times and mostly left to the interpreter within {} ticks",
            called(row),
            row.visits,
            row.p50
        );
        finding(Some(row), message)
    })
    .collect()
}

/// Loops that do not loop.
fn few_passes(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let is_loop =
        |row: &&LoopReport| row.trace.is_some_and(|index| log.traces[index as usize].kind == TraceKind::Loop);
    let rows = report.loops.iter().filter(is_loop);
    rows.filter_map(|row| Some((row, row.entries.filter(|&entries| entries >= ENOUGH)?, row.passes?)))
        .filter(|(_, entries, passes)| passes / 2 < *entries)
        .map(|(row, entries, passes)| {
            let message =
                format!("{} ran {passes} iterations in {entries} entries: it hardly loops", called(row));
            finding(Some(row), message)
        })
        .collect()
}

/// Bridges that are taken in nearly every pass of what they start from.
fn busy_bridges(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in &report.loops {
        let trace = row.trace.map(|index| &log.traces[index as usize]);
        let Some(parent) = trace.and_then(|trace| trace.parent) else { continue };
        let parent = log.trace(parent.trace);
        let passes = parent.labels.iter().filter_map(|label| label.count).max().or(parent.count).unwrap_or(0);
        let entries = row.entries.unwrap_or(0);
        if passes >= ENOUGH && entries <= passes && entries.saturating_mul(10) >= passes.saturating_mul(9) {
            let from = row.parent.as_deref().unwrap_or("its parent");
            let message = format!("{} is taken in {entries} of {passes} passes of {from}", called(row));
            found.push(finding(Some(row), message));
        }
    }
    found
}

/// Places where tracing is given up again and again.
fn aborted_again(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    let again = report.aborts.iter().filter(|abort| abort.times >= AGAIN);
    again
        .map(|abort| {
            let message =
                format!("tracing was given up {} times ({}) at {}", abort.times, abort.reason, abort.label);
            finding(None, message)
        })
        .collect()
}

fn compile_share(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    let ticks = report.other.tracing + report.other.optimize + report.other.backend;
    share(report, ticks, "compiling")
}

fn gc_share(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    share(report, report.other.gc, "collecting garbage")
}

fn share(report: &Report, ticks: u64, what: &str) -> Vec<Finding> {
    let percent = report.percent(ticks);
    if percent < LARGE_SHARE {
        return Vec::new();
    }
    vec![finding(None, format!("{what} took {percent:.0} % of the run"))]
}

/// `loop3 (sieve, sieve.py:7)`
fn called(row: &LoopReport) -> String {
    match &row.location {
        Some(place) => format!("{} ({}, {}:{})", row.name, place.function, place.file, place.line),
        None => row.name.clone(),
    }
}
