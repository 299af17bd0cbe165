//! What the terminal can show and wants to see.

use std::io::IsTerminal;
use viewer::theme::{Depth, Theme};

/// Colours for that stream?
pub fn color(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !refused
}

/// How many colours, and on which background.
pub fn theme(stream: &impl IsTerminal) -> Theme {
    let says = |name: &str| std::env::var(name).unwrap_or_default();
    let term = says("TERM");
    let depth = match () {
        () if !color(stream) || term == "dumb" || term.starts_with("vt1") => Depth::None,
        () if term.contains("256") || term.contains("direct") || !says("COLORTERM").is_empty() => Depth::Many,
        () => Depth::Sixteen,
    };
    // "foreground;background", as rxvt, Konsole and others say it; LOOPSCOPE_BACKGROUND says it for the rest.
    let background = says("COLORFGBG");
    let background = background.rsplit(';').next().and_then(|color| color.parse::<u8>().ok());
    let light = match says("LOOPSCOPE_BACKGROUND").as_str() {
        "light" => true,
        "dark" => false,
        _ => background.is_some_and(|color| color == 7 || (9..=15).contains(&color)),
    };
    Theme { depth, light }
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
