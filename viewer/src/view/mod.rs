//! The screen: tabs, what the tab shows, and a line about keys.
//!
//! ```text
//!  1 overview  2 loops  3 code …            sieve.py 1.2 s
//! ── loops by time ─────────── ── source: sieve.py ───────
//! ▆▆▆ 71 % loop3               12 for i in …
//!  Tab pane · / search · ? help · q quit
//! ```
//!
//! Drawing also says where things stand, so that clicks find them: see [`Target`].

mod aborts;
mod cell;
mod code;
mod diff;
mod export;
mod facts;
mod help;
mod interleaved;
mod latency;
mod log;
mod loops;
mod missing;
mod number;
mod output;
mod overview;
mod pane;
mod status;
mod timeline;
mod versions;

pub use export::{svg, text};
pub(crate) use status::tab_places;

use crate::keys::Screen;
use crate::state::State;
use crate::state::place::Pane;
use crate::theme::Theme;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

/// A list on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where its rows are.
    pub area: Rect,
    pub what: What,
    /// The row at the top.
    pub first: usize,
    /// How many rows there are.
    pub rows: usize,
}

/// What a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A pane of the code screen.
    Pane(Pane),
    /// The list of a screen.
    List,
    /// Traces of two logs.
    Versions,
    /// The tabs; rows are columns.
    Tabs,
    /// The timeline; rows are columns.
    Time,
}

/// What drawing needs, and what it leaves.
pub(crate) struct Canvas<'c, 'f> {
    pub frame: &'c mut Frame<'f>,
    pub state: &'c State,
    pub theme: Theme,
    pub targets: Vec<Target>,
}

/// Draws the whole screen; says where its lists are.
pub fn draw(frame: &mut Frame<'_>, state: &State, theme: Theme) -> Vec<Target> {
    let mut canvas = Canvas { frame, state, theme, targets: Vec::new() };
    let rows = [Constraint::Length(1), Constraint::Min(0), Constraint::Length(1)];
    let [top, body, bottom] = Layout::vertical(rows).areas(canvas.frame.area());
    status::tabs(&mut canvas, top);
    if state.loaded().is_some() || state.screen() == Screen::Output {
        screen(&mut canvas, body);
    } else {
        missing::waiting(&mut canvas, body);
    }
    status::bottom(&mut canvas, bottom);
    if let Some(first) = state.help() {
        help::draw(&mut canvas, body, first);
    }
    canvas.targets
}

fn screen(canvas: &mut Canvas<'_, '_>, area: Rect) {
    match canvas.state.screen() {
        Screen::Overview => overview::draw(canvas, area),
        Screen::Loops => loops::screen(canvas, area),
        Screen::Code => code::draw(canvas, area),
        Screen::Timeline => timeline::draw(canvas, area),
        Screen::Latency => latency::draw(canvas, area),
        Screen::Aborts => aborts::draw(canvas, area),
        Screen::Diff => diff::draw(canvas, area),
        Screen::Log => log::draw(canvas, area),
        Screen::Output => output::draw(canvas, area),
    }
}
