//! Places that meet instances of many classes, or of one class in many shapes.

use super::copies::grouped;
use super::scene::at;
use super::{Cause, Scene};
use crate::build::text;
use crate::report::Place;
use std::collections::{BTreeMap, BTreeSet};

/// An instruction, and what its guards ask for and met.
#[derive(Default)]
struct Site {
    place: Place,
    member: String,
    shapes: BTreeSet<(String, String)>,
    left: u64,
}

/// See the module's description.
pub(crate) fn receivers(scene: &Scene<'_, '_>) -> Vec<Cause> {
    const MANY: usize = 4;
    let names: BTreeMap<u32, (String, String)> = scene
        .log
        .profile
        .evidence
        .shapes
        .iter()
        .map(|shape| (shape.number, (text(shape.class), text(shape.names))))
        .collect();
    let mut sites = BTreeMap::<(usize, String, u32, u32), Site>::new();
    for anatomy in &scene.anatomies {
        let Some(tree) = scene.tree_of(anatomy.trace) else { continue };
        for part in anatomy.parts.iter().filter(|part| part.op.own_name() == b"guard_shape") {
            let (Some(guard), Some(point)) = (part.guard, anatomy.point_of(part)) else { continue };
            let key = (tree, point.place.file.clone(), point.place.line, point.offset);
            let site = sites.entry(key).or_default();
            site.place = point.place.clone();
            site.member.clone_from(&point.args);
            site.left += scene.left(anatomy, guard);
            site.shapes.extend(number_of(part.op.args).and_then(|number| names.get(&number)).cloned());
            let id = scene.trace(anatomy.trace).guards.get(guard as usize).map(|guard| guard.id);
            let saw = id.and_then(|id| scene.saw.get(&id)).into_iter().flatten();
            site.shapes.extend(saw.filter_map(|saw| shape_of(&text(saw.what))));
        }
    }
    let many = sites.into_iter().filter(|(_, site)| site.shapes.len() >= MANY);
    let mut by_tree = BTreeMap::<usize, Site>::new();
    for ((tree, ..), site) in many {
        let passes = scene.report.places[tree].passes.unwrap_or(0);
        let old = by_tree.entry(tree).or_default();
        if site.left > passes / 10 && site.left > old.left {
            *old = site;
        }
    }
    by_tree
        .into_iter()
        .filter(|(_, site)| site.left > 0)
        .map(|(tree, site)| cause(scene, tree, site))
        .collect()
}

/// 12 of `p1, ConstClass(shape 12)`
fn number_of(args: &[u8]) -> Option<u32> {
    let args = std::str::from_utf8(args).ok()?;
    args.rsplit_once("shape ")?.1.trim_end_matches(')').parse().ok()
}

/// `Hall(w h)`
fn shape_of(what: &str) -> Option<(String, String)> {
    let (class, names) = what.strip_suffix(')')?.split_once('(')?;
    Some((class.to_owned(), names.to_owned()))
}

fn cause(scene: &Scene<'_, '_>, tree: usize, site: Site) -> Cause {
    let classes: BTreeSet<&str> = site.shapes.iter().map(|(class, _)| class.as_str()).collect();
    let n = site.shapes.len();
    let ticks = scene.tree_ticks(tree);
    let member = site.member.split(' ').next().unwrap_or_default();
    let what = if member.is_empty() { "this place".to_owned() } else { format!(".{member}") };
    let list: Vec<&str> = classes.iter().copied().take(6).collect();
    let more = if classes.len() > 6 { ", …" } else { "" };
    let is_one = classes.len() * 2 <= n;
    let (kind, message, advice) = if is_one {
        let message = format!(
            "instances of {} reach {what} in {n} shapes: they got their attributes in different orders",
            list.join(", ")
        );
        let advice =
            "set all attributes in __init__, always in the same order, also those that are None at first";
        ("attribute-order", message, advice)
    } else {
        let message =
            format!("{what} is asked of instances of {} classes: {}{more}", classes.len(), list.join(", "));
        let advice = "one class with a field for what differs; or one list, and one loop, for each class";
        ("many-classes", message, advice)
    };
    let also = if is_one { assignments(scene, &site) } else { Vec::new() };
    let also = also.into_iter().filter(|place| place.line != site.place.line).collect();
    Cause {
        kind,
        subject: Some(what),
        message,
        also,
        evidence: vec![format!(
            "{n} shapes at {}; its checks failed {} times",
            at(&site.place),
            grouped(site.left)
        )],
        advice: advice.into(),
        cost: ticks,
        saving: ticks * (1.0 - 2.0 / (n as f64 + 1.0)),
        error: 0.35,
        place: site.place,
    }
}

/// Where the attributes are set whose order differs.
fn assignments(scene: &Scene<'_, '_>, site: &Site) -> Vec<Place> {
    let names: BTreeSet<&str> = site.shapes.iter().flat_map(|(_, names)| names.split(' ')).collect();
    let sets = |text: &str| {
        let Some((left, _)) = text.split_once('=') else { return false };
        left.trim().rsplit_once('.').is_some_and(|(_, name)| names.contains(name.trim()))
    };
    let mut lines = scene.sources.lines_with(
        &site.place.file,
        1..=100_000.min(scene.sources.length(&site.place.file)),
        sets,
    );
    lines.truncate(8);
    lines.into_iter().map(|line| Place { line, ..site.place.clone() }).collect()
}
