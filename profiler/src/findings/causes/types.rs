//! Variables that are now of one type, now of another.

use super::copies::grouped;
use super::{Cause, Scene};
use crate::report::Place;
use std::collections::BTreeMap;

/// What guards of one place say of a variable.
#[derive(Default)]
struct Variable {
    kinds: BTreeMap<String, u64>,
    places: BTreeMap<u32, (u64, Place)>,
    /// The interpreter's ticks behind its guards.
    caused: f64,
    left: u64,
}

/// See the module's description.
pub(crate) fn unstable(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let mut trees = BTreeMap::<usize, BTreeMap<String, Variable>>::new();
    for anatomy in &scene.anatomies {
        let Some(tree) = scene.tree_of(anatomy.trace) else { continue };
        for part in &anatomy.parts {
            let Some(guard) = part.guard else { continue };
            let Some(expected) = expected(part.op.own_name(), part.op.args) else { continue };
            let id = scene.trace(anatomy.trace).guards.get(guard as usize).map(|guard| guard.id);
            let (Some(id), Some(place)) = (id, anatomy.place_of(part)) else { continue };
            let Some(saw) = scene.saw.get(&id) else { continue };
            let Some(name) = saw.iter().find_map(|saw| saw.variable) else { continue };
            let left = scene.left(anatomy, guard);
            let variables = trees.entry(tree).or_default();
            let variable = variables.entry(crate::build::text(name)).or_default();
            variable.kinds.entry(expected).or_default();
            for found in saw {
                *variable.kinds.entry(kind_of(&crate::build::text(found.what))).or_default() += found.times;
            }
            let line = variable.places.entry(place.line).or_insert((0, place.clone()));
            line.0 += left;
            variable.left += left;
            variable.caused += scene.caused.get(&id).copied().unwrap_or(0.0);
        }
    }
    trees.into_iter().filter_map(|(tree, variables)| cause(scene, tree, variables)).collect()
}

/// The type that a guard asks for.
fn expected(name: &[u8], args: &[u8]) -> Option<String> {
    if name == b"guard_int" {
        return Some("int".to_owned());
    }
    let text = std::str::from_utf8(args).ok()?;
    let kind = text.rsplit_once("ConstClass(")?.1.strip_suffix(')')?;
    (name == b"guard_class" && !kind.starts_with("shape")).then(|| kind.to_lowercase())
}

/// Instances are another rule's.
fn kind_of(what: &str) -> String {
    what.split('(').next().unwrap_or(what).to_owned()
}

fn cause(scene: &Scene<'_, '_>, tree: usize, variables: BTreeMap<String, Variable>) -> Option<Cause> {
    let whole = &scene.report.places[tree];
    let mut rows: Vec<(String, Variable)> =
        variables.into_iter().filter(|(_, found)| found.kinds.len() > 1).collect();
    rows.sort_by(|a, b| b.1.caused.total_cmp(&a.1.caused));
    rows.retain(|(_, found)| found.left >= 200);
    let caused: f64 = rows.iter().map(|(_, found)| found.caused).sum();
    // Variables that hardly cost anything are not what is to be changed.
    rows.retain(|(_, found)| found.caused >= caused / 50.0);
    let first = rows.first()?;
    let busiest = first.1.places.values().max_by_key(|(left, _)| *left)?;
    let is_bad = scene.percent(caused) >= 5.0;
    let compile = if is_bad { whole.compile_ticks as f64 * 0.8 } else { 0.0 };
    let own = if is_bad { whole.ticks as f64 * 0.4 } else { 0.0 };
    let names: Vec<&str> = rows.iter().take(6).map(|(name, _)| name.as_str()).collect();
    let kinds: Vec<&str> = first.1.kinds.keys().map(String::as_str).collect();
    let (list, types) = (names.join(", "), kinds.join(" and "));
    let be = if names.len() == 1 { "changes its type" } else { "change their types" };
    Some(Cause {
        kind: "unstable-type",
        subject: Some(list.clone()),
        message: format!(
            "{list} {be} from pass to pass, {types}: compiled code is made for one of them and left for the other"
        ),
        place: busiest.1.clone(),
        also: also(&rows, &busiest.1),
        evidence: rows.iter().take(4).map(|(name, found)| evidence(name, found)).collect(),
        advice: advice(&kinds, names[0]).into(),
        cost: caused + whole.ticks as f64,
        saving: caused * 0.93 + compile + own,
        error: 0.2,
    })
}

fn also(rows: &[(String, Variable)], first: &Place) -> Vec<Place> {
    let mut lines: Vec<Place> =
        rows.iter().flat_map(|(_, found)| found.places.values().map(|(_, place)| place.clone())).collect();
    lines.sort_by_key(|place| place.line);
    lines.dedup_by_key(|place| place.line);
    lines.retain(|place| place.line != first.line);
    lines.truncate(6);
    lines
}

/// `power: float 62 %, int 38 % of 10,016,188 exits`
fn evidence(name: &str, found: &Variable) -> String {
    let all: u64 = found.kinds.values().sum();
    let share = |times: u64| 100 * times / all.max(1);
    let kinds: Vec<String> = found
        .kinds
        .iter()
        .filter(|(_, times)| **times > 0)
        .map(|(kind, times)| format!("{kind} {} %", share(*times)))
        .collect();
    format!("{name}: {} where guards left, {} times", kinds.join(", "), grouped(found.left))
}

fn advice(kinds: &[&str], name: &str) -> String {
    let has = |kind: &str| kinds.contains(&kind);
    if has("int") && has("float") {
        return format!(
            "keep {name} a float all the time: begin with 0.0, reset to 0.0, convert once where values come in"
        );
    }
    if has("NoneType") || has("none") {
        return format!("give {name} a value of its own type from the start, instead of None");
    }
    format!("keep {name} of one type through the loop, or give each type a loop of its own")
}
