//! Everything around the table of loops.

use super::TableOptions;
use super::prose::wrapped;
use super::style::{Style, paint};
use super::totals;
use super::units::{NOT_OBSERVED, clean, grouped, percent, reach, seconds, shorten, time};
use crate::report::{Difference, Finding, Report, Share, Slice};
use crate::shares::together;
use std::io::{self, Write};

/// Findings of one kind that are worth a line each.
const OF_A_KIND: usize = 4;
/// Lines of aborts.
const ABORTS: usize = 8;

/// What ran, and how long.
pub(super) fn headline(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let what = report.program.as_deref().or(report.log.as_deref()).unwrap_or("the run");
    // A program's name is enough to know it by; a log's may be one of many.
    let pid = report.pid.filter(|_| report.program.is_none());
    let process = pid.map_or(String::new(), |pid| format!(" (process {pid})"));
    let ran =
        report.running_ticks.map_or(String::new(), |ticks| format!(", running {}", time(report, ticks)));
    let lost = report.preempted_ticks.filter(|ticks| *ticks > 0);
    let lost =
        lost.map_or(String::new(), |ticks| format!(" (and {} in which others ran)", time(report, ticks)));
    writeln!(out, "{}{process}: {}{ran}{lost}\n", clean(what), time(report, report.total_ticks))
}

/// Where the run went.
pub(super) fn parts(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let room = options.width.saturating_sub(52).min(40);
    let line = |name: &str, share: Share, ticks: u64| {
        let bar = "▇".repeat((share.percent * room as f64 / 100.0).round() as usize);
        let error = if share.is_exact() { String::new() } else { reach(share.error()) };
        let share = percent(share.percent);
        format!("{share:>8} {error:>6}  {name:<12} {:>15}  {bar}", time(report, ticks)).trim_end().to_owned()
    };
    if report.has_ticks() {
        let ticks: u64 = report.loops.iter().map(|row| row.ticks).sum();
        let samples = report.loops.iter().filter_map(|row| row.samples).sum();
        let share = together(report, ticks, samples);
        writeln!(out, "{}", share.map_or_else(|| unseen("loops"), |share| line("loops", share, ticks)))?;
    }
    for (name, ticks) in report.other.parts() {
        // Whoever reads this must not take it for the interpreter's.
        let whose = if name == "interpreter" && !report.knows_interpreter() { "running" } else { name };
        match (report.shares.get(name), ticks) {
            (Some(share), Some(ticks)) => writeln!(out, "{}", line(whose, *share, ticks))?,
            _ if matches!(name, "recording" | "waiting") && ticks.is_none() => {}
            _ => writeln!(out, "{}", unknown(report, whose))?,
        }
    }
    writeln!(out)
}

/// What the log does not show, the summary may know.
fn unknown(report: &Report, name: &str) -> String {
    let label = match name {
        "tracing" => "Tracing",
        "backend" => "Backend",
        _ => return unseen(name),
    };
    match totals::in_words(report, label) {
        Some(words) => format!("{}{words}", format_args!("{:<32}", unseen(name))),
        None => unseen(name),
    }
}

fn unseen(name: &str) -> String {
    format!("{NOT_OBSERVED:>6}          {name}")
}

/// Functions of the runtime that loops called.
pub(super) fn helpers(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    /// Lines, unless asked for all.
    const MOST: usize = 6;
    let shown: Vec<_> = report.helpers.iter().filter_map(|helper| Some((helper, helper.share?))).collect();
    let most = if options.all { usize::MAX } else { MOST };
    if shown.iter().all(|(_, share)| share.percent < 1.0) && !options.all {
        return Ok(());
    }
    writeln!(out, "\nruntime helpers that loops called (part of their time)")?;
    for (helper, share) in shown.iter().take(most).filter(|(_, share)| options.all || share.percent >= 0.5) {
        let (percent, error) = (percent(share.percent), reach(share.error()));
        writeln!(
            out,
            "{percent:>8} {error:>6}  {:>12}  {}",
            time(report, helper.ticks),
            clean(&helper.name)
        )?;
    }
    Ok(())
}

/// What recording cost, and what it lost: nothing is said of what went well, but its price.
pub(super) fn recording(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let Some(recording) = &report.recording else { return Ok(()) };
    writeln!(out)?;
    let mut words = Vec::new();
    if let Some(ns) = recording.program_ns {
        let ran = report.running_ticks.and_then(|ticks| report.milliseconds(ticks));
        let share = ran.filter(|ran| *ran > 0.0).map(|ran| ns as f64 / 1e4 / ran);
        let share = share.map_or(String::new(), |share| format!(", {share:.2} % of its running time"));
        words.push(format!("recording took {} of the program's time{share}", seconds(ns as f64 / 1e9)));
        let threads = recording.threads_ns as f64 / 1e9;
        words.push(format!("{} of other threads' time", seconds(threads)));
    }
    if let Some(missed) = recording.looks_missed.filter(|missed| missed * 20 > recording.looks) {
        words.push(format!("{} of {} looks missed", grouped(missed), grouped(missed + recording.looks)));
    }
    if let Some(lost) = recording.addresses_lost.filter(|lost| *lost > 0) {
        words.push(format!("{} addresses lost", grouped(lost)));
    }
    if let Some(lost) = recording.bytes_lost.filter(|lost| *lost > 0) {
        words.push(format!("{} bytes of the log could not be written", grouped(lost)));
    }
    if recording.cut {
        words.push("the log is cut: the program was killed, or still runs".to_owned());
    }
    writeln!(out, "{}", wrapped(&words.join("; "), options.width, 2))
}

/// Shares of each slice of the run, as a line of bars.
pub(super) fn warmup(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    const ENOUGH: usize = 10;
    if report.warmup.len() < ENOUGH || options.width < report.warmup.len() + 14 {
        return Ok(());
    }
    let width = report.warmup.get(1).map_or(1, |slice| slice.from).max(1);
    let compiling = |slice: &Slice| slice.other.tracing + slice.other.optimize + slice.other.backend;
    type Part<'f> = (&'static str, &'f dyn Fn(&Slice) -> u64);
    let rows: [Part<'_>; 3] =
        [("loops", &|slice| slice.loops), ("compiling", &compiling), ("gc", &|slice| slice.other.gc)];
    writeln!(out, "\nwarm-up: share of each {} of the run", time(report, width))?;
    for (name, part) in rows.iter().filter(|(_, part)| report.warmup.iter().any(|slice| part(slice) > 0)) {
        let bars: String = report.warmup.iter().map(|slice| bar(part(slice), slice_ticks(slice))).collect();
        writeln!(out, "  {name:<10}{}", bars.trim_end())?;
    }
    Ok(())
}

fn slice_ticks(slice: &Slice) -> u64 {
    slice.loops + slice.other.total()
}

/// An eighth of the height for each eighth begun.
pub(super) fn bar(part: u64, whole: u64) -> char {
    const BARS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let eighths = (part as f64 * 8.0 / whole.max(1) as f64).ceil() as usize;
    BARS[eighths.min(8)]
}

/// Traces that were given up.
pub(super) fn aborts(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    if report.aborts.is_empty() {
        return Ok(());
    }
    let times: u64 = report.aborts.iter().map(|abort| abort.times).sum();
    let ticks = report.aborts.iter().map(|abort| abort.ticks).sum();
    let share = report.percent(ticks);
    let cost = match ticks {
        0 => String::new(),
        _ => format!(", {} wasted ({share:.2} % of the run)", time(report, ticks)),
    };
    writeln!(out, "\ntracing given up {} times{cost}", grouped(times))?;
    for abort in report.aborts.iter().take(ABORTS) {
        let label =
            if abort.label.is_empty() { abort.why.as_deref().unwrap_or_default() } else { &abort.label };
        let place = shorten(&clean(label), options.width.saturating_sub(50).max(20));
        writeln!(
            out,
            "  {:>6}  {:>12}  {:<24}  {place}",
            grouped(abort.times),
            if abort.ticks > 0 { time(report, abort.ticks) } else { NOT_OBSERVED.to_owned() },
            clean(&abort.reason)
        )?;
    }
    match report.aborts.len().saturating_sub(ABORTS) {
        0 => Ok(()),
        more => writeln!(out, "  … and at {more} more places"),
    }
}

/// What stands out; of each kind the first few, all in JSON.
pub(super) fn findings(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    if report.has_causes() {
        return causes(report, options, out);
    }
    let mut rest: &[Finding] = &report.findings;
    if !rest.is_empty() {
        writeln!(out)?;
    }
    while let Some(first) = rest.first() {
        let alike = rest.iter().take_while(|finding| finding.kind == first.kind).count();
        let shown = if options.all { alike } else { alike.min(OF_A_KIND) };
        for finding in &rest[..shown] {
            let text = wrapped(&format!("! {}", clean(&finding.message)), options.width, 2);
            writeln!(out, "{}", paint(options.color, Style::Remark, &text))?;
        }
        if shown < alike {
            writeln!(out, "  … and {} more of this kind", alike - shown)?;
        }
        if !first.advice.is_empty() {
            writeln!(out, "{}", wrapped(&format!("    try: {}", first.advice), options.width, 9))?;
        }
        rest = &rest[alike..];
    }
    Ok(())
}

/// Causes of time lost: what could be saved, where, how the run shows it, what to write instead.
fn causes(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nwhat to change, and what of the run that could save")?;
    for finding in &report.findings {
        let saving = finding.saving.unwrap_or_default();
        let place =
            finding.location.as_ref().map_or(String::new(), |at| format!("{}:{}: ", at.file, at.line));
        let (share, error) = (percent(saving.percent), reach(saving.error()));
        let text =
            wrapped(&clean(&format!("{share:>8} {error:>6}  {place}{}", finding.message)), options.width, 17);
        writeln!(out, "{}", paint(options.color, Style::Remark, &text))?;
        for line in finding.evidence.iter().take(3) {
            writeln!(out, "{}", wrapped(&clean(&format!("{:17}{line}", "")), options.width, 19))?;
        }
        writeln!(
            out,
            "{}",
            wrapped(&clean(&format!("{:17}try: {}", "", finding.advice)), options.width, 22)
        )?;
    }
    match report.findings_left_out {
        0 => Ok(()),
        more => writeln!(out, "{:17}… and {more} more (--findings all)", ""),
    }
}

/// What to know when reading the numbers.
pub(super) fn notes(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    if !report.notes.is_empty() || report.events.against_samples.is_some() {
        writeln!(out)?;
    }
    if let Some(found) = &report.events.against_samples {
        let Difference { name, by_events, by_samples } = found;
        let (events, samples, error) =
            (percent(*by_events), percent(by_samples.percent), reach(by_samples.error()));
        let note = format!(
            "{name} has {events} by events and {samples} ({error}) by samples; of all places, it differs most"
        );
        writeln!(out, "{}", paint(options.color, Style::Quiet, &clean_note(&note, options.width)))?;
    }
    for note in &report.notes {
        let text = clean_note(note, options.width);
        writeln!(out, "{}", paint(options.color, Style::Quiet, &text))?;
    }
    match report.diagnostics.len() {
        0 => Ok(()),
        1 => {
            let text = format!("1 diagnostic: {}", clean(&report.diagnostics[0].message));
            writeln!(out, "\n{}", wrapped(&text, options.width, 2))
        }
        count => writeln!(out, "\n{count} diagnostics"),
    }
}

/// The first line is a sentence, what follows are commands.
fn clean_note(note: &str, room: usize) -> String {
    let mut lines = note.lines().map(clean);
    let first = wrapped(&format!("note: {}", lines.next().unwrap_or_default()), room, 6);
    lines.fold(first, |text, line| format!("{text}\n      {line}"))
}
