//! What the terminal can show and wants to see.

use crate::args::Background;
use std::io::IsTerminal;
use std::time::Duration;
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};
use viewer::theme::{Depth, Theme};

/// Colours for that stream?
pub fn color(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !refused
}

/// How many colours, and on which background if nobody says so.
pub fn theme(stream: &impl IsTerminal, background: Background) -> Theme {
    let says = |name: &str| std::env::var(name).unwrap_or_default();
    let term = says("TERM");
    let depth = match () {
        () if !color(stream) || term == "dumb" || term.starts_with("vt1") => Depth::None,
        () if term.contains("256") || term.contains("direct") || !says("COLORTERM").is_empty() => Depth::Many,
        () => Depth::Sixteen,
    };
    let light = match background {
        Background::Light => true,
        Background::Dark => false,
        Background::Auto => depth != Depth::None && is_light(&says("COLORFGBG")),
    };
    Theme { depth, light }
}

/// "foreground;background", as rxvt, Konsole and others set it; other terminals are asked.
fn is_light(colors: &str) -> bool {
    match colors.rsplit(';').next().and_then(|color| color.parse::<u8>().ok()) {
        Some(color) => color == 7 || (9..=15).contains(&color),
        None => ask_for_light(),
    }
}

/// What the terminal says of its own colours. Some never answer.
fn ask_for_light() -> bool {
    let mut options = QueryOptions::default();
    options.timeout = Duration::from_millis(200);
    matches!(theme_mode(options), Ok(ThemeMode::Light))
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
