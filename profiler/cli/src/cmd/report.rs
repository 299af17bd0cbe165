//! `loopscope report`

use crate::args::{Format, Report};
use crate::failure::{Failure, OK};
use crate::terminal;
use crate::text::Text;
use profiler::render::{TableOptions, csv, json, table};
use std::io::{BufWriter, Write};

/// Prints the report of every log, one after the other.
pub fn run(args: &Report) -> anyhow::Result<i32> {
    let stdout = std::io::stdout();
    let options = TableOptions { color: terminal::color(&stdout), width: terminal::width(), top: args.top };
    let mut out = BufWriter::new(stdout.lock());
    for (index, path) in args.logs.iter().enumerate() {
        if index > 0 && args.format == Format::Table {
            writeln!(out)?;
        }
        let text = Text::open(path, args.radix)?;
        let report = report(path, &text, args)?;
        match args.format {
            Format::Table => table(&report, &options, &mut out)?,
            Format::Json => json(&report, &mut out)?,
            Format::Csv => csv(&report, &mut out)?,
        }
    }
    out.flush()?;
    Ok(OK)
}

fn report(path: &str, text: &Text, args: &Report) -> anyhow::Result<profiler::Report> {
    let (log, diagnostics) = text.parse();
    if !log.frame.is_log() {
        return Err(not_a_log(path).into());
    }
    complain(path, &diagnostics);
    let mut report = profiler::analyze(&log).with_diagnostics(&diagnostics);
    report.sort(args.sort.into());
    Ok(report)
}

/// The failure of a file in which there is no section at all.
pub fn not_a_log(path: &str) -> Failure {
    Failure::Unreadable(format!("'{path}' is not a PYPYLOG: there is no section in it"))
}

/// Says on standard error what was wrong with a log of which the rest could be read.
pub fn complain(path: &str, diagnostics: &[logs::Diagnostic]) {
    const PATIENCE: usize = 20;
    for diagnostic in diagnostics.iter().take(PATIENCE) {
        eprintln!("{path}: {diagnostic}");
    }
    if diagnostics.len() > PATIENCE {
        eprintln!("{path}: and {} more; all of them are in --format json", diagnostics.len() - PATIENCE);
    }
}
