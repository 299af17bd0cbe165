//! `loopscope diff`

use super::input::Input;
use crate::args::{Diff, DiffFormat, Reading};
use crate::failure::{Failure, OK, SLOWER};
use crate::terminal;
use anyhow::Context;
use profiler::Report;
use profiler::diff::DiffOptions;
use profiler::render::{TableOptions, diff_json, diff_table};
use std::io::{BufWriter, Write};

/// Prints what changed from some runs to others; the exit code says whether that is allowed.
pub fn run(args: &Diff) -> anyhow::Result<i32> {
    if args.traces || args.trace.is_some() {
        return super::traces::run(args);
    }
    let (old, new) = sides(args)?;
    let old = reports(old, &args.old_perf_script, args)?;
    let new = reports(new, &args.new_perf_script, args)?;
    let options = DiffOptions { ignore_below: args.ignore_below };
    let diff = profiler::diff_sets(&refs(&old), &refs(&new), &options);
    if let (Some(why), false) = (&diff.different_programs, args.different_programs) {
        let message = format!("{why}: nothing to compare; --different-programs does it all the same");
        return Err(Failure::Usage(message).into());
    }
    print(&diff, args)?;
    let Some(percent) = args.fail_above else { return Ok(OK) };
    let slower = diff.slower_than(percent);
    for what in &slower {
        eprintln!("loopscope: slower than allowed: {what}");
    }
    let uncertain = diff.uncertain_above(percent);
    if slower.is_empty() && uncertain > 0 {
        eprintln!("loopscope: {uncertain} loops may be slower than allowed: more runs would tell");
    }
    Ok(if slower.is_empty() { OK } else { SLOWER })
}

/// The logs of the old runs, and of the new ones.
fn sides(args: &Diff) -> Result<(&[String], &[String]), Failure> {
    match (&args.logs[..], &args.against[..]) {
        ([_, _], []) => Ok(args.logs.split_at(1)),
        (_, []) => Err(Failure::Usage("two logs are compared, or OLD… --against NEW…".to_owned())),
        (old, new) => Ok((old, new)),
    }
}

fn reports(logs: &[String], scripts: &[String], args: &Diff) -> Result<Vec<Report>, Failure> {
    if !scripts.is_empty() && scripts.len() != logs.len() {
        let (scripts, logs) = (scripts.len(), logs.len());
        let message = format!("{scripts} texts of perf script for {logs} logs: each log needs its own");
        return Err(Failure::Usage(message));
    }
    let read = |(index, path): (usize, &String)| {
        let perf_script = scripts.get(index).cloned();
        Input::read(path, &Reading::plain(args.radix, perf_script))?.report()
    };
    logs.iter().enumerate().map(read).collect()
}

fn refs(reports: &[Report]) -> Vec<&Report> {
    reports.iter().collect()
}

fn print(diff: &profiler::diff::Diff, args: &Diff) -> anyhow::Result<()> {
    let stdout = std::io::stdout();
    let (color, width) = (terminal::color(&stdout), terminal::width());
    let options = TableOptions { color, width, top: args.top, all: args.all, ..TableOptions::default() };
    let mut out = BufWriter::new(stdout.lock());
    match args.format {
        DiffFormat::Table => diff_table(diff, &options, &mut out)?,
        DiffFormat::Json => diff_json(diff, &mut out)?,
    }
    out.flush().context("can't write the comparison")?;
    Ok(())
}
