//! The totals that PyPy itself writes at the end of a run.

use super::TableOptions;
use super::units::clean;
use crate::report::{Report, TotalReport};
use std::io::{self, Write};

/// What is always worth a line.
const TIMES: [&str; 3] = ["Tracing", "Backend", "TOTAL"];

/// What is worth one if it is not 0.
const COUNTS: [&str; 3] = ["abort", "Total #", "Freed #"];

/// A table of the summary: times, loops, bridges, aborts; everything if asked for.
pub(super) fn totals(report: &Report, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let is_shown = |total: &&TotalReport| {
        let begins = |words: &[&str]| words.iter().any(|word| total.label.starts_with(word));
        options.all || begins(&TIMES) || (begins(&COUNTS) && total.value != "0")
    };
    let mut shown = report.summary.iter().filter(is_shown).peekable();
    if shown.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "\ntotals by PyPy's own account (jit-summary)")?;
    for total in shown {
        let (count, seconds) = parts(&total.value);
        let seconds = seconds.map_or(String::new(), |seconds| format!("{seconds:>12} s"));
        writeln!(
            out,
            "{}",
            format!("  {:<26}{:>12}{seconds}", clean(&total.label), clean(count)).trim_end()
        )?;
    }
    Ok(())
}

/// `14 times, 0.07 s` for a time of the summary, in words.
pub(super) fn in_words(report: &Report, label: &str) -> Option<String> {
    let total = report.summary.iter().find(|total| total.label == label)?;
    let (count, seconds) = parts(&total.value);
    Some(format!("{} times, {} s by jit-summary", clean(count), clean(seconds?)))
}

/// `: PyPy counted 4 loops and 8 bridges`
pub(super) fn counted(report: &Report) -> String {
    let count = |label: &str| {
        report.summary.iter().find(|total| total.label == label).map(|total| clean(&total.value))
    };
    match (count("Total # of loops"), count("Total # of bridges")) {
        (Some(loops), Some(bridges)) if loops != "0" || bridges != "0" => {
            format!("; PyPy counted {loops} loops and {bridges} bridges")
        }
        _ => String::new(),
    }
}

/// A count, and seconds if it is a time.
fn parts(value: &str) -> (&str, Option<&str>) {
    match value.split_once(['\t', ' ']) {
        Some((count, seconds)) => (count.trim(), Some(seconds.trim())),
        None if value.contains('.') => ("", Some(value)),
        None => (value, None),
    }
}
