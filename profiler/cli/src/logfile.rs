//! Which log a run writes: the one asked for on the command line, else in `PYPYLOG`, else one to make the profile of.

use crate::compressed::Compressed;
use crate::failure::Failure;
use crate::job::Job;
use logs::filter::{Filter, Selection, Target};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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
        Ok(Some(LogFile { selection: filter.selection, path, temporary: false }))
    }

    fn temporary() -> LogFile {
        let path = std::env::temp_dir().join(format!("loopscope-{}.pypylog", std::process::id()));
        LogFile { selection: Selection::prefixes(PROFILE), path: Some(path), temporary: true }
    }

    /// Opens it for writing, emptied.
    pub fn create(&self) -> Result<Sink, Failure> {
        Ok(Sink { out: self.open()?, selection: self.selection.clone() })
    }

    fn open(&self) -> Result<Box<dyn Write + Send>, Failure> {
        let Some(path) = &self.path else { return Ok(Box::new(io::stderr())) };
        let file = std::fs::File::create(path);
        let file = file
            .map_err(|error| Failure::Unreadable(format!("can't write log '{}': {error}", path.display())))?;
        if path.extension().is_some_and(|extension| extension == "zst") {
            return Ok(Box::new(Compressed::new(file)));
        }
        Ok(Box::new(io::BufWriter::with_capacity(1 << 18, file)))
    }

    /// Where it has been written to, unless that is standard error.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
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
