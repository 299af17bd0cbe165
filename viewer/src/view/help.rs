//! The keys, as their table has them.

use super::Canvas;
use super::cell;
use crate::keys::BINDINGS;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

/// Columns of one column of keys.
const WIDTH: usize = 57;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect, first: usize) {
    let inside = usize::from(area.width.saturating_sub(4));
    let columns = (inside / WIDTH).clamp(1, 3);
    let lines = BINDINGS.len().div_ceil(columns);
    let width = (columns * WIDTH).min(inside).max(1);
    let height = (lines as u16 + 2).min(area.height);
    let x = area.x + (area.width - (width as u16 + 4).min(area.width)) / 2;
    let window = Rect { x, y: area.y, width: (width as u16 + 4).min(area.width), height };
    let first = first.min(lines.saturating_sub(usize::from(height.saturating_sub(2))));
    let rows = (first..lines).map(|row| {
        let bindings = (0..columns).filter_map(|column| BINDINGS.get(column * lines + row));
        let column = width / columns;
        Line::from(
            bindings
                .flat_map(|binding| {
                    [
                        Span::styled(cell::left(binding.shown, 8), canvas.theme.strong()),
                        Span::raw(cell::left(binding.help, column.saturating_sub(8))),
                    ]
                })
                .collect::<Vec<_>>(),
        )
    });
    let rows: Vec<Line<'_>> = rows.collect();
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(canvas.theme.border(true))
        .title(Line::styled(" keys · ↑↓ scroll, any other key closes ", canvas.theme.title(true)))
        .padding(ratatui::widgets::Padding::horizontal(1));
    canvas.frame.render_widget(Clear, window);
    canvas.frame.render_widget(Paragraph::new(rows).block(block), window);
}
