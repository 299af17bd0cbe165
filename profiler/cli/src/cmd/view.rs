//! `loopscope view`

use crate::args::View;
use crate::cmd::report::not_a_log;
use crate::failure::{self, Failure, OK};
use std::io::IsTerminal;

/// Shows a log until its reader has seen enough.
pub fn run(args: &View) -> anyhow::Result<i32> {
    let bytes = failure::read(&args.log)?;
    let (log, diagnostics) = logs::parse(&bytes, args.radix);
    if !log.frame.is_log() {
        return Err(not_a_log(&args.log).into());
    }
    if !std::io::stdout().is_terminal() {
        return Err(Failure::Usage("view wants a terminal; 'loopscope report' does not".to_owned()).into());
    }
    let report = profiler::analyze(&log).with_diagnostics(&diagnostics);
    let on_disk = |path: &str| std::fs::read(path).ok();
    viewer::run(&log, report, &on_disk)?;
    Ok(OK)
}
