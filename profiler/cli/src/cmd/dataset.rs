//! A data set on the disk: parts in directories by day, each there or not.
//!
//! ```text
//! DIR/day=2026-11-27/part-00007.parquet    rows of runs of that day
//! DIR/_unfinished/                         what is being written; engines skip names that begin with _
//! DIR/_lock                                who writes holds it
//! ```
//!
//! A part is written elsewhere, brought to the disk and renamed, so that whoever is killed leaves no half of one, and the
//! logs in it are exported or not. Which ones are, the parts say themselves. A log that has changed since loses its old
//! rows before it gets new ones: if that is interrupted, the next export begins with it.

use crate::failure::Failure;
use profiler::fleet::{self, Source};
use rustix::fs::{FlockOperation, flock};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A data set that nobody else writes to.
pub struct DataSet {
    dir: PathBuf,
    /// Held until this goes.
    _lock: File,
    /// Logs that are in it, by path, and in which part.
    known: HashMap<String, (Source, PathBuf)>,
    /// The number of the next part.
    next: u64,
}

impl DataSet {
    /// Opens a data set, or begins one.
    pub fn open(dir: &Path) -> Result<DataSet, Failure> {
        let failed = |error| unwritable(dir, &error);
        fs::create_dir_all(dir.join(UNFINISHED)).map_err(failed)?;
        let lock = File::create(dir.join("_lock")).map_err(failed)?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            let message = format!("another export writes to '{}': wait until it is done", dir.display());
            return Err(Failure::Unwritable(message));
        }
        for entry in fs::read_dir(dir.join(UNFINISHED)).map_err(failed)?.flatten() {
            fs::remove_file(entry.path()).map_err(failed)?;
        }
        let mut set = DataSet { dir: dir.to_owned(), _lock: lock, known: HashMap::new(), next: 1 };
        for part in parts(dir).map_err(failed)? {
            set.learn(&part)?;
        }
        Ok(set)
    }

    fn learn(&mut self, part: &Path) -> Result<(), Failure> {
        let sources = fs::read(part).and_then(fleet::sources).map_err(|error| {
            let part = part.display();
            Failure::Unreadable(format!(
                "'{part}' is no part of a data set ({error}): take it away, and its logs are exported again"
            ))
        })?;
        self.known.extend(sources.into_iter().map(|it| (it.path.clone(), (it, part.to_owned()))));
        let number = number_of(part).unwrap_or(0);
        self.next = self.next.max(number + 1);
        Ok(())
    }

    /// Is the log in it, as it is now?
    pub fn has(&self, source: &Source) -> bool {
        self.known.get(&source.path).is_some_and(|(known, _)| known == source)
    }

    /// Adds rows of these logs, by day; what it had of them goes.
    pub fn add(&mut self, sources: &[Source], days: &BTreeMap<String, fleet::Table>) -> Result<(), Failure> {
        let dir = self.dir.clone();
        self.forget(sources).map_err(|error| unwritable(&dir, &error))?;
        for (day, table) in days {
            let part = self.place(day).map_err(|error| unwritable(&dir, &error))?;
            let written = table.encode().and_then(|bytes| self.write(&part, &bytes));
            written.map_err(|error| unwritable(&part, &error))?;
        }
        Ok(())
    }

    /// Takes old rows of logs away.
    fn forget(&mut self, sources: &[Source]) -> io::Result<()> {
        let mut stale: BTreeMap<PathBuf, BTreeSet<&String>> = BTreeMap::new();
        for source in sources {
            if let Some((_, part)) = self.known.remove(&source.path) {
                stale.entry(part).or_default().insert(&source.path);
            }
        }
        for (part, logs) in stale {
            match fleet::without(fs::read(&part)?, &logs.into_iter().cloned().collect())? {
                Some(rest) => self.write(&part, &rest)?,
                None => fs::remove_file(&part)?,
            }
        }
        Ok(())
    }

    /// Where the next part goes.
    fn place(&mut self, day: &str) -> io::Result<PathBuf> {
        let dir = self.dir.join(format!("day={day}"));
        fs::create_dir_all(&dir)?;
        let part = dir.join(format!("part-{:05}.parquet", self.next));
        self.next += 1;
        Ok(part)
    }

    /// Writes a part, or writes it anew: it is there in full, or as it was.
    fn write(&self, part: &Path, bytes: &[u8]) -> io::Result<()> {
        let name = part.file_name().unwrap_or_default();
        let unfinished = self.dir.join(UNFINISHED).join(name);
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, part)
    }
}

const UNFINISHED: &str = "_unfinished";

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Unwritable(format!("can't write '{}': {error}", path.display()))
}

/// The parts that are there.
fn parts(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut parts = Vec::new();
    for day in fs::read_dir(dir)? {
        let day = day?;
        if !day.file_name().to_string_lossy().starts_with("day=") {
            continue;
        }
        for part in fs::read_dir(day.path())? {
            let part = part?.path();
            if number_of(&part).is_some() {
                parts.push(part);
            }
        }
    }
    parts.sort();
    Ok(parts)
}

/// `part-00007.parquet`
fn number_of(part: &Path) -> Option<u64> {
    let name = part.file_name()?.to_str()?;
    name.strip_prefix("part-")?.strip_suffix(".parquet")?.parse().ok()
}
