//! Joining the attribution with what the log knows of each loop.

use crate::attribute::{Attribution, LoopTicks, Oddities, attribute};
use crate::findings::find;
use crate::report::{AbortReport, Compile, DiagnosticReport, LoopReport, Place, Report, SCHEMA, Sort};
use logs::Log;
use logs::event::loop_number;
use logs::location::Location;
use logs::log::{Code, Outcome};
use logs::trace::{Identity, Trace, TraceId};
use std::collections::{BTreeMap, HashMap};

/// Attributes a log's ticks and reports. The rows come in the order of [`Sort::Ticks`].
pub fn analyze(log: &Log<'_>) -> Report {
    report_of(log, &attribute(log))
}

/// The report of a log that was attributed.
pub(crate) fn report_of(log: &Log<'_>, found: &Attribution<'_>) -> Report {
    let mut report = Report {
        schema: SCHEMA,
        total_ticks: found.total,
        clock_hz: log.meta.clock_hz,
        program: log.meta.program.map(text),
        has_events: !log.frame.events.is_empty(),
        loops: rows(log, found),
        other: found.other,
        aborts: aborts(log, found),
        findings: Vec::new(),
        notes: notes(log),
        diagnostics: diagnostics(&found.oddities),
    };
    report.sort(Sort::Ticks);
    report.findings = find(log, &report);
    report
}

/// One row per trace, and one per loop that only events know.
fn rows(log: &Log<'_>, found: &Attribution<'_>) -> Vec<LoopReport> {
    let bridges = count_bridges(log);
    let mut rows: Vec<_> = log
        .traces
        .iter()
        .enumerate()
        .map(|(index, trace)| trace_row(log, index, trace, bridges[index], found.compile[index]))
        .collect();
    let by_number: HashMap<i64, usize> = log
        .traces
        .iter()
        .enumerate()
        .filter_map(|(index, trace)| match trace.id {
            Identity::Loop(number) => Some((number, index)),
            Identity::Bridge(_) => None,
        })
        .collect();
    for ticks in &found.loops {
        let trace = loop_number(ticks.token).and_then(|number| by_number.get(&number));
        match trace {
            Some(&index) => add_ticks(&mut rows[index], ticks),
            None => rows.push(event_row(ticks)),
        }
    }
    rows
}

fn trace_row(log: &Log<'_>, index: usize, trace: &Trace<'_>, bridges: u32, compile: Compile) -> LoopReport {
    LoopReport {
        name: name(trace.id),
        kind: trace.kind.words(),
        location: trace.location.as_ref().map(place),
        guard_exits: guard_exits(trace),
        bridges,
        entries: trace.count,
        passes: trace.labels.last().and_then(|label| label.count),
        compile,
        ops: trace.ops,
        guards: trace.guards.len() as u32,
        code_bytes: trace.code.map(|code| code_bytes(&log.codes[code as usize])),
        parent: trace.parent.map(|parent| name(log.trace(parent.trace).id)),
        label: text(trace.name),
        trace: Some(index as u32),
        ..LoopReport::default()
    }
}

/// The name of a loop that events name: its trace's, if it has one.
pub(crate) fn loop_name(ticks: &LoopTicks<'_>) -> String {
    match loop_number(ticks.token) {
        Some(number) => name(Identity::Loop(number)),
        None if ticks.token.is_empty() => "(unnamed)".to_owned(),
        None => text(ticks.token),
    }
}

fn event_row(ticks: &LoopTicks<'_>) -> LoopReport {
    let name = if ticks.token.is_empty() { "(unnamed)".to_owned() } else { text(ticks.token) };
    let mut row = LoopReport { name, kind: "loop", ..LoopReport::default() };
    add_ticks(&mut row, ticks);
    row
}

fn add_ticks(row: &mut LoopReport, ticks: &LoopTicks<'_>) {
    // More than one token can mean the same loop, `loop7` and `loop07`.
    row.ticks += ticks.own;
    row.total_ticks = row.total_ticks.saturating_add(ticks.total);
    row.visits = row.visits.saturating_add(ticks.lengths.count());
    row.exits += ticks.exits;
    row.max = row.max.max(ticks.lengths.max());
    [row.p50, row.p90, row.p99] = [50.0, 90.0, 99.0].map(|percent| ticks.lengths.percentile(percent));
    row.sampled = (ticks.every > 1).then_some(ticks.every);
    if row.location.is_none() {
        row.location = comment_place(ticks.comment);
    }
    if row.label.is_empty() {
        row.label = text(ticks.comment);
    }
}

/// Bridges by the trace at the root of their tree; a trace is compiled after its parent.
fn count_bridges(log: &Log<'_>) -> Vec<u32> {
    let mut bridges = vec![0; log.traces.len()];
    for index in (0..log.traces.len()).rev() {
        if let Some(parent) = log.trace(TraceId(index as u32)).parent {
            bridges[parent.trace.index()] += bridges[index] + 1;
        }
    }
    bridges
}

/// The log counts exits of all guards or of none.
fn guard_exits(trace: &Trace<'_>) -> Option<u64> {
    let counted = trace.guards.iter().filter_map(|guard| guard.exits);
    counted.fold(None, |sum, exits| Some(sum.unwrap_or(0u64).saturating_add(exits)))
}

fn code_bytes(code: &Code<'_>) -> u64 {
    code.block_end.saturating_sub(code.block)
}

fn aborts(log: &Log<'_>, found: &Attribution<'_>) -> Vec<AbortReport> {
    let mut groups = BTreeMap::<_, (u64, u64)>::new();
    for &(number, ticks) in &found.wasted {
        let attempt = &log.attempts[number];
        if let Outcome::Aborted(reason) = attempt.outcome {
            let group = groups.entry((attempt.first, reason)).or_default();
            *group = (group.0 + 1, group.1 + ticks);
        }
    }
    let mut aborts: Vec<_> = groups
        .into_iter()
        .map(|((label, reason), (times, ticks))| {
            let location = Location::parse(label).as_ref().map(place);
            AbortReport { reason: text(reason), label: text(label), location, times, ticks }
        })
        .collect();
    aborts.sort_by_key(|abort| std::cmp::Reverse((abort.times, abort.ticks)));
    aborts
}

fn notes(log: &Log<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if log.frame.is_log() && log.frame.sections().all(|(id, _)| log.frame.text_len(id) == 0) {
        notes.push(
            "the log holds the starts and stops of sections, and no text: it cannot show loops".to_owned(),
        );
    } else if log.frame.is_log() && log.frame.events.is_empty() {
        let note = "no profile events in this log: the time in compiled loops is part of 'interpreter', and loops \
                    have counts at best";
        notes.push(note.to_owned());
    }
    if !log.samplings.is_empty() {
        let note = "some calls between loops were too short to record all of them: what is marked as sampled is \
                    scaled from one in N";
        notes.push(note.to_owned());
    }
    notes
}

fn diagnostics(oddities: &Oddities) -> Vec<DiagnosticReport> {
    let rows = [
        (oddities.backwards, "times the clock went backwards; taken to have stood still"),
        (oddities.stray_exits, "times a loop was left that was not running"),
        (oddities.stray_returns, "times a call returned that nobody had made"),
    ];
    let odd = rows.iter().filter(|(times, _)| *times > 0);
    odd.map(|(times, what)| DiagnosticReport {
        line: None,
        section: String::new(),
        message: format!("{times} {what}"),
    })
    .collect()
}

/// `loop3`, as events call it; `bridge 0x7f97`
fn name(id: Identity) -> String {
    match id {
        Identity::Loop(number) => format!("loop{number}"),
        Identity::Bridge(guard) => format!("bridge 0x{guard:x}"),
    }
}

fn place(location: &Location<'_>) -> Place {
    Place {
        function: text(location.function),
        file: text(location.file),
        line: location.line,
        opcode: text(location.opcode),
    }
}

/// `FILE:LINE FUNCTION OPCODE`, as our own events comment on their loops.
fn comment_place(comment: &[u8]) -> Option<Place> {
    let comment = text(comment);
    let (rest, opcode) = comment.rsplit_once(' ')?;
    let (rest, function) = rest.rsplit_once(' ')?;
    let (file, line) = rest.rsplit_once(':')?;
    let line = line.parse().ok()?;
    Some(Place { function: function.to_owned(), file: file.to_owned(), line, opcode: opcode.to_owned() })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_comments_are_places_and_the_notes_are_not() {
        let place = comment_place(b"my dir/sieve.py:7 sieve FOR_ITER").unwrap();
        assert_eq!((place.file.as_str(), place.line), ("my dir/sieve.py", 7));
        assert_eq!((place.function.as_str(), place.opcode.as_str()), ("sieve", "FOR_ITER"));
        assert_eq!(comment_place(b"e.g. an entry bridge"), None);
        assert_eq!(comment_place(b"JUMP from loop1 to loop0"), None);
        assert_eq!(comment_place(b""), None);
    }
}
