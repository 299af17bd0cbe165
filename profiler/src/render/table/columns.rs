//! The columns, and which of them a report has.

use super::units::{NOT_OBSERVED, clean, grouped, percent, reach, time, times};
use crate::report::{Basis, LoopReport, Report, TreeReport};

/// What a line of the table is about.
#[derive(Clone, Copy)]
pub(super) enum Item<'r> {
    /// A place: everything compiled there, and the member that stands for it if it is the only one that matters.
    Tree(&'r TreeReport, Option<&'r LoopReport>),
    /// A loop, a bridge, or a place where no loop ran.
    Row(&'r LoopReport),
}

/// A column.
pub(super) struct Column {
    pub title: &'static str,
    pub right: bool,
    pub cell: fn(&Report, Item<'_>) -> String,
    /// Is it worth its place?
    shown: fn(&Report) -> bool,
    /// Which goes first when there is not enough room: the highest. 0 stays.
    pub rank: u8,
}

type Cell = fn(&Report, Item<'_>) -> String;

const fn right(title: &'static str, rank: u8, shown: fn(&Report) -> bool, cell: Cell) -> Column {
    Column { title, right: true, cell, shown, rank }
}

const fn left(title: &'static str, rank: u8, shown: fn(&Report) -> bool, cell: Cell) -> Column {
    Column { title, right: false, cell, shown, rank }
}

/// The column whose cells are indented.
pub(super) const NAME: &str = "name";

/// The column of places, and of whatever else loops are called.
pub(super) const LOCATION: &str = "location";

/// All columns, in order.
const COLUMNS: &[Column] = &[
    right("share", 0, Report::has_ticks, |_, item| share(item)),
    right("±", 2, sampled, |_, item| error(item)),
    right("self", 1, Report::has_ticks, own),
    right("helpers", 4, called, helpers),
    right("total", 6, nested, total),
    right("entered", 3, entered, |_, item| count(item, |row| row.entered, |tree| tree.entered)),
    right("passes", 3, passes, |_, item| count(item, |row| row.passes, |tree| tree.passes)),
    right("exits", 5, exits, |_, item| count(item, |row| row.exits, |tree| tree.exits)),
    right("visits", 6, events, |_, item| of_row(item, |row| visits(row, grouped(row.visits)))),
    right("p50", 9, events, |report, item| of_row(item, |row| visits(row, time(report, row.p50)))),
    right("p99", 8, events, |report, item| of_row(item, |row| visits(row, time(report, row.p99)))),
    right("max", 10, events, |report, item| of_row(item, |row| visits(row, time(report, row.max)))),
    right("compile", 5, compiled, compile),
    right("payback", 7, paid, |_, item| of_row(item, |row| row.payback.map_or(String::new(), times))),
    left(NAME, 0, always, |_, item| name(item)),
    left("kind", 11, always, |_, item| kind(item)),
    left(LOCATION, 0, always, |_, item| clean(&location(item))),
];

/// The columns worth their place in that report.
pub(super) fn columns(report: &Report) -> Vec<&'static Column> {
    COLUMNS.iter().filter(|column| (column.shown)(report)).collect()
}

fn always(_: &Report) -> bool {
    true
}

fn events(report: &Report) -> bool {
    report.has_events
}

fn sampled(report: &Report) -> bool {
    matches!(report.time_from, Basis::Samples | Basis::PerfSamples)
}

fn nested(report: &Report) -> bool {
    report.time_from == Basis::Events && report.loops.iter().any(|row| row.total_ticks != row.ticks)
}

fn called(report: &Report) -> bool {
    report.loops.iter().any(|row| row.called_ticks.is_some_and(|ticks| ticks > 0))
}

fn exits(report: &Report) -> bool {
    report.loops.iter().any(|row| row.exits.is_some())
}

fn entered(report: &Report) -> bool {
    report.loops.iter().any(|row| row.entered.is_some())
}

fn passes(report: &Report) -> bool {
    report.loops.iter().any(|row| row.passes.is_some())
}

fn compiled(report: &Report) -> bool {
    report.loops.iter().any(|row| row.compile.total() > 0)
}

fn paid(report: &Report) -> bool {
    compiled(report) && report.loops.iter().any(|row| row.payback.is_some())
}

fn share(item: Item<'_>) -> String {
    item.share().map_or_else(|| NOT_OBSERVED.to_owned(), |share| percent(share.percent))
}

fn error(item: Item<'_>) -> String {
    match item.share() {
        None => String::new(),
        Some(share) if share.is_exact() => String::new(),
        Some(share) => reach(share.error()),
    }
}

fn own(report: &Report, item: Item<'_>) -> String {
    if item.share().is_none() { NOT_OBSERVED.to_owned() } else { time(report, item.ticks()) }
}

fn helpers(report: &Report, item: Item<'_>) -> String {
    let ticks = match item {
        Item::Tree(tree, _) => tree.called_ticks,
        Item::Row(row) => row.called_ticks,
    };
    ticks.filter(|ticks| *ticks > 0).map_or(String::new(), |ticks| time(report, ticks))
}

fn total(report: &Report, item: Item<'_>) -> String {
    of_row(item, |row| if row.share.is_none() { String::new() } else { time(report, row.total_ticks) })
}

type Counted<T> = fn(&T) -> Option<u64>;

fn count(item: Item<'_>, row: Counted<LoopReport>, tree: Counted<TreeReport>) -> String {
    let value = match item {
        Item::Tree(found, _) => tree(found),
        Item::Row(found) => row(found),
    };
    value.map_or(String::new(), grouped)
}

fn of_row(item: Item<'_>, cell: impl Fn(&LoopReport) -> String) -> String {
    match item {
        Item::Tree(_, None) => String::new(),
        Item::Tree(_, Some(row)) | Item::Row(row) => cell(row),
    }
}

fn visits(row: &LoopReport, cell: String) -> String {
    if row.visits == 0 { String::new() } else { cell }
}

fn compile(report: &Report, item: Item<'_>) -> String {
    let ticks = match item {
        Item::Tree(tree, _) => tree.compile_ticks,
        Item::Row(row) => row.compile.total(),
    };
    if ticks == 0 { String::new() } else { time(report, ticks) }
}

fn name(item: Item<'_>) -> String {
    match item {
        Item::Tree(tree, None) => {
            let first = tree.members.first().map_or("", String::as_str);
            format!("{} and {} more", clean(first), tree.members.len().saturating_sub(1))
        }
        Item::Tree(_, Some(row)) | Item::Row(row) => clean(&row.name),
    }
}

fn kind(item: Item<'_>) -> String {
    match item {
        Item::Tree(_, None) => "together".to_owned(),
        Item::Tree(_, Some(row)) | Item::Row(row) => row.kind.to_owned(),
    }
}

fn location(item: Item<'_>) -> String {
    let row = match item {
        Item::Tree(tree, _) => return tree.label.clone(),
        Item::Row(row) => row,
    };
    let caller = row.called_by.as_ref().map_or(String::new(), |name| format!(", called by {name}"));
    let exits = row.caused_by.as_ref().map_or(String::new(), |name| format!(", after exits of {name}"));
    let cause = format!("{caller}{exits}");
    match &row.location {
        Some(place) => format!("{}:{} {} {}{cause}", place.file, place.line, place.function, place.opcode),
        None if !row.label.is_empty() => format!("{}{cause}", row.label),
        None => row.parent.as_ref().map_or(String::new(), |parent| format!("from {parent}")),
    }
}
