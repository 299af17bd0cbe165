//! `loopscope report`

use super::input::Input;
use crate::args::{By, Findings, Format, Report};
use crate::failure::{OK, UNREADABLE};
use crate::terminal;
use anyhow::Context;
use profiler::render::{TableOptions, csv_all, json, json_together, table, together_table};
use profiler::together::{share_clocks, together};
use std::io::{BufWriter, Write};

/// Prints the report of every log, and of all together if there are several.
pub fn run(args: &Report) -> anyhow::Result<i32> {
    let (reports, code) = reports(args)?;
    let stdout = std::io::stdout();
    let options = TableOptions {
        color: terminal::color(&stdout),
        width: terminal::width(),
        // Enough for anybody who has not asked for more.
        top: args.top.or_else(|| (!args.all).then_some(40)),
        all: args.all,
        ticks: args.ticks,
    };
    print(args.format, reports, &options, &mut BufWriter::new(stdout.lock()))
        .context("can't write the report")?;
    Ok(code)
}

fn print(
    format: Format,
    reports: Vec<profiler::Report>,
    options: &TableOptions,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match (format, &reports[..]) {
        (Format::Csv, _) => csv_all(&reports, out)?,
        (Format::Json, [report]) => json(report, out)?,
        (Format::Json, _) => json_together(&together(reports), out)?,
        (Format::Table, _) => tables(reports, options, out)?,
    }
    Ok(out.flush()?)
}

/// The reports of the logs that can be read. One that cannot does not keep the others from being reported, but decides
/// the exit code.
fn reports(args: &Report) -> anyhow::Result<(Vec<profiler::Report>, i32)> {
    let mut reports = Vec::new();
    let mut code = OK;
    for path in &args.logs {
        match Input::read(path, &args.reading).and_then(|input| input.reports(args.by == By::Events)) {
            Ok(found) => reports.extend(found),
            Err(failure) if args.logs.len() == 1 => return Err(failure.into()),
            Err(failure) => {
                eprintln!("loopscope: {failure}");
                code = UNREADABLE;
            }
        }
    }
    reports.iter_mut().for_each(|report| report.sort(args.sort.into()));
    if args.findings == Findings::Three && !args.all {
        reports.iter_mut().for_each(profiler::Report::keep_first_causes);
    }
    share_clocks(&mut reports);
    Ok((reports, code))
}

/// One table for each, and one for all together.
pub(super) fn tables(
    reports: Vec<profiler::Report>,
    options: &TableOptions,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    for (index, report) in reports.iter().enumerate() {
        if index > 0 {
            writeln!(out, "\n{}\n", "─".repeat(options.width.min(80)))?;
        }
        table(report, options, out)?;
    }
    if reports.len() > 1 {
        writeln!(out, "\n{}\n", "═".repeat(options.width.min(80)))?;
        together_table(&together(reports), options, out)?;
    }
    Ok(())
}
