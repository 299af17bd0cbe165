//! Source, bytecode and operations in one column.

use super::code::{Heats, framed, list, op_style, trace_title};
use super::{Canvas, cell};
use crate::model::Detail;
use crate::model::interleave::Kind;
use crate::model::trace::Trace;
use crate::state::State;
use crate::state::place::Pane;
use crate::theme::Theme;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect, detail: &Detail) {
    let title = |trace: &Trace| trace_title(detail, trace);
    let Some((trace, inner)) = framed(canvas, area, Pane::Interleaved, &detail.trace, &title) else { return };
    let look = Look { state: canvas.state, theme: canvas.theme };
    let column = canvas.state.column();
    let heats = Heats::of(canvas, detail);
    let cursor = column.row_of(canvas.state.place().item);
    let line = |index: usize| row(look, detail, trace, &heats, column.visible[index]);
    let count = column.visible.len();
    list(canvas, inner, Pane::Interleaved, count, cursor, &line);
}

/// What rows are made from.
#[derive(Clone, Copy)]
struct Look<'s> {
    state: &'s State,
    theme: Theme,
}

fn row(look: Look<'_>, detail: &Detail, trace: &Trace, heats: &Heats, index: u32) -> Line<'static> {
    let item = detail.interleaved.items[index as usize];
    let fold = if look.state.column().is_folded(index) { "▸" } else { "▾" };
    let indent = " ".repeat((item.depth as usize).min(16) * 2);
    let mut spans = match item.kind {
        Kind::Line { frame, line } => source_line(look, detail, trace, (frame, line), fold),
        Kind::Call(frame) => call(look, trace, frame, fold),
        Kind::Point(point) => bytecode(look, trace, point),
        Kind::Op(op) => operation(look, trace, op),
    };
    let heat = detail.interleaved.heats.get(index as usize).filter(|heat| heat.ops > 0);
    let (text, style) = heats.cell(look.theme, heat);
    let mut all = vec![Span::styled(text, style), Span::raw(indent)];
    let shift = look.state.shift();
    if let Some(last) = spans.last_mut().filter(|_| shift > 0) {
        last.content = cell::shifted(&last.content, shift).into();
    }
    all.append(&mut spans);
    Line::from(all)
}

type Made = Vec<Span<'static>>;

fn source_line(
    look: Look<'_>,
    detail: &Detail,
    trace: &Trace,
    (frame, line): (u32, u32),
    fold: &str,
) -> Made {
    let code = detail.frames.get(frame as usize);
    let text = code.and_then(|code| code.source.as_ref().ok()?.lines.get((line as usize).checked_sub(1)?));
    let text = text.cloned().unwrap_or_else(|| {
        let frame = &trace.frames[frame as usize];
        if frame.file.is_empty() { String::new() } else { format!("{}:{line}", frame.file) }
    });
    let theme = look.theme;
    vec![Span::styled(format!("{fold} {line:>4} "), theme.dim()), Span::styled(text, theme.strong())]
}

fn call(look: Look<'_>, trace: &Trace, frame: u32, fold: &str) -> Made {
    let frame = &trace.frames[frame as usize];
    let theme = look.theme;
    vec![
        Span::styled(format!("{fold} → "), theme.call()),
        Span::styled(format!("{}()", frame.function), theme.call()),
        Span::styled(format!("  {}:{}", frame.file, frame.start_line), theme.dim()),
    ]
}

/// Bright when operations are left of it.
fn bytecode(look: Look<'_>, trace: &Trace, point: u32) -> Made {
    let point = &trace.points[point as usize];
    let costs = point.ops > 0;
    let theme = look.theme;
    let offset = if look.state.switches().bytecode { format!("{:>4} ", point.offset) } else { String::new() };
    let style = if costs { theme.linked() } else { theme.dim() };
    let mark = if costs { "▪" } else { "▫" };
    vec![
        Span::styled(format!("       {offset}{mark} "), theme.dim()),
        Span::styled(point.opcode.to_string(), style),
    ]
}

fn operation(look: Look<'_>, trace: &Trace, index: u32) -> Made {
    let op = &trace.ops[index as usize];
    let words = if look.state.switches().raw { &op.text } else { &op.readable };
    vec![Span::raw("            "), Span::styled(words.to_string(), op_style(look.theme, op))]
}
