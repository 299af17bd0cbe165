//! Several processes, together.

use super::TableOptions;
use super::style::{Style, paint};
use super::units::{clean, grouped, shorten, time};
use crate::report::Report;
use crate::together::{PlaceReport, Together};
use std::io::{self, Write};

/// Places that are shown unless asked for more.
const PLACES: usize = 20;

/// Writes what all processes did.
pub fn together_table(together: &Together, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut clock = Report::empty();
    clock.clock_hz = common_clock(&together.reports).filter(|_| !options.ticks);
    let total = time(&clock, together.total_ticks);
    writeln!(out, "{} processes together: {total}\n", together.reports.len())?;
    let share = |ticks: u64| ticks as f64 * 100.0 / together.total_ticks.max(1) as f64;
    let loops = together.places.iter().map(|place| place.ticks).sum::<u64>();
    let mut parts: Vec<(&str, u64)> =
        together.other.parts().into_iter().filter_map(|(name, ticks)| Some((name, ticks?))).collect();
    if !together.reports.iter().any(Report::knows_interpreter) {
        parts[0].0 = "running";
    }
    for (name, ticks) in std::iter::once(("loops", loops)).chain(parts) {
        writeln!(out, "{:>6.2}%  {name:<12} {:>15}", share(ticks), time(&clock, ticks))?;
    }
    let ran = |place: &&PlaceReport| options.all || place.ticks > 0 || place.passes > 0;
    let places: Vec<&PlaceReport> = together.places.iter().filter(ran).collect();
    let top = options.top.unwrap_or(PLACES).min(places.len());
    if top > 0 {
        let title =
            format!("\n{:>7}  {:>12}  {:>12}  {:>9}  location", "share", "self", "passes", "processes");
        writeln!(out, "{}", paint(options.color, Style::Title, &title))?;
    }
    for place in &places[..top] {
        let label = shorten(&clean(&place.label), options.width.saturating_sub(50).max(20));
        let (ticks, passes) = (time(&clock, place.ticks), grouped(place.passes));
        writeln!(
            out,
            "{:>6.2}%  {ticks:>12}  {passes:>12}  {:>9}  {label}",
            share(place.ticks),
            place.processes
        )?;
    }
    if top < places.len() {
        writeln!(out, "… and {} more places", places.len() - top)?;
    }
    Ok(())
}

/// Processes of one run share a clock. A child's log may not say how fast it is, and what is found by a summary varies a
/// little; but ticks of different clocks have no sum.
fn common_clock(reports: &[Report]) -> Option<u64> {
    let known: Vec<u64> = reports.iter().filter_map(|report| report.clock_hz).collect();
    let (least, most) = (known.iter().min()?, known.iter().max()?);
    (most - least <= least / 20).then_some(known[0])
}
