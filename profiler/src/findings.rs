//! What stands out in a report, in plain words, with its place and what to try.
//!
//! A rule looks at the report, and at the log for what the report leaves out. It says nothing that it cannot count: a
//! log without counters gives fewer findings, not worse ones. Of one kind, the gravest comes first.

mod causes;
mod compiling;
mod guards;
mod loops;

use crate::report::{Basis, Finding, LoopReport, Place, Report};
use logs::Log;

pub(crate) use causes::{Scene, causes};

type Rule = fn(&Log<'_>, &Report) -> Vec<Finding>;

/// Every kind of finding, who looks for it, and what to try, unless the finding knows better.
const RULES: &[(&str, Rule, &str)] = &[
    (
        "hot-guard",
        guards::hot,
        "see what is different in these passes (another type, a branch that was rare at first); if tracing a bridge \
         was given up, why is among the aborts",
    ),
    (
        "short-visits",
        loops::short_visits,
        "give each visit more to do: move the loop outwards, or what makes it leave out of it",
    ),
    (
        "few-passes",
        loops::few_passes,
        "a loop of few iterations costs an entry each time: write it out, or let an outer loop do its work",
    ),
    (
        "busy-bridge",
        loops::busy_bridges,
        "the loop was traced on a path that is rare now: let its first iterations take the usual one",
    ),
    (
        "aborted-again",
        compiling::aborted_again,
        "what stops the trace stands at its end; move it out of the loop, or into a function that is not hot",
    ),
    (
        "segmented",
        compiling::segmented,
        "the function is too long for one trace, which was cut in pieces: split it, or raise the limit (PyPy: \
         --jit trace_limit=N)",
    ),
    (
        "retrace-limit",
        compiling::retrace_limit,
        "its variables meet in too many combinations of types: keep each of one type through the loop, or raise the \
         limit (PyPy: --jit retrace_limit=N)",
    ),
    (
        "invalidated",
        compiling::invalidated,
        "something that code takes for constant keeps changing, a class's or module's attribute as a rule: keep it \
         in an instance or a local variable",
    ),
    (
        "never-paid-back",
        compiling::never_paid_back,
        "code that runs so little is cheaper interpreted: a higher threshold, or a longer run, helps",
    ),
    (
        "compile-share",
        compiling::share,
        "a longer run; fewer branches that differ in types; a higher threshold",
    ),
    ("gc-share", gc_share, "fewer objects made in hot loops; a larger nursery (PyPy: PYPY_GC_NURSERY=32M)"),
];

impl Report {
    /// Findings are causes of lost time, or, where the log has no time, what stands out.
    pub(crate) fn has_causes(&self) -> bool {
        self.findings.first().is_some_and(|finding| finding.saving.is_some())
    }

    /// Keeps the causes of lost time that come first; findings that say nothing of time all stay.
    pub fn keep_first_causes(&mut self) {
        /// What one person changes at a time.
        const MOST: usize = 3;
        let left_out = self.findings.len().saturating_sub(MOST);
        if self.has_causes() && left_out > 0 {
            self.findings.truncate(MOST);
            self.findings_left_out += left_out;
        }
    }
}

/// Applies every rule.
pub(crate) fn find(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let named = |&(kind, rule, advice): &(&'static str, Rule, &'static str)| {
        rule(log, report).into_iter().map(move |finding| {
            let advice = if finding.advice.is_empty() { advice.into() } else { finding.advice };
            Finding { kind, advice, ..finding }
        })
    };
    let mut found: Vec<Finding> = RULES.iter().flat_map(named).collect();
    found.retain(|finding| matters(report, finding));
    found
}

/// What takes hardly any of the run, by samples, is not worth a word.
fn matters(report: &Report, finding: &Finding) -> bool {
    /// Percent of the run.
    const LEAST: f64 = 2.0;
    let Some(place) = finding.location.as_ref().filter(|_| report.time_from == Basis::Samples) else {
        return true;
    };
    let is_there = |other: &Place| (&other.file, &other.function) == (&place.file, &place.function);
    let here = |row: &&LoopReport| row.location.as_ref().is_some_and(is_there);
    let named = finding.name.as_ref();
    let tree = report.places.iter().find(|tree| named.is_some_and(|name| tree.members.contains(name)));
    let loops = match tree {
        Some(tree) => tree.ticks + tree.caused_ticks.unwrap_or(0),
        None => report.loops.iter().filter(here).map(|row| row.ticks).sum(),
    };
    let spots: u64 = report.spots.iter().filter(here).map(|row| row.ticks).sum();
    report.percent(loops + spots + finding.ticks.unwrap_or(0)) >= LEAST
}

/// A finding about a row, or about the run.
fn finding(row: Option<&LoopReport>, message: String) -> Finding {
    Finding {
        name: row.map(|row| row.name.clone()),
        message,
        location: row.and_then(|row| row.location.clone()),
        ..Finding::default()
    }
}

/// `loop3 (sieve, sieve.py:7)`
fn called(row: &LoopReport) -> String {
    match &row.location {
        Some(place) => format!("{} {}", row.name, at(place)),
        None => row.name.clone(),
    }
}

/// `(sieve, sieve.py:7)`
fn at(place: &Place) -> String {
    format!("({}, {}:{})", place.function, place.file, place.line)
}

/// `12.0 ms`, or `4096 ticks` where nobody knows how long a tick is.
fn spent(report: &Report, ticks: u64) -> String {
    crate::render::time(report, ticks)
}

fn gc_share(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    share(report, report.other.gc, "collecting garbage")
}

/// A part of the run that is larger than it should be.
fn share(report: &Report, ticks: u64, what: &str) -> Vec<Finding> {
    /// In percent.
    const LARGE: f64 = 20.0;
    let percent = report.percent(ticks);
    if percent < LARGE {
        return Vec::new();
    }
    vec![Finding { ticks: Some(ticks), ..finding(None, format!("{what} took {percent:.0} % of the run")) }]
}
