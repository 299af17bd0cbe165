//! `loopscope export`

use super::input::Input;
use crate::args::Export;
use crate::failure::OK;
use anyhow::Context;
use std::io::{BufWriter, Write};

/// Writes the log in another tool's format.
pub fn run(args: &Export) -> anyhow::Result<i32> {
    let input = Input::read(&args.log, &args.reading)?;
    let (log, diagnostics) = input.log()?;
    let mut exporter = profiler::export::Exporter::new(&log, input.options());
    exporter.report = exporter.report.with_diagnostics(&diagnostics);
    exporter.report.log = Some(args.log.clone());
    if args.output == "-" {
        exporter.write(args.to, &mut BufWriter::new(std::io::stdout().lock()))?;
        return Ok(OK);
    }
    let file =
        std::fs::File::create(&args.output).with_context(|| format!("can't write '{}'", args.output))?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    exporter
        .write(args.to, &mut out)
        .and_then(|()| out.flush())
        .with_context(|| format!("can't write '{}'", args.output))?;
    Ok(OK)
}
