//! Text in columns: as wide as the terminal shows it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a text.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Exactly that many columns: cut at the end, with `…`, or filled up.
pub(super) fn left(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let room = columns.saturating_sub(width(&text));
    format!("{text}{:room$}", "")
}

/// The same, filled up at the beginning.
pub(super) fn right(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let room = columns.saturating_sub(width(&text));
    format!("{:room$}{text}", "")
}

/// No more than that many columns, with `…` where something is gone.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        out.push(c);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// The same, but the beginning goes, which says least of a path.
pub(super) fn tail(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = Vec::new();
    let mut used = 1;
    for c in text.chars().rev() {
        let wide = c.width().unwrap_or(0);
        if used + wide > columns {
            break;
        }
        used += wide;
        kept.push(c);
    }
    if columns == 0 {
        return String::new();
    }
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

/// Without its first columns.
pub(super) fn shifted(text: &str, columns: usize) -> String {
    if columns == 0 {
        return text.to_owned();
    }
    let mut gone = 0;
    let mut chars = text.chars();
    while gone < columns {
        match chars.next() {
            Some(c) => gone += c.width().unwrap_or(0),
            None => return String::new(),
        }
    }
    format!("{:1$}{2}", "", gone - columns, chars.as_str())
}

/// A bar of eighths of columns.
pub(super) fn bar(share: f64, columns: usize) -> String {
    const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let mut eighths = (share * (columns * 8) as f64).round() as usize;
    if share > 0.0 {
        eighths = eighths.max(1);
    }
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8 - 1]);
    }
    format!("{bar:<columns$}")
}

/// A column of eighths of a line, for one share.
pub(super) fn pillar(share: f64) -> char {
    const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let eighths = (share * 8.0).round() as usize;
    EIGHTHS[if share > 0.0 { eighths.max(1) } else { 0 }]
}

/// A text in which absolute paths of files are only their names.
pub(super) fn without_directories(text: &str) -> String {
    let is_gap = |c: char| " ,;:()'".contains(c);
    let name = |word: &str| match word.rsplit_once('/') {
        Some((_, name)) if word.starts_with('/') && !name.trim_end_matches(is_gap).is_empty() => {
            name.to_owned()
        }
        _ => word.to_owned(),
    };
    text.split_inclusive(is_gap).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(left("日本語", 5), "日本…");
        assert_eq!(width(&left("日本語", 4)), 4);
        assert_eq!(right("ab", 4), "  ab");
        assert_eq!(tail("日本語x", 4), "…語x");
        assert_eq!(shifted("日本", 1), " 本");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(1.0, 8), "████████");
        assert_eq!(bar(0.5, 8), "████    ");
        assert_eq!(bar(0.001, 8), "▏       ");
        assert_eq!(bar(f64::NAN, 8), "        ");
        assert_eq!((pillar(0.0), pillar(0.001), pillar(1.0)), (' ', '▁', '█'));
    }

    #[test]
    fn directories_are_left_out() {
        let text = "loop2 (f, /a/b c/x.py:3) 4 / 2 at g;/y/z.py:1";
        assert_eq!(without_directories(text), "loop2 (f, b c/x.py:3) 4 / 2 at g;z.py:1");
        assert_eq!(without_directories("a/x.py, /a/"), "a/x.py, /a/");
    }
}
