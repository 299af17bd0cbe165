//! `loopscope run`, and everything that starts a program without saying so.

use crate::failure::{self, Failure};
use crate::job::{Job, Main};
use crate::logfile::LogFile;
use crate::machine::{self, Program};
use crate::terminal;
use crate::text::Text;
use anyhow::Context;
use profiler::render::{TableOptions, table};
use std::io::Read;

/// Runs a program and gives its exit code.
pub fn run(job: Job) -> anyhow::Result<i32> {
    let text = text_of(&job.main)?;
    let log = LogFile::wanted(&job)?;
    let sink = log.as_ref().map(LogFile::create).transpose()?;
    let profile = job.profile;
    let code = machine::run(Program { job, text }, sink)?;
    let Some(log) = &log else { return Ok(code) };
    if profile {
        print_profile(&log.read()?).context("can't write the profile")?;
    }
    log.check()?;
    Ok(code)
}

fn text_of(main: &Main) -> Result<Vec<u8>, Failure> {
    match main {
        Main::File(path) => failure::read(path),
        Main::Code(code) => Ok(code.clone().into_bytes()),
        Main::Module(_) => Ok(Vec::new()),
        Main::Stdin => {
            let mut text = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut text);
            read.map_err(|error| Failure::Unreadable(format!("can't read standard input: {error}")))?;
            Ok(text)
        }
    }
}

fn print_profile(text: &Text) -> anyhow::Result<()> {
    let (log, diagnostics) = text.parse();
    let mut report = profiler::analyze(&log).with_diagnostics(&diagnostics);
    report.sort(profiler::Sort::Ticks);
    report.keep_first_causes();
    let stderr = std::io::stderr();
    let (color, width) = (terminal::color(&stderr), terminal::width());
    let options = TableOptions { color, width, top: Some(30), ..TableOptions::default() };
    table(&report, &options, &mut stderr.lock())?;
    Ok(())
}
