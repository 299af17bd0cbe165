//! What the terminal can show and wants to see.

use std::io::IsTerminal;

/// Colours for that stream?
pub fn color(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !refused
}

/// Somebody watches standard error.
pub fn shows_progress() -> bool {
    std::io::stderr().is_terminal()
}

/// Columns to fill: the terminal's, else enough for everything.
pub fn width() -> usize {
    const PLENTY: usize = 200;
    terminal_size::terminal_size().map_or(PLENTY, |(width, _)| usize::from(width.0))
}
