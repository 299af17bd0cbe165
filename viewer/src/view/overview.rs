//! Where the run went, how it warmed up, which loops matter most, and what stands out.

use super::number::{bytes, percent, time};
use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, What, cell, facts, loops};
use crate::keys::Screen;
use crate::model::Loaded;
use crate::state::lists::{Item, overview};
use profiler::timeline::Owner;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

/// Columns from which on the curve stands beside the parts.
const WIDE: u16 = 100;
/// Lines of the parts, their title included.
const PARTS: u16 = 8;
/// The same where somebody looked for waiting, and for what recording took.
const ALL_PARTS: u16 = 10;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let watched = canvas.state.loaded().is_some_and(|loaded| loaded.report.other.waiting.is_some());
    let parts = if watched && area.height >= 24 { ALL_PARTS } else { PARTS };
    let [top, below] = Layout::vertical([Constraint::Length(parts), Constraint::Min(3)]).areas(area);
    if area.height >= 30 {
        let [below, facts] =
            Layout::vertical([Constraint::Min(3), Constraint::Length(facts::HEIGHT)]).areas(below);
        top_of(canvas, area.width, top, below);
        if let Some(row) = row(canvas) {
            facts::of(canvas, facts, row);
        }
        return;
    }
    if area.width >= WIDE || area.height >= 20 {
        top_of(canvas, area.width, top, below);
    } else {
        items(canvas, area);
    }
}

/// Parts and curve, side by side or one above the other, and the list.
fn top_of(canvas: &mut Canvas<'_, '_>, width: u16, top: Rect, below: Rect) {
    if width >= WIDE {
        let [left, right] =
            Layout::horizontal([Constraint::Fill(2), Constraint::Fill(3)]).spacing(1).areas(top);
        parts(canvas, left);
        curve(canvas, right);
        items(canvas, below);
    } else {
        let [middle, below] = Layout::vertical([Constraint::Length(4), Constraint::Min(3)]).areas(below);
        parts(canvas, top);
        curve(canvas, middle);
        items(canvas, below);
    }
}

/// The row of the report that the list's cursor is on.
fn row(canvas: &Canvas<'_, '_>) -> Option<usize> {
    let loaded = canvas.state.loaded()?;
    match overview(loaded).get(canvas.state.row(Screen::Overview))? {
        Item::Loop(row) => Some(*row),
        Item::Finding(finding) => loaded.row_named(loaded.report.findings[*finding].name.as_ref()?),
    }
}

/// Where the run went.
fn parts(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let Some(loaded) = canvas.state.loaded() else { return };
    let theme = canvas.theme;
    let report = &loaded.report;
    let title = format!(
        "{} · {} log · {} traces",
        time(report, report.total_ticks),
        bytes(loaded.bytes),
        loaded.by_trace.len()
    );
    let inner = rule(canvas, area, &Title { text: &title, focused: false });
    let loop_ticks: u64 = report.loops.iter().map(|row| row.ticks).sum();
    let others =
        report.other.parts().into_iter().filter(|(name, ticks)| ticks.is_some() || is_of_the_log(name));
    let all = [("loops", Some(loop_ticks))].into_iter().chain(others);
    let width = usize::from(inner.width).saturating_sub(40).clamp(4, 60);
    for ((name, ticks), y) in all.zip(inner.y..inner.bottom()) {
        let Some(ticks) = ticks else {
            let line = Line::styled(format!(" {name:<12} – not in this log"), theme.dim());
            canvas.frame.render_widget(line, Rect { y, height: 1, ..inner });
            continue;
        };
        let error = report.shares.get(name).filter(|share| !share.is_exact());
        let error = error.map_or_else(String::new, |share| format!("±{:.1}", share.error()));
        let share = report.percent(ticks) / 100.0;
        let unknown = name == "loops" && !loops::has_ticks(loaded);
        let name = if name == "interpreter" && !loops::has_ticks(loaded) { "all code" } else { name };
        let line = if unknown {
            Line::styled(format!(" {name:<12} not observed: 2 shows counts"), theme.dim())
        } else {
            Line::from(vec![
                Span::raw(format!(" {name:<12}")),
                Span::styled(cell::bar(share, width), theme.heat(if name == "loops" { 0.01 } else { share })),
                Span::raw(format!(" {:>6} {error:>5} {:>9}", percent(share), time(report, ticks))),
            ])
        };
        canvas.frame.render_widget(line, Rect { y, height: 1, ..inner });
    }
}

/// Is it a part that sections tell of, and nobody need look for?
fn is_of_the_log(name: &str) -> bool {
    !matches!(name, "recording" | "waiting")
}

/// The share of time in compiled loops, over the run.
fn curve(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let Some(loaded) = canvas.state.loaded() else { return };
    let has_ticks = loops::has_ticks(loaded);
    let title = if has_ticks {
        "warm-up: share of time in loops"
    } else {
        "warm-up: share of time not spent compiling or collecting"
    };
    let inner = rule(canvas, area, &Title { text: title, focused: false });
    let columns = usize::from(inner.width.saturating_sub(7));
    let shares = shares(loaded, columns, has_ticks);
    for line in 0..inner.height {
        let above = f64::from(inner.height - 1 - line);
        let text: String =
            shares.iter().map(|share| cell::pillar(share * f64::from(inner.height) - above)).collect();
        let scale = match line {
            0 => "100 % ",
            line if line + 1 == inner.height => "  0 % ",
            _ => "      ",
        };
        let line_at = Rect { y: inner.y + line, height: 1, ..inner };
        let line = Line::from(vec![
            Span::styled(scale, canvas.theme.dim()),
            Span::styled(text, canvas.theme.label()),
        ]);
        canvas.frame.render_widget(line, line_at);
    }
}

fn shares(loaded: &Loaded, columns: usize, has_ticks: bool) -> Vec<f64> {
    let line = &loaded.timeline;
    let length = line.end - line.start;
    let column = |index: usize| {
        let at =
            |index: usize| line.start + (u128::from(length) * index as u128 / columns.max(1) as u128) as u64;
        let owners = line.between(at(index), at(index + 1).max(at(index) + 1));
        let all: u64 = owners.iter().map(|(_, ticks)| ticks).sum();
        let good = owners.iter().filter(|(owner, _)| match owner {
            Owner::Loop(_) | Owner::OtherLoops => true,
            Owner::Interpreter => !has_ticks,
            _ => false,
        });
        good.map(|(_, ticks)| ticks).sum::<u64>() as f64 / all.max(1) as f64
    };
    (0..columns).map(column).collect()
}

/// The most expensive loops, then the findings.
fn items(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let state = canvas.state;
    let Some(loaded) = state.loaded() else { return };
    let theme = canvas.theme;
    let items = overview(loaded);
    let findings = loaded.report.findings.len();
    let findings = loops::counted(findings as u64, "finding", "findings");
    let title = format!("loops that matter most · {findings} · Enter opens");
    let inner = rule(canvas, area, &Title { text: &title, focused: true });
    let (most, measured) = (loops::most(loaded), loops::measure(loaded));
    let width = usize::from(inner.width);
    let line = move |index: usize| match items[index] {
        Item::Loop(row) => {
            let (share, measure) = loops::share(loaded, row, most, None);
            let measure = cell::right(&measure, 6);
            let heat = if measured == loops::Measure::Counts { 0.01 } else { share };
            let head = format!(" {measure} ");
            let name = format!("{:<14} ", loaded.nodes[row].name);
            let room = width.saturating_sub(cell::width(&head) + cell::width(&name));
            Line::from(vec![
                Span::styled(head, theme.heat(heat)),
                Span::raw(name),
                Span::styled(loops::fitting(loops::place(loaded, row), room), theme.dim()),
            ])
        }
        Item::Finding(finding) => {
            // The whole of it stands below, once it is selected.
            let text = cell::without_directories(&loaded.report.findings[finding].message);
            Line::from(vec![
                Span::styled("      ! ", theme.alarm()),
                Span::raw(cell::cut(&text, width.saturating_sub(8))),
            ])
        }
    };
    let count = overview(loaded).len();
    let cursor = state.row(Screen::Overview).min(count.saturating_sub(1));
    let (list, below) = if count > 0 && inner.height > 6 {
        let [list, below] = Layout::vertical([Constraint::Min(3), Constraint::Length(2)]).areas(inner);
        (list, Some(below))
    } else {
        (inner, None)
    };
    rows(canvas, list, &Rows { what: What::List, count, cursor, focused: true }, &line);
    if let Some(below) = below {
        let text = state.line_text(cursor);
        let text = ratatui::widgets::Paragraph::new(text).wrap(ratatui::widgets::Wrap { trim: true });
        canvas.frame.render_widget(text.style(theme.dim()), below);
    }
}
