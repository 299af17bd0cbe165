//! The screen.
//!
//! ```text
//! ┌ loops ────────────┐┌ source ───────────┐   narrow:  ┌ loops ───┐
//! │ ▆▆▆ 71 % loop3 …  ││ ▶ for i in …      │            │          │
//! ├ loop3 ────────────┤├ bytecode ─────────┤            ├ source or┤
//! │ visits, cost …    ││ ▶ 12 FOR_ITER     │            │ bytecode │
//! └───────────────────┘└───────────────────┘            └──────────┘
//! ```

mod facts;
mod help;
mod loops;
mod number;
mod status;
mod text;

use crate::state::{Focus, State};
use crate::theme::Theme;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType};

/// Columns from which on loops and code stand side by side.
const WIDE: u16 = 90;

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, state: &State<'_>, theme: Theme) {
    let rows = [Constraint::Length(1), Constraint::Min(0), Constraint::Length(1)];
    let [title, body, bottom] = Layout::vertical(rows).areas(frame.area());
    status::title(frame, title, state, theme);
    if body.width >= WIDE {
        wide(frame, body, state, theme)
    } else {
        narrow(frame, body, state, theme)
    }
    status::bottom(frame, bottom, state, theme);
    if state.is_helping() {
        help::draw(frame, body, theme);
    }
}

fn wide(frame: &mut Frame<'_>, area: Rect, state: &State<'_>, theme: Theme) {
    let [left, right] = Layout::horizontal([Constraint::Percentage(45), Constraint::Min(0)]).areas(area);
    let [top, below] = Layout::vertical([Constraint::Min(3), Constraint::Length(facts::HEIGHT)]).areas(left);
    loops::draw(frame, top, state, theme);
    facts::draw(frame, below, state, theme);
    let [top, below] = Layout::vertical([Constraint::Percentage(50), Constraint::Min(0)]).areas(right);
    text::draw(frame, top, state, Focus::Source, theme);
    text::draw(frame, below, state, Focus::Bytecode, theme);
}

fn narrow(frame: &mut Frame<'_>, area: Rect, state: &State<'_>, theme: Theme) {
    let [top, below] = Layout::vertical([Constraint::Percentage(50), Constraint::Min(0)]).areas(area);
    loops::draw(frame, top, state, theme);
    let pane = if state.focus() == Focus::Bytecode { Focus::Bytecode } else { Focus::Source };
    text::draw(frame, below, state, pane, theme);
}

/// The frame of a pane.
fn block(title: String, focused: bool, theme: Theme) -> Block<'static> {
    let title = Line::styled(format!(" {title} "), theme.title(focused));
    Block::bordered().border_type(BorderType::Rounded).border_style(theme.border(focused)).title(title)
}

/// The first of `count` lines to show so that a third of them stand above `at`, as far as there are lines: what follows
/// the head of a loop is the loop.
fn first_line(at: usize, count: usize, height: usize) -> usize {
    at.saturating_sub(height / 3).min(count.saturating_sub(height))
}
