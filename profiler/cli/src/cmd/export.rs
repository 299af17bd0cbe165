//! `loopscope export`

use super::input::Input;
use crate::args::{Export, ExportFormat};
use crate::failure::OK;
use anyhow::Context;
use profiler::export::Format;
use std::io::{BufWriter, Write};

/// Writes the log in another tool's format.
pub fn run(args: &Export) -> anyhow::Result<i32> {
    let input = Input::read(&args.log, &args.reading)?;
    let (log, diagnostics) = input.log()?;
    let mut exporter = profiler::export::Exporter::new(&log, input.options());
    exporter.report = exporter.report.with_diagnostics(&diagnostics);
    exporter.report.log = Some(args.log.clone());
    if args.output == "-" {
        exporter.write(args.to.into(), &mut BufWriter::new(std::io::stdout().lock()))?;
        return Ok(OK);
    }
    let file =
        std::fs::File::create(&args.output).with_context(|| format!("can't write '{}'", args.output))?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    exporter
        .write(args.to.into(), &mut out)
        .and_then(|()| out.flush())
        .with_context(|| format!("can't write '{}'", args.output))?;
    Ok(OK)
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Format {
        match format {
            ExportFormat::Speedscope => Format::Speedscope,
            ExportFormat::Firefox => Format::Firefox,
            ExportFormat::Folded => Format::Folded,
            ExportFormat::Flamegraph => Format::Flamegraph,
            ExportFormat::Chrome => Format::Chrome,
            ExportFormat::Pprof => Format::Pprof,
            ExportFormat::Csv => Format::Csv,
            ExportFormat::Parquet => Format::Parquet,
            ExportFormat::PerfMap => Format::PerfMap,
            ExportFormat::Jitdump => Format::Jitdump,
        }
    }
}
