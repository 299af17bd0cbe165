//! Two files of measurements, score against score, in the columns of perf_bench's own comparison.

use super::save::{Saved, Series};
use super::stats::geomean;
use crate::failure::{Failure, OK};
use anyhow::Context;
use std::io::Write;

/// Prints the comparison.
pub fn run(old: &Saved, new: &Saved, old_name: &str, new_name: &str) -> anyhow::Result<i32> {
    if pairs(old, new).is_empty() {
        return Err(Failure::Usage("the two have no program and engine in common".to_owned()).into());
    }
    print(old, new, [old_name, new_name], &mut std::io::stdout().lock())
        .context("can't write the comparison")?;
    Ok(OK)
}

fn print(
    old: &Saved,
    new: &Saved,
    [old_name, new_name]: [&str; 2],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    writeln!(out, "diff of scores (higher is better)")?;
    let name = if (old.n, old.m) == (new.n, new.m) {
        format!("N={} M={}", old.n, old.m)
    } else {
        format!("N={} M={} vs N={} M={}", old.n, old.m, new.n, new.m)
    };
    writeln!(out, "{name:26} {old_name:>12} -> {new_name:>12} : {:>12} = {:>8} (error%)", "diff", "diff%")?;
    let mut ratios = Vec::new();
    for (name, a, b) in pairs(old, new) {
        writeln!(out, "{}", line(&name, a, b))?;
        ratios.push(b.0 / a.0);
    }
    writeln!(
        out,
        "{:26} {:>12} -> {:>12} : {:>12} = {:+7.3}%",
        "geometric mean",
        "",
        "",
        "",
        percent(geomean(&ratios))
    )?;
    Ok(out.flush()?)
}

type Score = (f64, f64);

/// What both have measured.
fn pairs(old: &Saved, new: &Saved) -> Vec<(String, Score, Score)> {
    let same = |a: &Series, b: &Series| (&a.program, &a.engine) == (&b.program, &b.engine);
    let both = old.series.iter().filter_map(|a| Some((a, new.series.iter().find(|b| same(a, b))?)));
    both.filter_map(|(a, b)| Some((format!("{} {}", a.program, a.engine), a.score()?, b.score()?))).collect()
}

fn percent(ratio: f64) -> f64 {
    100.0 * (ratio - 1.0)
}

fn line(name: &str, (a, a_sd): Score, (b, b_sd): Score) -> String {
    let error = 100.0 * a_sd.hypot(b_sd) / a;
    format!("{name:26} {a:12.2} -> {b:12.2} : {:+12.2} = {:+7.3}% (+/-{error:.2}%)", b - a, percent(b / a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_add_up_as_squares() {
        assert_eq!(
            line("bm_x jit", (100.0, 3.0), (110.0, 4.0)).split_whitespace().collect::<Vec<_>>().join(" "),
            "bm_x jit 100.00 -> 110.00 : +10.00 = +10.000% (+/-5.00%)"
        );
    }
}
