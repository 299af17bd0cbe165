//! The keys, as their table has them.

use super::block;
use crate::keys::BINDINGS;
use crate::theme::Theme;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

/// Columns, frame included.
const WIDTH: u16 = 54;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let height = BINDINGS.len() as u16 + 2;
    let (width, height) = (WIDTH.min(area.width), height.min(area.height));
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 2;
    let window = Rect { x, y, width, height };
    let line = |binding: &crate::keys::Binding| Line::from(format!(" {:<9} {}", binding.shown, binding.help));
    let lines: Vec<Line<'_>> = BINDINGS.iter().map(line).collect();
    frame.render_widget(Clear, window);
    frame.render_widget(Paragraph::new(lines).block(block("keys".to_owned(), true, theme)), window);
}
