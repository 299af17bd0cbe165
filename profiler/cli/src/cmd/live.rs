//! `loopscope run --live`: a program in a process of its own, and the viewer beside it.
//!
//! ```text
//! terminal ◄─► viewer ── follows ──► log ◄── writes ── program
//!                 ▲                                      │ ▲
//!                 └── output, errors (kept, and ◄────────┘ └── lines of input
//!                     printed at the end)
//! ```
//!
//! A process of its own, because the terminal is the viewer's, and so that a program that ends by a signal or takes all
//! memory does not end the viewer.

mod program;

use crate::args::{Run, Switch};
use crate::cmd::desk::Desk;
use crate::cmd::view::{LogFile, Source, has_keys};
use crate::failure::Failure;
use crate::terminal;
use logs::Radix;
use program::Live;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use viewer::clerk::Beside;
use viewer::library::{Host, Program};

/// Runs a program, shows it while it runs, and gives its exit code.
pub fn run(args: &Run) -> anyhow::Result<i32> {
    if !io::stdout().is_terminal() || !has_keys() {
        let message = "run --live wants a terminal; 'loopscope run --profile' does not";
        return Err(Failure::Usage(message.to_owned()).into());
    }
    if args.log.as_deref() == Some("-") {
        let message = "--live wants its log in a file, not on standard error";
        return Err(Failure::Usage(message.to_owned()).into());
    }
    // Whoever has no program needs no screen.
    args.program.first().map_or(Ok(Vec::new()), |path| crate::failure::read(path))?;
    let log = Log::new(args)?;
    let path = log.path().to_string_lossy().into_owned();
    let program = Live::start(arguments(args, log.path()))?;
    let mut beside = Running { desk: Desk::beside(named(args)), program, log: Some(log) };
    let options = viewer::Options {
        name: args.program.first().cloned().unwrap_or_default(),
        theme: terminal::theme(&io::stdout(), args.background),
        radix: Radix::Sixteen,
        follow: true,
    };
    let library = LogFile::new(&path, Source::File, Radix::Sixteen);
    let shown = viewer::run(library, Beside::default(), &mut beside, options);
    let Running { program, log, .. } = beside;
    let code = program.finish()?;
    drop(log);
    shown?;
    Ok(code)
}

/// What saved screens are named after, and where sources are looked for.
fn named(args: &Run) -> PathBuf {
    args.log.as_ref().or(args.program.first()).map_or_else(PathBuf::new, PathBuf::from)
}

/// The log the program writes: the one that was asked for, or one that goes when the viewer does.
enum Log {
    Kept(PathBuf),
    Temporary(NamedTempFile),
}

impl Log {
    fn new(args: &Run) -> Result<Log, Failure> {
        let failed = |error| Failure::Unreadable(format!("can't write a log: {error}"));
        let Some(path) = &args.log else {
            let named = tempfile::Builder::new().prefix("loopscope-").suffix(".pypylog").tempfile();
            return named.map(Log::Temporary).map_err(failed);
        };
        let path = PathBuf::from(path.replace("%d", &std::process::id().to_string()));
        // The viewer opens it before the program has come so far.
        File::create(&path).map_err(failed)?;
        Ok(Log::Kept(path))
    }

    fn path(&self) -> &Path {
        match self {
            Log::Kept(path) => path,
            Log::Temporary(file) => file.path(),
        }
    }
}

/// The same command without --live, and with that log.
fn arguments(args: &Run, log: &Path) -> Vec<OsString> {
    let mut line: Vec<OsString> = ["run", "--by-line", "--log"].map(OsString::from).into();
    line.push(log.into());
    line.push(format!("--passes={}", args.passes).into());
    line.extend(args.threshold.map(|threshold| format!("--threshold={threshold}").into()));
    let switches = [
        ("--jit=off", args.jit == Switch::Off),
        ("--profile", args.profile),
        ("--gc-stress", args.gc_stress),
        ("--jit-verify", args.jit_verify),
        ("--stress-guards", args.stress_guards),
    ];
    line.extend(switches.iter().filter(|(_, on)| *on).map(|(switch, _)| OsString::from(switch)));
    line.extend((0..args.optimize).map(|_| OsString::from("-O")));
    // A program's name may look like an option.
    line.push("--".into());
    line.extend(args.program.iter().map(OsString::from));
    line
}

/// The viewer's way to files and to the program.
struct Running {
    desk: Desk,
    program: Live,
    log: Option<Log>,
}

impl Host for Running {
    fn save(&mut self, extension: &str, content: &str) -> io::Result<String> {
        self.desk.save(extension, content)
    }

    fn edit(&mut self, file: &str, line: u32) -> io::Result<()> {
        self.desk.edit(file, line)
    }

    fn program(&mut self) -> Option<&mut dyn Program> {
        Some(&mut self.program)
    }

    fn leave(&mut self) {
        self.program.kill();
        self.log = None;
    }
}
