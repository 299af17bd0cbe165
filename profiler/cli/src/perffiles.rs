//! The files by which native profilers get to know generated code. Where they lie is not ours to choose: perf and
//! samply look for them in `/tmp`, by the process's number.
//!
//! Anybody may put something there before us. So a file is only ever made, never opened: what stands in its place,
//! a link above all, is removed without being followed, or is left and there is no file.

use jit::perf::{Output, Outside, Sort};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

const DIRECTORY: &str = "/tmp";
/// Others may be faster than we are; not for ever.
const ATTEMPTS: usize = 3;

/// The files of this process.
pub struct PerfFiles;

impl Outside for PerfFiles {
    fn create(&self, sort: Sort) -> io::Result<Box<dyn Output>> {
        let path = path(sort);
        let made = make(&path, mode(sort));
        let file =
            made.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        Ok(Box::new(file))
    }

    fn warn(&self, message: &str) {
        eprintln!("loopscope: warning: {message}");
    }
}

fn path(sort: Sort) -> PathBuf {
    let pid = std::process::id();
    let name = match sort {
        Sort::Map => format!("perf-{pid}.map"),
        Sort::Dump => format!("jit-{pid}.dump"),
        Sort::Marker => format!("marker-{pid}.txt"),
    };
    PathBuf::from(DIRECTORY).join(name)
}

/// As CPython has them.
fn mode(sort: Sort) -> u32 {
    match sort {
        Sort::Map | Sort::Marker => 0o600,
        Sort::Dump => 0o644,
    }
}

fn make(path: &PathBuf, mode: u32) -> io::Result<File> {
    for _ in 0..ATTEMPTS {
        // Exclusive: fails where anything stands, links included. Readable, because it is mapped.
        match OpenOptions::new().read(true).append(true).create_new(true).mode(mode).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => std::fs::remove_file(path)?,
            other => return other,
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
