//! The run over time: a lane for each who owned time, and who owned the selected span.

use super::number::{percent, time};
use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, Target, What, cell};
use crate::model::Loaded;
use profiler::report::Basis;
use profiler::timeline::Owner;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// Columns of a lane's name.
const NAME: usize = 12;
/// Loops that have a lane of their own, at most.
const LANES: usize = 16;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let Some(loaded) = canvas.state.loaded() else { return };
    let lanes = lanes(canvas, loaded, usize::from(area.height / 2).saturating_sub(3));
    let height = lanes.len() as u16 + 2;
    let [top, below] = Layout::vertical([Constraint::Length(height), Constraint::Min(3)]).areas(area);
    chart(canvas, top, loaded, &lanes);
    owners(canvas, below, loaded);
}

/// The lanes: what is no loop, and the loops that own most of the window.
fn lanes(canvas: &Canvas<'_, '_>, loaded: &Loaded, room: usize) -> Vec<Owner> {
    let span = canvas.state.span();
    let mut owners = span.slices(&loaded.timeline).between(span.window.start, span.window.end);
    owners.sort_by_key(|(owner, ticks)| (std::cmp::Reverse(*ticks), *owner));
    let fixed = [
        Owner::Interpreter,
        Owner::Tracing,
        Owner::Optimize,
        Owner::Backend,
        Owner::Gc,
        Owner::Recording,
        Owner::Waiting,
    ];
    let present = loaded.timeline.slices.iter().flatten().map(|(owner, _)| *owner);
    let present: std::collections::HashSet<Owner> = present.collect();
    let mut lanes: Vec<Owner> = fixed.into_iter().filter(|owner| present.contains(owner)).collect();
    let loops = owners.iter().map(|(owner, _)| *owner);
    let loops = loops.filter(|owner| matches!(owner, Owner::Loop(_) | Owner::OtherLoops));
    lanes.extend(loops.take(room.saturating_sub(lanes.len()).min(LANES)));
    lanes
}

fn chart(canvas: &mut Canvas<'_, '_>, area: Rect, loaded: &Loaded, lanes: &[Owner]) {
    let (state, theme) = (canvas.state, canvas.theme);
    let span = state.span();
    let report = &loaded.report;
    let start = loaded.timeline.start;
    let title = format!(
        "{} of {} from {} · cursor at {}",
        time(report, span.window.end - span.window.start),
        time(report, loaded.timeline.end - start),
        time(report, span.window.start.saturating_sub(start)),
        time(report, span.at.saturating_sub(start)),
    );
    let inner = rule(canvas, area, &Title { text: &title, focused: true });
    let width = usize::from(inner.width).saturating_sub(NAME + 1);
    if width == 0 || inner.height == 0 {
        return;
    }
    let columns = columns(canvas, loaded, width);
    let selected = span.anchor.map(|_| span.selected());
    let length = span.window.end - span.window.start;
    let stamp =
        |column: usize| span.window.start + (u128::from(length) * column as u128 / width as u128) as u64;
    let cursor = (0..width).rposition(|column| stamp(column) <= span.at).unwrap_or(0);
    for (lane, y) in lanes.iter().zip(inner.y..inner.bottom()) {
        let mut spans =
            vec![Span::styled(cell::right(&state.owner_name(*lane), NAME), theme.dim()), Span::raw(" ")];
        for (column, owners) in columns.iter().enumerate() {
            let all: u64 = owners.iter().map(|(_, ticks)| ticks).sum();
            let own = owners.iter().find(|(owner, _)| owner == lane).map_or(0, |(_, ticks)| *ticks);
            let is_selected = selected.as_ref().is_some_and(|range| range.contains(&stamp(column)));
            let mut style = lane_style(canvas, *lane);
            if column == cursor || is_selected {
                style = style.add_modifier(Modifier::REVERSED);
            }
            spans.push(Span::styled(cell::pillar(own as f64 / all.max(1) as f64).to_string(), style));
        }
        canvas.frame.render_widget(Line::from(spans), Rect { y, height: 1, ..inner });
    }
    let ruler = Rect { y: (inner.y + lanes.len() as u16).min(inner.bottom() - 1), height: 1, ..inner };
    let mark = format!("{:NAME$} {:cursor$}▲", "", "");
    canvas.frame.render_widget(Line::styled(mark, theme.strong()), ruler);
    let grid = Rect { x: inner.x + NAME as u16 + 1, width: width as u16, ..inner };
    canvas.targets.push(Target { area: grid, what: What::Time, first: 0, rows: width });
}

fn columns(canvas: &Canvas<'_, '_>, loaded: &Loaded, width: usize) -> Vec<Vec<(Owner, u64)>> {
    let span = canvas.state.span();
    let slices = span.slices(&loaded.timeline);
    let length = u128::from(span.window.end - span.window.start);
    let stamp = |column: usize| span.window.start + (length * column as u128 / width as u128) as u64;
    (0..width).map(|column| slices.between(stamp(column), stamp(column + 1).max(stamp(column) + 1))).collect()
}

fn lane_style(canvas: &Canvas<'_, '_>, owner: Owner) -> Style {
    let theme = canvas.theme;
    match owner {
        Owner::Loop(_) | Owner::OtherLoops => theme.label(),
        Owner::Interpreter => theme.guard(),
        Owner::Gc => theme.alarm(),
        Owner::Recording | Owner::Waiting => theme.dim(),
        Owner::Tracing | Owner::Optimize | Owner::Backend => theme.call(),
    }
}

/// Who owned the selected span.
fn owners(canvas: &mut Canvas<'_, '_>, area: Rect, loaded: &Loaded) {
    let (state, theme) = (canvas.state, canvas.theme);
    let span = state.span();
    let owners = span.owners(&loaded.timeline);
    let all: u64 = owners.iter().map(|(_, ticks)| ticks).sum();
    let what = if span.anchor.is_some() { "the selected span" } else { "what is shown; m starts a span" };
    let sampled = loaded.report.time_from == Basis::Samples;
    let sampled = if sampled { " · in a slice of samples, order means nothing" } else { "" };
    let title = format!("who owned {what} · {}{sampled}", time(&loaded.report, all));
    let inner = rule(canvas, area, &Title { text: &title, focused: true });
    let width = usize::from(inner.width).saturating_sub(50).clamp(4, 40);
    let count = owners.len();
    let line = move |index: usize| {
        let (owner, ticks) = owners[index];
        let share = ticks as f64 / all.max(1) as f64;
        let name = state.owner_name(owner);
        let place = loaded.row_named(&name).map_or_else(String::new, |row| super::loops::place(loaded, row));
        Line::from(vec![
            Span::styled(cell::bar(share, width), theme.heat(share)),
            Span::raw(format!(" {:>6} {:>9}  {name:<12} ", percent(share), time(&loaded.report, ticks))),
            Span::styled(place, theme.dim()),
        ])
    };
    let cursor = span.row.min(count.saturating_sub(1));
    rows(canvas, inner, &Rows { what: What::List, count, cursor, focused: true }, &line);
}
