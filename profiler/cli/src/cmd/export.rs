//! `loopscope export`

use super::fleet;
use super::input::Input;
use crate::args::Export;
use crate::failure::{Failure, OK};
use profiler::export::{Exporter, Format};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes a log in another tool's format, or adds logs to a data set.
pub fn run(args: &Export) -> anyhow::Result<i32> {
    match job(args)? {
        Job::One { format, log } => one(args, format, &log),
        Job::Set { dir, logs } => fleet::run(args, Path::new(&dir), &logs),
    }
}

/// What is to be done.
#[derive(Debug, PartialEq)]
enum Job {
    One { format: Format, log: String },
    Set { dir: String, logs: Vec<String> },
}

/// What stands behind the format is a directory if that makes sense, else the first log.
fn job(args: &Export) -> Result<Job, Failure> {
    let usage = |message: String| Err(Failure::Usage(message));
    let (format, behind) = (format(&args.to[0])?, args.to.get(1));
    let mut logs = args.logs.clone();
    match behind {
        Some(dir) if format == Format::Parquet && !is_file(dir) => {
            if args.output != "-" {
                return usage(format!("the data set is '{dir}', or '{}' by -o: not both", args.output));
            }
            if logs.is_empty() {
                return usage(format!("no log is given for the data set '{dir}'"));
            }
            return Ok(Job::Set { dir: dir.clone(), logs });
        }
        Some(log) => logs.insert(0, log.clone()),
        None => {}
    }
    let is_set = format == Format::Parquet && args.output != "-" && is_dir(&args.output);
    let are_many = logs.len() > 1 || logs.iter().any(|log| is_dir(log));
    match &logs[..] {
        [] => usage("no log is given".to_owned()),
        _ if is_set || (format == Format::Parquet && args.output != "-" && are_many) => {
            Ok(Job::Set { dir: args.output.clone(), logs })
        }
        [log] if !are_many => Ok(Job::One { format, log: log.clone() }),
        _ => usage("one log is exported at a time; many become a data set: --to parquet DIR LOG…".to_owned()),
    }
}

fn format(name: &str) -> Result<Format, Failure> {
    let names = || Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    let message = || format!("no format is called '{name}'; there are {}", names());
    Format::from_name(name).ok_or_else(|| Failure::Usage(message()))
}

/// Is it there, and no directory?
fn is_file(path: &str) -> bool {
    path == "-" || std::fs::metadata(path).is_ok_and(|about| !about.is_dir())
}

fn is_dir(path: &str) -> bool {
    path.ends_with('/') || Path::new(path).is_dir()
}

fn one(args: &Export, format: Format, path: &str) -> anyhow::Result<i32> {
    let input = Input::read(path, &args.reading)?;
    let (log, diagnostics) = input.log()?;
    if args.reading.run.is_none() && !logs::runs(&log.frame).is_empty() {
        eprintln!(
            "{path}: the file holds several runs, which are exported as one; --run N takes one of them"
        );
    }
    let marks = input.marks(&log);
    let options = profiler::Options { marks: &marks, ..input.options() };
    let mut exporter = Exporter::new(&log, options);
    exporter.report = exporter.report.with_diagnostics(&diagnostics);
    exporter.report.log = Some(path.to_owned());
    if let Some(lack) = exporter.lacks(format) {
        return Err(Failure::Unreadable(format!("'{path}': {lack}")).into());
    }
    let failed = |error: std::io::Error| match &*args.output {
        "-" => Failure::Unwritable(format!("can't write the export: {error}")),
        path => Failure::Unwritable(format!("can't write '{path}': {error}")),
    };
    let out: Box<dyn Write> = match &*args.output {
        "-" => Box::new(std::io::stdout().lock()),
        path => Box::new(std::fs::File::create(path).map_err(failed)?),
    };
    let mut out = BufWriter::with_capacity(1 << 18, out);
    exporter.write(format, &mut out).and_then(|()| out.flush()).map_err(failed)?;
    Ok(OK)
}
