//! The code screen: loops, source, bytecode, trace and machine code, side by side as far as there is room.
//!
//! ```text
//! 200 columns   loops | source   | trace | machine      120   loops    | trace       80   one pane and
//!                     | bytecode |       |                    source   | machine          the one it
//!                                                             bytecode |                  belongs to
//! ```

use super::number::{percent, short};
use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, What, cell, interleaved, loops, missing};
use crate::model::detail::{FrameCode, Heat};
use crate::model::trace::{Op, OpKind, Trace};
use crate::model::{Detail, Shown, Source};
use crate::state::place::{Pane, on_line};
use crate::theme::Theme;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Columns from which on everything stands side by side.
const VERY_WIDE: u16 = 160;
/// Columns from which on there are two columns.
const WIDE: u16 = 100;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let [top, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    crumbs(canvas, top);
    for (pane, area) in places(canvas, body) {
        one(canvas, area, pane);
    }
}

/// Which panes there are, and where.
fn places(canvas: &Canvas<'_, '_>, area: Rect) -> Vec<(Pane, Rect)> {
    let state = canvas.state;
    let focus = state.pane();
    if state.switches().enlarged {
        return vec![(focus, area)];
    }
    let panes = state.panes();
    let column = |wanted: &[Pane]| -> Vec<Pane> {
        wanted.iter().copied().filter(|pane| panes.contains(pane)).collect()
    };
    let columns = if area.width >= VERY_WIDE {
        vec![
            (5, column(&[Pane::Loops])),
            (6, column(&[Pane::Source, Pane::Bytecode])),
            (8, column(&[Pane::Trace, Pane::Interleaved])),
            (6, column(&[Pane::Machine])),
        ]
    } else if area.width >= WIDE && state.switches().interleaved {
        vec![(4, column(&[Pane::Loops, Pane::Machine])), (7, column(&[Pane::Interleaved]))]
    } else if area.width >= WIDE {
        vec![
            (5, column(&[Pane::Loops, Pane::Source, Pane::Bytecode])),
            (6, column(&[Pane::Trace, Pane::Interleaved, Pane::Machine])),
        ]
    } else {
        vec![(1, column(&narrow(focus, state.switches().interleaved)))]
    };
    let columns: Vec<_> = columns.into_iter().filter(|(_, panes)| !panes.is_empty()).collect();
    let widths = columns.iter().map(|(share, _)| Constraint::Fill(*share));
    let areas = Layout::horizontal(widths).spacing(1).split(area);
    columns.iter().zip(areas.iter()).flat_map(|((_, panes), area)| stacked(panes, *area)).collect()
}

/// The pane of the keys, and the one that says most about it.
fn narrow(focus: Pane, interleaved: bool) -> [Pane; 2] {
    match focus {
        Pane::Loops if interleaved => [Pane::Loops, Pane::Interleaved],
        Pane::Loops => [Pane::Loops, Pane::Source],
        Pane::Source | Pane::Trace => [Pane::Source, Pane::Trace],
        Pane::Bytecode => [Pane::Bytecode, Pane::Trace],
        Pane::Machine if interleaved => [Pane::Interleaved, Pane::Machine],
        Pane::Machine => [Pane::Trace, Pane::Machine],
        Pane::Interleaved => [Pane::Interleaved; 2],
    }
}

/// Panes above each other. The loops need the least.
fn stacked(panes: &[Pane], area: Rect) -> Vec<(Pane, Rect)> {
    let mut panes = panes.to_vec();
    panes.dedup();
    let share = |pane: &Pane| match pane {
        Pane::Loops => Constraint::Fill(2),
        Pane::Interleaved => Constraint::Fill(5),
        _ => Constraint::Fill(3),
    };
    let areas = Layout::vertical(panes.iter().map(share)).split(area);
    panes.into_iter().zip(areas.iter().copied()).collect()
}

/// Which loop, by which calls, and how to come back.
fn crumbs(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let (state, theme) = (canvas.state, canvas.theme);
    let Some((loaded, row)) = state.loaded().zip(state.selected()) else { return };
    let mut spans = vec![Span::styled(format!(" {}", loaded.nodes[row].name), theme.strong())];
    let kind = loaded.report.loops[row].kind;
    spans.push(Span::styled(format!(" {kind} "), theme.dim()));
    for name in state.breadcrumbs() {
        spans.push(Span::styled(" › ", theme.dim()));
        spans.push(Span::raw(name));
    }
    if let Some(words) = at_cursor(canvas) {
        spans.push(Span::styled(format!("   {words}"), theme.guard()));
    }
    if state.trail() > 0 {
        spans.push(Span::styled(format!("   Bksp: {} back", state.trail()), theme.dim()));
    }
    canvas.frame.render_widget(Line::from(spans), area);
}

/// What the guard at the cursor leads to.
fn at_cursor(canvas: &Canvas<'_, '_>) -> Option<String> {
    let state = canvas.state;
    let trace = state.detail()?.trace.as_ref().ok()?;
    let exit = trace.ops.get(state.place().op)?.exit?;
    let taken = exit.taken?;
    let loaded = state.loaded()?;
    let target = exit.bridge.and_then(|bridge| loaded.by_trace.get(bridge as usize));
    let target = target.and_then(|row| loaded.nodes.get(*row as usize));
    let target = target.map_or_else(|| "interpreter".to_owned(), |node| node.name.clone());
    let of_visits =
        exit.of_visits.map_or_else(String::new, |share| format!(", {} of visits", percent(share)));
    let of_exits = exit.of_exits.map_or_else(String::new, |share| format!(", {} of exits", percent(share)));
    Some(format!("guard → {target}: {} times{of_visits}{of_exits}", short(taken)))
}

fn one(canvas: &mut Canvas<'_, '_>, area: Rect, pane: Pane) {
    if pane == Pane::Loops {
        let focused = canvas.state.pane() == Pane::Loops;
        return loops::pane(canvas, area, What::Pane(Pane::Loops), focused);
    }
    let Some(detail) = canvas.state.detail() else {
        let inner = rule(canvas, area, &Title { text: word(pane), focused: canvas.state.pane() == pane });
        if canvas.state.selected().is_some() {
            canvas.frame.render_widget(Line::styled(" …", canvas.theme.dim()), inner);
        }
        return;
    };
    match pane {
        Pane::Source => source(canvas, area, detail),
        Pane::Bytecode => bytecode(canvas, area, detail),
        Pane::Trace => trace(canvas, area, detail),
        Pane::Machine => machine(canvas, area, detail),
        Pane::Interleaved => interleaved::draw(canvas, area, detail),
        Pane::Loops => {}
    }
}

fn word(pane: Pane) -> &'static str {
    match pane {
        Pane::Loops => "loops",
        Pane::Source => "source",
        Pane::Bytecode => "bytecode",
        Pane::Trace => "trace",
        Pane::Machine => "machine code",
        Pane::Interleaved => "interleaved",
    }
}

/// The frame of a pane, with its title; nothing is left if its content is missing, which it then says.
pub(super) fn framed<'d, T>(
    canvas: &mut Canvas<'_, '_>,
    area: Rect,
    pane: Pane,
    content: &'d Shown<T>,
    title: &dyn Fn(&T) -> String,
) -> Option<(&'d T, Rect)> {
    let focused = canvas.state.pane() == pane;
    let text = match content {
        Ok(content) => format!("{}: {}", word(pane), title(content)),
        Err(_) => word(pane).to_owned(),
    };
    let inner = rule(canvas, area, &Title { text: &text, focused });
    match content {
        Ok(content) => Some((content, inner)),
        Err(reason) => {
            missing::lack(canvas, inner, reason);
            None
        }
    }
}

/// Rows of a pane of code.
pub(super) fn list(
    canvas: &mut Canvas<'_, '_>,
    area: Rect,
    pane: Pane,
    count: usize,
    cursor: usize,
    line: &dyn Fn(usize) -> Line<'static>,
) {
    let focused = canvas.state.pane() == pane;
    rows(canvas, area, &Rows { what: What::Pane(pane), count, cursor, focused }, line);
}

fn code<'d>(canvas: &Canvas<'_, '_>, detail: &'d Detail) -> Option<&'d FrameCode> {
    detail.frames.get(canvas.state.place().frame as usize)
}

fn source(canvas: &mut Canvas<'_, '_>, area: Rect, detail: &Detail) {
    let lack = Err(crate::model::Lack::Place);
    let code = code(canvas, detail);
    let content = code.map_or(&lack, |code| &code.source);
    let Some((source, inner)) =
        framed(canvas, area, Pane::Source, content, &|source| cell::tail(&source.title, 60))
    else {
        return;
    };
    let heats = Heats::of(canvas, detail);
    let digits = source.lines.len().to_string().len().max(2);
    let (theme, shift, place) = (canvas.theme, canvas.state.shift(), *canvas.state.place());
    let line = |index: usize| {
        let number = index as u32 + 1;
        let heat = code.and_then(|code| code.lines.get(&number));
        let calls = code.is_some_and(|code| code.calls.iter().any(|(line, _)| *line == number));
        let is_head = place.frame == 0 && number == detail.head;
        let (mark, style) = match (is_head, heat, calls) {
            (true, ..) => ("▶", theme.head()),
            (_, Some(_), true) => ("→", theme.inside()),
            (_, Some(_), false) => ("│", theme.inside()),
            _ => (" ", theme.dim()),
        };
        let (text, heat_style) = heats.cell(theme, heat);
        Line::from(vec![
            Span::styled(text, heat_style),
            Span::styled(times(source, number), theme.dim()),
            Span::styled(format!("{number:>digits$} "), theme.dim()),
            Span::styled(format!("{mark} "), style),
            Span::styled(cell::shifted(&source.lines[index], shift), style),
        ])
    };
    list(canvas, inner, Pane::Source, source.lines.len(), place.row(Pane::Source), &line);
}

/// How often a line ran, in a column that is only there if that was counted; `-` for a line that did not.
fn times(source: &Source, line: u32) -> String {
    let Some(counts) = &source.counts else { return String::new() };
    match counts.get(&line) {
        None => " ".repeat(6),
        Some(0) => format!("{:>5} ", "-"),
        Some(count) => format!("{:>5} ", short(*count)),
    }
}

fn bytecode(canvas: &mut Canvas<'_, '_>, area: Rect, detail: &Detail) {
    let lack = Err(crate::model::Lack::Place);
    let code = code(canvas, detail);
    let content = code.map_or(&lack, |code| &code.bytecode);
    let Some((bytecode, inner)) =
        framed(canvas, area, Pane::Bytecode, content, &|bytecode| bytecode.title.clone())
    else {
        return;
    };
    let heats = Heats::of(canvas, detail);
    let (theme, shift, place) = (canvas.theme, canvas.state.shift(), *canvas.state.place());
    let line = |index: usize| {
        let row = &bytecode.rows[index];
        let heat = code.and_then(|code| code.offsets.get(&row.offset));
        let (text, heat_style) = heats.cell(theme, heat);
        let is_linked = row.line == place.line;
        let style = match heat {
            Some(heat) if heat.ops > 0 => theme.inside(),
            _ => theme.dim(),
        };
        Line::from(vec![
            Span::styled(text, heat_style),
            Span::styled(format!("{:>4}", row.line), if is_linked { theme.linked() } else { theme.dim() }),
            Span::styled(format!(" {:>4} ", row.offset), theme.dim()),
            Span::styled(cell::shifted(&row.text, shift), style),
        ])
    };
    list(canvas, inner, Pane::Bytecode, bytecode.rows.len(), place.row(Pane::Bytecode), &line);
}

fn trace(canvas: &mut Canvas<'_, '_>, area: Rect, detail: &Detail) {
    let title = |trace: &Trace| trace_title(detail, trace);
    let Some((trace, inner)) = framed(canvas, area, Pane::Trace, &detail.trace, &title) else { return };
    let heats = Heats::of(canvas, detail);
    let (theme, shift, place) = (canvas.theme, canvas.state.shift(), *canvas.state.place());
    let raw = canvas.state.switches().raw;
    let line = |index: usize| {
        let op = &trace.ops[index];
        let heat = Heat { count: op.count, weight: op.weight, ops: 1, point: 0 };
        let (text, heat_style) = heats.cell(theme, Some(&heat));
        let is_linked = on_line(trace, index, &place);
        let offset = op.offset.map_or_else(String::new, |offset| format!("+{offset}"));
        let words = if raw { &op.text } else { &op.readable };
        Line::from(vec![
            Span::styled(text, heat_style),
            Span::styled(if is_linked { "▎" } else { " " }, theme.linked()),
            Span::styled(format!("{offset:>6} "), theme.dim()),
            Span::styled(cell::shifted(words, shift), op_style(theme, op)),
        ])
    };
    list(canvas, inner, Pane::Trace, trace.ops.len(), place.op, &line);
}

/// Which form, how long, and what its heat rests on.
pub(super) fn trace_title(detail: &Detail, trace: &Trace) -> String {
    let heat = match (trace.sampled, trace.most) {
        (true, _) => " · heat: samples",
        (false, Some(_)) => " · heat: counts × size",
        (false, None) => "",
    };
    format!("{}, {} operations{heat}", detail.stage.word(), trace.ops.len())
}

/// How an operation looks.
pub(super) fn op_style(theme: Theme, op: &Op) -> Style {
    match op.kind {
        OpKind::Guard if op.exit.is_some_and(|exit| exit.bridge.is_some()) => {
            theme.guard().patch(theme.strong())
        }
        OpKind::Guard => theme.guard(),
        OpKind::Label | OpKind::End => theme.label(),
        OpKind::Call => theme.call(),
        OpKind::Debug => theme.dim(),
        OpKind::Plain => theme.inside(),
    }
}

fn machine(canvas: &mut Canvas<'_, '_>, area: Rect, detail: &Detail) {
    let title = |machine: &crate::model::machine::Machine| machine.title.clone();
    let Some((machine, inner)) = framed(canvas, area, Pane::Machine, &detail.machine, &title) else { return };
    let (theme, shift, place) = (canvas.theme, canvas.state.shift(), *canvas.state.place());
    let line = |index: usize| {
        let row = &machine.rows[index];
        let is_linked = row.op == Some(place.op as u32);
        let style = if row.cold { theme.dim() } else { theme.inside() };
        Line::from(vec![
            Span::styled(if is_linked { "▎" } else { " " }, theme.linked()),
            Span::styled(format!("{:>6} ", format!("+{}", row.offset)), theme.dim()),
            Span::styled(cell::shifted(&row.text, shift), style),
        ])
    };
    list(canvas, inner, Pane::Machine, machine.rows.len(), place.machine, &line);
}

/// How heat is shown: shares of the trace's time, which are estimates unless there are samples, or counts.
pub(super) struct Heats {
    counts: bool,
    whole: f64,
    most: u64,
    known: bool,
}

impl Heats {
    pub fn of(canvas: &Canvas<'_, '_>, detail: &Detail) -> Heats {
        let trace = detail.trace.as_ref().ok();
        let most = trace.and_then(|trace| trace.most);
        Heats {
            counts: canvas.state.switches().counts,
            whole: trace.map_or(0.0, |trace| trace.weight),
            most: most.unwrap_or(0),
            known: most.is_some() || trace.is_some_and(|trace| trace.sampled),
        }
    }

    /// Eight columns of heat.
    pub fn cell(&self, theme: Theme, heat: Option<&Heat>) -> (String, Style) {
        let Some(heat) = heat.filter(|_| self.known) else { return (" ".repeat(7), Style::new()) };
        let share = if self.whole > 0.0 { heat.weight / self.whole } else { 0.0 };
        if self.counts {
            let text = heat.count.map_or_else(String::new, short);
            let share = heat.count.unwrap_or(0) as f64 / self.most.max(1) as f64;
            return (format!("{text:>6} "), theme.heat(share * 0.5));
        }
        let text = if heat.weight > 0.0 { percent(share) } else { "·".to_owned() };
        (format!("{text:>6} "), theme.heat(share))
    }
}
