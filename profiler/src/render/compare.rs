//! The difference of two runs, as text and as JSON.

use super::table::{Style, TableOptions, clean, grouped, paint, shorten};
use crate::diff::{Change, Diff, LoopDiff, Status};
use std::io::{self, Write};

/// Writes it as JSON, schema `loopscope-diff/1`.
pub fn diff_json(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, diff)?;
    out.write_all(b"\n")
}

/// Writes it for people.
pub fn diff_table(diff: &Diff, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let unit = diff.time_unit;
    writeln!(out, "the whole run: {}\n", change(&diff.total, unit))?;
    for part in diff.parts.iter().filter(|part| part.change.old + part.change.new > 0.0) {
        writeln!(out, "  {:<12} {}", part.name, change(&part.change, unit))?;
    }
    let all = |row: &&LoopDiff| options.all || row.status != Status::Same;
    let shown: Vec<&LoopDiff> =
        diff.loops.iter().filter(all).take(options.top.unwrap_or(usize::MAX)).collect();
    writeln!(out)?;
    if !shown.is_empty() {
        let title =
            format!("{:>14}  {:>14}  {:>8}          loop", format!("old {}", diff.unit), "new", "change");
        writeln!(out, "{}", paint(options.color, Style::Title, &title))?;
    }
    for row in &shown {
        writeln!(out, "{}", paint(options.color, style(row.status), &line(row, options.width)))?;
    }
    let rest = diff.loops.len() - shown.len();
    if rest > 0 {
        writeln!(out, "{rest} loop{} without a change that counts", if rest == 1 { "" } else { "s" })?;
    }
    if diff.unit == "passes" {
        writeln!(out, "passes, because the logs do not say how long loops took")?;
    }
    Ok(())
}

fn line(row: &LoopDiff, width: usize) -> String {
    let percent = row.change.percent.map_or(String::new(), |percent| format!("{percent:+.1}%"));
    let place = shorten(&clean(&row.label), width.saturating_sub(52).max(20));
    format!(
        "{:>14}  {:>14}  {percent:>8}  {:<6}  {place}",
        number(row.change.old),
        number(row.change.new),
        row.status.word()
    )
}

fn style(status: Status) -> Style {
    match status {
        Status::Slower | Status::New => Style::Hot,
        Status::Faster | Status::Gone => Style::Good,
        Status::More | Status::Fewer => Style::Warm,
        Status::Same => Style::Plain,
    }
}

fn change(change: &Change, unit: &str) -> String {
    let percent = change.percent.map_or(String::new(), |percent| format!(" ({percent:+.1} %)"));
    format!("{:>14} -> {:>14} {unit}{percent}", number(change.old), number(change.new))
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { grouped(value as u64) } else { format!("{value:.3}") }
}
