//! Which log a run writes: the one asked for on the command line, else in `PYPYLOG`, else one to make the profile of.

use crate::failure::Failure;
use crate::job::Job;
use crate::text::Text;
use logs::Radix;
use logs::filter::{Filter, Selection, Target};
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What a profile is made of: everything but machine code and what came before it.
const PROFILE: &str = "jit-profile,jit-tracing,jit-optimize,jit-backend,jit-log-opt,jit-summary,gc-,loopscope-meta,\
                       loopscope-samples,loopscope-helpers,loopscope-places,loopscope-losses,loopscope-guard-counts";

/// A log to be written.
#[derive(Debug)]
pub struct LogFile {
    selection: Selection,
    /// `None` is standard error.
    path: Option<PathBuf>,
    temporary: bool,
    failed: Arc<Mutex<Option<io::Error>>>,
}

impl fmt::Display for LogFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "'{}'", path.display()),
            None => f.write_str("standard error"),
        }
    }
}

/// Keeps the first error, which nobody else looks at: a full disk does not change what the program does.
struct Watched {
    out: Box<dyn Write + Send>,
    failed: Arc<Mutex<Option<io::Error>>>,
}

impl Watched {
    fn keep<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            kind.into()
        })
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.keep(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.keep(flushed)
    }
}

/// The open log.
pub struct Sink {
    pub out: Box<dyn Write + Send>,
    pub selection: Selection,
}

impl LogFile {
    /// The log the job wants, if any.
    pub fn wanted(job: &Job) -> Result<Option<LogFile>, Failure> {
        let asked = job.log.clone().or_else(|| Filter::parse(&std::env::var("PYPYLOG").unwrap_or_default()));
        let Some(filter) = asked else {
            return Ok(job.profile.then(LogFile::temporary));
        };
        if job.profile && filter.target == Target::Stderr {
            return Err(Failure::Usage(
                "--profile wants its log in a file, not on standard error".to_owned(),
            ));
        }
        let path = filter.target.path(std::process::id()).map(|path| PathBuf::from(path.as_ref()));
        Ok(Some(LogFile { selection: filter.selection, path, temporary: false, failed: Arc::default() }))
    }

    fn temporary() -> LogFile {
        let path = std::env::temp_dir().join(format!("loopscope-{}.pypylog", std::process::id()));
        LogFile {
            selection: Selection::prefixes(PROFILE),
            path: Some(path),
            temporary: true,
            failed: Arc::default(),
        }
    }

    /// Opens it for writing, emptied.
    pub fn create(&self) -> Result<Sink, Failure> {
        let out = Watched { out: self.open()?, failed: self.failed.clone() };
        Ok(Sink { out: Box::new(out), selection: self.selection.clone() })
    }

    /// Whether all of it was written; known when the run has ended.
    pub fn check(&self) -> Result<(), Failure> {
        match &*self.failed.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(()),
            Some(error) => {
                Err(Failure::Unwritable(format!("the log is not complete: can't write {self}: {error}")))
            }
        }
    }

    fn open(&self) -> Result<Box<dyn Write + Send>, Failure> {
        let Some(path) = &self.path else { return Ok(Box::new(io::stderr())) };
        let file = std::fs::File::create(path);
        let file = file
            .map_err(|error| Failure::Unwritable(format!("can't write log '{}': {error}", path.display())))?;
        Ok(match logs::output::Packed::of_name(&path.to_string_lossy(), file) {
            Ok(packed) => Box::new(packed),
            Err(file) => Box::new(io::BufWriter::with_capacity(1 << 18, file)),
        })
    }

    /// What has been written.
    pub fn read(&self) -> Result<Text, Failure> {
        let path = self.path.as_ref().map(|path| path.to_string_lossy()).unwrap_or_default();
        Text::open(&path, Radix::Sixteen)
    }
}

impl Drop for LogFile {
    fn drop(&mut self) {
        if let (true, Some(path)) = (self.temporary, &self.path) {
            // Nobody is left to be told.
            let _ = std::fs::remove_file(path);
        }
    }
}
