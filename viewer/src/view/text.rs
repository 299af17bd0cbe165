//! Source or bytecode, with the loop marked; or why there is none.

use super::{block, first_line};
use crate::model::{Line as Row, Mark, Missing, Pane, Text};
use crate::state::{Focus, State};
use crate::theme::Theme;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &State<'_>, pane: Focus, theme: Theme) {
    let (name, content) = match pane {
        Focus::Bytecode => ("bytecode", &state.detail().bytecode),
        Focus::Source | Focus::Loops => ("source", &state.detail().source),
    };
    let focused = state.focus() == pane;
    match content {
        Pane::Text(text) => {
            let block = block(format!("{name}: {}", text.title), focused, theme);
            let lines = lines(text, state.middle(pane), usize::from(block.inner(area).height), theme);
            frame.render_widget(Paragraph::new(lines).block(block), area);
        }
        Pane::Missing(missing) => {
            let text = Paragraph::new(reasons(missing, theme)).wrap(Wrap { trim: true });
            frame.render_widget(text.block(block(name.to_owned(), focused, theme)), area);
        }
    }
}

fn lines(text: &Text, middle: usize, height: usize, theme: Theme) -> Vec<Line<'_>> {
    let first = first_line(middle, text.lines.len(), height);
    let digits = text.lines.last().map_or(1, |line| line.number.to_string().len()).max(3);
    text.lines.iter().skip(first).take(height).map(|row| line(row, digits, theme)).collect()
}

fn line(row: &Row, digits: usize, theme: Theme) -> Line<'_> {
    let (mark, style) = match row.mark {
        Mark::Head => ("▶ ", theme.head()),
        Mark::Inside => ("│ ", theme.inside()),
        Mark::Outside => ("  ", theme.dim()),
    };
    Line::from(vec![
        Span::styled(format!("{:>digits$} ", row.number), theme.dim()),
        Span::styled(mark, style),
        Span::styled(row.text.as_str(), style),
    ])
}

fn reasons(missing: &Missing, theme: Theme) -> Vec<Line<'_>> {
    vec![Line::from(missing.what.as_str()), Line::default(), Line::styled(missing.how.as_str(), theme.dim())]
}
