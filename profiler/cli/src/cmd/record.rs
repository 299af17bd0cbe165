//! `loopscope record`: runs somebody else's program, PyPy's as a rule, and keeps its log and samples in one file.
//!
//! ```text
//!            PYPYLOG ──► log.PID  (one for each process that writes one) ─┐
//! program ─┤                                                              ├─► FILE: meta, samples, log, meta, samples, …
//!            sampler ──► samples of all processes and threads ────────────┘
//! ```
//!
//! The program has the terminal, and signals that a terminal sends; we only hand on what was sent to us alone. Whatever
//! ends it, the file is made of what there is, and our exit code is the program's.

mod file;
mod heritage;

use crate::args::{Method, Reading, Record, View};
use crate::cmd::input::Input;
use crate::cmd::{report, view};
use crate::failure::{Failure, OK, USAGE};
use crate::signals::{self, HandOn};
use crate::terminal;
use anyhow::Context;
use logs::Radix;
use profiler::render::TableOptions;
use profiler::together::share_clocks;
use sampler::{Sampler, Seen};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use tempfile::TempDir;

/// What a report and the viewer want of a log: traces as they were compiled, where they lie, what they cost, and what
/// was collected. The rest would make the log twice as long.
pub const SECTIONS: &str = "jit-log-opt,jit-backend,jit-tracing,jit-optimize,jit-trace-done,jit-abort,\
                            jit-disableinlining,jit-mem,jit-invalidate,jit-summary,gc-";

/// How samples are called in the file.
const EVENTS: &str = "perf-event";
const PERF: &str = "perf";
const STOPS: &str = "ptrace";

/// Samples in a second for which a program is stopped, unless more are asked for by name.
const FEW: u32 = 500;

/// Runs the program, writes the file, shows what is in it, and gives the program's exit code.
pub fn run(args: &Record) -> anyhow::Result<i32> {
    if args.view && (!io::stdout().is_terminal() || !view::has_keys()) {
        let message = "record --view wants a terminal; without --view it prints a report";
        return Err(Failure::Usage(message.to_owned()).into());
    }
    if args.output == "-" {
        let message = "record wants its log in a file: standard output is the program's";
        return Err(Failure::Usage(message.to_owned()).into());
    }
    let output = create(&args.output)?;
    let logs = room(&args.output)?;
    let (seen, method) = watch(args, logs.path())?;
    let code = code_of(seen.status, &args.program[0]);
    let parts = file::parts(logs.path())?;
    if parts.is_empty() {
        return Ok(no_log(args, code));
    }
    let about = file::About { program: args.program.join(" "), method };
    file::write(&parts, &seen, &about, output)
        .map_err(|error| Failure::Unwritable(format!("can't write '{}': {error}", args.output)))?;
    drop(logs);
    show(args, parts.len())?;
    Ok(code)
}

fn create(path: &str) -> Result<Box<dyn Write>, Failure> {
    let file = File::create(path);
    let file = file.map_err(|error| Failure::Unwritable(format!("can't write '{path}': {error}")))?;
    Ok(match logs::output::Packed::of_name(path, file) {
        Ok(packed) => Box::new(packed),
        Err(file) => Box::new(io::BufWriter::with_capacity(1 << 18, file)),
    })
}

/// A directory for logs that are still written, on the same disk as the file that they will be in.
fn room(output: &str) -> anyhow::Result<TempDir> {
    let parent = Path::new(output).parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = std::path::absolute(parent.unwrap_or(Path::new(".")))?;
    let room = tempfile::Builder::new().prefix(".loopscope-").tempdir_in(parent);
    room.context("can't make a directory for logs")
}

/// Runs the program to its end. Says how samples were taken, as the file will have it.
fn watch(args: &Record, logs: &Path) -> anyhow::Result<(Seen, String)> {
    let (sampler, method) = sampler(args, logs);
    let signals = HandOn::listen();
    let log: PathBuf = logs.join("log.%d");
    let child = sampler
        .command(&args.program[0])
        .args(&args.program[1..])
        .env("PYPYLOG", format!("{}:{}", args.sections, log.display()))
        .spawn()
        .map_err(|error| cannot_start(&args.program[0], &error))?;
    signals.to(child.id());
    let (seen, failed) = sampler.watch(child)?;
    signals.end();
    let Some(error) = failed else { return Ok((seen, method)) };
    let why = format!("the program can't be stopped for samples: {error}");
    say(&format!("{why}; {MISSING}"));
    Ok((seen, format!("none {why}")))
}

/// What would give samples where none can be had.
const MISSING: &str = "to see loops' time, allow perf events (sysctl kernel.perf_event_paranoid=2) or ptrace";

/// The best way of sampling that is permitted, or the one that was asked for.
fn sampler(args: &Record, directory: &Path) -> (Sampler, String) {
    let hz = args.frequency;
    let perf = || Sampler::perf(hz, directory).map(|sampler| (sampler, format!("{PERF} {hz}")));
    let stops = |hz: u32| (Sampler::stops(hz), format!("{STOPS} {hz}"));
    let events = || Sampler::events(hz).map(|sampler| (sampler, format!("{EVENTS} {hz}")));
    let found = match args.sampler {
        Method::None => return (Sampler::Nothing, "none as --sampler none asks".to_owned()),
        Method::Ptrace => return stops(hz),
        Method::PerfEvents => events().map_err(|error| format!("perf events are not permitted: {error}")),
        Method::Perf => perf().map_err(|error| format!("'perf' can't be used: {error}")),
        Method::Auto => Ok(events().or_else(|error| perf().map_err(|_| error)).unwrap_or_else(|error| {
            let slow = hz.min(FEW);
            say(&format!(
                "perf events are not permitted ({error}): the program is stopped for samples, {slow} times a second; \
                 sysctl kernel.perf_event_paranoid=2 may permit them"
            ));
            stops(slow)
        })),
    };
    found.unwrap_or_else(|why| {
        say(&format!("{why}; {MISSING}"));
        (Sampler::Nothing, format!("none {why}"))
    })
}

fn cannot_start(program: &str, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Failure::Unreadable(format!("can't run '{program}': there is no such program"))
        }
        _ => Failure::Unreadable(format!("can't run '{program}': {error}")),
    }
}

/// A program that a signal has ended is one that we die of, too, if it is one that asks programs to end.
fn code_of(status: ExitStatus, program: &str) -> i32 {
    match (status.code(), status.signal()) {
        (Some(code), _) => code,
        (None, Some(signal)) => {
            if signals::ends_programs(signal) {
                signals::die_of(signal);
            } else {
                say(&format!("'{program}' was ended by signal {signal}"));
            }
            128 + signal
        }
        (None, None) => OK,
    }
}

/// Nothing to keep. A program's own failure is told by its exit code.
fn no_log(args: &Record, code: i32) -> i32 {
    say(&format!(
        "'{}' wrote no log: it is no RPython program (such as pypy3), or one without logging; '{}' is not written",
        args.program[0], args.output
    ));
    // It was created to see whether that is possible.
    let _ = std::fs::remove_file(&args.output);
    if code == OK { USAGE } else { code }
}

fn show(args: &Record, parts: usize) -> anyhow::Result<i32> {
    if args.view {
        return view::run(&View::of_record(args, parts));
    }
    if args.quiet {
        return Ok(OK);
    }
    let mut reports = Input::read(&args.output, &Reading::plain(Radix::Sixteen, None))?.reports(false)?;
    reports.iter_mut().for_each(|report| report.sort(profiler::Sort::Ticks));
    reports.iter_mut().for_each(profiler::Report::keep_first_causes);
    share_clocks(&mut reports);
    let stderr = io::stderr();
    let (color, width) = (terminal::color(&stderr), terminal::width());
    let options = TableOptions { color, width, top: Some(40), ..TableOptions::default() };
    report::tables(reports, &options, &mut stderr.lock()).context("can't write the report")?;
    Ok(OK)
}

fn say(message: &str) {
    // Standard error may be what can't be written.
    let _ = writeln!(io::stderr(), "loopscope: {message}");
}
