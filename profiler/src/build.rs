//! Joining the attribution with what the log knows of each loop.

use crate::attribute::{Attribution, LoopTicks, Oddities, attribute, span_of};
use crate::estimate::estimate;
use crate::findings::find;
use crate::perf::{Joined, Samples, hz_of, join};
use crate::report::{
    AbortReport, Compile, DiagnosticReport, LoopReport, Place, Report, SCHEMA, SamplesReport, Sort,
    TotalReport,
};
use crate::warmup::Warmup;
use logs::Log;
use logs::event::loop_number;
use logs::location::Location;
use logs::log::{Code, Outcome};
use logs::trace::{Identity, Trace, TraceId};
use std::collections::{BTreeMap, HashMap};

/// What else there is to know about a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'s> {
    /// What perf saw of it.
    pub samples: Option<&'s Samples>,
    /// Ticks per second, for logs that do not say.
    pub clock_hz: Option<u64>,
    /// The process among the samples; otherwise the one that ran the log's code.
    pub pid: Option<u32>,
}

/// Attributes a log's ticks and reports. The rows come in the order of [`Sort::Ticks`].
pub fn analyze(log: &Log<'_>) -> Report {
    analyze_with(log, &Options::default())
}

/// The same, with what else is known.
pub fn analyze_with(log: &Log<'_>, options: &Options<'_>) -> Report {
    analyze_joined(log, options, &joined(log, options))
}

/// The same, with samples that have been joined.
pub(crate) fn analyze_joined(log: &Log<'_>, options: &Options<'_>, joined: &Joined) -> Report {
    let mut warmup = Warmup::new(span_of(log, &joined.slots));
    let found = attribute(log, &joined.slots, &mut warmup);
    report_of(log, options, joined, &found, warmup)
}

/// The report of a log that was attributed.
pub(crate) fn report_of(
    log: &Log<'_>,
    options: &Options<'_>,
    joined: &Joined,
    found: &Attribution<'_>,
    warmup: Warmup,
) -> Report {
    let hz = [options.clock_hz, hz_of(log), Some(joined.hz).filter(|hz| *hz > 0)];
    let mut report = Report {
        schema: SCHEMA,
        total_ticks: found.total,
        clock_hz: hz.into_iter().flatten().next(),
        clock_estimated: options.clock_hz.is_none() && log.meta.clock_hz.is_none(),
        program: log.meta.program.map(text),
        has_events: log.frame.has_events(),
        loops: rows(log, found),
        other: found.other,
        aborts: aborts(log, found),
        findings: Vec::new(),
        notes: notes(log, joined),
        diagnostics: diagnostics(&found.oddities),
        log: None,
        pid: log
            .meta
            .pid
            .or_else(|| Some(options.pid.unwrap_or(joined.report.pid)).filter(|pid| *pid > 0).map(u64::from)),
        samples: (joined.report.total > 0)
            .then(|| SamplesReport { idle_ticks: found.idle, ..joined.report.clone() }),
        warmup: warmup.slices(),
        summary: summary(log),
    };
    report.clock_estimated &= report.clock_hz.is_some();
    finish(log, &mut report);
    report
}

pub(crate) fn joined(log: &Log<'_>, options: &Options<'_>) -> Joined {
    match options.samples {
        // Events are exact, and samples could only blur them.
        Some(_) if log.frame.has_events() => Joined {
            notes: vec!["the log has profile events, which are exact: the samples were not used".to_owned()],
            ..Joined::default()
        },
        Some(samples) => join(log, samples, options.clock_hz, options.pid),
        None => Joined::default(),
    }
}

/// What needs all rows.
fn finish(log: &Log<'_>, report: &mut Report) {
    if report.samples.is_some() {
        nest(&mut report.loops);
    }
    if !report.has_ticks() {
        estimate(log, report);
    }
    pay_back(report);
    report.sort(Sort::Ticks);
    report.findings = find(log, report);
}

/// Samples know no visits; the ticks of a loop's bridges are part of its total.
fn nest(rows: &mut [LoopReport]) {
    for (child, parent) in upwards(rows) {
        rows[parent].total_ticks = rows[parent].total_ticks.saturating_add(rows[child].total_ticks);
    }
}

/// How long each ran, with its bridges, against what they cost.
fn pay_back(report: &mut Report) {
    let has_ticks = report.has_ticks();
    let ran = |row: &LoopReport| if has_ticks { row.ticks } else { row.estimated_ticks.unwrap_or(0) };
    let mut sums: Vec<(u64, u64)> = report.loops.iter().map(|row| (ran(row), row.compile.total())).collect();
    for (child, parent) in upwards(&report.loops) {
        let (ran, cost) = sums[child];
        sums[parent] = (sums[parent].0.saturating_add(ran), sums[parent].1.saturating_add(cost));
    }
    for (row, (ran, cost)) in report.loops.iter_mut().zip(sums) {
        row.payback = (cost > 0).then(|| ran as f64 / cost as f64);
    }
}

/// Rows and the rows they hang on, children first: a trace is compiled after what it starts from.
fn upwards(rows: &[LoopReport]) -> Vec<(usize, usize)> {
    let index = by_trace(rows);
    let parent = |(child, row): (usize, &LoopReport)| Some((child, *index.get(&row.parent_trace?)?));
    let mut pairs: Vec<(usize, usize)> = rows.iter().enumerate().filter_map(parent).collect();
    pairs.sort_by_key(|&(child, _)| std::cmp::Reverse(rows[child].trace));
    pairs
}

fn by_trace(rows: &[LoopReport]) -> HashMap<u32, usize> {
    rows.iter().enumerate().filter_map(|(index, row)| Some((row.trace?, index))).collect()
}

fn summary(log: &Log<'_>) -> Vec<TotalReport> {
    let total = |total: &logs::log::Total<'_>| TotalReport {
        label: text(total.label).trim().to_owned(),
        value: text(total.value),
    };
    log.summary.iter().map(total).collect()
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
    let by_code = traces_of_codes(log);
    for ticks in &found.loops {
        let trace = match ticks.code {
            Some(code) => by_code.get(&code),
            None => loop_number(ticks.token).and_then(|number| by_number.get(&number)),
        };
        match trace {
            Some(&index) => add_ticks(&mut rows[index], ticks),
            None => rows.push(lone_row(log, ticks)),
        }
    }
    rows
}

/// A row for each of the attribution's loops, by index.
pub(crate) fn named_rows(log: &Log<'_>, found: &Attribution<'_>) -> Vec<LoopReport> {
    let by_code = traces_of_codes(log);
    let loops = log.traces.iter().enumerate().filter_map(|(index, trace)| match trace.id {
        Identity::Loop(number) => Some((number, index)),
        Identity::Bridge(_) => None,
    });
    let by_number: HashMap<i64, usize> = loops.collect();
    let row = |ticks: &LoopTicks<'_>| {
        let trace = match ticks.code {
            Some(code) => by_code.get(&code),
            None => loop_number(ticks.token).and_then(|number| by_number.get(&number)),
        };
        let Some(&index) = trace else { return lone_row(log, ticks) };
        let mut row = trace_row(log, index, &log.traces[index], 0, Compile::default());
        add_ticks(&mut row, ticks);
        row
    };
    found.loops.iter().map(row).collect()
}

/// Which trace a piece of machine code is of.
pub(crate) fn traces_of_codes(log: &Log<'_>) -> HashMap<u32, usize> {
    log.traces.iter().enumerate().filter_map(|(index, trace)| Some((trace.code?, index))).collect()
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
        // Without bodies, what the header promises.
        ops: if trace.ops > 0 { trace.ops } else { u32::try_from(trace.header_ops).unwrap_or(u32::MAX) },
        guards: trace.guards.len() as u32,
        code_bytes: trace.code.map(|code| code_bytes(&log.codes[code as usize])),
        parent: trace.parent.map(|parent| name(log.trace(parent.trace).id)),
        parent_trace: trace.parent.map(|parent| parent.trace.0),
        label: text(trace.name),
        trace: Some(index as u32),
        ..LoopReport::default()
    }
}

/// The row of what has no trace in the log.
fn lone_row(log: &Log<'_>, ticks: &LoopTicks<'_>) -> LoopReport {
    let mut row = LoopReport { kind: "loop", ..LoopReport::default() };
    if let Some(code) = ticks.code.map(|code| &log.codes[code as usize]) {
        row.name = name(code.id);
        row.kind = if matches!(code.id, Identity::Bridge(_)) { "bridge" } else { "loop" };
        row.location = Location::parse(code.name).as_ref().map(place);
        row.label = text(code.name);
        row.code_bytes = Some(code_bytes(code));
    } else {
        row.name = if ticks.token.is_empty() { "(unnamed)".to_owned() } else { text(ticks.token) };
    }
    add_ticks(&mut row, ticks);
    row
}

/// The name of who owned ticks, as its row has it.
pub(crate) fn loop_name(log: &Log<'_>, ticks: &LoopTicks<'_>) -> String {
    let number = loop_number(ticks.token);
    match (ticks.code.and_then(|code| log.codes.get(code as usize)), number) {
        (Some(code), _) => name(code.id),
        (None, Some(number)) => name(Identity::Loop(number)),
        (None, None) if ticks.token.is_empty() => "(unnamed)".to_owned(),
        (None, None) => text(ticks.token),
    }
}

fn add_ticks(row: &mut LoopReport, ticks: &LoopTicks<'_>) {
    // More than one token can mean the same loop, `loop7` and `loop07`.
    row.ticks += ticks.own;
    let total = if ticks.code.is_some() { ticks.own } else { ticks.total };
    row.total_ticks = row.total_ticks.saturating_add(total);
    if ticks.code.is_some() {
        row.called_ticks = Some(ticks.called_ticks);
    }
    row.visits = row.visits.saturating_add(ticks.lengths.count()).saturating_add(ticks.unrecorded);
    row.exits += ticks.exits;
    row.max = row.max.max(ticks.lengths.max());
    [row.p50, row.p90, row.p99] = [50.0, 90.0, 99.0].map(|percent| ticks.lengths.percentile(percent));
    row.sampled = (ticks.every > 1).then_some(ticks.every);
    row.unrecorded = row.unrecorded.saturating_add(ticks.unrecorded);
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

fn notes(log: &Log<'_>, joined: &Joined) -> Vec<String> {
    let mut notes = joined.notes.clone();
    let silent = !log.frame.has_events() && log.frame.sections().all(|(id, _)| log.frame.text_len(id) == 0);
    if log.frame.is_log() && silent {
        notes.push(
            "the log holds the starts and stops of sections, and no text: it cannot show loops".to_owned(),
        );
    } else if log.frame.is_log() && !log.frame.has_events() && joined.slots.is_empty() {
        let note = "no profile events in this log: the time in compiled loops is part of 'interpreter', and loops \
                    have counts at best; --perf-script gives them their time";
        notes.push(note.to_owned());
    }
    if !log.samplings.is_empty() {
        let note = "some calls between loops were too short to record all of them: what is marked as sampled is \
                    scaled from one in N";
        notes.push(note.to_owned());
    }
    if !log.unrecorded.is_empty() {
        let note = "at times loops were entered and left too fast to record each visit: these were counted, and how \
                    the time was shared between loops is an estimate from the visits recorded before";
        notes.push(note.to_owned());
    }
    if log.meta.traced {
        let note = "the program was traced (sys.settrace or sys.setprofile): while it was, everything but the \
                    callbacks ran in the interpreter, and the callbacks' time is theirs";
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
pub(crate) fn name(id: Identity) -> String {
    match id {
        Identity::Loop(number) => format!("loop{number}"),
        Identity::Bridge(guard) => format!("bridge 0x{guard:x}"),
    }
}

pub(crate) fn place(location: &Location<'_>) -> Place {
    Place {
        function: text(location.function),
        file: text(location.file),
        line: location.line,
        opcode: text(location.opcode),
    }
}

/// `FILE:LINE FUNCTION OPCODE`, as our own events comment on their loops.
pub(crate) fn comment_place(comment: &[u8]) -> Option<Place> {
    let comment = text(comment);
    let (rest, opcode) = comment.rsplit_once(' ')?;
    let (rest, function) = rest.rsplit_once(' ')?;
    let (file, line) = rest.rsplit_once(':')?;
    let line = line.parse().ok()?;
    Some(Place { function: function.to_owned(), file: file.to_owned(), line, opcode: opcode.to_owned() })
}

pub(crate) fn text(bytes: &[u8]) -> String {
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
