//! Two sets of runs, loop by loop: what became slower, faster, new, gone, and what nobody can tell.
//!
//! Loops are matched by place ([`pairs`]). A change counts if its interval ([`interval`]) leaves no change out, and more
//! than [`RELATIVE`] of the loop and a floor, `ignore_below` percent of the old run; all else is *no difference seen*,
//! which is less than *the same*.

mod interval;
pub(crate) mod pairs;
pub(crate) mod program;
mod student;

use crate::places::{Spot, spots};
use crate::report::{Place, Report};
use interval::{Drift, Side, interval};
use pairs::{Site, pairs, sites};
use serde::Serialize;

/// The name of the JSON schema.
pub const SCHEMA: &str = "loopscope-diff/2";

/// Percent of a loop that is no change.
const RELATIVE: f64 = 1.0;

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

/// Two sets of runs compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diff {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// How many runs there are.
    pub runs: Runs,
    /// What the numbers are: `ms`, `ticks` where a log does not tell its clock, or `passes`, how often loops ran, where
    /// a log has no time.
    pub unit: &'static str,
    /// The same for `total` and `parts`, which are time in any case.
    pub time_unit: &'static str,
    /// What is less than this is no change, in `unit`.
    pub floor: f64,
    /// How much runs are taken to vary, in percent, because single ones cannot tell.
    pub assumed_variation: Option<f64>,
    /// Why these are no runs of one program, if they are not.
    pub different_programs: Option<String>,
    /// `slower`, `faster`, `changed` or `no difference seen`.
    pub verdict: &'static str,
    /// The whole runs, in `time_unit`.
    pub total: Change,
    /// What became of the whole run.
    pub total_status: Status,
    /// The parts of the runs, likewise.
    pub parts: Vec<Part>,
    /// The loops that differ, the largest change first, then the others.
    pub loops: Vec<LoopDiff>,
}

/// How many runs a side has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Runs {
    pub old: usize,
    pub new: usize,
}

/// Then and now, as means of runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Change {
    /// Then.
    pub old: f64,
    /// Now.
    pub new: f64,
    /// Now less then, in percent of then, without what is shared; nothing if it was nothing.
    pub percent: Option<f64>,
    /// Between what that lies; all intervals of a diff hold together in 99 of 100 diffs.
    pub percent_low: Option<f64>,
    pub percent_high: Option<f64>,
    /// The same in the unit.
    pub difference: f64,
    pub low: f64,
    pub high: f64,
    /// Percent by which other loops changed alike, which is no part of the change, if that was taken away.
    pub shared_percent: Option<f64>,
}

/// A part of the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// `loops`, `interpreter`, ...
    pub name: &'static str,
    /// What became of it.
    pub status: Status,
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
    /// Its name in the first of the old runs.
    pub old_name: Option<String>,
    /// Its name in the first of the new runs.
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
    /// No difference seen.
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
    fn new(old: &Side, new: &Side, questions: usize, drift: Option<&Drift>) -> Change {
        let found = interval(old, new, questions, drift);
        let (low, high) = (found.difference - found.reach, found.difference + found.reach);
        let percent = |difference: f64| (found.old > 0.0).then(|| difference * 100.0 / found.old);
        Change {
            old: found.old,
            new: found.new,
            percent: percent(found.difference),
            percent_low: percent(low).map(|low| low.max(-100.0)),
            percent_high: percent(high),
            difference: found.difference,
            low,
            high,
            shared_percent: found.shared.map(|shared| shared * 100.0),
        }
    }

    /// Is there a change of more than that, in the unit, and more than [`RELATIVE`]? In which direction?
    fn counts(&self, floor: f64) -> Option<std::cmp::Ordering> {
        let least = self.old.min(self.new) * RELATIVE / 100.0;
        let beyond = |bound: f64| bound.abs() > least && self.difference.abs() > floor;
        if self.low > 0.0 && beyond(self.low) {
            return Some(std::cmp::Ordering::Greater);
        }
        (self.high < 0.0 && beyond(self.high)).then_some(std::cmp::Ordering::Less)
    }
}

/// The runs of one side.
struct Set<'r> {
    reports: &'r [&'r Report],
    /// Units in a tick, for each.
    scale: Vec<f64>,
}

impl<'r> Set<'r> {
    fn new(reports: &'r [&'r Report], clock: bool) -> Set<'r> {
        let scale = |report: &&Report| match report.clock_hz {
            Some(hz) if clock => 1e3 / hz as f64,
            _ => 1.0,
        };
        Set { reports, scale: reports.iter().map(scale).collect() }
    }

    /// A number of ticks of each run, and its error in percent of the run.
    fn side(&self, of: impl Fn(usize, &Report) -> (u64, f64)) -> Side {
        let mut side = Side::default();
        for (index, (report, scale)) in self.reports.iter().zip(&self.scale).enumerate() {
            let (ticks, error) = of(index, report);
            side.values.push(ticks as f64 * scale);
            let error = error / 100.0 * report.total_ticks as f64 * scale / 1.96;
            side.sampling.push(error * error);
        }
        side
    }

    fn counts(&self, of: impl Fn(usize) -> u64) -> Side {
        let values: Vec<f64> = (0..self.reports.len()).map(|index| of(index) as f64).collect();
        Side { sampling: vec![0.0; values.len()], values }
    }

    fn site(&self, site: Option<&Site>, passes: bool) -> Side {
        let spot = |index: usize| site.and_then(|site| site.runs[index].as_ref());
        if passes {
            return self.counts(|index| spot(index).map_or(0, Spot::often));
        }
        self.side(|index, report| {
            let Some(spot) = spot(index) else { return (0, 0.0) };
            let share = crate::shares::together(report, spot.ticks, spot.samples);
            (spot.ticks, share.map_or(0.0, |share| share.error()))
        })
    }

    fn part(&self, name: &'static str) -> Side {
        self.side(|_, report| {
            let parts = report.other.parts();
            let ticks = parts.iter().find(|part| part.0 == name).and_then(|part| part.1);
            (ticks.unwrap_or(0), report.shares.get(name).map_or(0.0, |share| share.error()))
        })
    }
}

/// Compares two runs.
pub fn diff(old: &Report, new: &Report, options: &DiffOptions) -> Diff {
    diff_sets(&[old], &[new], options)
}

/// Compares two sets of runs, none of which is empty.
pub fn diff_sets(old: &[&Report], new: &[&Report], options: &DiffOptions) -> Diff {
    let all = || old.iter().chain(new);
    let clock = all().all(|report| report.clock_hz.is_some());
    let passes = !all().all(|report| report.has_ticks());
    let (then, now) = (Set::new(old, clock), Set::new(new, clock));
    let spots = |reports: &[&Report]| sites(reports.iter().map(|report| spots(report)).collect());
    let pairs = pairs(spots(old), spots(new));
    let different_programs = program::different(old, new, &pairs);
    let total = (then.side(|_, run| (run.total_ticks, 0.0)), now.side(|_, run| (run.total_ticks, 0.0)));
    let sides: Vec<(Side, Side)> = pairs
        .iter()
        .map(|(old, new)| (then.site(old.as_ref(), passes), now.site(new.as_ref(), passes)))
        .collect();
    let most =
        |sides: &(Side, Side)| sides.0.values.iter().chain(&sides.1.values).fold(0.0, |a, b| f64::max(a, *b));
    let whole = if passes { sides.iter().map(most).sum() } else { most(&total) };
    let floor = whole * options.ignore_below / 100.0;
    let parts = part_sides(&then, &now);
    // What is below the floor on both sides is no question.
    let asked = |sides: &&(Side, Side)| most(sides) > floor;
    let questions =
        1 + sides.iter().filter(asked).count() + parts.iter().filter(|part| asked(&&part.1)).count();
    let change = |sides: &(Side, Side)| Change::new(&sides.0, &sides.1, questions, None);
    let drifts = drifts(&sides, &|sides| !passes && most(sides) > floor);
    let mut loops: Vec<LoopDiff> = pairs
        .into_iter()
        .zip(sides.iter().zip(&drifts))
        .map(|(pair, (sides, drift))| {
            let change = Change::new(&sides.0, &sides.1, questions, drift.as_ref());
            loop_diff(pair, change, floor, passes)
        })
        .collect();
    let size = |found: &LoopDiff| found.change.difference.abs();
    loops.sort_by(|a, b| {
        let same = |found: &LoopDiff| found.status == Status::Same;
        same(a).cmp(&same(b)).then(size(b).total_cmp(&size(a)))
    });
    let time_floor = most(&total) * options.ignore_below / 100.0;
    let part = |(name, sides): (&'static str, (Side, Side))| {
        let change = change(&sides);
        Part { name, status: of_time(&change, time_floor), change }
    };
    let parts: Vec<Part> = parts.into_iter().map(part).collect();
    let total = change(&total);
    let total_status = of_time(&total, time_floor);
    let unit = if clock { "ms" } else { "ticks" };
    Diff {
        schema: SCHEMA,
        runs: Runs { old: old.len(), new: new.len() },
        unit: if passes { "passes" } else { unit },
        time_unit: unit,
        floor,
        assumed_variation: (old.len().max(new.len()) < 2).then_some(interval::ASSUMED * 100.0),
        different_programs,
        verdict: verdict(total_status, &loops, &parts),
        total,
        total_status,
        parts,
        loops,
    }
}

/// For each loop, what the others that matter do.
fn drifts(sides: &[(Side, Side)], matters: &dyn Fn(&(Side, Side)) -> bool) -> Vec<Option<Drift>> {
    let others = |index: usize| -> Vec<&(Side, Side)> {
        let others = sides.iter().enumerate().filter(|(other, sides)| *other != index && matters(sides));
        others.map(|(_, sides)| sides).collect()
    };
    let drift = |(index, own)| if matters(own) { Drift::new(&others(index)) } else { None };
    sides.iter().enumerate().map(drift).collect()
}

/// The parts of the runs; what nobody observed on one of the sides is none.
fn part_sides(then: &Set<'_>, now: &Set<'_>) -> Vec<(&'static str, (Side, Side))> {
    let loops = |set: &Set<'_>| set.side(|_, run| (run.loops.iter().map(|row| row.ticks).sum(), 0.0));
    let known = |set: &Set<'_>, name: &str| {
        set.reports.iter().all(|run| run.other.parts().iter().any(|part| part.0 == name && part.1.is_some()))
    };
    let names = then.reports.first().map_or(Vec::new(), |run| run.other.parts().map(|part| part.0).to_vec());
    let rest = names.into_iter().filter(|name| known(then, name) && known(now, name));
    let rest = rest.map(|name| (name, (then.part(name), now.part(name))));
    std::iter::once(("loops", (loops(then), loops(now)))).chain(rest).collect()
}

fn of_time(change: &Change, floor: f64) -> Status {
    match change.counts(floor) {
        Some(std::cmp::Ordering::Greater) => Status::Slower,
        Some(_) => Status::Faster,
        None => Status::Same,
    }
}

fn verdict(total: Status, loops: &[LoopDiff], parts: &[Part]) -> &'static str {
    let all =
        || loops.iter().map(|row| row.status).chain(parts.iter().map(|part| part.status)).chain([total]);
    let any = |wanted: &[Status]| all().any(|status| wanted.contains(&status));
    let (slower, faster) = (any(&[Status::Slower]), any(&[Status::Faster]));
    match (slower, faster, any(&[Status::More, Status::Fewer, Status::New, Status::Gone])) {
        (true, false, _) => "slower",
        (false, true, _) => "faster",
        (true, true, _) | (_, _, true) => "changed",
        (false, false, false) => "no difference seen",
    }
}

fn loop_diff((old, new): pairs::Pair, change: Change, floor: f64, passes: bool) -> LoopDiff {
    let status = match (change.counts(floor), passes) {
        (None, _) => Status::Same,
        (Some(_), _) if old.is_none() || change.old == 0.0 => Status::New,
        (Some(_), _) if new.is_none() || change.new == 0.0 => Status::Gone,
        (Some(std::cmp::Ordering::Greater), true) => Status::More,
        (Some(_), true) => Status::Fewer,
        (Some(std::cmp::Ordering::Greater), false) => Status::Slower,
        (Some(_), false) => Status::Faster,
    };
    let site = new.as_ref().or(old.as_ref());
    let location = site.and_then(|site| site.key.place().cloned());
    let label = site.map_or(String::new(), |site| site.key.text());
    let name = |site: Option<Site>| site.map(|site| site.name);
    LoopDiff { status, location, label, old_name: name(old), new_name: name(new), change }
}

impl Diff {
    /// What became slower by more than that many percent, as far as the runs can tell: the run, and loops.
    pub fn slower_than(&self, percent: f64) -> Vec<String> {
        let above = |change: &Change| change.percent_low.is_some_and(|found| found > percent);
        let words = |what: &str, change: &Change| {
            let bound = change.percent_low.unwrap_or_default();
            format!("{what}: {:+.1} %, at least {bound:+.1} %", change.percent.unwrap_or_default())
        };
        let total = above(&self.total) && self.total_status == Status::Slower;
        let total = total.then(|| words("the whole run", &self.total));
        let loops = self.loops.iter().filter(|row| row.status == Status::Slower && above(&row.change));
        total.into_iter().chain(loops.map(|row| words(&row.label, &row.change))).collect()
    }

    /// Loops that may have become slower by more than that many percent, for all that the runs can tell.
    pub fn uncertain_above(&self, percent: f64) -> usize {
        let may = |row: &&LoopDiff| {
            let (low, high) = (row.change.percent_low, row.change.percent_high);
            low.is_some_and(|low| low <= percent)
                && high.is_some_and(|high| high > percent)
                && row.change.old.max(row.change.new) > self.floor
        };
        self.loops.iter().filter(may).count()
    }
}
