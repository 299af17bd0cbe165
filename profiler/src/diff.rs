//! Two runs, loop by loop: what became slower, faster, new, gone.
//!
//! Loops are matched by place ([`crate::places`]): first the same function, file, line and opcode; then, since editing
//! moves lines, the same function, opcode and name of file, in the order of their lines; then the same without the
//! file, which may have been renamed.
//!
//! Runs differ by chance. A change counts if it is more than [`RELATIVE`] of the loop and more than a floor,
//! `ignore_below` percent of the old run; what is less is the same.

use crate::places::{Key, Spot, spots};
use crate::report::{Place, Report};
use serde::Serialize;
use std::collections::HashMap;

/// The name of the JSON schema.
pub const SCHEMA: &str = "loopscope-diff/1";

/// Percent of a loop that is no change.
const RELATIVE: f64 = 2.0;

/// What to compare, and how.
#[derive(Clone, Copy, Debug)]
pub struct DiffOptions {
    /// Percent of the old run below which a change is none.
    pub ignore_below: f64,
}

impl Default for DiffOptions {
    fn default() -> Self {
        DiffOptions { ignore_below: 1.0 }
    }
}

/// Two runs compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diff {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// What the numbers are: `ms`, `ticks` where a log does not tell its clock, or `passes`, how often loops ran, where
    /// a log has no time.
    pub unit: &'static str,
    /// The same for `total` and `parts`, which are time in any case.
    pub time_unit: &'static str,
    /// What is less than this is no change, in `unit`.
    pub floor: f64,
    /// The whole runs, in `time_unit`.
    pub total: Change,
    /// The parts of the runs, likewise.
    pub parts: Vec<Part>,
    /// The loops that differ, the largest change first, then the others.
    pub loops: Vec<LoopDiff>,
}

/// Then and now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Change {
    /// Then.
    pub old: f64,
    /// Now.
    pub new: f64,
    /// Now less then, in percent of then; nothing if it was nothing.
    pub percent: Option<f64>,
}

/// A part of the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// `loops`, `interpreter`, ...
    pub name: &'static str,
    /// How it changed.
    #[serde(flatten)]
    pub change: Change,
}

/// A place where one run or both had a loop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoopDiff {
    /// What became of it.
    pub status: Status,
    /// Where it is now, or was if it is gone.
    pub location: Option<Place>,
    /// The same in words.
    pub label: String,
    /// Its name in the old run.
    pub old_name: Option<String>,
    /// Its name in the new run.
    pub new_name: Option<String>,
    /// How it changed.
    #[serde(flatten)]
    pub change: Change,
}

/// What became of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It takes more time.
    Slower,
    /// It takes less time.
    Faster,
    /// It runs more often; how much time it takes, the logs do not say.
    More,
    /// It runs less often, likewise.
    Fewer,
    /// It was not there.
    New,
    /// It is no more.
    Gone,
    /// No change that counts.
    Same,
}

impl Status {
    /// As in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Status::Slower => "slower",
            Status::Faster => "faster",
            Status::More => "more",
            Status::Fewer => "fewer",
            Status::New => "new",
            Status::Gone => "gone",
            Status::Same => "same",
        }
    }
}

impl Change {
    fn new(old: f64, new: f64) -> Change {
        Change { old, new, percent: (old > 0.0).then(|| (new - old) * 100.0 / old) }
    }
}

/// How ticks become numbers that can be compared.
struct Scale {
    old: f64,
    new: f64,
    unit: &'static str,
    /// Loops have no time, only counts.
    passes: bool,
}

impl Scale {
    fn new(old: &Report, new: &Report) -> Scale {
        let passes = !(old.has_ticks() && new.has_ticks());
        match (old.clock_hz, new.clock_hz) {
            (Some(then), Some(now)) => {
                Scale { old: 1e3 / then as f64, new: 1e3 / now as f64, unit: "ms", passes }
            }
            _ => Scale { old: 1.0, new: 1.0, unit: "ticks", passes },
        }
    }

    fn change(&self, old: u64, new: u64) -> Change {
        Change::new(old as f64 * self.old, new as f64 * self.new)
    }

    fn spots(&self, old: Option<&Spot>, new: Option<&Spot>) -> Change {
        if self.passes {
            let ran = |spot: Option<&Spot>| spot.map_or(0.0, |spot| spot.entries.max(spot.passes) as f64);
            return Change::new(ran(old), ran(new));
        }
        self.change(old.map_or(0, |spot| spot.ticks), new.map_or(0, |spot| spot.ticks))
    }
}

/// Compares two runs.
pub fn diff(old: &Report, new: &Report, options: &DiffOptions) -> Diff {
    let scale = Scale::new(old, new);
    let total = scale.change(old.total_ticks, new.total_ticks);
    let pairs = pairs(spots(old), spots(new));
    let ran: f64 = pairs.iter().map(|(old, _)| scale.spots(old.as_ref(), None).old).sum();
    let floor = if scale.passes { ran } else { total.old } * options.ignore_below / 100.0;
    let mut loops: Vec<LoopDiff> =
        pairs.into_iter().map(|(old, new)| compare(old, new, &scale, floor)).collect();
    let size = |found: &LoopDiff| (found.change.new - found.change.old).abs();
    loops.sort_by(|a, b| {
        let same = |found: &LoopDiff| found.status == Status::Same;
        same(a).cmp(&same(b)).then(size(b).total_cmp(&size(a)))
    });
    let unit = if scale.passes { "passes" } else { scale.unit };
    Diff { schema: SCHEMA, unit, time_unit: scale.unit, floor, total, parts: parts(old, new, &scale), loops }
}

fn parts(old: &Report, new: &Report, scale: &Scale) -> Vec<Part> {
    let loops = |report: &Report| report.loops.iter().map(|row| row.ticks).sum::<u64>();
    let first = Part { name: "loops", change: scale.change(loops(old), loops(new)) };
    let rest = old.other.parts().into_iter().zip(new.other.parts());
    let rest = rest.map(|((name, old), (_, new))| Part { name, change: scale.change(old, new) });
    std::iter::once(first).chain(rest).collect()
}

fn compare(old: Option<Spot>, new: Option<Spot>, scale: &Scale, floor: f64) -> LoopDiff {
    let change = scale.spots(old.as_ref(), new.as_ref());
    let difference = change.new - change.old;
    let counts = difference.abs() > floor && change.percent.is_none_or(|percent| percent.abs() > RELATIVE);
    let status = match (&old, &new) {
        _ if !counts => Status::Same,
        (None, _) => Status::New,
        (_, None) => Status::Gone,
        _ if scale.passes && difference > 0.0 => Status::More,
        _ if scale.passes => Status::Fewer,
        _ if difference > 0.0 => Status::Slower,
        _ => Status::Faster,
    };
    let key = new.as_ref().or(old.as_ref()).map(|spot| &spot.key);
    let location = key.and_then(|key| match key {
        Key::At(place) => Some(place.clone()),
        Key::Called(_) => None,
    });
    let label = key.map_or(String::new(), Key::text);
    let name = |spot: Option<Spot>| spot.map(|spot| spot.name);
    LoopDiff { status, location, label, old_name: name(old), new_name: name(new), change }
}

type Pair = (Option<Spot>, Option<Spot>);

/// Matches the places of two runs.
fn pairs(old: Vec<Spot>, new: Vec<Spot>) -> Vec<Pair> {
    let exact = |spot: &Spot| Some(spot.key.clone());
    let moved =
        |spot: &Spot| similar(spot, |file| file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned());
    let renamed = |spot: &Spot| similar(spot, |_| String::new()).filter(|_| has_name(spot));
    let (mut old, mut new, mut pairs) = (old, new, Vec::new());
    match_by(&exact, &mut old, &mut new, &mut pairs);
    match_by(&moved, &mut old, &mut new, &mut pairs);
    match_by(&renamed, &mut old, &mut new, &mut pairs);
    pairs.extend(old.into_iter().map(|spot| (Some(spot), None)));
    pairs.extend(new.into_iter().map(|spot| (None, Some(spot))));
    pairs
}

/// The place without its line, and with what is left of its file.
fn similar(spot: &Spot, file: impl Fn(&str) -> String) -> Option<Key> {
    match &spot.key {
        Key::At(place) => Some(Key::At(Place { line: 0, file: file(&place.file), ..place.clone() })),
        Key::Called(_) => None,
    }
}

/// `<module>` and `<listcomp>` are names of nothing in particular.
fn has_name(spot: &Spot) -> bool {
    matches!(&spot.key, Key::At(place) if !place.function.starts_with('<'))
}

/// Pairs those of the same key, the nth in the order of lines with the nth.
fn match_by(
    key: &dyn Fn(&Spot) -> Option<Key>,
    old: &mut Vec<Spot>,
    new: &mut Vec<Spot>,
    pairs: &mut Vec<Pair>,
) {
    let line = |spot: &Spot| match &spot.key {
        Key::At(place) => place.line,
        Key::Called(_) => 0,
    };
    old.sort_by_key(line);
    new.sort_by_key(line);
    let mut waiting = HashMap::<Key, std::collections::VecDeque<Spot>>::new();
    let mut rest = Vec::new();
    for spot in new.drain(..) {
        match key(&spot) {
            Some(key) => waiting.entry(key).or_default().push_back(spot),
            None => rest.push(spot),
        }
    }
    old.retain_mut(|spot| {
        let found = key(spot).and_then(|key| waiting.get_mut(&key)?.pop_front());
        let paired = found.is_some();
        pairs.extend(found.map(|found| (Some(spot.clone()), Some(found))));
        !paired
    });
    *new = rest.into_iter().chain(waiting.into_values().flatten()).collect();
    new.sort_by(|a, b| a.key.cmp(&b.key));
}

impl Diff {
    /// What became slower by more than that many percent: the run, and loops.
    pub fn slower_than(&self, percent: f64) -> Vec<String> {
        let above = |change: &Change| change.percent.is_some_and(|found| found > percent);
        let words =
            |what: &str, change: &Change| format!("{what}: {:+.1} %", change.percent.unwrap_or_default());
        let total = above(&self.total).then(|| words("the whole run", &self.total));
        let loops = self.loops.iter().filter(|row| row.status == Status::Slower && above(&row.change));
        total.into_iter().chain(loops.map(|row| words(&row.label, &row.change))).collect()
    }
}
