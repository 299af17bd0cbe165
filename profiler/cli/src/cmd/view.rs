//! `loopscope view`

use crate::args::View;
use crate::cmd::report::not_a_log;
use crate::failure::{self, Failure, OK};
use crate::terminal;
use std::io::IsTerminal;
use viewer::theme::Theme;

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
    let theme = Theme { color: terminal::color(&std::io::stdout()) };
    viewer::run(&log, report, theme, &on_disk)?;
    Ok(OK)
}
