//! Calls that cost more than what they do: stars, text that is evaluated, formatting, natives, numbers that are too large.

use super::copies::{evidence, grouped};
use super::scene::{Called, at};
use super::source::is_def;
use super::{Cause, Scene};
use crate::report::Place;

/// Calls through `*args` and `**kwargs`.
pub(crate) fn stars(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let rows = scene.called(|name| name == "call with stars");
    rows.into_iter().map(|(name, called)| star(scene, &name, called)).collect()
}

fn star(scene: &Scene<'_, '_>, name: &str, called: Called) -> Cause {
    let has_stars = |text: &str| text.starts_with("def ") && text.contains('*');
    let def = scene.sources.above(&called.place, is_def);
    let def = def.filter(|line| scene.sources.line(&called.place.file, *line).is_some_and(has_stars));
    // Who calls a function with stars makes a tuple and a dict of what it passes.
    let packed: Vec<(String, Called)> = match def {
        Some(_) => scene.called(|name| matches!(name, "call" | "method call")),
        None => Vec::new(),
    };
    let all: u64 = packed.iter().map(|(_, called)| called.count).sum();
    let belongs = all.abs_diff(called.count) <= called.count / 20;
    let packing: f64 = if belongs { packed.iter().map(|(_, called)| called.ticks).sum() } else { 0.0 };
    let cost = called.ticks + packing;
    let also = def.map(|line| Place { line, ..called.place.clone() });
    let mut said = vec![evidence(scene, name, &called)];
    if packing > 0.0 {
        said.extend(packed.iter().map(|(name, called)| evidence(scene, name, called)));
    }
    Cause {
        kind: "star-call",
        message: "arguments are packed into a tuple and a dict, and unpacked again, in each call".to_owned(),
        subject: Some(called.place.function.clone()),
        also: also.into_iter().collect(),
        evidence: said,
        advice: "name the parameters instead of *args and **kwargs, at the def and at the call".into(),
        cost,
        saving: cost * 0.9,
        error: 0.2,
        place: called.place,
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Text that is compiled when it is run.
pub(crate) fn evaluated(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let rows =
        scene.called(|name| matches!(last(name), "eval" | "exec" | "compile") && !name.starts_with("re"));
    rows.into_iter()
        .map(|(name, called)| Cause {
            kind: "evaluated",
            message: format!("{}() compiles text in each pass", last(&name)),
            evidence: vec![evidence(scene, &name, &called)],
            advice: "write a function (a lambda, a table of functions), or compile() the text once before the loop".into(),
            cost: called.ticks,
            saving: called.ticks * 0.95,
            error: 0.15,
            place: called.place,
            ..Cause::default()
        })
        .collect()
}

/// Text made in hot loops.
pub(crate) fn formatting(scene: &Scene<'_, '_>) -> Vec<Cause> {
    /// Percent of the run.
    const MUCH: f64 = 15.0;
    let is_it = |name: &str| name == "string format" || matches!(last(name), "format" | "__format__");
    let rows = scene.called(is_it).into_iter().filter(|(_, called)| scene.percent(called.ticks) >= MUCH);
    rows.map(|(name, called)| Cause {
        kind: "formatting",
        message: "text is formatted in each pass".to_owned(),
        evidence: vec![evidence(scene, &name, &called)],
        advice: "format what does not change before the loop, and nothing that is not shown; str(x) and join are cheaper than a format"
            .into(),
        cost: called.ticks,
        saving: called.ticks * 0.6,
        error: 0.5,
        place: called.place,
        ..Cause::default()
    })
    .collect()
}

/// Families of natives, what to say of them, what to write, and which part of their time may go.
const NATIVES: &[(&[&str], &str, &str, f64)] = &[
    (
        &["re.", "_re.", "regex.", "pattern.", "re_", "Pattern."],
        "regular expressions",
        "compile the pattern once before the loop; str.startswith, `in`, split and partition do simple searches",
        0.6,
    ),
    (
        &["list.sort", "sorted"],
        "sorting",
        "sort once behind the loop, or keep order with bisect or heapq",
        0.8,
    ),
    (&["json."], "json", "convert once, outside of the loop, or keep the objects", 0.6),
    (
        &["min", "max", "sum", "any", "all"],
        "looking at all items",
        "keep the value while the items change",
        0.8,
    ),
];

/// Time in natives that a loop calls.
pub(crate) fn natives(scene: &Scene<'_, '_>) -> Vec<Cause> {
    /// Percent of the run, and nanoseconds of a call.
    const MUCH: f64 = 10.0;
    const DEAR: f64 = 800.0;
    let family = |name: &str| {
        NATIVES.iter().find(|(words, ..)| {
            words
                .iter()
                .any(|word| if word.ends_with(['.', '_']) { name.starts_with(word) } else { *word == name })
        })
    };
    let rows = scene.called(|name| family(name).is_some());
    let dear = rows.into_iter().filter(|(_, called)| {
        scene.percent(called.ticks) >= MUCH
            && scene.each(called) >= DEAR
            && scene.sources.is_in_loop(&called.place)
    });
    dear.filter_map(|(name, called)| {
        let (_, what, advice, part) = family(&name)?;
        Some(Cause {
            kind: "native",
            subject: Some(name.clone()),
            message: format!("{what} in a hot loop: {name}"),
            evidence: vec![evidence(scene, &name, &called)],
            advice: (*advice).into(),
            cost: called.ticks,
            saving: called.ticks * part,
            error: 0.4,
            place: called.place,
            ..Cause::default()
        })
    })
    .collect()
}

/// Ints that outgrow 63 bits for a moment.
pub(crate) fn big_ints(scene: &Scene<'_, '_>) -> Vec<Cause> {
    /// Nanoseconds of an operation on numbers that are hardly too large.
    const SMALL: f64 = 200.0;
    let mut rows = scene.called(|name| name.starts_with("big-int "));
    rows.retain(|(_, called)| scene.each(called) < SMALL && scene.sources.is_in_loop(&called.place));
    rows.sort_by(|a, b| b.1.ticks.total_cmp(&a.1.ticks));
    let mut causes: Vec<Cause> = Vec::new();
    for (name, called) in rows {
        let same = |cause: &&mut Cause| {
            cause.place.function == called.place.function && cause.place.file == called.place.file
        };
        let said = format!("{name} at {}: {} times", at(&called.place), grouped(called.count));
        match causes.iter_mut().find(same) {
            Some(cause) => {
                cause.cost += called.ticks;
                cause.saving += called.ticks * 0.75;
                cause.evidence.push(said);
                if cause.place.line != called.place.line {
                    cause.also.push(called.place);
                }
            }
            None => causes.push(Cause {
                kind: "big-int",
                message: "ints outgrow 62 bits here, and become objects of arbitrary length".to_owned(),
                evidence: vec![said],
                advice: "reduce (% or &) before the numbers grow so large: smaller factors, a smaller modulus, two steps".into(),
                cost: called.ticks,
                saving: called.ticks * 0.75,
                error: 0.3,
                place: called.place,
                ..Cause::default()
            }),
        }
    }
    causes
}
