//! Counters and what they count.
//!
//! A block of counters is one process's, and holds all of its labels; so a trace of which it has no label is another's.

use super::align::align;
use crate::diagnostic::Diagnostics;
use crate::frame::SectionId;
use crate::log::{Count, Counted, Log};
use crate::trace::{Identity, Trace, TraceKind};
use rustc_hash::FxHashSet;

/// Where a counter's value goes.
#[derive(Clone, Copy)]
enum Slot {
    Entry(usize),
    Label(usize, usize),
    /// A helper's counter: nowhere.
    Nowhere,
}

pub(super) fn join_counts(
    log: &mut Log<'_>,
    section: SectionId,
    counts: &[Count],
    diagnostics: &mut Diagnostics,
) {
    if counts.is_empty() || log.traces.is_empty() {
        return;
    }
    let process = log.frame.section(section).process;
    if counts.iter().any(|count| matches!(count.of, Counted::Nth(_))) {
        return join_by_index(log, section, counts, diagnostics);
    }
    let mut rest: Vec<usize> = (0..counts.len()).collect();
    let labels = labels(counts);
    for is_own in [true, false] {
        let slots = slots(log, section, &labels, |other| (other == process) == is_own);
        let places = align_from_the_end(
            rest.iter().map(|&at| counts[at].of).collect(),
            slots.iter().map(|(of, _)| *of).collect(),
        );
        for (&at, place) in rest.iter().zip(&places) {
            if let Some(place) = place {
                set(log, slots[*place].1, counts[at].value);
            }
        }
        let left = rest.iter().zip(places).filter(|(_, place)| place.is_none());
        rest = left.map(|(at, _)| *at).collect();
    }
    if log.traces.iter().any(|trace| trace.ops > 0) {
        complain(log, section, counts, &rest, diagnostics);
    }
}

/// The labels of a block.
fn labels(counts: &[Count]) -> FxHashSet<u64> {
    let label = |count: &Count| match count.of {
        Counted::Label(token) => Some(token),
        Counted::Entry(_) | Counted::Nth(_) => None,
    };
    counts.iter().filter_map(label).collect()
}

/// Can a trace be one of those whose counters stand with these labels?
fn may_be_counted(trace: &Trace<'_>, labels: &FxHashSet<u64>) -> bool {
    let has_labels = !labels.is_empty() && !trace.labels.is_empty();
    !has_labels || trace.labels.iter().any(|label| labels.contains(&label.token))
}

/// Old counters are numbered in the order of compilation, loops and bridges alike. They tell nothing if traces are
/// missing: one does not know which.
fn join_by_index(log: &mut Log<'_>, section: SectionId, counts: &[Count], diagnostics: &mut Diagnostics) {
    let place = log.frame.section(section);
    let is_mine = |trace: &Trace<'_>| {
        trace.section < section && log.frame.section(trace.section).process == place.process
    };
    let traces: Vec<usize> = (0..log.traces.len()).filter(|&index| is_mine(&log.traces[index])).collect();
    let nth = |count: &Count| match count.of {
        Counted::Nth(index) => usize::try_from(index).ok(),
        Counted::Entry(_) | Counted::Label(_) => None,
    };
    let lost = counts.iter().filter(|count| nth(count).is_none_or(|index| index >= traces.len())).count();
    let known = if lost == 0 { traces.len() } else { before_the_first_missing(log, &traces) };
    if lost > 0 {
        let message = format_args!(
            "counters are numbered in the order of compilation, and the log lacks {lost} of the {} traces they belong to: \
             {known} could be told",
            counts.len()
        );
        diagnostics.push(place.offset, place.name, message);
    }
    for count in counts {
        if let Some(&trace) = nth(count).and_then(|index| traces[..known].get(index)) {
            log.traces[trace].count = Some(count.value);
        }
    }
}

/// How many traces stand where they were compiled, if some are missing: where bridges are shown, what is missing comes
/// last; where none is, nobody knows where they were, but the first loop came before them.
fn before_the_first_missing(log: &Log<'_>, traces: &[usize]) -> usize {
    let is_bridge = |index: &usize| log.traces[*index].kind == TraceKind::Bridge;
    if traces.iter().any(is_bridge) {
        return traces.len();
    }
    usize::from(traces.first().is_some_and(|first| log.traces[*first].id == Identity::Loop(0)))
}

/// Children of one process number alike, so where several wrote into one log, what stands nearest to the counters is
/// theirs.
fn align_from_the_end(mut counted: Vec<Counted>, mut wanted: Vec<Counted>) -> Vec<Option<usize>> {
    counted.reverse();
    wanted.reverse();
    let places = align(&counted, &wanted).into_iter().rev();
    places.map(|place| place.map(|place| wanted.len() - 1 - place)).collect()
}

/// A process that was forked off counts its parent's traces too, which come first and are in the parent's log. Others
/// that are not in the log are missing.
fn complain(
    log: &Log<'_>,
    section: SectionId,
    counts: &[Count],
    rest: &[usize],
    diagnostics: &mut Diagnostics,
) {
    let inherited = rest.iter().enumerate().take_while(|(index, at)| *index == **at).count();
    // A log that was filtered may hold no bridge at all.
    let has_bridges = log.traces.iter().any(|trace| trace.kind == TraceKind::Bridge);
    let is_lost = |of: Counted| match of {
        Counted::Entry(Identity::Bridge(_)) => has_bridges,
        _ => !is_helper(of),
    };
    let lost = rest[inherited..].iter().filter(|&&at| is_lost(counts[at].of)).count();
    if lost > 0 {
        let place = log.frame.section(section);
        let message = format_args!("{lost} of {} counters belong to traces that the log lacks", counts.len());
        diagnostics.push(place.offset, place.name, message);
    }
}

fn is_helper(of: Counted) -> bool {
    of == Counted::Entry(Identity::Loop(-1))
}

/// The counters as they should stand in that section, for the traces of some processes.
fn slots(
    log: &Log<'_>,
    section: SectionId,
    labels: &FxHashSet<u64>,
    is_wanted: impl Fn(u16) -> bool,
) -> Vec<(Counted, Slot)> {
    let process = |section: SectionId| log.frame.section(section).process;
    // What only counters name stands where they do.
    let is_mine = |of: SectionId| of <= section && is_wanted(process(of));
    let helpers = log.codes.iter().filter(|code| code.id == Identity::Loop(-1) && is_mine(code.section));
    let mut helpers = helpers.map(|code| code.section).peekable();
    let mut slots = Vec::new();
    let helper = (Counted::Entry(Identity::Loop(-1)), Slot::Nowhere);
    let is_counted = |trace: &Trace<'_>| is_mine(trace.section) && may_be_counted(trace, labels);
    for (index, trace) in log.traces.iter().enumerate().filter(|(_, trace)| is_counted(trace)) {
        while helpers.next_if(|helper| *helper < trace.section).is_some() {
            slots.push(helper);
        }
        slots.push((Counted::Entry(trace.id), Slot::Entry(index)));
        let labels = trace.labels.iter().enumerate();
        slots.extend(labels.map(|(label, at)| (Counted::Label(at.token), Slot::Label(index, label))));
    }
    slots.extend(helpers.map(|_| helper));
    slots
}

fn set(log: &mut Log<'_>, slot: Slot, value: u64) {
    match slot {
        Slot::Entry(trace) => log.traces[trace].count = Some(value),
        Slot::Label(trace, label) => log.traces[trace].labels[label].count = Some(value),
        Slot::Nowhere => {}
    }
}
