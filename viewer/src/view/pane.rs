//! Panes: a rule with a title, and rows below it.

use super::{Canvas, Target, What, cell};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// A pane's title, and whether the keys go there.
pub(super) struct Title<'t> {
    pub text: &'t str,
    pub focused: bool,
}

/// Draws the rule; what is left below it.
pub(super) fn rule(canvas: &mut Canvas<'_, '_>, area: Rect, title: &Title<'_>) -> Rect {
    if area.height == 0 || area.width == 0 {
        return area;
    }
    let width = usize::from(area.width);
    let (mark, theme) = (if title.focused { "━" } else { "─" }, canvas.theme);
    let text = cell::cut(title.text, width.saturating_sub(4));
    let rest = width.saturating_sub(cell::width(&text) + 4);
    let line = Line::from(vec![
        Span::styled(mark.repeat(2), theme.border(title.focused)),
        Span::styled(format!(" {text} "), theme.title(title.focused)),
        Span::styled(mark.repeat(rest), theme.border(title.focused)),
    ]);
    canvas.frame.render_widget(line, Rect { height: 1, ..area });
    Rect { y: area.y + 1, height: area.height - 1, ..area }
}

/// Rows of a pane, of which one is selected.
pub(super) struct Rows {
    pub what: What,
    pub count: usize,
    pub cursor: usize,
    pub focused: bool,
}

/// Draws the rows that fit, around the cursor.
pub(super) fn rows(
    canvas: &mut Canvas<'_, '_>,
    area: Rect,
    rows: &Rows,
    line: &dyn Fn(usize) -> Line<'static>,
) {
    let height = usize::from(area.height);
    let first = first_row(rows.cursor, rows.count, height);
    canvas.targets.push(Target { area, what: rows.what, first, rows: rows.count });
    for (index, y) in (first..rows.count.min(first + height)).zip(area.y..) {
        let place = Rect { y, height: 1, ..area };
        canvas.frame.render_widget(line(index), place);
        if index == rows.cursor {
            let style = canvas.theme.selected(rows.focused);
            canvas.frame.buffer_mut().set_style(place, style);
        }
    }
}

/// The first of `count` rows to show so that a third of them stand above `at`, as far as there are rows: what follows
/// the head of a loop is the loop.
pub(super) fn first_row(at: usize, count: usize, height: usize) -> usize {
    at.saturating_sub(height / 3).min(count.saturating_sub(height))
}
