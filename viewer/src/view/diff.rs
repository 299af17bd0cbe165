//! Two logs compared: what became slower, faster, new, gone.

use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, What, cell, missing, versions};
use crate::keys::Screen;
use crate::model::Lack;
use profiler::diff::{Change, Diff, Status};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let state = canvas.state;
    let Some(diff) = state.loaded().and_then(|loaded| loaded.diff.as_ref()) else {
        let inner = rule(canvas, area, &Title { text: "two logs compared", focused: true });
        return missing::lack(canvas, inner, &Lack::Other);
    };
    let parts = (diff.parts.len() as u16 + 2).min(area.height / 2);
    let (top, middle) = match state.in_versions() {
        true if state.switches().enlarged => return versions::draw(canvas, area),
        // The list stays, so that one sees whose traces these are.
        true => (0, (area.height / 4).min(diff.loops.len() as u16 + 1).max(3)),
        false if area.height < TALL => (parts, area.height - parts),
        false => (parts, (area.height / 4).min(diff.loops.len() as u16 + 1)),
    };
    let lengths = [Constraint::Length(top), Constraint::Length(middle), Constraint::Min(0)];
    let [top, middle, below] = Layout::vertical(lengths).areas(area);
    if top.height > 0 {
        whole(canvas, top, diff);
    }
    loops(canvas, middle, diff);
    if below.height > 1 {
        versions::draw(canvas, below);
    }
}

/// Lines from which on all of it fits.
const TALL: u16 = 34;

/// The runs and their parts.
fn whole(canvas: &mut Canvas<'_, '_>, area: Rect, diff: &Diff) {
    let title = format!("then and now, in {}", diff.time_unit);
    let inner = rule(canvas, area, &Title { text: &title, focused: false });
    let parts = diff.parts.iter().map(|part| (part.name, &part.change));
    let all = std::iter::once(("the whole run", &diff.total)).chain(parts);
    for ((name, change), y) in all.zip(inner.y..inner.bottom()) {
        let line = Line::from(vec![
            Span::raw(format!(" {name:<14}")),
            Span::raw(format!("{:>12} → {:>12} ", number(change.old), number(change.new))),
            percent(canvas, change),
        ]);
        canvas.frame.render_widget(line, Rect { y, height: 1, ..inner });
    }
}

fn loops(canvas: &mut Canvas<'_, '_>, area: Rect, diff: &Diff) {
    let theme = canvas.theme;
    let changed = diff.loops.iter().filter(|row| row.status != Status::Same).count();
    let title = format!(
        "{}: {changed} of {} loops, in {} · Enter opens, Tab traces",
        diff.verdict,
        diff.loops.len(),
        diff.unit
    );
    let focused = !canvas.state.in_versions();
    let inner = rule(canvas, area, &Title { text: &title, focused });
    let width = usize::from(inner.width);
    let made: Vec<Line<'static>> = diff
        .loops
        .iter()
        .map(|row| {
            let style = match row.status {
                Status::Slower | Status::More | Status::New => theme.alarm(),
                Status::Faster | Status::Fewer | Status::Gone => theme.label(),
                Status::Same => theme.dim(),
            };
            let change = percent(canvas, &row.change);
            let numbers = format!("{:>10} → {:>10} ", number(row.change.old), number(row.change.new));
            let room = width.saturating_sub(9 + numbers.len() + cell::width(&change.content) + 1);
            Line::from(vec![
                Span::styled(format!(" {:<7} ", row.status.word()), style),
                Span::raw(numbers),
                change,
                Span::raw(format!(" {}", cell::tail(&row.label, room))),
            ])
        })
        .collect();
    let cursor = canvas.state.row(Screen::Diff).min(made.len().saturating_sub(1));
    let list = Rows { what: What::List, count: made.len(), cursor, focused };
    rows(canvas, inner, &list, &|index| made[index].clone());
}

fn percent(canvas: &Canvas<'_, '_>, change: &Change) -> Span<'static> {
    let interval = change.percent_low.zip(change.percent_high);
    let text = match (change.percent, interval) {
        (Some(percent), Some((low, high))) => format!("{percent:+.1}% ({low:+.0}…{high:+.0})"),
        _ => "–".to_owned(),
    };
    let style = match interval {
        Some((low, _)) if low > 0.0 => canvas.theme.alarm(),
        Some((_, high)) if high < 0.0 => canvas.theme.label(),
        _ => canvas.theme.dim(),
    };
    Span::styled(format!("{text:>21}"), style)
}

fn number(value: f64) -> String {
    if value >= 1000.0 || value == value.trunc() { format!("{value:.0}") } else { format!("{value:.3}") }
}
