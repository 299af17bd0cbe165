//! What is copied or searched again and again: its cost grows with what is there already.

use super::scene::{Called, at};
use super::source::{grows, searched};
use super::{Cause, Scene};
pub(super) use crate::render::grouped_number as grouped;
use std::collections::BTreeMap;

/// Nanoseconds of a call that has little to do.
const CHEAP: f64 = 60.0;

/// What of a cost goes if each call becomes a cheap one.
fn saved(scene: &Scene<'_, '_>, called: &Called) -> f64 {
    called.ticks * (1.0 - CHEAP / scene.each(called).max(CHEAP))
}

/// `called 84,000 times, 11.2 µs each`
pub(super) fn evidence(scene: &Scene<'_, '_>, name: &str, called: &Called) -> String {
    let (each, line) = (scene.each(called), at(&called.place));
    let each = if each < 1000.0 { format!("{each:.0} ns") } else { format!("{:.1} µs", each / 1000.0) };
    format!("{name} at {line}: {} times, {each} each", grouped(called.count))
}

/// Text or a sequence that grows by being copied.
pub(crate) fn quadratic(scene: &Scene<'_, '_>) -> Vec<Cause> {
    const DEAR: f64 = 250.0;
    let mut groups = BTreeMap::<(String, String, String), Vec<(String, Called)>>::new();
    for (name, called) in scene.called(|name| name.ends_with(" concat")) {
        if scene.each(&called) < DEAR || !scene.sources.is_in_loop(&called.place) {
            continue;
        }
        let line = scene.sources.at(&called.place).unwrap_or_default();
        if let Some(target) = grows(line) {
            let key = (called.place.file.clone(), called.place.function.clone(), target.to_owned());
            groups.entry(key).or_default().push((name, called));
        }
    }
    groups.into_iter().map(|((_, _, target), rows)| growing(scene, &target, rows)).collect()
}

fn growing(scene: &Scene<'_, '_>, target: &str, mut rows: Vec<(String, Called)>) -> Cause {
    rows.sort_by(|a, b| b.1.ticks.total_cmp(&a.1.ticks));
    let (name, first) = &rows[0];
    let what = name.strip_suffix(" concat").unwrap_or("sequence");
    let advice = match what {
        "string" => format!(
            "collect the parts in a list and write {target} = \"\".join(parts) behind the loop; or io.StringIO"
        ),
        "bytes" => {
            format!("make {target} a bytearray and extend it, or collect the parts and b\"\".join them")
        }
        "list" => format!(
            "{target}.append(item), or {target}.extend(items), changes the list instead of copying it"
        ),
        _ => format!("make {target} a list while it grows"),
    };
    Cause {
        kind: "quadratic-concat",
        subject: Some(target.to_owned()),
        message: format!(
            "{target} is a {what} that is copied each time it grows: the time is quadratic in its length"
        ),
        place: first.place.clone(),
        also: rows[1..].iter().map(|(_, called)| called.place.clone()).collect(),
        evidence: rows.iter().map(|(name, called)| evidence(scene, name, called)).collect(),
        advice: advice.into(),
        cost: rows.iter().map(|(_, called)| called.ticks).sum(),
        saving: rows.iter().map(|(_, called)| saved(scene, called)).sum(),
        error: 0.15,
    }
}

/// Methods of lists that look at, or move, what is in them.
const LINEAR: &[(&str, &str, &str)] = &[
    ("list.index", "looks through the list", "keep a dict from item to position"),
    ("list.count", "looks through the list", "keep a dict of counts, or collections.Counter"),
    (
        "list.remove",
        "looks through the list and moves what is behind",
        "use a set, or a dict as an ordered set",
    ),
    (
        "list.insert",
        "moves all items behind",
        "append and reverse at the end, or use collections.deque and appendleft",
    ),
    ("list.pop", "moves all items behind", "take from the end, or use collections.deque and popleft"),
    ("tuple.index", "looks through the tuple", "keep a dict from item to position"),
];

/// Searches of what has no order.
pub(crate) fn searches(scene: &Scene<'_, '_>) -> Vec<Cause> {
    const DEAR: f64 = 150.0;
    let is_search = |name: &str| matches!(name, "search in list" | "search in tuple" | "search in deque");
    let linear = |name: &str| LINEAR.iter().find(|(method, ..)| *method == name);
    let rows = scene.called(|name| is_search(name) || linear(name).is_some());
    let dear = rows.into_iter().filter(|(_, called)| scene.each(called) >= DEAR);
    dear.map(|(name, called)| {
        let line = scene.sources.at(&called.place).unwrap_or_default();
        let (subject, message, advice) = match linear(&name) {
            Some((method, does, advice)) => {
                let verb = method.rsplit('.').next().unwrap_or(method);
                let object = object_of(line, verb);
                let whose = object.map_or((*method).to_owned(), |object| format!("{object}.{verb}"));
                (object, format!("{whose} {does} each time"), (*advice).to_owned())
            }
            None => {
                let what = name.strip_prefix("search in ").unwrap_or("list");
                let object = searched(line);
                let whose = object.unwrap_or("it");
                let message = format!("`in {whose}` of a {what} looks at one item after the other");
                (
                    object,
                    message,
                    format!("keep a set beside {whose} (or instead of it): `in` of a set is one look"),
                )
            }
        };
        Cause {
            kind: "linear-search",
            subject: subject.map(str::to_owned),
            message,
            evidence: vec![evidence(scene, &name, &called)],
            advice: advice.into(),
            cost: called.ticks,
            saving: saved(scene, &called),
            error: 0.1,
            place: called.place,
            ..Cause::default()
        }
    })
    .collect()
}

/// `queue` of `x = queue.pop(0)`
fn object_of<'l>(line: &'l str, method: &str) -> Option<&'l str> {
    let at = line.find(&format!(".{method}("))?;
    let before = &line[..at];
    let start = before.rfind(|c: char| !(c.is_alphanumeric() || "_.".contains(c))).map_or(0, |at| at + 1);
    Some(&before[start..]).filter(|name| !name.is_empty())
}

/// Slices and copies made in loops.
pub(crate) fn slices(scene: &Scene<'_, '_>) -> Vec<Cause> {
    const DEAR: f64 = 250.0;
    const COPIES: &[&str] = &["list.copy", "dict.copy", "set.copy", "constructor", "list", "dict", "tuple"];
    let is_copy = |name: &str| name.ends_with(" item") || COPIES.contains(&name);
    let rows = scene.called(is_copy).into_iter().filter(|(name, called)| {
        let line = scene.sources.at(&called.place).unwrap_or_default();
        let slices = is_slice(line);
        let copies = ["list(", "dict(", "tuple(", "set(", ".copy("].iter().any(|word| line.contains(word));
        scene.each(called) >= DEAR
            && scene.sources.is_in_loop(&called.place)
            && if name.ends_with(" item") { slices } else { copies }
    });
    rows.map(|(name, called)| {
        let what =
            name.strip_suffix(" item").map_or("a copy".to_owned(), |what| format!("a slice of a {what}"));
        Cause {
            kind: "copy",
            message: format!("{what} is made in each pass, item by item"),
            evidence: vec![evidence(scene, &name, &called)],
            advice: "keep an index, and look at the items where they are; slice once before the loop".into(),
            cost: called.ticks,
            saving: saved(scene, &called),
            error: 0.3,
            place: called.place,
            ..Cause::default()
        }
    })
    .collect()
}

/// `x[a:b]`
fn is_slice(line: &str) -> bool {
    let mut depth = 0usize;
    line.chars().any(|c| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ':' && depth > 0
    })
}
