//! Traces that were given up: where, why, how often, and what that cost.

use super::number::{short, time};
use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, What, cell, missing};
use crate::keys::Screen;
use crate::model::Lack;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

/// What reasons mean, by what their names hold.
const REASONS: &[(&str, &str)] = &[
    (
        "TOO_LONG",
        "The trace grew past its limit before it came back to the loop's start. PyPy then stops inlining the longest \
         call and tries again; splitting the loop's body into functions, or raising trace_limit, helps.",
    ),
    (
        "BRIDGE",
        "A bridge could not be joined to the loop it would return to: the types at its end fit no compiled version. \
         Variables that change their type inside a loop do that.",
    ),
    (
        "BAD_LOOP",
        "The trace would always leave through one of its own guards, so compiling it makes no sense.",
    ),
    (
        "ESCAPE",
        "The frame was looked at from outside while it was traced: sys._getframe, locals(), a debugger or a profiler.",
    ),
    (
        "FORCE_QUASIIMMUT",
        "Something that traces take for constant, such as a class or a module's global, was changed while tracing.",
    ),
    (
        "SEGMENTED",
        "The function was too long for one trace: what was recorded is compiled as a first part. No loss.",
    ),
];

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let (state, theme) = (canvas.state, canvas.theme);
    let Some(loaded) = state.loaded() else { return };
    let aborts = &loaded.report.aborts;
    let [top, below] = Layout::vertical([Constraint::Min(3), Constraint::Length(7)]).areas(area);
    let lost: u64 = aborts.iter().map(|abort| abort.ticks).sum();
    let title =
        format!("{} places where tracing was given up · {} lost", aborts.len(), time(&loaded.report, lost));
    let inner = rule(canvas, top, &Title { text: &title, focused: true });
    if aborts.is_empty() {
        return missing::lack(canvas, inner, &Lack::Attempts);
    }
    let line = move |index: usize| {
        let abort = &aborts[index];
        Line::from(vec![
            Span::styled(format!(" {:>6}× ", short(abort.times)), theme.strong()),
            Span::raw(format!("{:>9}  ", time(&loaded.report, abort.ticks))),
            Span::styled(format!("{} ", cell::left(&abort.reason, 24)), theme.guard()),
            Span::raw(abort.label.clone()),
        ])
    };
    let cursor = state.row(Screen::Aborts).min(aborts.len() - 1);
    rows(canvas, inner, &Rows { what: What::List, count: aborts.len(), cursor, focused: true }, &line);
    let abort = &aborts[cursor];
    let inner = rule(canvas, below, &Title { text: &abort.reason, focused: false });
    let known = REASONS.iter().find(|(name, _)| abort.reason.contains(name));
    let meaning = known.map_or("", |(_, meaning)| meaning);
    let text = vec![Line::from(abort.label.clone()), Line::styled(meaning, theme.dim())];
    canvas.frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), inner);
}
