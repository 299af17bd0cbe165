//! Traces that were given up: by the attempts at tracing, or, where a filter left these out, by the sections in which PyPy
//! speaks of aborts alone.

use crate::attribute::Attribution;
use crate::build::{place, text};
use crate::report::AbortReport;
use logs::Log;
use logs::location::Location;
use logs::log::Outcome;
use logs::section::Section;
use std::collections::BTreeMap;

/// Aborts by place and reason, the most frequent first.
pub(crate) fn report(log: &Log<'_>, found: &Attribution<'_>) -> Vec<AbortReport> {
    if log.attempts.is_empty() { of_sections(log) } else { of_attempts(log, found) }
}

fn of_attempts(log: &Log<'_>, found: &Attribution<'_>) -> Vec<AbortReport> {
    let mut groups = BTreeMap::<_, (u64, u64)>::new();
    for &(number, ticks) in &found.wasted {
        let attempt = &log.attempts[number];
        if let Outcome::Aborted(reason) = attempt.outcome {
            let group = groups.entry((attempt.first, reason, attempt.why)).or_default();
            *group = (group.0 + 1, group.1 + ticks);
        }
    }
    let mut aborts: Vec<_> = groups
        .into_iter()
        .map(|((label, reason, why), (times, ticks))| {
            let location = Location::parse(label).as_ref().map(place);
            let why = Some(text(why)).filter(|why| !why.is_empty());
            AbortReport { reason: text(reason), why, label: text(label), location, times, ticks }
        })
        .collect();
    aborts.sort_by_key(|abort| std::cmp::Reverse((abort.times, abort.ticks)));
    aborts
}

/// `jit-abort-longest-function` says where a trace was too long, `jit-abort` why the optimiser gave up. What it cost is
/// not there.
fn of_sections(log: &Log<'_>) -> Vec<AbortReport> {
    let mut groups = BTreeMap::<(&str, String, String), u64>::new();
    for (id, node) in log.frame.sections() {
        let lines = || log.frame.lines(id).filter(|line| !line.text.is_empty());
        let found = match node.kind {
            Some(Section::JitAbortLongestFunction) => {
                let last = lines().filter_map(|line| longest(line.text)).last();
                ("ABORT_TOO_LONG", last.map_or(String::new(), text), String::new())
            }
            Some(Section::JitAbort) => {
                ("jit-abort", String::new(), lines().next().map_or(String::new(), |line| text(line.text)))
            }
            _ => continue,
        };
        *groups.entry(found).or_default() += 1;
    }
    let report = |((reason, label, why), times): ((&str, String, String), u64)| AbortReport {
        reason: reason.to_owned(),
        why: Some(why).filter(|why| !why.is_empty()),
        location: Location::parse(label.as_bytes()).as_ref().map(place),
        label,
        times,
        ticks: 0,
    };
    let mut aborts: Vec<_> = groups.into_iter().map(report).collect();
    aborts.sort_by_key(|abort| std::cmp::Reverse(abort.times));
    aborts
}

/// `found new longest: LOCATION SIZE`
fn longest(line: &[u8]) -> Option<&[u8]> {
    let place = line.strip_prefix(b"found new longest: ")?;
    place.iter().rposition(|byte| *byte == b' ').map(|end| &place[..end])
}
