//! `loopscope diff`

use super::input::Input;
use crate::args::{Diff, DiffFormat, Reading};
use crate::failure::{OK, SLOWER};
use crate::terminal;
use anyhow::Context;
use profiler::diff::DiffOptions;
use profiler::render::{TableOptions, diff_json, diff_table};
use std::io::{BufWriter, Write};

/// Prints what changed from one run to another; the exit code says whether that is allowed.
pub fn run(args: &Diff) -> anyhow::Result<i32> {
    let read = |path: &str, perf_script: &Option<String>| {
        let reading =
            Reading { radix: args.radix, perf_script: perf_script.clone(), pid: None, clock_hz: None };
        Input::read(path, &reading)?.report()
    };
    let old = read(&args.old, &args.old_perf_script)?;
    let new = read(&args.new, &args.new_perf_script)?;
    let diff = profiler::diff(&old, &new, &DiffOptions { ignore_below: args.ignore_below });
    print(&diff, args)?;
    let slower = args.fail_above.map_or(Vec::new(), |percent| diff.slower_than(percent));
    for what in &slower {
        eprintln!("loopscope: slower than allowed: {what}");
    }
    Ok(if slower.is_empty() { OK } else { SLOWER })
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
