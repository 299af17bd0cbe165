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
    // Ticks of different clocks are no time.
    let mut clock = together.reports.first().cloned().unwrap_or_else(Report::empty);
    let hz = clock.clock_hz;
    if options.ticks || !together.reports.iter().all(|report| report.clock_hz == hz) {
        clock.clock_hz = None;
    }
    let total = time(&clock, together.total_ticks);
    writeln!(out, "{} processes together: {total}\n", together.reports.len())?;
    let share = |ticks: u64| ticks as f64 * 100.0 / together.total_ticks.max(1) as f64;
    let loops = together.places.iter().map(|place| place.ticks).sum::<u64>();
    for (name, ticks) in std::iter::once(("loops", loops)).chain(together.other.parts()) {
        writeln!(out, "{:>6.2}%  {name:<12} {:>15}", share(ticks), time(&clock, ticks))?;
    }
    let ran = |place: &&PlaceReport| options.all || place.ticks > 0 || place.passes > 0;
    let places: Vec<&PlaceReport> = together.places.iter().filter(ran).collect();
    let top = options.top.unwrap_or(PLACES).min(places.len());
    if top > 0 {
        let title = format!("\n{:>7}  {:>12}  {:>12}  {:>9}  location", "share", "self", "passes", "processes");
        writeln!(out, "{}", paint(options.color, Style::Title, &title))?;
    }
    for place in &places[..top] {
        let label = shorten(&clean(&place.label), options.width.saturating_sub(50).max(20));
        let (ticks, passes) = (time(&clock, place.ticks), grouped(place.passes));
        writeln!(out, "{:>6.2}%  {ticks:>12}  {passes:>12}  {:>9}  {label}", share(place.ticks), place.processes)?;
    }
    if top < places.len() {
        writeln!(out, "… and {} more places", places.len() - top)?;
    }
    Ok(())
}
