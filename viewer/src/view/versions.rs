//! Traces of two logs: beside each other, or in one column. What is new, gone or different has a mark as well as a
//! colour.

use super::pane::{Rows, Title, rows, rule};
use super::{Canvas, What, cell};
use crate::model::versions::{Line as Shown, Op};
use profiler::traces::Sign;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let state = canvas.state;
    let (cursor, focused) = (state.version_row(), state.in_versions());
    let Some(versions) = state.versions() else {
        rule(canvas, area, &Title { text: "traces: …", focused });
        return;
    };
    let title = format!("traces: {}", versions.summary);
    let inner = rule(canvas, area, &Title { text: &title, focused });
    let look = Look { canvas, width: usize::from(inner.width), shift: state.shift() };
    let made: Vec<Line<'static>> = visible(&versions.lines, cursor, usize::from(inner.height))
        .map(|index| look.line(&versions.lines[index]))
        .collect();
    let first = visible(&versions.lines, cursor, usize::from(inner.height)).start;
    let list = Rows { what: What::Versions, count: versions.lines.len(), cursor, focused };
    rows(canvas, inner, &list, &|index| made.get(index - first).cloned().unwrap_or_default());
}

/// The lines that fit: a trace may have a hundred thousand.
fn visible(lines: &[Shown], cursor: usize, height: usize) -> std::ops::Range<usize> {
    let first = super::pane::first_row(cursor, lines.len(), height);
    first..(first + height).min(lines.len())
}

struct Look<'l, 'c, 'f> {
    canvas: &'l Canvas<'c, 'f>,
    width: usize,
    shift: usize,
}

impl Look<'_, '_, '_> {
    fn line(&self, line: &Shown) -> Line<'static> {
        let theme = self.canvas.theme;
        match line {
            Shown::Blank => Line::default(),
            Shown::Title(text) => Line::styled(self.cut(text, self.width), theme.strong()),
            Shown::Change(sign, text) => {
                let text = format!("{} {text}", sign.mark());
                Line::styled(self.cut(&text, self.width), self.style(*sign))
            }
            Shown::Bytecode(sign, text) => {
                let text = format!("{} {text}", sign.mark());
                Line::styled(self.cut(&text, self.width), theme.dim())
            }
            Shown::Op(op) if self.canvas.state.side_by_side() => self.beside(op),
            Shown::Op(op) => self.one(op),
        }
    }

    /// One column: as it is, else as it was.
    fn one(&self, op: &Op) -> Line<'static> {
        let style = self.style(op.sign);
        let text = match (op.sign, op.old.as_deref(), op.new.as_deref()) {
            (Sign::Changed, Some(old), Some(new)) => format!("{new}   was {old}"),
            (_, old, new) => new.or(old).unwrap_or_default().to_owned(),
        };
        let room = self.width.saturating_sub(4);
        Line::from(vec![
            Span::styled(format!("  {} ", op.sign.mark()), style),
            Span::styled(self.cut(&text, room), style),
        ])
    }

    /// Two columns: then and now.
    fn beside(&self, op: &Op) -> Line<'static> {
        let style = self.style(op.sign);
        let mark = |there: bool| if there { op.sign.mark() } else { ' ' };
        let half = self.width.saturating_sub(3) / 2;
        let side = |text: Option<&str>, columns: usize| {
            let text =
                format!(" {} {}", mark(text.is_some()), cell::shifted(text.unwrap_or_default(), self.shift));
            cell::left(&text, columns)
        };
        let rest = self.width.saturating_sub(half + 3);
        Line::from(vec![
            Span::styled(side(op.old.as_deref(), half), style),
            Span::styled(" │ ", self.canvas.theme.border(false)),
            Span::styled(side(op.new.as_deref(), rest), style),
        ])
    }

    fn cut(&self, text: &str, columns: usize) -> String {
        cell::cut(&cell::shifted(text, self.shift), columns)
    }

    fn style(&self, sign: Sign) -> Style {
        let theme = self.canvas.theme;
        match sign {
            Sign::New => theme.alarm(),
            Sign::Gone => theme.label(),
            Sign::Changed => theme.guard(),
            Sign::Came => theme.linked(),
            Sign::Left => theme.dim(),
            Sign::Same => Style::new(),
        }
    }
}
