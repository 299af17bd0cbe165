//! `loopscope export`

use super::input::Input;
use crate::args::Export;
use crate::failure::{Failure, OK};
use std::io::{BufWriter, Write};

/// Writes the log in another tool's format.
pub fn run(args: &Export) -> anyhow::Result<i32> {
    let input = Input::read(&args.log, &args.reading)?;
    let (log, diagnostics) = input.log()?;
    if args.reading.run.is_none() && !logs::runs(&log.frame).is_empty() {
        eprintln!(
            "{}: the file holds several runs, which are exported as one; --run N takes one of them",
            args.log
        );
    }
    let marks = input.marks(&log);
    let options = profiler::Options { marks: &marks, ..input.options() };
    let mut exporter = profiler::export::Exporter::new(&log, options);
    exporter.report = exporter.report.with_diagnostics(&diagnostics);
    exporter.report.log = Some(args.log.clone());
    if let Some(lack) = exporter.lacks(args.to) {
        return Err(Failure::Unreadable(format!("'{}': {lack}", args.log)).into());
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
    exporter.write(args.to, &mut out).and_then(|()| out.flush()).map_err(failed)?;
    Ok(OK)
}
