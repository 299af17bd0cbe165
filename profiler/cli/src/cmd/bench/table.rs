//! The table: a line per program, for each engine its first run and its steady state, and how many times faster than
//! the first engine that is.

use super::save::{Saved, Series};
use super::stats::geomean;
use std::fmt::Write;

/// The table, and whether every engine ran every program with the same result.
pub fn render(saved: &Saved, processes: u32, rounds: u32) -> (String, bool) {
    let mut out = format!(
        "N={} M={}, {processes} processes of {rounds} runs, medians in ms; x: times as fast as the first engine\n",
        saved.n, saved.m
    );
    let engines = engines(saved);
    heading(&mut out, &engines);
    let mut notes = Vec::new();
    let mut ratios = vec![(Vec::new(), Vec::new()); engines.len()];
    for row in saved.series.chunks(engines.len().max(1)) {
        line(&mut out, row, &mut ratios, &mut notes);
    }
    footing(&mut out, &ratios);
    let good = notes.is_empty();
    for note in &notes {
        let _ = writeln!(out, "{note}");
    }
    (out, good)
}

fn engines(saved: &Saved) -> Vec<&str> {
    let first = saved.series.first().map(|series| series.program.as_str());
    let of_first = saved.series.iter().filter(|series| Some(series.program.as_str()) == first);
    of_first.map(|series| series.engine.as_str()).collect()
}

fn heading(out: &mut String, engines: &[&str]) {
    let _ = write!(out, "{:<18}", "");
    for engine in engines {
        let _ = write!(out, " | {engine:^31}");
    }
    let _ = write!(out, "\n{:<18}", "program");
    for _ in engines {
        let _ = write!(out, " | {:>8} {:>8} {:>6} {:>6}", "first", "steady", "x", "x");
    }
    out.push('\n');
}

type Ratios = (Vec<f64>, Vec<f64>);

fn line(out: &mut String, row: &[Series], ratios: &mut [Ratios], notes: &mut Vec<String>) {
    let _ = write!(out, "{:<18}", row[0].program);
    for (series, (firsts, steadies)) in row.iter().zip(ratios) {
        let ratio = |mine: Option<f64>, its: Option<f64>| mine.zip(its).map(|(mine, its)| its / mine);
        let (first, steady) = (series.first(), series.steady());
        let (x, y) = (ratio(first, row[0].first()), ratio(steady, row[0].steady()));
        firsts.extend(x);
        steadies.extend(y);
        let _ = write!(out, " | {:>8} {:>8} {:>6} {:>6}", ms(first), ms(steady), times(x), times(y));
        if let Some(problem) = &series.problem {
            notes.push(format!("{} {}: {problem}", series.program, series.engine));
        } else if series.result != row[0].result && row[0].problem.is_none() {
            let (mine, its) = (brief(&series.result), brief(&row[0].result));
            let first = &row[0].engine;
            notes.push(format!("{} {}: result {mine} is not {first}'s {its}", series.program, series.engine));
        }
    }
    out.push('\n');
}

fn footing(out: &mut String, ratios: &[Ratios]) {
    let _ = write!(out, "{:<18}", "geometric mean");
    for (firsts, steadies) in ratios {
        let _ = write!(out, " | {:>17} {:>6.2} {:>6.2}", "", geomean(firsts), geomean(steadies));
    }
    out.push('\n');
}

fn ms(time: Option<f64>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| format!("{:.2}", time / 1000.0))
}

fn times(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"))
}

/// The beginning of a result, on one line.
fn brief(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(40).collect();
    format!("'{line}'")
}

#[cfg(test)]
mod tests {
    use super::super::save::Sample;
    use super::*;

    fn series(engine: &str, times: &[f64], result: &str) -> Series {
        let mut series = Series::new("loop", engine);
        series.add(Sample { times: times.to_vec(), norm: 1.0, result: result.to_owned() });
        series
    }

    fn saved(series: Vec<Series>) -> Saved {
        Saved { schema: String::new(), n: 100, m: 25, series }
    }

    #[test]
    fn engines_stand_side_by_side() {
        let both = vec![series("interp", &[8000.0, 8000.0], "1"), series("jit", &[4000.0, 1000.0], "1")];
        let (text, good) = render(&saved(both), 1, 2);
        assert!(good);
        assert!(text.contains(
            "loop               |     8.00     8.00   1.00   1.00 |     4.00     1.00   2.00   8.00"
        ));
        assert!(text.contains("geometric mean"), "{text}");
    }

    #[test]
    fn other_results_are_no_success() {
        let both = vec![series("a", &[1.0, 1.0], "1"), series("b", &[1.0, 1.0], "2")];
        let (text, good) = render(&saved(both), 1, 2);
        assert!(!good && text.contains("loop b: result '2' is not a's '1'"), "{text}");
    }
}
