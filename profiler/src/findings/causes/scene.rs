//! Everything that rules look at: the report, traces taken apart, lines, evidence, source.

use super::source::Sources;
use crate::anatomy::{Anatomy, Listings, Part, left};
use crate::heat::Heat;
use crate::report::{LoopReport, Place, Report, Share};
use logs::Log;
use logs::profile::Saw;
use logs::trace::{Trace, TraceId};
use std::collections::{BTreeMap, HashMap};

/// Percent of the run below which a trace is not taken apart.
const WORTH: f64 = 0.1;

/// See the module's description.
pub(crate) struct Scene<'s, 'a> {
    pub log: &'s Log<'a>,
    pub report: &'s Report,
    pub anatomies: Vec<Anatomy<'a>>,
    pub heat: Heat,
    pub sources: Sources<'a>,
    /// By the index of a trace, that of the place that it was compiled for.
    trees: HashMap<u32, usize>,
    /// Ticks of the interpreter after exits of a guard.
    pub caused: HashMap<u64, f64>,
    /// What guards found.
    pub saw: HashMap<u64, Vec<Saw<'a>>>,
}

/// Operations of one line that call the same function of the runtime, together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Called {
    pub place: Place,
    pub ticks: f64,
    pub count: u64,
    pub sites: u32,
}

impl<'s, 'a> Scene<'s, 'a> {
    pub(crate) fn new(
        log: &'s Log<'a>,
        report: &'s Report,
        sampled: &HashMap<u32, Vec<(u64, u64)>>,
    ) -> Scene<'s, 'a> {
        let listings = Listings::new(log);
        let is_worth = |row: &&LoopReport| report.percent(row.ticks) >= WORTH;
        let take = |row: &LoopReport| {
            let index = row.trace?;
            let samples = sampled.get(&index).map_or(&[][..], Vec::as_slice);
            Some(Anatomy::new(log, index, row, samples, &listings))
        };
        let anatomies: Vec<_> = report.loops.iter().filter(is_worth).filter_map(take).collect();
        let heat = Heat::new(report, &anatomies);
        let mut trees = HashMap::new();
        for (number, tree) in report.places.iter().enumerate() {
            let rows = tree.rows.iter().map(|row| &report.loops[*row as usize]);
            trees.extend(rows.filter_map(|row| Some((row.trace?, number))));
        }
        let mut saw = HashMap::<u64, Vec<Saw<'a>>>::new();
        for found in &log.profile.evidence.saw {
            saw.entry(found.guard).or_default().push(*found);
        }
        let caused = caused(log, report);
        Scene { log, report, anatomies, heat, sources: Sources::new(log), trees, caused, saw }
    }

    pub(crate) fn percent(&self, ticks: f64) -> f64 {
        100.0 * ticks / self.report.total_ticks.max(1) as f64
    }

    pub(crate) fn nanoseconds(&self, ticks: f64) -> f64 {
        self.report.clock_hz.map_or(0.0, |hz| ticks * 1e9 / hz as f64)
    }

    pub(crate) fn ticks(&self, nanoseconds: f64) -> f64 {
        self.report.clock_hz.map_or(0.0, |hz| nanoseconds * hz as f64 / 1e9)
    }

    /// Points by which samples may err where something has so many ticks.
    pub(crate) fn error_of(&self, ticks: f64) -> f64 {
        let worth = self.report.recording.as_ref().map(|recording| recording.looks_worth);
        let worth = worth.or(self.report.samples.as_ref().map(|samples| samples.total as f64)).unwrap_or(1.0);
        Share::sampled(ticks / self.report.total_ticks.max(1) as f64, 100.0, worth).error()
    }

    /// The place in the report that a trace was compiled for.
    pub(crate) fn tree_of(&self, trace: u32) -> Option<usize> {
        self.trees.get(&trace).copied()
    }

    pub(crate) fn trace(&self, index: u32) -> &Trace<'a> {
        self.log.trace(TraceId(index))
    }

    /// How often a guard was left, into a bridge or not.
    pub(crate) fn left(&self, anatomy: &Anatomy<'_>, guard: u32) -> u64 {
        left(self.log, self.trace(anatomy.trace), guard)
    }

    /// Ticks of the traces of a place and of the interpreter after their exits.
    pub(crate) fn tree_ticks(&self, tree: usize) -> f64 {
        let tree = &self.report.places[tree];
        (tree.ticks + tree.caused_ticks.unwrap_or(0)) as f64
    }

    /// The name of the loop whose traces hold the line, the hottest if there are several.
    pub(crate) fn loop_around(&self, place: &Place) -> Option<String> {
        let mut found = BTreeMap::<usize, f64>::new();
        for anatomy in &self.anatomies {
            let ticks: f64 = anatomy
                .parts
                .iter()
                .filter(|part| anatomy.place_of(part).is_some_and(|at| same_line(at, place)))
                .map(|part| part.ticks().max(1.0))
                .sum();
            if let Some(tree) = self.tree_of(anatomy.trace).filter(|_| ticks > 0.0) {
                *found.entry(tree).or_default() += ticks;
            }
        }
        let hottest = found.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let (tree, _) = hottest?;
        self.report.places[tree].members.first().cloned()
    }

    /// All operations that call something which `is_it`, by line.
    pub(crate) fn called(&self, is_it: impl Fn(&str) -> bool) -> Vec<(String, Called)> {
        self.called_where(|name, _, _| is_it(name))
    }

    pub(crate) fn called_where(
        &self,
        is_it: impl Fn(&str, &Anatomy<'_>, &Part<'_>) -> bool,
    ) -> Vec<(String, Called)> {
        let mut found = BTreeMap::<(String, u32, String), Called>::new();
        for anatomy in &self.anatomies {
            for part in anatomy.parts.iter().filter(|part| part.called > 0.0) {
                let Some(name) = anatomy.helper_of(part).filter(|name| is_it(name, anatomy, part)) else {
                    continue;
                };
                let Some(place) = anatomy.place_of(part) else { continue };
                let key = (place.file.clone(), place.line, name.to_owned());
                let called = found.entry(key).or_default();
                called.place = place.clone();
                called.ticks += part.called;
                called.count += part.count.unwrap_or(0);
                called.sites += 1;
            }
        }
        found.into_iter().map(|((_, _, name), called)| (name, called)).collect()
    }

    /// Nanoseconds of one call.
    pub(crate) fn each(&self, called: &Called) -> f64 {
        self.nanoseconds(called.ticks) / called.count.max(1) as f64
    }

    /// Ticks of the interpreter in these lines.
    pub(crate) fn interpreted(&self, file: &str, lines: std::ops::RangeInclusive<u32>) -> f64 {
        let found = self.heat.lines.iter().filter(|((other, line), _)| other == file && lines.contains(line));
        found.map(|(_, heat)| heat.interpreter).sum()
    }
}

pub(crate) fn same_line(a: &Place, b: &Place) -> bool {
    a.line == b.line && a.file == b.file
}

/// `prog.py:12`
pub(crate) fn at(place: &Place) -> String {
    format!("{}:{}", short(&place.file), place.line)
}

/// A file without its directories.
pub(crate) fn short(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// Interpreter's ticks by the guard whose exit led there.
fn caused(log: &Log<'_>, report: &Report) -> HashMap<u64, f64> {
    let places = || log.profile.places.iter();
    let all: u64 = places().map(|spot| spot.running).sum();
    let called: u64 = report
        .loops
        .iter()
        .flat_map(|row| &row.helpers)
        .filter(|helper| helper.name == crate::anatomy::INTERPRETER)
        .map(|helper| helper.ticks)
        .sum();
    let whole = (report.other.interpreter + called) as f64;
    let mut found = HashMap::new();
    for spot in places() {
        if let Some(guard) = spot.cause {
            *found.entry(guard).or_insert(0.0) += whole * spot.running as f64 / all.max(1) as f64;
        }
    }
    found
}
