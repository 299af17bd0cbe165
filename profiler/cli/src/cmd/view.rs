//! `loopscope view`

use crate::args::View;
use crate::cmd::input::not_a_log;
use crate::failure::{Failure, OK};
use crate::terminal;
use crate::text::Text;
use std::io::IsTerminal;
use std::path::Path;
use viewer::theme::Theme;

/// Shows a log until its reader has seen enough.
pub fn run(args: &View) -> anyhow::Result<i32> {
    let text = Text::open(&args.log, args.radix)?;
    let (log, diagnostics) = text.parse();
    if !log.frame.is_log() {
        return Err(not_a_log(&args.log).into());
    }
    if !std::io::stdout().is_terminal() {
        return Err(Failure::Usage("view wants a terminal; 'loopscope report' does not".to_owned()).into());
    }
    let report = profiler::analyze(&log).with_diagnostics(&diagnostics);
    let on_disk = |path: &str| source(path, Path::new(&args.log));
    let theme = Theme { color: terminal::color(&std::io::stdout()) };
    viewer::run(&log, report, theme, &on_disk)?;
    Ok(OK)
}

/// A source file: where the log says, else beside the log, which may have come from elsewhere.
fn source(path: &str, log: &Path) -> Option<Vec<u8>> {
    let beside = || Some(log.parent()?.join(Path::new(path).file_name()?));
    std::fs::read(path).ok().or_else(|| std::fs::read(beside()?).ok())
}
