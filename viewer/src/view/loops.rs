//! The loops with their bridges: a pane beside code, or a table of its own.

use super::number::{grouped, percent, short, time};
use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, What, cell, facts, missing};
use crate::model::{Lack, Loaded};
use crate::state::tree::{Order, TreeRow};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

/// A column of the table.
struct Column {
    title: &'static str,
    width: usize,
    /// The table is at least that wide when the column is there.
    from: u16,
    value: fn(&Loaded, usize) -> String,
}

/// What the table shows between measure and name; all columns are right-aligned.
const COLUMNS: &[Column] = &[
    Column {
        title: "self",
        width: 9,
        from: 100,
        value: |loaded, row| ticks(loaded, loaded.report.loops[row].ticks),
    },
    Column {
        title: "total",
        width: 9,
        from: 150,
        value: |loaded, row| ticks(loaded, loaded.report.loops[row].total_ticks),
    },
    Column { title: "±", width: 5, from: 84, value: |loaded, row| error(loaded, row) },
    Column {
        title: "entered",
        width: 7,
        from: 72,
        value: |loaded, row| count(loaded.report.loops[row].entered),
    },
    Column {
        title: "visits",
        width: 7,
        from: 125,
        value: |loaded, row| nonzero(loaded.report.loops[row].visits),
    },
    Column {
        title: "passes",
        width: 7,
        from: 120,
        value: |loaded, row| count(loaded.report.loops[row].passes),
    },
    Column {
        title: "p50",
        width: 8,
        from: 160,
        value: |loaded, row| length(loaded, row, loaded.report.loops[row].p50),
    },
    Column {
        title: "p99",
        width: 8,
        from: 140,
        value: |loaded, row| length(loaded, row, loaded.report.loops[row].p99),
    },
    Column { title: "exits", width: 6, from: 90, value: |loaded, row| exits(loaded, row) },
    Column {
        title: "ops",
        width: 6,
        from: 110,
        value: |loaded, row| nonzero(u64::from(loaded.report.loops[row].ops)),
    },
    Column {
        title: "bytes",
        width: 6,
        from: 170,
        value: |loaded, row| count(loaded.report.loops[row].code_bytes),
    },
    Column {
        title: "compile",
        width: 9,
        from: 130,
        value: |loaded, row| ticks(loaded, loaded.report.loops[row].compile.total()),
    },
];

/// The loops as a screen.
pub(super) fn screen(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let facts = if area.height >= 16 { facts::HEIGHT } else { 0 };
    let [top, below] = Layout::vertical([Constraint::Min(3), Constraint::Length(facts)]).areas(area);
    let inner = rule(canvas, top, &Title { text: &title(canvas), focused: true });
    let Some(loaded) = canvas.state.loaded() else { return };
    if loaded.report.loops.is_empty() {
        return missing::lack(canvas, inner, &Lack::Loops);
    }
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(inner);
    let columns: Vec<&Column> = COLUMNS.iter().filter(|column| column.from <= area.width).collect();
    canvas.frame.render_widget(header(canvas, &columns), head);
    list(canvas, body, What::List, &columns, true);
    if facts > 0 {
        facts::draw(canvas, below);
    }
}

/// The loops beside something else.
pub(super) fn pane(canvas: &mut Canvas<'_, '_>, area: Rect, what: What, focused: bool) {
    let inner = rule(canvas, area, &Title { text: &title(canvas), focused });
    if canvas.state.loaded().is_some_and(|loaded| loaded.report.loops.is_empty()) {
        return missing::lack(canvas, inner, &Lack::Loops);
    }
    list(canvas, inner, what, &[], focused);
}

fn title(canvas: &Canvas<'_, '_>) -> String {
    let (tree, shown) = (canvas.state.tree(), canvas.state.tree().rows.len());
    let all = canvas.state.loaded().map_or(0, |loaded| loaded.nodes.len());
    let word = match (tree.order, canvas.state.loaded().map(measure)) {
        (Order::Ticks, Some(Measure::Counts)) => "how often they ran",
        (order, _) => order.word(),
    };
    let order = if tree.reversed { format!("{word}, reversed") } else { word.to_owned() };
    let count = if shown == all { format!("{all}") } else { format!("{shown} of {all}") };
    let filter = if tree.filter.is_empty() { String::new() } else { format!(" with '{}'", tree.filter) };
    format!("{count} loops{filter} by {order}")
}

fn header(canvas: &Canvas<'_, '_>, columns: &[&Column]) -> Line<'static> {
    let measure = match canvas.state.loaded().map(measure) {
        Some(Measure::Counts) => "ran",
        _ => "time",
    };
    let mut text = format!("{:BAR$} {measure:>6}", "");
    for column in columns {
        text.push_str(&format!(" {:>1$}", column.title, column.width));
    }
    text.push_str("  loop");
    Line::styled(text, canvas.theme.dim())
}

/// Columns of a bar.
const BAR: usize = 6;

fn list(canvas: &mut Canvas<'_, '_>, area: Rect, what: What, columns: &[&Column], focused: bool) {
    let (state, theme) = (canvas.state, canvas.theme);
    let Some(loaded) = state.loaded() else { return };
    let tree = state.tree();
    let most = most(loaded);
    let width = usize::from(area.width);
    let line = move |index: usize| {
        let at = tree.rows[index];
        let row = at.row as usize;
        let share = share(loaded, row, most, at.folded.then(|| tree.ticks_under(row)));
        let style = theme.heat(share.0);
        let mut spans = vec![
            Span::styled(cell::bar(share.0, BAR), style),
            Span::styled(format!(" {}", cell::right(&share.1, 6)), style),
        ];
        for column in columns {
            spans.push(Span::raw(format!(" {}", cell::right(&(column.value)(loaded, row), column.width))));
        }
        let used: usize = spans.iter().map(Span::width).sum();
        let room = width.saturating_sub(used + 2);
        let name = name(loaded, at);
        let place = place(loaded, row);
        spans.push(Span::raw(format!("  {}", cell::cut(&name, room))));
        let room = room.saturating_sub(cell::width(&name) + 1);
        if room > 3 {
            spans.push(Span::styled(format!(" {}", fitting(place, room)), theme.dim()));
        }
        Line::from(spans)
    };
    let list = Rows { what, count: tree.rows.len(), cursor: tree.selected, focused };
    rows(canvas, area, &list, &line);
}

/// Its bridges' place in the tree, and its name.
fn name(loaded: &Loaded, at: TreeRow) -> String {
    let node = &loaded.nodes[at.row as usize];
    let mark = match (node.children, at.folded) {
        (0, _) => "",
        (_, true) => "▸ ",
        (_, false) => "▾ ",
    };
    let indent = usize::from(at.depth.min(12)) * 2;
    let hidden =
        if at.folded { format!(" +{}", loaded.report.loops[at.row as usize].bridges) } else { String::new() };
    format!("{:indent$}{mark}{}{hidden}", "", node.name)
}

/// Does the log say where time went?
pub(super) fn has_ticks(loaded: &Loaded) -> bool {
    loaded.report.has_ticks()
}

/// What the longest bar stands for, where bars show counts.
pub(super) fn most(loaded: &Loaded) -> u64 {
    (0..loaded.nodes.len()).map(|row| loaded.often(row)).max().unwrap_or(0).max(1)
}

/// A row's share, and how it is written: of the run's time, else of the most frequent loop.
pub(super) fn share(loaded: &Loaded, row: usize, most: u64, under: Option<u64>) -> (f64, String) {
    let report = &loaded.report;
    match measure(loaded) {
        // What no sample met, and no event, was not observed.
        Measure::Ticks if report.loops[row].share.is_none() && under.is_none_or(|ticks| ticks == 0) => {
            (0.0, "–".to_owned())
        }
        Measure::Ticks => {
            let share = report.percent(under.unwrap_or(report.loops[row].ticks)) / 100.0;
            (share, percent(share))
        }
        Measure::Counts => {
            let often = loaded.often(row);
            (often as f64 / most as f64, short(often))
        }
    }
}

/// What bars and orders go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Ticks,
    Counts,
}

pub(super) fn measure(loaded: &Loaded) -> Measure {
    if has_ticks(loaded) { Measure::Ticks } else { Measure::Counts }
}

/// The whole path is the title of the source.
pub(super) fn place(loaded: &Loaded, row: usize) -> String {
    let row = &loaded.report.loops[row];
    match &row.location {
        Some(place) => {
            let file = place.file.rsplit('/').next().unwrap_or(&place.file);
            format!("{file}:{} {}", place.line, place.function)
        }
        None => row.label.clone(),
    }
}

/// Of `file:line function`, what fits: the line and the function, else the function.
pub(super) fn fitting(place: String, room: usize) -> String {
    if cell::width(&place) <= room {
        return place;
    }
    // What is no place in a file says most at its beginning.
    let Some((_, without_file)) = place.rsplit_once(':') else { return cell::cut(&place, room) };
    if cell::width(without_file) < room {
        return format!(":{without_file}");
    }
    cell::tail(without_file, room)
}

fn ticks(loaded: &Loaded, ticks: u64) -> String {
    match ticks {
        0 => "·".to_owned(),
        ticks => time(&loaded.report, ticks).replace(" ticks", ""),
    }
}

fn length(loaded: &Loaded, row: usize, length: u64) -> String {
    if loaded.report.loops[row].visits == 0 { "·".to_owned() } else { ticks(loaded, length) }
}

fn count(value: Option<u64>) -> String {
    value.map_or_else(|| "·".to_owned(), short)
}

fn nonzero(value: u64) -> String {
    if value == 0 { "·".to_owned() } else { short(value) }
}

/// How far off a share may be, in points.
fn error(loaded: &Loaded, row: usize) -> String {
    let share = loaded.report.loops[row].share.filter(|share| !share.is_exact());
    share.map_or_else(|| "·".to_owned(), |share| format!("±{:.1}", share.error()))
}

fn exits(loaded: &Loaded, row: usize) -> String {
    count(loaded.report.loops[row].exits)
}

/// A number with its unit, for facts.
pub(super) fn counted(value: u64, one: &str, more: &str) -> String {
    format!("{} {}", grouped(value), if value == 1 { one } else { more })
}
