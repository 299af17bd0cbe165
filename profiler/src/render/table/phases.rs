//! Phases of the run, and the collector's work.

use super::TableOptions;
use super::units::{NOT_OBSERVED, clean, grouped, shorten, time};
use crate::report::{Pauses, PhaseReport, Report};
use std::io::{self, Write};

/// Phases shown unless asked for all.
const MOST: usize = 24;

/// A line per phase.
pub(super) fn phases(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    if report.phases.is_empty() {
        return Ok(());
    }
    let most = if options.all { usize::MAX } else { MOST };
    writeln!(
        out,
        "\n{:<20}{:>16}{:>16}{:>16}{:>16}{:>7}{:>9}{:>8}",
        "phase", "time", "in loops", "compiling", "gc", "loops", "bridges", "aborts"
    )?;
    for phase in report.phases.iter().take(most) {
        writeln!(out, "{}", line(report, phase))?;
    }
    match report.phases.len().saturating_sub(most) {
        0 => Ok(()),
        more => writeln!(out, "… and {more} more phases; --all shows them"),
    }
}

fn line(report: &Report, phase: &PhaseReport) -> String {
    let known = |ticks: Option<u64>| ticks.map_or(NOT_OBSERVED.to_owned(), |ticks| time(report, ticks));
    let loops = known(report.has_ticks().then_some(phase.loops));
    let (compiling, gc) = (known(phase.compiling()), known(phase.gc()));
    format!(
        "{:<20}{:>16}{loops:>16}{compiling:>16}{gc:>16}{:>7}{:>9}{:>8}",
        shorten(&clean(&phase.name), 19),
        time(report, phase.ticks),
        phase.loops_made,
        phase.bridges_made,
        phase.aborts
    )
}

/// How often the collector ran, and how long it stopped the program.
pub(super) fn gc(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let Some(gc) = report.gc.as_ref().filter(|gc| gc.pauses.is_some()) else { return Ok(()) };
    writeln!(
        out,
        "\ncollections: {} minor, {} steps, {} major{}",
        grouped(gc.minors),
        grouped(gc.steps),
        grouped(gc.majors),
        gc.peak_bytes
            .filter(|bytes| *bytes > 0)
            .map_or(String::new(), |bytes| format!("; at most {} bytes used", grouped(bytes)))
    )?;
    for (name, pauses) in [("all pauses", gc.pauses), ("minor", gc.minor_pauses), ("steps", gc.step_pauses)] {
        if let Some(Pauses { p50, p99, max }) = pauses {
            let (p50, p99, max) = (time(report, p50), time(report, p99), time(report, max));
            writeln!(out, "  {name:<12} p50 {p50:>14}   p99 {p99:>14}   max {max:>14}")?;
        }
    }
    let most = gc.memory.iter().map(|point| point.bytes).max().unwrap_or(0);
    let columns = options.width.saturating_sub(16).clamp(1, 60);
    let stretch = gc.memory.len().div_ceil(columns).max(1);
    if gc.memory.len() > 1 && most > 0 {
        let bars = gc
            .memory
            .chunks(stretch)
            .map(|points| super::rest::bar(points.iter().map(|point| point.bytes).max().unwrap_or(0), most));
        writeln!(out, "  {:<12} {}", "memory used", bars.collect::<String>())?;
    }
    Ok(())
}
