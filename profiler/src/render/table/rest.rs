//! Everything around the table of loops.

use super::TableOptions;
use super::prose::wrapped;
use super::style::{Style, paint};
use super::units::{clean, grouped, shorten, time};
use crate::report::{Finding, Report, Slice};
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
    let unit = if report.clock_hz.is_none() { " ticks" } else { "" };
    let idle = report.samples.as_ref().map_or(0, |samples| samples.idle_ticks);
    let idle = if idle > 0 {
        format!(", and {}{unit} in which it did not run", time(report, idle))
    } else {
        String::new()
    };
    writeln!(out, "{}{process}: {}{unit}{idle}\n", clean(what), time(report, report.total_ticks))
}

/// Where the run went.
pub(super) fn parts(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let loops: u64 = report.loops.iter().map(|row| row.ticks).sum();
    let mut parts = report.other.parts().to_vec();
    if report.has_ticks() {
        parts.insert(0, ("loops", loops));
    } else if !report.knows_interpreter() {
        // Whoever reads this must not take it for the interpreter's.
        parts[0].0 = "running";
    }
    let room = options.width.saturating_sub(44).min(40);
    for (name, ticks) in parts {
        let share = report.percent(ticks);
        let bar = "▇".repeat((share * room as f64 / 100.0).round() as usize);
        let line = format!("{share:>6.2}%  {name:<12} {:>15}  {bar}", time(report, ticks));
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
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
    slice.loops + slice.other.parts().iter().map(|(_, ticks)| ticks).sum::<u64>()
}

/// An eighth of the height for each eighth begun.
fn bar(part: u64, whole: u64) -> char {
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
    writeln!(
        out,
        "\ntracing given up {} times, {} wasted ({share:.2} % of the run)",
        grouped(times),
        time(report, ticks)
    )?;
    for abort in report.aborts.iter().take(ABORTS) {
        let place = shorten(&clean(&abort.label), options.width.saturating_sub(50).max(20));
        writeln!(
            out,
            "  {:>6}  {:>12}  {:<24}  {place}",
            grouped(abort.times),
            time(report, abort.ticks),
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

/// What to know when reading the numbers.
pub(super) fn notes(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    if !report.notes.is_empty() {
        writeln!(out)?;
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
