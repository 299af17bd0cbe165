//! What stands where nothing is: reasons, and how far loading has come.

use super::{Canvas, cell, status};
use crate::clerk::Progress;
use crate::model::Lack;
use crate::model::loaded::Extent;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

/// Says what is missing and what would have provided it.
pub(super) fn lack(canvas: &mut Canvas<'_, '_>, area: Rect, lack: &Lack) {
    let is_whole = canvas.state.loaded().is_none_or(|loaded| loaded.extent == Extent::Whole);
    let text = if is_whole {
        vec![Line::from(lack.what()), Line::styled(lack.how(), canvas.theme.dim())]
    } else {
        vec![Line::styled("Still being read …", canvas.theme.dim())]
    };
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
        if let Some(share) = status::share(progress) {
            let width = usize::from(area.width).saturating_sub(2).min(60);
            lines.push(Line::from(format!(" {}", cell::bar(share, width))));
        }
    }
    canvas.frame.render_widget(Paragraph::new(lines), area);
}
