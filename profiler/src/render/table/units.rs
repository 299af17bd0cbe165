//! Numbers for people.

use crate::report::Report;
use unicode_width::UnicodeWidthStr;

/// What stands for a number that nobody observed.
pub(in crate::render) const NOT_OBSERVED: &str = "–";

/// A number of ticks: a time if the clock is known, else `1,234,567 ticks`.
pub(crate) fn time(report: &Report, ticks: u64) -> String {
    match report.clock_hz {
        Some(hz) => seconds(ticks as f64 / hz as f64),
        None => format!("{} ticks", grouped(ticks)),
    }
}

/// `12.34 %`
pub(super) fn percent(value: f64) -> String {
    format!("{value:.2} %")
}

/// `±0.98`, in points of percent.
pub(super) fn reach(points: f64) -> String {
    format!("±{points:.2}")
}

/// Four digits and a unit.
pub(super) fn seconds(seconds: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];
    if seconds == 0.0 {
        return "0 s".to_owned();
    }
    // 999.95 and up would be shown as 1000.0.
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| seconds >= unit * 0.9995).unwrap_or(UNITS[3]);
    let value = seconds / unit;
    let decimals = match value {
        value if value < 9.9995 => 3,
        value if value < 99.995 => 2,
        value if value < 999.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {name}")
}

/// `1,234,567`
pub(crate) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How many times: `1,234x`, `12x`, `1.5x`, `0.03x`.
pub(super) fn times(value: f64) -> String {
    match value {
        value if value >= 9.5 => format!("{}x", grouped(value.round() as u64)),
        value if value >= 0.95 => format!("{value:.1}x"),
        value => format!("{value:.2}x"),
    }
}

/// Columns on a screen.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// What a log says may hold anything; a terminal must not obey it.
pub(in crate::render) fn clean(text: &str) -> String {
    if text.chars().any(char::is_control) { text.escape_debug().to_string() } else { text.to_owned() }
}

/// The end of a place says more than its beginning: it is the beginning that goes.
pub(in crate::render) fn shorten(cell: &str, room: usize) -> String {
    if width(cell) <= room {
        return cell.to_owned();
    }
    let mut kept = 1;
    let fits = |c: &char| {
        kept += width(c.encode_utf8(&mut [0; 4]));
        kept <= room
    };
    let tail: Vec<char> = cell.chars().rev().take_while(fits).collect();
    std::iter::once('…').chain(tail.into_iter().rev()).collect()
}

/// A text that is no place says as much at its beginning as at its end.
pub(super) fn shorten_middle(cell: &str, room: usize) -> String {
    if width(cell) <= room {
        return cell.to_owned();
    }
    let half = room.saturating_sub(1) / 2;
    let mut used = 0;
    let fits = |c: &char| {
        used += width(c.encode_utf8(&mut [0; 4]));
        used <= half
    };
    let head: String = cell.chars().take_while(fits).collect();
    head + &shorten(cell, room - half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"].map(str::to_owned)
        );
    }

    #[test]
    fn times_have_four_digits() {
        let texts = [0.0, 1.5, 0.0123456, 0.99999, 4.2e-9, 1.2e-12, 5e3, 9.9996e-6].map(seconds);
        let wanted = ["0 s", "1.500 s", "12.35 ms", "1.000 s", "4.200 ns", "0.001 ns", "5000 s", "10.00 µs"];
        assert_eq!(texts, wanted.map(str::to_owned));
    }

    #[test]
    fn long_places_lose_their_beginning() {
        assert_eq!(shorten("abcdef", 4), "…def");
        assert_eq!(shorten("abcd", 4), "abcd");
        assert_eq!(shorten("漢字漢字", 5), "…漢字");
        assert_eq!(shorten_middle("abcdefgh", 5), "ab…gh");
        assert_eq!(shorten_middle("abcd", 4), "abcd");
    }

    #[test]
    fn terminals_are_not_told_what_to_do() {
        assert_eq!(clean("a\x1b[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(clean("grüße.py"), "grüße.py");
    }
}
