//! The order of lines: places with all that was compiled there below them, places of the interpreter and of waiting
//! among them, and what does not matter folded away.

use super::TableOptions;
use super::columns::Item;
use super::units::{percent, time};
use crate::report::{LoopReport, Report, Share, TreeReport};
use std::cmp::Reverse;

/// A line of the table.
pub(super) enum Line<'r> {
    /// What it is about, and how far it is indented.
    Item { item: Item<'r>, depth: usize },
    /// What is not shown.
    Remark { depth: usize, text: String },
}

/// Percent of the run from which on a member of a tree matters.
const MATTERS: f64 = 0.5;

impl Item<'_> {
    pub(super) fn share(&self) -> Option<Share> {
        match self {
            Item::Tree(tree, _) => tree.share,
            Item::Row(row) => row.share,
        }
    }

    /// Is it at a place in a file?
    pub(super) fn is_placed(&self) -> bool {
        match self {
            Item::Tree(tree, _) => tree.location.is_some(),
            Item::Row(row) => row.location.is_some(),
        }
    }

    pub(super) fn ticks(&self) -> u64 {
        match self {
            Item::Tree(tree, _) => tree.ticks,
            Item::Row(row) => row.ticks,
        }
    }
}

/// The lines of a report's table. Places of the interpreter stand among loops where order is by time.
pub(super) fn lines<'r>(report: &'r Report, options: &TableOptions) -> Vec<Line<'r>> {
    let loud = |tree: &&TreeReport| options.all || !is_quiet(report, tree);
    let trees: Vec<&TreeReport> = report.places.iter().filter(loud).collect();
    let quiet: usize = report.places.len() - trees.len();
    let mut tops: Vec<Item<'r>> = trees.into_iter().map(|tree| Item::Tree(tree, None)).collect();
    if is_by_time(&tops) {
        // What it cost to compile stands with each place.
        let spots =
            report.spots.iter().filter(|row| row.kind != "compiling" && (options.all || matters(row)));
        tops.extend(spots.map(Item::Row));
        tops.sort_by_key(|item| Reverse(item.ticks()));
    }
    let top = options.top.unwrap_or(usize::MAX).min(tops.len());
    let mut lines = Vec::new();
    for item in &tops[..top] {
        match item {
            Item::Tree(tree, _) => members(report, tree, options, &mut lines),
            Item::Row(_) => lines.push(Line::Item { item: *item, depth: 0 }),
        }
    }
    if top < tops.len() {
        let share = report.percent(tops[top..].iter().map(Item::ticks).sum());
        let share =
            if report.has_ticks() { format!(", {} of the run", percent(share)) } else { String::new() };
        lines.push(Line::Remark { depth: 0, text: format!("… and {} more{share}", tops.len() - top) });
    }
    if quiet > 0 {
        let did = if report.has_ticks() { "in which no time was seen" } else { "that hardly ran" };
        lines.push(Line::Remark { depth: 0, text: format!("… and {} {did}", counted(quiet, "place")) });
    }
    lines
}

fn is_by_time(tops: &[Item<'_>]) -> bool {
    tops.is_sorted_by_key(|item| Reverse(item.ticks()))
}

/// A place with one member is that; else its sum, and below it the members that matter.
fn members<'r>(report: &'r Report, tree: &'r TreeReport, options: &TableOptions, lines: &mut Vec<Line<'r>>) {
    let row = |index: &u32| &report.loops[*index as usize];
    if let [only] = &tree.rows[..] {
        return lines.push(Line::Item { item: Item::Row(row(only)), depth: 0 });
    }
    let mut rows: Vec<&LoopReport> = tree.rows.iter().map(row).collect();
    rows.sort_by_key(|row| Reverse((row.ticks, row.entered)));
    let (shown, folded): (Vec<&LoopReport>, Vec<&LoopReport>) =
        rows.into_iter().partition(|row| options.all || !report.has_ticks() || matters(row));
    if let [main] = shown[..] {
        lines.push(Line::Item { item: Item::Tree(tree, Some(main)), depth: 0 });
    } else {
        lines.push(Line::Item { item: Item::Tree(tree, None), depth: 0 });
        let item = |row| Line::Item { item: Item::Row(row), depth: 1 };
        lines.extend(shown.into_iter().map(item));
    }
    if !folded.is_empty() {
        lines.push(Line::Remark { depth: 1, text: folded_words(report, &folded) });
    }
}

/// `… and 3 more, 0.21 % of the run, compiled in 1.2 ms`
fn folded_words(report: &Report, rows: &[&LoopReport]) -> String {
    let sum = |of: fn(&LoopReport) -> u64| rows.iter().map(|row| of(row)).fold(0, u64::saturating_add);
    let (ticks, cost) = (sum(|row| row.ticks), sum(|row| row.compile.total()));
    let mut text = format!("… and {} more", rows.len());
    if ticks > 0 {
        text += &format!(", {} of the run", percent(report.percent(ticks)));
    } else {
        text += ", in which no time was seen";
    }
    if cost > 0 {
        text += &format!(", compiled in {}", time(report, cost));
    }
    text
}

fn matters(row: &LoopReport) -> bool {
    row.share.is_some_and(|share| share.percent >= MATTERS)
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Took no time that anybody measured, or hardly ran if nobody did.
fn is_quiet(report: &Report, tree: &TreeReport) -> bool {
    if report.has_ticks() {
        return tree.share.is_none();
    }
    // Without counts, there is no telling.
    tree.entered.is_some_and(|entered| entered.max(tree.passes.unwrap_or(0)) < FEW)
}

/// Passes that are hardly any.
const FEW: u64 = 10;
