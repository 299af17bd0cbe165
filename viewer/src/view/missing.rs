//! What stands where nothing is: reasons, and how far loading has come.

use super::{Canvas, cell, status};
use crate::clerk::Progress;
use crate::model::Lack;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

/// Says what is missing and what would have provided it.
pub(super) fn lack(canvas: &mut Canvas<'_, '_>, area: Rect, lack: &Lack) {
    let text = vec![Line::from(lack.what()), Line::styled(lack.how(), canvas.theme.dim())];
    canvas.frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
}

/// A screen without a log.
pub(super) fn waiting(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let mut lines = vec![Line::default()];
    if let Some(trouble) = canvas.state.trouble() {
        lines.push(Line::styled(format!(" {trouble}"), canvas.theme.alarm()));
    } else {
        let progress = canvas.state.progress().unwrap_or(Progress::Reading(0, 0));
        lines.push(Line::from(format!(" {}", status::words(progress))));
        if let Progress::Reading(read, all) = progress {
            let width = usize::from(area.width).saturating_sub(2).min(60);
            lines.push(Line::from(format!(" {}", cell::bar(read as f64 / all.max(1) as f64, width))));
        }
    }
    canvas.frame.render_widget(Paragraph::new(lines), area);
}
