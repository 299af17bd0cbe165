//! Numbers for people.

use profiler::Report;

/// `1,234,567`
pub(super) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// In five characters: `1234`, `12.3k`, `4.5M`.
pub(super) fn short(value: u64) -> String {
    const UNITS: [(f64, &str); 5] = [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")];
    if value < 10_000 {
        return value.to_string();
    }
    let value = value as f64;
    let unit = UNITS.iter().find(|(size, _)| value >= *size * 0.99995).copied().unwrap_or((1e3, "k"));
    let scaled = value / unit.0;
    if scaled >= 99.95 { format!("{scaled:.0}{}", unit.1) } else { format!("{scaled:.1}{}", unit.1) }
}

/// In seconds and their parts if the log knows its clock, else in ticks.
pub(super) fn time(report: &Report, ticks: u64) -> String {
    match report.milliseconds(ticks) {
        Some(ms) => seconds(ms / 1000.0),
        None => format!("{} ticks", short(ticks)),
    }
}

/// `1.23 ms`
fn seconds(seconds: f64) -> String {
    const UNITS: [(f64, f64, &str); 3] = [(1.0, 1.0, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "µs")];
    let unit = UNITS.iter().find(|(least, ..)| seconds >= *least * 0.9995);
    let (_, times, name) = unit.copied().unwrap_or((0.0, 1e9, "ns"));
    let value = seconds * times;
    match value {
        value if value >= 99.95 || name == "ns" => format!("{value:.0} {name}"),
        value if value >= 9.995 => format!("{value:.1} {name}"),
        value => format!("{value:.2} {name}"),
    }
}

/// A share as a percentage in five characters: `12.3%`.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if !p.is_finite() => "?".to_owned(),
        p if p >= 99.95 => format!("{p:.0}%"),
        p if p > 0.0 && p < 0.05 => "<0.1%".to_owned(),
        p => format!("{p:.1}%"),
    }
}

/// `1.2 MB`
pub(super) fn bytes(bytes: u64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let unit = UNITS.iter().find(|(size, _)| bytes as f64 >= *size);
    unit.map_or_else(|| format!("{bytes} bytes"), |(size, name)| format!("{:.1} {name}", bytes as f64 / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        for (value, text) in [(9999, "9999"), (12_345, "12.3k"), (999_999, "1.0M"), (123_456_789, "123M")] {
            assert_eq!(short(value), text);
        }
        assert_eq!(short(u64::MAX), "18.4E");
        for (share, text) in [(0.0, "0.0%"), (0.0001, "<0.1%"), (0.123, "12.3%"), (1.0, "100%")] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn times_have_three_digits() {
        for (value, text) in [(1.234, "1.23 s"), (0.0456, "45.6 ms"), (0.000_789, "789 µs"), (5e-8, "50 ns")]
        {
            assert_eq!(seconds(value), text);
        }
        assert_eq!(seconds(0.0), "0 ns");
    }
}
