//! The terminal jitviewer: loops by the time spent in them, with source and bytecode beside.
//!
//! ```text
//! Log, Report ─► model (what there is to show) ─► state (what is being looked at) ─► view (pixels)
//!                                     term (keys) ─► keys (actions) ─┘
//! ```
//!
//! State never draws and view never changes anything, so each is tested without the other and without a terminal.
#![forbid(unsafe_code)]

pub mod keys;
pub mod model;
pub mod state;
mod term;
pub mod theme;
pub mod view;

use model::Model;
use state::State;
use std::io;
use theme::Theme;

/// Reads a source file that the log does not hold.
pub type OnDisk<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// Shows a log and its report until the reader leaves.
pub fn run(
    log: &logs::Log<'_>,
    report: profiler::Report,
    theme: Theme,
    on_disk: OnDisk<'_>,
) -> io::Result<()> {
    let mut state = State::new(Model::new(log, report, on_disk));
    let mut terminal = term::Terminal::open()?;
    while !state.is_done() {
        terminal.draw(&state, theme)?;
        if let Some(key) = terminal.key()? {
            state.press(key);
        }
    }
    Ok(())
}
