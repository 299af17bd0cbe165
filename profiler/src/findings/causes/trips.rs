//! Loops that make few iterations each time.

use super::copies::grouped;
use super::scene::at;
use super::{Cause, Scene};
use logs::trace::{Ending, TraceKind};

/// See the module's description.
pub(crate) fn short(scene: &Scene<'_, '_>) -> Vec<Cause> {
    /// Entries that are worth a word; iterations that are few.
    const MANY: u64 = 20_000;
    const FEW: f64 = 8.0;
    let mut causes = Vec::new();
    for (number, tree) in scene.report.places.iter().enumerate() {
        let Some(place) = &tree.location else { continue };
        let (entries, passes) = counts(scene, number);
        let trips = passes as f64 / entries.max(1) as f64;
        if entries < MANY || !(1.5..FEW).contains(&trips) {
            continue;
        }
        let function = scene.report.places.iter().filter(|other| {
            other.location.as_ref().is_some_and(|at| {
                at.file == place.file
                    && at.function == place.function
                    && at.line != place.line
                    && other.entered == Some(entries)
            })
        });
        let ticks = tree.ticks as f64 + function.map(|other| other.ticks as f64).sum::<f64>();
        let part = if trips <= 4.5 { 0.75 } else { 0.5 };
        let line = scene.sources.at(place).unwrap_or("the loop").trim_end_matches(':').to_owned();
        causes.push(Cause {
            kind: "short-trips",
            subject: Some(line.clone()),
            message: format!(
                "`{line}` makes {trips:.1} iterations each time: entering it costs more than they do"
            ),
            evidence: vec![format!(
                "entered {} times at {}, {} iterations",
                grouped(entries),
                at(place),
                grouped(passes)
            )],
            advice: "write the few iterations out, or let the outer loop do their work".into(),
            cost: ticks,
            saving: ticks * part,
            error: 0.4,
            place: place.clone(),
            ..Cause::default()
        });
    }
    causes
}

/// How often a place's loop was come to from elsewhere, and its iterations. What comes from bridges of its own, or from
/// another version, is no entry.
fn counts(scene: &Scene<'_, '_>, tree: usize) -> (u64, u64) {
    let tree = &scene.report.places[tree];
    let traces: Vec<_> = tree
        .rows
        .iter()
        .filter_map(|row| scene.report.loops[*row as usize].trace)
        .map(|index| scene.trace(index))
        .collect();
    if !traces.iter().any(|trace| trace.kind == TraceKind::Loop) {
        return (0, 0);
    }
    let entries = traces.iter().filter(|trace| trace.kind == TraceKind::EntryBridge);
    let tokens: Vec<u64> =
        entries.clone().flat_map(|trace| trace.labels.iter().map(|label| label.token)).collect();
    let entered: u64 = entries.filter_map(|trace| trace.count).sum();
    let again = traces.iter().filter(|trace| trace.kind == TraceKind::Bridge);
    let again: u64 = again
        .filter(|trace| matches!(trace.ending, Ending::Jump(token) if tokens.contains(&token)))
        .filter_map(|trace| trace.count)
        .sum();
    (entered.saturating_sub(again), tree.passes.unwrap_or(0))
}
