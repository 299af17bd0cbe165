//! Work of the JIT that came to nothing: traces given up, code invalidated, code that never pays; and the collector's.

use super::copies::grouped;
use super::scene::at;
use super::{Cause, Scene};
use crate::build::{place, text};
use crate::report::{AbortReport, Place};
use logs::log::Outcome;
use std::collections::BTreeMap;

/// Places that stay interpreted because no trace of them can be made.
pub(crate) fn given_up(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let report = scene.report;
    let again = report.aborts.iter().filter(|abort| abort.times >= 2 && is_final(abort));
    let causes = again.filter_map(|abort| {
        let head = abort.location.as_ref()?;
        let has_code = report.places.iter().any(|tree| {
            tree.location.as_ref() == Some(head)
                && tree.ticks > scene.interpreted(&head.file, head.line..=head.line) as u64
        });
        if has_code {
            return None;
        }
        let end = scene.sources.end_of_block(&head.file, head.line);
        let ticks = scene.interpreted(&head.file, head.line..=end) + abort.ticks as f64;
        let last = end_of(scene, abort).filter(|place| place.line != head.line);
        let why = abort.why.as_deref().unwrap_or(&abort.reason);
        Some(Cause {
            kind: "given-up",
            message: format!("the loop stays interpreted: {why}"),
            evidence: vec![format!("recording from {} was given up {} times", at(head), abort.times)],
            advice: advice(why, last.as_ref()).into(),
            cost: ticks,
            saving: ticks * 0.85,
            error: 0.3,
            also: last.into_iter().collect(),
            place: head.clone(),
            subject: None,
        })
    });
    causes.collect()
}

/// Other reasons are steps on the way to code.
fn is_final(abort: &AbortReport) -> bool {
    let why = abort.why.as_deref().unwrap_or_default();
    !["another version", "comes first", "generator", "types of the loop"]
        .iter()
        .any(|words| why.contains(words))
}

/// Where recordings of this place ended.
fn end_of(scene: &Scene<'_, '_>, abort: &AbortReport) -> Option<Place> {
    let is_it = |outcome: &Outcome<'_>, first: &[u8]| {
        matches!(outcome, Outcome::Aborted(_)) && text(first) == abort.label
    };
    let attempt = scene.log.attempts.iter().rfind(|attempt| is_it(&attempt.outcome, attempt.first))?;
    logs::location::Location::parse(attempt.last).as_ref().map(place)
}

fn advice(why: &str, last: Option<&Place>) -> String {
    let there = last.map_or_else(String::new, |place| format!(" (recording ended at {})", at(place)));
    match why {
        _ if why.contains("too long") => {
            format!(
                "the body is too long for one trace: move parts of it into functions with loops of their own, or split the loop{there}"
            )
        }
        _ if why.contains("exception") => {
            format!("catch the exception inside of the loop, or avoid it{there}")
        }
        _ => format!("move what stops the trace out of the loop{there}"),
    }
}

/// Names whose changes throw code away.
pub(crate) fn invalidated(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let mut found = BTreeMap::<String, (u64, Vec<Place>)>::new();
    for broke in &scene.log.profile.evidence.broke {
        let row = found.entry(text(broke.name)).or_default();
        row.0 += broke.times;
        row.1.extend(broke.location.as_ref().map(place));
    }
    let often = found.into_iter().filter(|(_, (times, _))| *times >= 3);
    often
        .filter_map(|(name, (times, places))| {
            let first = places.first()?;
            let trees = scene
                .report
                .places
                .iter()
                .filter(|tree| tree.location.as_ref().is_some_and(|at| places.contains(at)));
            let (made, caused) = trees.fold((0.0, 0.0), |(made, caused), tree| {
                (made + tree.compile_ticks as f64, caused + tree.caused_ticks.unwrap_or(0) as f64)
            });
            let stores = stores(scene, &name);
            let line = stores.first().cloned().unwrap_or_else(|| first.clone());
            let ticks = made + caused;
            Some(Cause {
                kind: "invalidated",
                subject: Some(name.clone()),
                message: format!("writing {name} throws away compiled code that takes it for a constant"),
                evidence: vec![format!("{} pieces of code were invalidated", grouped(times))],
                advice: format!(
                    "keep {name} in a local variable or an instance's attribute, or in a list that is changed"
                )
                .into(),
                cost: ticks,
                saving: ticks * 0.7,
                error: 0.4,
                also: stores
                    .into_iter()
                    .skip(1)
                    .chain(places)
                    .filter(|place| place.line != line.line)
                    .take(6)
                    .collect(),
                place: line,
            })
        })
        .collect()
}

/// Instructions that write a name.
fn stores(scene: &Scene<'_, '_>, name: &str) -> Vec<Place> {
    let mut found = Vec::new();
    for listing in &scene.log.listings {
        for row in scene.log.instructions(listing) {
            if row.opcode.starts_with(b"STORE_") && row.args == name.as_bytes() && row.opcode != b"STORE_FAST"
            {
                found.push(Place {
                    function: text(listing.function),
                    file: text(listing.file),
                    line: row.line,
                    opcode: text(row.opcode),
                });
            }
        }
    }
    // A module's own assignment is where it begins.
    found.sort_by_key(|place| place.function == "<module>");
    found
}

/// Places that were compiled for nothing, in a run that is long enough for that to matter.
pub(crate) fn never_pays(scene: &Scene<'_, '_>) -> Vec<Cause> {
    /// Nanoseconds of a run in which compiling should have paid.
    const LONG: f64 = 5e8;
    if scene.nanoseconds(scene.report.total_ticks as f64) < LONG {
        return Vec::new();
    }
    let lost = scene
        .report
        .places
        .iter()
        .filter(|tree| tree.ticks < tree.compile_ticks / 2 && tree.compile_ticks > 0);
    let mut files = BTreeMap::<(String, String), (f64, u64, Place)>::new();
    for tree in lost {
        let Some(place) = &tree.location else { continue };
        let key = (
            place.file.clone(),
            if place.file.starts_with('<') { String::new() } else { place.function.clone() },
        );
        let row = files.entry(key).or_insert((0.0, 0, place.clone()));
        row.0 += tree.compile_ticks as f64;
        row.1 += 1;
    }
    files
        .into_values()
        .map(|(ticks, count, place)| Cause {
            kind: "never-pays",
            message: format!(
                "compiling {} takes longer than its code then runs",
                if count == 1 { "this place".to_owned() } else { format!("these {count} places") }
            ),
            evidence: vec![format!("{count} places, {:.1} % of the run", scene.percent(ticks))],
            advice:
                "make the functions once, and call them often; text that is executed anew is compiled anew"
                    .into(),
            cost: ticks,
            saving: ticks * 0.8,
            error: 0.3,
            place,
            ..Cause::default()
        })
        .collect()
}

/// Collecting, and where the most is allocated.
pub(crate) fn collector(scene: &Scene<'_, '_>) -> Vec<Cause> {
    /// Percent of the run.
    const MUCH: f64 = 15.0;
    let gc = scene.report.other.gc as f64;
    if scene.percent(gc) < MUCH {
        return Vec::new();
    }
    let mut lines = BTreeMap::<(String, u32), (u64, Place, String)>::new();
    for anatomy in &scene.anatomies {
        for part in &anatomy.parts {
            let own = part.op.own_name();
            let helper = anatomy.helper_of(part).unwrap_or_default();
            let is_new = own.starts_with(b"new_")
                || own == b"box_float"
                || helper.starts_with("new ")
                || helper == "constructor";
            let Some(place) = anatomy.place_of(part).filter(|_| is_new) else { continue };
            let what = if own.starts_with(b"new_") {
                text(&own[4..])
            } else if own == b"box_float" {
                "float".to_owned()
            } else {
                helper.trim_start_matches("new ").to_owned()
            };
            let row = lines.entry((place.file.clone(), place.line)).or_insert((0, place.clone(), what));
            row.0 += part.count.unwrap_or(0);
        }
    }
    let all: u64 = lines.values().map(|(count, ..)| count).sum();
    let Some((count, place, what)) = lines.into_values().max_by_key(|(count, ..)| *count) else {
        return Vec::new();
    };
    vec![Cause {
        kind: "collector",
        subject: Some(what.clone()),
        message: format!("the collector takes {:.0} % of the run; most objects are made here ({what})", scene.percent(gc)),
        evidence: vec![format!("{} objects of {} that compiled code makes", grouped(count), grouped(all))],
        advice: "make the object once before the loop and change it; keep numbers in local variables, not in objects".into(),
        cost: gc,
        saving: gc * 0.8 * count as f64 / all.max(1) as f64,
        error: 0.4,
        place,
        ..Cause::default()
    }]
}
