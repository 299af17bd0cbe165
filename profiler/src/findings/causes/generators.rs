//! Values that pass from generator to generator, and generators that stay interpreted.

use super::copies::grouped;
use super::scene::at;
use super::source::is_def;
use super::{Cause, Scene};
use crate::report::Place;
use std::collections::{BTreeMap, BTreeSet};

/// See the module's description.
pub(crate) fn chains(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let mut causes = inlined(scene);
    causes.extend(interpreted(scene));
    causes
}

/// Traces that hold the bodies of several generators.
fn inlined(scene: &Scene<'_, '_>) -> Vec<Cause> {
    /// Part of the time that goes with each generator of a chain.
    const EACH: f64 = 0.36;
    let mut trees = BTreeMap::<usize, (BTreeMap<(String, String), Place>, u64)>::new();
    for anatomy in &scene.anatomies {
        let Some(tree) = scene.tree_of(anatomy.trace) else { continue };
        let yields = anatomy.points.iter().filter(|point| point.place.opcode.starts_with("YIELD"));
        for point in yields.filter(|point| point.depth > 0) {
            let (places, count) = trees.entry(tree).or_default();
            let key = (point.place.file.clone(), point.place.function.clone());
            places.entry(key).or_insert_with(|| point.place.clone());
            *count = (*count).max(anatomy.parts.iter().filter_map(|part| part.count).max().unwrap_or(0));
        }
    }
    let chains = trees.into_iter().filter(|(_, (places, _))| places.len() >= 2);
    chains
        .map(|(tree, (places, count))| {
            let (n, ticks) = (places.len(), scene.tree_ticks(tree));
            let names: Vec<&str> = places.keys().map(|(_, function)| function.as_str()).collect();
            let mut lines: Vec<Place> = places.values().cloned().collect();
            lines.sort_by_key(|place| place.line);
            Cause {
                kind: "generators",
                subject: Some(names.join(", ")),
                message: format!(
                    "each value passes {n} generators, one after the other: {}",
                    names.join(", ")
                ),
                evidence: vec![format!("{} values, each resumes {n} generators", grouped(count))],
                advice:
                    "do the steps in one loop (one generator at most); make the steps functions of one value"
                        .into(),
                cost: ticks,
                saving: ticks * (1.0 - 1.0 / (1.0 + EACH * n as f64)),
                error: 0.35,
                place: lines.remove(0),
                also: lines,
            }
        })
        .collect()
}

/// Bodies of generators, comprehensions' too, that the interpreter runs for a native.
fn interpreted(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let mut found = BTreeMap::<(String, String), (f64, Place, BTreeSet<u32>)>::new();
    let yields = scene.report.spots.iter().filter(|spot| spot.kind == "interpreter");
    let mut functions = BTreeSet::<(String, String)>::new();
    for spot in yields.clone() {
        let Some(place) = &spot.location else { continue };
        let line = scene.sources.at(place).unwrap_or_default();
        let is_generator = place.function == "<genexpr>" || line.contains("yield");
        if is_generator {
            functions.insert((place.file.clone(), place.function.clone()));
        }
    }
    for spot in yields {
        let Some(place) = spot.location.as_ref() else { continue };
        let key = (place.file.clone(), place.function.clone());
        if !functions.contains(&key) {
            continue;
        }
        let row = found.entry(key).or_insert_with(|| (0.0, place.clone(), BTreeSet::new()));
        row.0 += spot.ticks as f64;
        row.2.insert(place.line);
    }
    let rows = found.into_iter().filter(|(_, (ticks, ..))| scene.percent(*ticks) >= 5.0);
    rows.map(|((_, function), (ticks, place, lines))| {
        let body = scene.sources.above(&place, is_def).map(|line| Place { line, ..place.clone() });
        let others =
            lines.into_iter().filter(|line| *line != place.line).map(|line| Place { line, ..place.clone() });
        Cause {
            kind: "generators",
            subject: Some(function.clone()),
            message: format!(
                "the generator {function} stays interpreted: who takes its values is no compiled loop"
            ),
            evidence: vec![format!(
                "interpreted for {:.0} % of the run, at {}",
                scene.percent(ticks),
                at(&place)
            )],
            advice: "write the loop out, or give the native a list".into(),
            cost: ticks,
            saving: ticks * 0.7,
            error: 0.35,
            also: others.chain(body).collect(),
            place,
        }
    })
    .collect()
}
