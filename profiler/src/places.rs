//! Loops by place in the program instead of by number: what two runs, or two processes of one, have in common.
//!
//! Numbers depend on the order of compilation, and a loop may be compiled twice. So whatever was compiled at one place
//! counts as one, together with the bridges that hang on it.

use crate::report::{LoopReport, Place, Report, Sort, TreeReport};
use crate::shares::together;
use std::collections::HashMap;

/// What identifies a place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    At(Place),
    /// Machines other than PyPy print what they like.
    Called(String),
}

/// Everything compiled at one place.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub key: Key,
    /// Of the first row.
    pub name: String,
    /// All of them, as indices; roots first.
    pub rows: Vec<u32>,
    pub ticks: u64,
    pub samples: u64,
    pub called_ticks: Option<u64>,
    pub visits: u64,
    pub entered: Option<u64>,
    pub passes: Option<u64>,
    pub exits: Option<u64>,
    pub compile: u64,
}

impl Spot {
    fn new(key: Key, name: String) -> Spot {
        Spot {
            key,
            name,
            rows: Vec::new(),
            ticks: 0,
            samples: 0,
            called_ticks: None,
            visits: 0,
            entered: None,
            passes: None,
            exits: None,
            compile: 0,
        }
    }

    /// How often it ran, as far as anybody counted.
    pub(crate) fn often(&self) -> u64 {
        self.entered.max(self.passes).unwrap_or(0)
    }

    fn add(&mut self, index: usize, row: &LoopReport) {
        self.rows.push(index as u32);
        self.ticks = self.ticks.saturating_add(row.ticks);
        self.samples = self.samples.saturating_add(row.samples.unwrap_or(0));
        self.visits = self.visits.saturating_add(row.visits);
        self.compile = self.compile.saturating_add(row.compile.total());
        plus(&mut self.called_ticks, row.called_ticks);
        plus(&mut self.exits, row.exits);
        plus(&mut self.passes, row.passes);
        // What comes in through a bridge was in already.
        if row.parent_trace.is_none() {
            plus(&mut self.entered, row.entered);
        }
    }
}

/// What was counted here, and what there; nothing if nobody counted.
fn plus(sum: &mut Option<u64>, more: Option<u64>) {
    if let Some(more) = more {
        *sum = Some(sum.unwrap_or(0).saturating_add(more));
    }
}

/// The places of a report, in the order of its rows.
pub(crate) fn spots(report: &Report) -> Vec<Spot> {
    let roots = roots(&report.loops);
    let mut index = HashMap::<Key, usize>::new();
    let mut spots: Vec<Spot> = Vec::new();
    for (at, root) in roots.into_iter().enumerate() {
        let root = &report.loops[root];
        let found = *index.entry(key(root)).or_insert_with_key(|key| {
            spots.push(Spot::new(key.clone(), root.name.clone()));
            spots.len() - 1
        });
        spots[found].add(at, &report.loops[at]);
    }
    spots
}

/// The places as a report shows them, in that order.
pub(crate) fn trees(report: &Report, by: Sort) -> Vec<TreeReport> {
    let mut caused = HashMap::<&str, u64>::new();
    for spot in &report.spots {
        if let Some(name) = &spot.caused_by {
            *caused.entry(name).or_default() += spot.ticks;
        }
    }
    let mut spots = spots(report);
    let key = |spot: &Spot| match by {
        Sort::Ticks | Sort::Name => (spot.ticks, spot.often(), 0),
        Sort::Visits => (spot.visits, spot.entered.unwrap_or(0), spot.ticks),
        Sort::Entered => (spot.entered.unwrap_or(0), spot.ticks, 0),
        Sort::Passes => (spot.passes.unwrap_or(0), spot.ticks, 0),
        Sort::Exits => (spot.exits.unwrap_or(0), spot.ticks, 0),
        Sort::Compile => (spot.compile, spot.ticks, 0),
    };
    // By name, a place stands where its first row does.
    if by != Sort::Name {
        spots.sort_by_key(|spot| std::cmp::Reverse(key(spot)));
    }
    spots.into_iter().map(|spot| tree(report, spot, &caused)).collect()
}

fn tree(report: &Report, spot: Spot, caused: &HashMap<&str, u64>) -> TreeReport {
    let row = |row: &u32| &report.loops[*row as usize];
    let observed = spot.rows.iter().any(|index| row(index).share.is_some());
    let share = if observed { together(report, spot.ticks, spot.samples) } else { None };
    let causes = spot.rows.iter().filter_map(|index| caused.get(row(index).name.as_str()));
    TreeReport {
        location: spot.key.place().cloned(),
        label: spot.key.text(),
        ticks: spot.ticks,
        share,
        called_ticks: spot.called_ticks,
        caused_ticks: causes.copied().reduce(u64::saturating_add),
        entered: spot.entered,
        passes: spot.passes,
        exits: spot.exits,
        compile_ticks: spot.compile,
        members: spot.rows.iter().map(|index| row(index).name.clone()).collect(),
        rows: spot.rows,
    }
}

fn key(row: &LoopReport) -> Key {
    match &row.location {
        Some(place) => Key::At(place.clone()),
        None if row.label.is_empty() => Key::Called(row.name.clone()),
        None => Key::Called(row.label.clone()),
    }
}

/// The row at the root of each row's tree.
fn roots(rows: &[LoopReport]) -> Vec<usize> {
    let by_trace: HashMap<u32, usize> =
        rows.iter().enumerate().filter_map(|(index, row)| Some((row.trace?, index))).collect();
    // A trace comes after what it starts from, so that one's root is known.
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&row| rows[row].trace);
    let mut roots: Vec<usize> = (0..rows.len()).collect();
    for row in order {
        if let Some(&parent) = rows[row].parent_trace.and_then(|parent| by_trace.get(&parent)) {
            roots[row] = roots[parent];
        }
    }
    roots
}

impl Key {
    pub(crate) fn place(&self) -> Option<&Place> {
        match self {
            Key::At(place) => Some(place),
            Key::Called(_) => None,
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        match self {
            Key::At(place) => format!("{}:{} {} {}", place.file, place.line, place.function, place.opcode),
            Key::Called(label) => label.clone(),
        }
    }
}
