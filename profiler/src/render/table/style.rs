//! Colours, for those who ask for them.

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Style {
    Plain,
    Title,
    Hot,
    Warm,
    Good,
    Quiet,
    Remark,
}

/// The line in its colour.
pub(in crate::render) fn paint(color: bool, style: Style, line: &str) -> String {
    let code = match style {
        Style::Plain => return line.to_owned(),
        Style::Title => "1",
        Style::Hot => "31",
        Style::Warm => "33",
        Style::Good => "32",
        Style::Quiet => "2",
        Style::Remark => "36",
    };
    if color { format!("\x1b[{code}m{line}\x1b[0m") } else { line.to_owned() }
}
