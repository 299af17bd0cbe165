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

/// In milliseconds or microseconds if the log knows its clock, else in ticks.
pub(super) fn time(report: &Report, ticks: u64) -> String {
    match report.milliseconds(ticks) {
        Some(ms) if ms >= 1.0 => format!("{ms:.2} ms"),
        Some(ms) => format!("{:.2} µs", ms * 1000.0),
        None => format!("{} ticks", grouped(ticks)),
    }
}
