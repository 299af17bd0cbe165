//! What the program that runs beside has written.

use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, What, cell, missing};
use crate::keys::Screen;
use crate::model::Lack;
use crate::state::live::Stream;
use ratatui::layout::Rect;
use ratatui::text::Line;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let (state, theme) = (canvas.state, canvas.theme);
    let Some(live) = state.live() else {
        let inner = rule(canvas, area, &Title { text: "output", focused: true });
        return missing::lack(canvas, inner, &Lack::Program);
    };
    let all = live.dropped() + live.lines().len();
    let mut title = format!("output · {all} line{}", if all == 1 { "" } else { "s" });
    if live.dropped() > 0 {
        title.push_str(&format!(", the last {} of them", live.lines().len()));
    }
    title.push_str(&live.ended().map_or_else(|| " · running".to_owned(), |how| format!(" · ended: {how}")));
    let inner = rule(canvas, area, &Title { text: &title, focused: true });
    let (shift, count) = (state.shift(), live.lines().len());
    let line = move |index: usize| {
        let line = &live.lines()[index];
        let (mark, style) = match line.stream {
            Stream::Output => (" ", theme.inside()),
            Stream::Errors => ("!", theme.guard()),
            Stream::Input => ("›", theme.dim()),
        };
        Line::styled(format!("{mark}{}", cell::shifted(&line.text, shift)), style)
    };
    let cursor = state.row(Screen::Output).min(count.saturating_sub(1));
    rows(canvas, inner, &Rows { what: What::List, count, cursor, focused: true }, &line);
}
