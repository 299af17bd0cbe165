//! The difference of two sets of runs, as text and as JSON.

use super::table::{NOT_OBSERVED, Style, TableOptions, clean, grouped, paint, shorten, wrapped};
use crate::diff::{Change, Diff, LoopDiff, Status};
use std::io::{self, Write};

/// Writes it as JSON, schema `loopscope-diff/2`.
pub fn diff_json(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, diff)?;
    out.write_all(b"\n")
}

/// Writes it for people.
pub fn diff_table(diff: &Diff, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    if let Some(why) = &diff.different_programs {
        writeln!(out, "{}\n", wrapped(&format!("different programs: {}", clean(why)), options.width, 2))?;
    }
    let runs = |count: usize| format!("{count} run{}", if count == 1 { "" } else { "s" });
    writeln!(out, "{}, from {} to {}\n", diff.verdict, runs(diff.runs.old), runs(diff.runs.new))?;
    let unit = diff.time_unit;
    writeln!(out, "  {:<14} {}", "the whole run", change(&diff.total, unit, diff.total_status))?;
    for part in diff.parts.iter().filter(|part| part.change.old + part.change.new > 0.0) {
        writeln!(out, "  {:<14} {}", part.name, change(&part.change, unit, part.status))?;
    }
    let all = |row: &&LoopDiff| options.all || row.status != Status::Same;
    let shown: Vec<&LoopDiff> =
        diff.loops.iter().filter(all).take(options.top.unwrap_or(usize::MAX)).collect();
    writeln!(out)?;
    if !shown.is_empty() {
        let (old, new) = (format!("old {}", diff.unit), format!("new {}", diff.unit));
        let title = format!("{old:>14}  {new:>14}  {:>8}  {:>19}  {:<6}  loop", "change", "interval", "");
        writeln!(out, "{}", paint(options.color, Style::Title, &title))?;
    }
    for row in &shown {
        writeln!(out, "{}", paint(options.color, style(row.status), &line(row, options.width)))?;
    }
    let rest = diff.loops.len() - shown.len();
    if rest > 0 {
        writeln!(out, "{rest} loop{} in which no difference was seen", if rest == 1 { "" } else { "s" })?;
    }
    notes(diff, options, out)
}

fn notes(diff: &Diff, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    if diff.unit == "passes" {
        writeln!(out, "passes, because the logs do not say how long loops took")?;
    }
    let shared = diff.loops.iter().filter_map(|row| row.change.shared_percent);
    if let Some(most) = shared.max_by(|a, b| a.abs().total_cmp(&b.abs())) {
        let note = format!(
            "note: what other loops changed alike, up to {most:+.1} %, is no part of a loop's change: runs vary with the \
             machine, and all loops with them"
        );
        writeln!(out, "{}", wrapped(&note, options.width, 6))?;
    }
    if let Some(percent) = diff.assumed_variation {
        let note = format!(
            "note: one run a side does not tell how much runs vary; {percent:.0} % were assumed. Several runs a side do: \
             diff OLD… --against NEW…"
        );
        writeln!(out, "{}", wrapped(&note, options.width, 6))?;
    }
    Ok(())
}

fn line(row: &LoopDiff, width: usize) -> String {
    let place = shorten(&clean(&row.label), width.saturating_sub(74).max(20));
    let [percent, interval] = changes(&row.change);
    format!(
        "{:>14}  {:>14}  {percent:>8}  {interval:>19}  {:<6}  {place}",
        number(row.change.old),
        number(row.change.new),
        row.status.word()
    )
}

/// The change in percent, and between what it lies. Of nothing there are no percentages.
fn changes(change: &Change) -> [String; 2] {
    let Change { percent: Some(percent), percent_low: Some(low), percent_high: Some(high), .. } = change
    else {
        return [NOT_OBSERVED.to_owned(), NOT_OBSERVED.to_owned()];
    };
    [format!("{percent:+.1} %"), format!("{low:+.1} … {high:+.1} %")]
}

fn style(status: Status) -> Style {
    match status {
        Status::Slower | Status::New => Style::Hot,
        Status::Faster | Status::Gone => Style::Good,
        Status::More | Status::Fewer => Style::Warm,
        Status::Same => Style::Plain,
    }
}

fn change(change: &Change, unit: &str, status: Status) -> String {
    let [percent, interval] = changes(change);
    let word = if status == Status::Same { "no difference seen" } else { status.word() };
    let (old, new) = (number(change.old), number(change.new));
    format!("{old:>14} -> {new:>14} {unit}  {percent:>8}  ({interval}) {word}")
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { grouped(value as u64) } else { format!("{value:.3}") }
}
