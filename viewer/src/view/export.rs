//! What the screen shows, as text and as SVG.

use crate::theme::Theme;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::fmt::Write;

/// The screen as lines of text.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let line: String = cells(buffer, y).map(|(_, cell)| cell.symbol()).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Pixels of a column and of a line.
const COLUMN: f64 = 8.4;
const LINE: f64 = 18.0;

/// The screen as a picture.
pub fn svg(buffer: &Buffer, theme: Theme) -> String {
    let (width, height) = (f64::from(buffer.area.width) * COLUMN, f64::from(buffer.area.height) * LINE);
    let (ink, paper) = if theme.light { ("#1c1c1c", "#ffffff") } else { ("#d0d0d0", "#16181d") };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.1} {height:.1}\">\n<rect width=\"100%\" height=\"100%\" fill=\"{paper}\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" \
         fill=\"{ink}\" xml:space=\"preserve\">\n"
    );
    for y in buffer.area.top()..buffer.area.bottom() {
        line(&mut out, buffer, y, (ink, paper));
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Cells of a line with their columns, without those that a wide character covers.
fn cells(buffer: &Buffer, y: u16) -> impl Iterator<Item = (u16, &Cell)> {
    let mut covered = 0;
    (buffer.area.left()..buffer.area.right()).filter_map(move |x| {
        let cell = &buffer[(x, y)];
        if covered > 0 {
            covered -= 1;
            return None;
        }
        covered = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
        Some((x, cell))
    })
}

fn line(out: &mut String, buffer: &Buffer, y: u16, colors: (&str, &str)) {
    let mut run: Option<(u16, Look, String)> = None;
    for (x, cell) in cells(buffer, y) {
        let look = Look::of(cell, colors);
        match &mut run {
            Some((_, known, text)) if *known == look => text.push_str(cell.symbol()),
            _ => {
                flush(out, run.take(), y);
                run = Some((x, look, cell.symbol().to_owned()));
            }
        }
    }
    flush(out, run, y);
}

fn flush(out: &mut String, run: Option<(u16, Look, String)>, y: u16) {
    let Some((x, look, text)) = run else { return };
    let (left, top) = (f64::from(x) * COLUMN, f64::from(y) * LINE);
    let width = unicode_width::UnicodeWidthStr::width(text.as_str()) as f64 * COLUMN;
    if let Some(paper) = &look.paper {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{LINE}\" fill=\"{paper}\"/>"
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let bold = if look.bold { " font-weight=\"bold\"" } else { "" };
    let ink = look.ink.map_or_else(String::new, |ink| format!(" fill=\"{ink}\""));
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{width:.1}\"{ink}{bold}>{}</text>",
        top + 13.5,
        escaped(&text)
    );
}

/// Colours of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look {
    ink: Option<String>,
    paper: Option<String>,
    bold: bool,
}

impl Look {
    fn of(cell: &Cell, (ink, paper): (&str, &str)) -> Look {
        let (mut front, mut back) = (color(cell.fg), color(cell.bg));
        if cell.modifier.contains(Modifier::DIM) && front.is_none() {
            front = Some("#8a8a8a".to_owned());
        }
        if cell.modifier.contains(Modifier::REVERSED) {
            let swapped = (back.or(Some(paper.to_owned())), front.or(Some(ink.to_owned())));
            (front, back) = swapped;
        }
        Look { ink: front, paper: back, bold: cell.modifier.contains(Modifier::BOLD) }
    }
}

/// The terminal's colours, as most terminals have them.
fn color(color: Color) -> Option<String> {
    const SIXTEEN: [&str; 16] = [
        "#000000", "#d05050", "#5faf5f", "#c8a040", "#5f87d7", "#af5faf", "#3fa7a7", "#c0c0c0", "#808080",
        "#ff6060", "#80d080", "#e8c860", "#80a0ff", "#d080d0", "#60d0d0", "#ffffff",
    ];
    Some(match color {
        Color::Black => SIXTEEN[0].to_owned(),
        Color::Red => SIXTEEN[1].to_owned(),
        Color::Green => SIXTEEN[2].to_owned(),
        Color::Yellow => SIXTEEN[3].to_owned(),
        Color::Blue => SIXTEEN[4].to_owned(),
        Color::Magenta => SIXTEEN[5].to_owned(),
        Color::Cyan => SIXTEEN[6].to_owned(),
        Color::Gray => SIXTEEN[7].to_owned(),
        Color::Indexed(index @ 0..=15) => SIXTEEN[usize::from(index)].to_owned(),
        Color::Indexed(index @ 16..=231) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let index = index - 16;
            format!("#{:02x}{:02x}{:02x}", level(index / 36), level(index / 6 % 6), level(index % 6))
        }
        Color::Indexed(index) => format!("#{0:02x}{0:02x}{0:02x}", 8 + 10 * (index - 232)),
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => return None,
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
