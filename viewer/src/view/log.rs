//! The log itself: what is wrong with it, and what is in it.

use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, What, cell};
use crate::keys::Screen;
use crate::state::lists::log_lines;
use ratatui::layout::Rect;
use ratatui::text::Line;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let (state, theme) = (canvas.state, canvas.theme);
    let Some(loaded) = state.loaded() else { return };
    let lines = log_lines(loaded);
    let wrong = loaded.report.diagnostics.len();
    let title = format!("the log · {wrong} diagnostics, {} notes", loaded.report.notes.len());
    let inner = rule(canvas, area, &Title { text: &title, focused: true });
    let alarming = loaded.report.notes.len()..loaded.report.notes.len() + wrong;
    let shift = state.shift();
    let count = lines.len();
    let line = move |index: usize| {
        let style = if alarming.contains(&index) { theme.guard() } else { theme.inside() };
        Line::styled(format!(" {}", cell::shifted(&lines[index], shift)), style)
    };
    let cursor = state.row(Screen::Log).min(count.saturating_sub(1));
    rows(canvas, inner, &Rows { what: What::List, count, cursor, focused: true }, &line);
}
