//! `loopscope view`

use crate::args::{Reading, View};
use crate::cmd::desk::{Desk, source};
use crate::cmd::input::{Input, not_a_log, samples};
use crate::failure::{Failure, OK};
use crate::lcov::Lcov;
use crate::terminal;
use crate::text::Text;
use logs::input::{Limit, spool};
use logs::{Diagnostic, Index, Radix, restored};
use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::{self, Cursor, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use viewer::clerk::Beside;
use viewer::library::{Change, Library, Progress};

/// Shows a log until its reader has seen enough.
pub fn run(args: &View) -> anyhow::Result<i32> {
    if !io::stdout().is_terminal() || !has_keys() {
        return Err(Failure::Usage("view wants a terminal; 'loopscope report' does not".to_owned()).into());
    }
    if args.reading.phase.is_some() {
        let message = "view shows user sections as phases; --phase is for report and export";
        return Err(Failure::Usage(message.to_owned()).into());
    }
    let source = Source::of(&args.log);
    if source == Source::File {
        refuse(Path::new(&args.log), args)?;
    }
    if source != Source::File && args.follow {
        let message = format!("--follow wants a file, and '{}' is none: what comes is shown once", args.log);
        return Err(Failure::Usage(message).into());
    }
    let name = Path::new(&args.log).file_name().filter(|_| args.log != "-");
    let options = viewer::Options {
        name: name.map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        theme: terminal::theme(&io::stdout(), args.background),
        radix: args.reading.radix,
        follow: args.follow,
    };
    let mut desk = Desk::beside(PathBuf::from(&args.log));
    let coverage = args.coverage.as_deref().map(Lcov::open).transpose()?.unwrap_or_default();
    let log =
        LogFile { run: args.reading.run, coverage, ..LogFile::new(&args.log, source, args.reading.radix) };
    viewer::run(log, beside(args)?, &mut desk, options)?;
    Ok(OK)
}

/// Are there keys to be read? If standard input is something else, they come from the terminal itself.
pub(super) fn has_keys() -> bool {
    io::stdin().is_terminal() || File::options().read(true).write(true).open("/dev/tty").is_ok()
}

/// What a log is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Read again whenever it has changed.
    File,
    /// A pipe: what comes, comes once.
    Pipe,
}

impl Source {
    fn of(path: &str) -> Source {
        let is_pipe = || std::fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir());
        if path == "-" || is_pipe() { Source::Pipe } else { Source::File }
    }
}

/// What else there is to know of the run.
fn beside(args: &View) -> anyhow::Result<Beside> {
    let Reading { perf_script, pid, clock_hz, radix, .. } = args.reading.clone();
    let samples = perf_script.as_deref().map(samples).transpose()?;
    let old = Reading::plain(radix, None);
    let against = args.against.as_ref().map(|path| Input::read(path, &old)?.against()).transpose()?;
    let against = against.map(Arc::new);
    Ok(Beside { samples, clock_hz, pid, against })
}

/// Looks at the beginning of a file: what cannot be opened, or is no log, needs no screen.
fn refuse(path: &Path, args: &View) -> Result<(), Failure> {
    const ENOUGH: u64 = 1 << 20;
    let unreadable = |error| Failure::Unreadable(format!("can't open file '{}': {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut start = Vec::new();
    file.take(ENOUGH).read_to_end(&mut start).map_err(unreadable)?;
    if length > ENOUGH {
        return Ok(());
    }
    // What does not fit is enough, too.
    let text = Cursor::new(vec![0; ENOUGH as usize].into_boxed_slice());
    let Ok((index, diagnostics)) = spool(&start[..], text, args.reading.radix, Limit::default()) else {
        return Ok(());
    };
    // A log that is still to be written may be empty.
    let may_come = args.follow && index.length() == 0;
    let may_help = || restored(&start, &(index.clone(), diagnostics.clone()), args.reading.radix).is_some();
    if may_come || index.is_log() || may_help() { Ok(()) } else { Err(not_a_log(&args.log)) }
}

/// A log on the disk or from a pipe, and the sources around it.
pub(super) struct LogFile {
    path: String,
    source: Source,
    radix: Radix,
    /// The only run to show, of a file that holds several.
    run: Option<usize>,
    /// The file as it was opened.
    seen: Option<Seen>,
    /// How often lines ran.
    coverage: Lcov,
    /// What unpacking it has yielded on the way.
    indexed: Option<(Index, Vec<Diagnostic>)>,
}

/// What tells a file from what it becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    length: u64,
    modified: Option<std::time::SystemTime>,
    inode: u64,
}

impl Seen {
    fn of(metadata: &Metadata) -> Seen {
        use std::os::unix::fs::MetadataExt;
        Seen { length: metadata.len(), modified: metadata.modified().ok(), inode: metadata.ino() }
    }
}

impl LogFile {
    pub(super) fn new(path: &str, source: Source, radix: Radix) -> LogFile {
        LogFile {
            path: path.to_owned(),
            source,
            radix,
            run: None,
            seen: None,
            coverage: Lcov::default(),
            indexed: None,
        }
    }
}

impl Library for LogFile {
    fn open(&mut self, progress: Progress<'_>) -> io::Result<Box<dyn viewer::library::Text>> {
        if self.source == Source::File {
            self.seen = Some(Seen::of(&std::fs::metadata(&self.path)?));
        }
        let text = Text::look(&self.path, self.radix, progress)?;
        let text = match self.run {
            Some(number) => text.run(number).unwrap_or(text),
            None => text,
        };
        self.indexed = text.take_index();
        Ok(Box::new(text))
    }

    fn changed(&mut self) -> io::Result<Change> {
        if self.source == Source::Pipe {
            return Ok(Change::Same);
        }
        let now = Seen::of(&std::fs::metadata(&self.path)?);
        Ok(match self.seen {
            Some(seen) if seen == now => Change::Same,
            Some(seen) if seen.inode == now.inode && seen.length <= now.length => Change::Grown,
            _ => Change::Replaced,
        })
    }

    fn take_index(&mut self) -> Option<(Index, Vec<Diagnostic>)> {
        self.indexed.take()
    }

    fn source(&self, path: &str) -> Option<Vec<u8>> {
        source(path, Path::new(&self.path))
    }

    fn line_counts(&self, path: &str) -> Option<BTreeMap<u32, u64>> {
        self.coverage.of(path)
    }
}
