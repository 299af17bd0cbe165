//! The loops, each with the bridges that hang on it: ordered, filtered, folded.
//!
//! A loop stands as high as all under it would, and a folded one shows the sum of what it hides.

use crate::model::Loaded;
use crate::model::loaded::Key;
use std::collections::HashSet;

/// An order of loops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Time, or frequency where the log has no ticks.
    #[default]
    Ticks,
    Often,
    Exits,
    Cost,
    Size,
    Name,
}

impl Order {
    /// Every order, in the order of the key that goes through them.
    pub const ALL: [Order; 6] =
        [Order::Ticks, Order::Often, Order::Exits, Order::Cost, Order::Size, Order::Name];

    /// A word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Order::Ticks => "time",
            Order::Often => "how often they ran",
            Order::Exits => "exits",
            Order::Cost => "cost of compiling",
            Order::Size => "operations",
            Order::Name => "age",
        }
    }

    /// What a row has of it.
    fn value(self, loaded: &Loaded, row: usize) -> u64 {
        let report = &loaded.report.loops[row];
        match self {
            Order::Ticks if loaded.report.has_ticks() => report.ticks,
            Order::Ticks => loaded.often(row),
            Order::Often => loaded.often(row),
            Order::Exits => report.exits.unwrap_or(0),
            Order::Cost => report.compile.total(),
            Order::Size => u64::from(report.ops),
            Order::Name => 0,
        }
    }
}

/// A row that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// Its row in the report.
    pub row: u32,
    /// Bridges from the root.
    pub depth: u16,
    pub folded: bool,
}

/// The tree.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub rows: Vec<TreeRow>,
    pub selected: usize,
    pub order: Order,
    pub reversed: bool,
    /// Only what holds this, in lower case, and what it hangs on.
    pub filter: String,
    folded: HashSet<Key>,
    /// Ticks of a row and all under it, by row of the report.
    sums: Vec<u64>,
}

impl Tree {
    /// The report's row that is selected.
    pub fn row(&self) -> Option<usize> {
        self.rows.get(self.selected).map(|row| row.row as usize)
    }

    /// Ticks of a row and of all bridges under it.
    pub fn ticks_under(&self, row: usize) -> u64 {
        self.sums.get(row).copied().unwrap_or(0)
    }

    /// Makes the rows anew; the same loop stays selected, if it is still there.
    pub fn rebuild(&mut self, loaded: &Loaded, selected: Option<&Key>) {
        self.sums = sums(loaded, Order::Ticks);
        let by = if self.order == Order::Ticks { self.sums.clone() } else { sums(loaded, self.order) };
        let shown = self.shown(loaded);
        let age = loaded.by_age.iter().copied().filter(|row| shown[*row as usize]);
        let key = |row: u32| std::cmp::Reverse((by[row as usize], loaded.often(row as usize)));
        let mut rows: Vec<_> = age.map(|row| (key(row), row)).collect();
        // What is equal stays as it was compiled.
        if self.order != Order::Name {
            rows.sort_by_key(|(key, _)| *key);
        }
        if self.reversed {
            rows.reverse();
        }
        let mut links = Links::new(loaded.nodes.len());
        rows.iter().for_each(|(_, row)| links.add(loaded.nodes[*row as usize].parent, *row));
        self.rows = self.flat(loaded, &links);
        self.select(loaded, selected);
    }

    fn flat(&self, loaded: &Loaded, links: &Links) -> Vec<TreeRow> {
        let mut rows = Vec::new();
        let mut open = vec![(links.first(None), 0u16)];
        while let Some((row, depth)) = open.pop() {
            let Some(row) = row else { continue };
            let node = &loaded.nodes[row as usize];
            let folded = node.children > 0 && self.folded.contains(&node.key);
            rows.push(TreeRow { row, depth, folded });
            open.push((links.next(row), depth));
            if !folded {
                open.push((links.first(Some(row)), depth.saturating_add(1)));
            }
        }
        rows
    }

    /// Selects a loop, or whatever stands where the selection was.
    pub fn select(&mut self, loaded: &Loaded, wanted: Option<&Key>) -> bool {
        let found = wanted
            .and_then(|key| self.rows.iter().position(|row| loaded.nodes[row.row as usize].key == *key));
        self.selected = found.unwrap_or(self.selected.min(self.rows.len().saturating_sub(1)));
        found.is_some()
    }

    /// Makes a loop visible, whatever it is folded into or filtered out by.
    pub fn reveal(&mut self, loaded: &Loaded, key: &Key) {
        if self.select(loaded, Some(key)) {
            return;
        }
        self.filter.clear();
        let mut at = loaded.row_of(key);
        while let Some(parent) = at.and_then(|row| loaded.nodes[row].parent) {
            self.folded.remove(&loaded.nodes[parent as usize].key);
            at = Some(parent as usize);
        }
        self.rebuild(loaded, Some(key));
    }

    /// Folds or unfolds; without a wish, the other way around.
    pub fn fold(&mut self, loaded: &Loaded, row: usize, fold: Option<bool>) {
        let node = &loaded.nodes[row];
        if node.children == 0 {
            return;
        }
        let key = node.key.clone();
        let fold = fold.unwrap_or(!self.folded.contains(&key));
        let changed = if fold { self.folded.insert(key.clone()) } else { self.folded.remove(&key) };
        if changed {
            self.rebuild(loaded, Some(&key));
        }
    }

    /// Folds everything, or unfolds everything if anything is folded.
    pub fn fold_all(&mut self, loaded: &Loaded) {
        let mut selected = self.row();
        if self.folded.is_empty() {
            let parents = loaded.nodes.iter().filter(|node| node.children > 0);
            self.folded = parents.map(|node| node.key.clone()).collect();
            while let Some(parent) = selected.and_then(|row| loaded.nodes[row].parent) {
                selected = Some(parent as usize);
            }
        } else {
            self.folded.clear();
        }
        let key = selected.map(|row| loaded.nodes[row].key.clone());
        self.rebuild(loaded, key.as_ref());
    }

    /// What the filter lets through: what matches, and what that hangs on.
    fn shown(&self, loaded: &Loaded) -> Vec<bool> {
        let mut shown = vec![self.filter.is_empty(); loaded.nodes.len()];
        if self.filter.is_empty() {
            return shown;
        }
        for row in 0..loaded.nodes.len() {
            if matches(loaded, row, &self.filter) {
                let mut at = Some(row);
                while let Some(row) = at.filter(|row| !shown[*row]) {
                    shown[row] = true;
                    at = loaded.nodes[row].parent.map(|parent| parent as usize);
                }
            }
        }
        shown
    }
}

/// Does a loop's name or place hold the text, which is in lower case?
pub fn matches(loaded: &Loaded, row: usize, wanted: &str) -> bool {
    loaded.nodes[row].searched.contains(wanted)
}

/// Who comes after whom under the same parent; without a list for each of a hundred thousand rows.
struct Links {
    /// First and last under each row; the last place is that of the roots.
    ends: Vec<Option<(u32, u32)>>,
    next: Vec<Option<u32>>,
}

impl Links {
    fn new(rows: usize) -> Links {
        Links { ends: vec![None; rows + 1], next: vec![None; rows] }
    }

    fn place(&self, parent: Option<u32>) -> usize {
        parent.map_or(self.next.len(), |parent| parent as usize)
    }

    /// Puts a row behind those that are there.
    fn add(&mut self, parent: Option<u32>, row: u32) {
        let place = self.place(parent);
        let first = match self.ends[place] {
            Some((first, last)) => {
                self.next[last as usize] = Some(row);
                first
            }
            None => row,
        };
        self.ends[place] = Some((first, row));
    }

    fn first(&self, parent: Option<u32>) -> Option<u32> {
        self.ends[self.place(parent)].map(|(first, _)| first)
    }

    fn next(&self, row: u32) -> Option<u32> {
        self.next[row as usize]
    }
}

/// Values of rows and all under them.
fn sums(loaded: &Loaded, order: Order) -> Vec<u64> {
    let mut sums: Vec<u64> = (0..loaded.nodes.len()).map(|row| order.value(loaded, row)).collect();
    // A trace is compiled after its parent.
    for row in loaded.by_age.iter().rev().map(|row| *row as usize) {
        if let Some(parent) = loaded.nodes[row].parent {
            sums[parent as usize] = sums[parent as usize].saturating_add(sums[row]);
        }
    }
    sums
}
