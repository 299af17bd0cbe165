//! Exceptions that are raised and caught in a hot loop.

use super::copies::grouped;
use super::scene::{Called, at};
use super::{Cause, Scene};
use crate::anatomy::{Anatomy, Part};
use crate::report::Place;
use std::collections::BTreeMap;

/// Exceptions that are worth a word.
const MANY: u64 = 1000;
/// Nanoseconds that one costs in the interpreter.
const INTERPRETED: f64 = 600.0;

/// See the module's description.
pub(crate) fn control_flow(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let mut found = BTreeMap::<(String, u32), Called>::new();
    for anatomy in &scene.anatomies {
        raised(anatomy, &mut found);
    }
    for caught in &scene.log.profile.evidence.caught {
        let Some(location) = &caught.location else { continue };
        let place = crate::build::place(location);
        let row = found.entry((place.file.clone(), place.line)).or_default();
        let interpreted = scene.interpreted(&place.file, function_of(scene, &place));
        row.ticks += scene.ticks(caught.times as f64 * INTERPRETED).min(interpreted);
        row.count += caught.times;
        row.place = place;
    }
    let rows = found.into_values().filter(|row| row.count >= MANY && row.ticks > 0.0);
    rows.map(|row| cause(scene, row)).collect()
}

fn function_of(scene: &Scene<'_, '_>, place: &Place) -> std::ops::RangeInclusive<u32> {
    let def = scene.sources.above(place, super::source::is_def).unwrap_or(1);
    def..=scene.sources.end_of_block(&place.file, def).max(place.line)
}

/// Calls that were guarded to raise, and what the runtime did about it.
fn raised(anatomy: &Anatomy<'_>, found: &mut BTreeMap<(String, u32), Called>) {
    let is_raise = |part: &&Part<'_>| part.op.own_name() == b"guard_exception" && part.count.unwrap_or(0) > 0;
    let raises: Vec<&Part<'_>> = anatomy.parts.iter().filter(is_raise).collect();
    if raises.is_empty() {
        return;
    }
    let all: u64 = raises.iter().filter_map(|part| part.count).sum();
    let handling: f64 = anatomy
        .parts
        .iter()
        .filter(|part| {
            matches!(anatomy.helper_of(part), Some("traceback line" | "new exception" | "call of __exit__"))
        })
        .map(|part| part.called)
        .sum();
    for part in &raises {
        let Some(place) = anatomy.place_of(part) else { continue };
        let raising: f64 = anatomy
            .parts
            .iter()
            .filter(|other| other.point == part.point && anatomy.helper_of(other) != Some("traceback line"))
            .map(|other| other.called)
            .sum();
        let count = part.count.unwrap_or(0);
        let row = found.entry((place.file.clone(), place.line)).or_default();
        row.place = place.clone();
        row.count += count;
        row.ticks += raising * 0.6 + handling * count as f64 / all.max(1) as f64;
    }
}

fn cause(scene: &Scene<'_, '_>, row: Called) -> Cause {
    let handler = handler_of(scene, &row.place);
    let class = class_of(scene, &row.place, handler);
    let what = class.clone().unwrap_or_else(|| "an exception".to_owned());
    let collected = scene.report.other.gc as f64 * row.ticks / scene.report.total_ticks.max(1) as f64;
    let advice = match class.as_deref() {
        Some("KeyError") => "ask first: d.get(key, default), or `if key in d`, or collections.defaultdict",
        Some("IndexError") => "compare the index with len() first",
        Some("StopIteration") => "give next() a default, or use for",
        Some("AttributeError") => "give every instance the attribute, or use getattr(x, name, default)",
        Some("ValueError") => "test the text first (isdigit, startswith), and convert what passes",
        _ => "test for the case first, or return a value that says so: exceptions are for what is rare",
    };
    Cause {
        kind: "exceptions",
        message: format!("{what} is raised and caught here as if it were an if"),
        evidence: vec![format!("raised {} times at {}", grouped(row.count), at(&row.place))],
        subject: class,
        also: handler.map(|line| Place { line, ..row.place.clone() }).into_iter().collect(),
        advice: advice.into(),
        cost: row.ticks + collected,
        saving: row.ticks + collected * 0.8,
        error: 0.35,
        place: row.place,
    }
}

/// The line of the handler: the `except` that closes the try around.
fn handler_of(scene: &Scene<'_, '_>, place: &Place) -> Option<u32> {
    let start = scene.sources.above(place, |text| text.starts_with("try"))?;
    let end = scene.sources.end_of_block(&place.file, start);
    let line = end + 1;
    scene.sources.line(&place.file, line)?.starts_with("except").then_some(line)
}

fn class_of(scene: &Scene<'_, '_>, place: &Place, handler: Option<u32>) -> Option<String> {
    let caught = scene.log.profile.evidence.caught.iter().find(|caught| {
        caught.location.as_ref().is_some_and(|at| at.line == place.line && at.file == place.file.as_bytes())
    });
    if let Some(caught) = caught {
        return Some(crate::build::text(caught.name));
    }
    let text = scene.sources.line(&place.file, handler?)?.strip_prefix("except")?;
    let name = text.trim().split([':', ' ']).next()?;
    (!name.is_empty() && name.chars().all(char::is_alphanumeric)).then(|| name.to_owned())
}
