//! Joining the attribution with what the log knows of each loop.

use crate::attribute::{Attribution, LoopTicks, Oddities, attribute, span_of};
use crate::findings::{Scene, causes, find};
use crate::looks::Looked;
use crate::perf::{Joined, Samples, hz_of, join, join_recorded};
use crate::phases::{Mark, phases};
use crate::report::{
    Basis, Compile, DiagnosticReport, Difference, EventsReport, HelperReport, LoopReport, Other, Place,
    Report, Sort, TotalReport,
};
use crate::study::sampled;
use crate::warmup::Warmup;
use crate::{aborts, gc, lack, recording, shares, spots};
use logs::Log;
use logs::event::loop_number;
use logs::location::Location;
use logs::log::Code;
use logs::trace::{Ending, Identity, Trace, TraceId};
use std::collections::HashMap;

/// What else there is to know about a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'s> {
    /// What perf saw of it.
    pub samples: Option<&'s Samples>,
    /// Ticks per second, for logs that do not say.
    pub clock_hz: Option<u64>,
    /// The process among the samples; otherwise the one that ran the log's code.
    pub pid: Option<u32>,
    /// Believe events alone, as if nobody had looked.
    pub by_events: bool,
    /// Lines that begin phases of the run.
    pub marks: &'s [Mark],
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
    let found = attribute(log, joined, &mut warmup);
    report_of(log, options, joined, &found, warmup)
}

/// The report of a log that was attributed, and where it would differ if its time came from elsewhere.
pub(crate) fn report_of(
    log: &Log<'_>,
    options: &Options<'_>,
    joined: &Joined,
    found: &Attribution<'_>,
    warmup: Warmup,
) -> Report {
    let mut report = plain(log, options, joined, found, warmup);
    let complete = log.frame.has_events() && (joined.by_events || log.profile.windows.is_empty());
    if complete && log.profile.has_looks() {
        let options = Options { by_events: !joined.by_events, ..*options };
        let other = self::joined(log, &options);
        let found = attribute(log, &other, &mut ());
        let other = plain(log, &options, &other, &found, Warmup::new((0, 1)));
        let (events, samples) = if joined.by_events { (&report, &other) } else { (&other, &report) };
        report.events.against_samples = difference(events, samples);
    }
    report
}

/// The place that differs most.
fn difference(events: &Report, samples: &Report) -> Option<Difference> {
    let by_events: HashMap<&str, f64> =
        events.places.iter().map(|tree| (tree.label.as_str(), events.percent(tree.ticks))).collect();
    let differences = samples.places.iter().filter_map(|tree| {
        let by_samples = tree.share?;
        let by_events = by_events.get(tree.label.as_str()).copied().unwrap_or(0.0);
        Some(Difference { name: tree.members.first()?.clone(), by_events, by_samples })
    });
    let size = |found: &Difference| (found.by_events - found.by_samples.percent).abs();
    differences.max_by(|a, b| size(a).total_cmp(&size(b)))
}

fn plain(
    log: &Log<'_>,
    options: &Options<'_>,
    joined: &Joined,
    found: &Attribution<'_>,
    warmup: Warmup,
) -> Report {
    let hz = [options.clock_hz, hz_of(log), Some(joined.hz).filter(|hz| *hz > 0)];
    let looked = joined.looked.as_ref();
    let process = Some(options.pid.unwrap_or(joined.report.pid)).filter(|pid| *pid > 0).map(u64::from);
    let mut report = Report {
        total_ticks: found.total,
        running_ticks: running(joined, found),
        preempted_ticks: looked.map_or(joined.preempted, |looked| looked.preempted_ticks),
        time_from: basis(log, joined),
        clock_hz: hz.into_iter().flatten().next(),
        clock_estimated: options.clock_hz.is_none() && log.meta.clock_hz.is_none(),
        program: log.meta.program.map(text),
        has_events: log.frame.has_events(),
        events: coverage(log),
        loops: rows(log, found),
        other: Other { unknown: lack::unknown(log), ..found.other },
        recording: recording::report(log, looked),
        aborts: aborts::report(log, found),
        notes: notes(log, joined),
        diagnostics: diagnostics(&found.oddities),
        pid: log.meta.pid.or(process),
        samples: (joined.report.total > 0).then(|| joined.report.clone()),
        warmup: warmup.slices(),
        summary: summary(log),
        phases: phases(log, joined, found, options.marks),
        gc: gc::report(log),
        span: span_of(log, &joined.slots),
        ..Report::empty()
    };
    report.clock_estimated &= report.clock_hz.is_some();
    if report.clock_hz.is_none() && report.total_ticks > 0 {
        report.notes.push(NO_CLOCK.to_owned());
    }
    finish(log, joined, found, &mut report);
    report
}

/// Wrong seconds would be worse than none.
pub(crate) const NO_CLOCK: &str = "nothing in the log tells for sure how fast its clock ticks, so times are ticks; --clock-hz gives \
                        seconds to who knows it";

fn running(joined: &Joined, found: &Attribution<'_>) -> Option<u64> {
    let watched = joined.looked.is_some() || joined.report.total > 0;
    watched.then(|| found.total - found.other.waiting.unwrap_or(0))
}

fn basis(log: &Log<'_>, joined: &Joined) -> Basis {
    match joined {
        Joined { looked: Some(_), .. } => Basis::Samples,
        Joined { report, .. } if report.in_code + report.called > 0 => Basis::PerfSamples,
        _ if log.frame.has_events() => Basis::Events,
        _ => Basis::Counts,
    }
}

fn coverage(log: &Log<'_>) -> EventsReport {
    let windows = &log.profile.windows;
    let coverage = match (log.frame.has_events(), windows.is_empty()) {
        (false, _) => "none",
        (true, true) => "exact",
        (true, false) => "windows",
    };
    let covered = windows.iter().map(|window| window.to - window.from).fold(0, u64::saturating_add);
    EventsReport {
        coverage,
        windows: windows.len() as u64,
        covered_ticks: (!windows.is_empty()).then_some(covered),
        against_samples: None,
    }
}

/// What is known of time beside the log's own stamps.
pub(crate) fn joined(log: &Log<'_>, options: &Options<'_>) -> Joined {
    let by_events = options.by_events && log.frame.has_events();
    let looked = if by_events { None } else { Looked::new(log) };
    let unused = |why: &str| vec![format!("{why}: the samples of perf were not used")];
    match options.samples {
        _ if by_events => Joined { by_events, ..Joined::default() },
        Some(_) if looked.is_some() => {
            Joined { notes: unused("the log has samples of its own"), ..with_looks(looked) }
        }
        Some(_) if log.frame.has_events() => {
            Joined { notes: unused("the log has profile events"), ..Joined::default() }
        }
        Some(samples) => join(log, samples, options.clock_hz, options.pid),
        None if looked.is_none() && !log.frame.has_events() && !log.profile.recorded.is_empty() => {
            join_recorded(log, options.clock_hz, options.pid)
        }
        None => with_looks(looked),
    }
}

fn with_looks(looked: Option<Looked>) -> Joined {
    let slots = looked.as_ref().map_or_else(Vec::new, |looked| looked.slots.clone());
    Joined { slots, looked, ..Joined::default() }
}

/// What needs all rows.
fn finish(log: &Log<'_>, joined: &Joined, found: &Attribution<'_>, report: &mut Report) {
    if matches!(report.time_from, Basis::Samples | Basis::PerfSamples) {
        nest(&mut report.loops);
    }
    shares::fill(log, joined, report);
    report.spots = spots::spots(log, joined, report);
    pay_back(report);
    report.sort(Sort::Ticks);
    if matches!(report.time_from, Basis::Samples | Basis::PerfSamples) {
        let sampled = sampled(log, joined, found, report);
        report.findings = causes(&Scene::new(log, report, &sampled));
    } else {
        report.findings = find(log, report);
    }
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
    if !has_ticks {
        return;
    }
    let ran = |row: &LoopReport| row.ticks;
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
    let index = Traces::new(log);
    // Events and looks may both know a loop that the log does not show.
    let mut lone = HashMap::<String, usize>::new();
    for ticks in &found.loops {
        let known = index.of(ticks).or_else(|| lone.get(&loop_name(log, ticks)).copied());
        match known {
            Some(index) => add_ticks(&mut rows[index], ticks, found),
            None => {
                if found.looked {
                    lone.insert(loop_name(log, ticks), rows.len());
                }
                rows.push(lone_row(log, ticks, found));
            }
        }
    }
    rows
}

/// Finds the traces of those who own ticks.
struct Traces {
    by_code: HashMap<u32, usize>,
    by_id: HashMap<Identity, usize>,
}

impl Traces {
    fn new(log: &Log<'_>) -> Traces {
        let by_id = log.traces.iter().enumerate().map(|(index, trace)| (trace.id, index)).collect();
        Traces { by_code: traces_of_codes(log), by_id }
    }

    fn of(&self, ticks: &LoopTicks<'_>) -> Option<usize> {
        let id = ticks.looked.or_else(|| loop_number(ticks.token).map(Identity::Loop));
        match ticks.code {
            Some(code) => self.by_code.get(&code).copied(),
            None => self.by_id.get(&id?).copied(),
        }
    }
}

/// A row for each of the attribution's loops, by index.
pub(crate) fn named_rows(log: &Log<'_>, found: &Attribution<'_>) -> Vec<LoopReport> {
    let index = Traces::new(log);
    let row = |ticks: &LoopTicks<'_>| match index.of(ticks) {
        Some(index) => trace_row(log, index, &log.traces[index], 0, Compile::default()),
        None => lone_row(log, ticks, found),
    };
    found.loops.iter().map(row).collect()
}

/// Which trace a piece of machine code is of.
pub(crate) fn traces_of_codes(log: &Log<'_>) -> HashMap<u32, usize> {
    log.traces.iter().enumerate().filter_map(|(index, trace)| Some((trace.code?, index))).collect()
}

fn trace_row(log: &Log<'_>, index: usize, trace: &Trace<'_>, bridges: u32, compile: Compile) -> LoopReport {
    LoopReport {
        name: log.name(trace.id),
        kind: trace.kind.words(),
        location: trace.location.as_ref().map(place),
        exits: exits(trace),
        bridges,
        entered: trace.count.filter(|_| !loops_to_itself(trace)),
        passes: passes(trace),
        compile,
        // Without bodies, what the header promises.
        ops: if trace.ops > 0 { trace.ops } else { u32::try_from(trace.header_ops).unwrap_or(u32::MAX) },
        guards: trace.guards.len() as u32,
        code_bytes: trace.code.map(|code| code_bytes(&log.codes[code as usize])),
        parent: trace.parent.map(|parent| log.name(log.trace(parent.trace).id)),
        parent_trace: trace.parent.map(|parent| parent.trace.0),
        label: text(trace.name),
        trace: Some(index as u32),
        ..LoopReport::default()
    }
}

/// Up to PyPy 1.7 a loop has no label and jumps to its start: what is counted there are its passes.
fn loops_to_itself(trace: &Trace<'_>) -> bool {
    let own = match trace.id {
        Identity::Loop(number) => Ending::Loop(number),
        Identity::Bridge(_) => return false,
    };
    trace.labels.is_empty() && trace.ending == own
}

fn passes(trace: &Trace<'_>) -> Option<u64> {
    let at_the_start = || trace.count.filter(|_| loops_to_itself(trace));
    trace.labels.last().map_or_else(at_the_start, |label| label.count)
}

/// The row of what has no trace in the log.
fn lone_row(log: &Log<'_>, ticks: &LoopTicks<'_>, found: &Attribution<'_>) -> LoopReport {
    let mut row = LoopReport { kind: "loop", ..LoopReport::default() };
    if let Some(code) = ticks.code.map(|code| &log.codes[code as usize]) {
        row.name = log.name(code.id);
        row.kind = if matches!(code.id, Identity::Bridge(_)) { "bridge" } else { "loop" };
        row.location = Location::parse(code.name).as_ref().map(place);
        row.label = text(code.name);
        row.code_bytes = Some(code_bytes(code));
    } else if let Some(id) = ticks.looked {
        row.name = log.name(id);
        row.kind = if matches!(id, Identity::Bridge(_)) { "bridge" } else { "loop" };
    } else {
        row.name = if ticks.token.is_empty() { "(unnamed)".to_owned() } else { text(ticks.token) };
    }
    add_ticks(&mut row, ticks, found);
    row
}

/// The name of who owned ticks, as its row has it.
pub(crate) fn loop_name(log: &Log<'_>, ticks: &LoopTicks<'_>) -> String {
    if let Some(id) = ticks.looked {
        return log.name(id);
    }
    let number = loop_number(ticks.token);
    match (ticks.code.and_then(|code| log.codes.get(code as usize)), number) {
        (Some(code), _) => log.name(code.id),
        (None, Some(number)) => log.name(Identity::Loop(number)),
        (None, None) if ticks.token.is_empty() => "(unnamed)".to_owned(),
        (None, None) => text(ticks.token),
    }
}

fn add_ticks(row: &mut LoopReport, ticks: &LoopTicks<'_>, found: &Attribution<'_>) {
    let sampled = ticks.code.is_some() || ticks.looked.is_some();
    // More than one token can mean the same loop, `loop7` and `loop07`.
    row.ticks += ticks.own;
    // What events say of time counts only where nobody looked.
    let total = if sampled || found.looked { ticks.own } else { ticks.total };
    row.total_ticks = row.total_ticks.saturating_add(total);
    if sampled {
        row.called_ticks = Some(ticks.called_ticks);
        row.helpers = helper_rows(ticks, &found.helpers);
        return;
    }
    row.visits = row.visits.saturating_add(ticks.lengths.count());
    // Events say how visits ended, where no counter says it of guards.
    if ticks.exits > 0 && (row.exits.is_none() || row.trace.is_none()) {
        row.exits = Some(row.exits.unwrap_or(0) + ticks.exits);
    }
    row.max = row.max.max(ticks.lengths.max());
    [row.p50, row.p90, row.p99] = [50.0, 90.0, 99.0].map(|percent| ticks.lengths.percentile(percent));
    if row.location.is_none() {
        row.location = comment_place(ticks.comment);
    }
    if row.label.is_empty() {
        row.label = text(ticks.comment);
    }
}

fn helper_rows(ticks: &LoopTicks<'_>, names: &[String]) -> Vec<HelperReport> {
    let row = |(&number, &ticks): (&u32, &u64)| HelperReport {
        name: names.get(number as usize).cloned().unwrap_or_default(),
        ticks,
        ..HelperReport::default()
    };
    let mut rows: Vec<HelperReport> = ticks.helpers.iter().map(row).collect();
    rows.sort_by(|a, b| b.ticks.cmp(&a.ticks).then_with(|| a.name.cmp(&b.name)));
    rows
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
fn exits(trace: &Trace<'_>) -> Option<u64> {
    let counted = trace.guards.iter().filter_map(|guard| guard.exits);
    counted.fold(None, |sum, exits| Some(sum.unwrap_or(0u64).saturating_add(exits)))
}

fn code_bytes(code: &Code<'_>) -> u64 {
    code.block_end.saturating_sub(code.block)
}

fn notes(log: &Log<'_>, joined: &Joined) -> Vec<String> {
    let mut notes = joined.notes.clone();
    let silent = !log.frame.has_events() && log.frame.sections().all(|(id, _)| log.frame.text_len(id) == 0);
    if log.frame.is_log() && silent {
        notes.push(
            "the log holds the starts and stops of sections, and no text: it cannot show loops".to_owned(),
        );
    } else if log.frame.is_log()
        && !log.frame.has_events()
        && joined.slots.is_empty()
        && joined.looked.is_none()
    {
        let note = "nothing in this log tells when loops ran: their time is part of 'running', and they have counts at best. \
                    Counts are no measure of time: in runs that were sampled, a pass of one loop took up to a hundred \
                    times as long as its operations suggest. 'loopscope record', or --perf-script, gives loops their time";
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
