//! The first line, about the run, and the last, about the keys.

use super::number::time;
use crate::state::State;
use crate::theme::Theme;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(super) fn title(frame: &mut Frame<'_>, area: Rect, state: &State<'_>, theme: Theme) {
    let report = state.report();
    let program = report.program.as_deref().unwrap_or("the run");
    let loops: u64 = report.loops.iter().map(|row| row.ticks).sum();
    let parts = [("loops", loops)].into_iter().chain(report.other.parts());
    let parts = parts.filter(|&(_, ticks)| ticks > 0);
    let parts: Vec<String> =
        parts.map(|(name, ticks)| format!("{name} {:.1}%", report.percent(ticks))).collect();
    let line = Line::from(vec![
        Span::styled(format!(" {program}: {}  ", time(report, report.total_ticks)), theme.title(false)),
        Span::raw(parts.join(" · ")),
    ]);
    frame.render_widget(line, area);
}

pub(super) fn bottom(frame: &mut Frame<'_>, area: Rect, state: &State<'_>, theme: Theme) {
    let search = state.search();
    let line = match (search.typing, search.text.as_str()) {
        (true, text) => format!("/{text}▏{}", if search.failed { " not found" } else { "" }),
        (false, "") => " ↑↓ loop · Tab pane · / search · s sort · ? help · q quit".to_owned(),
        (false, text) => {
            format!(" '{text}'{} · n next · N previous", if search.failed { " not found" } else { "" })
        }
    };
    frame.render_widget(Line::styled(line, theme.dim()), area);
}
