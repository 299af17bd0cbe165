//! The text of a log, wherever it comes from.
//!
//! | input | where its text is looked at |
//! |---|---|
//! | a short file | a copy in memory: whoever cuts the file off does no harm |
//! | a file of 32 MB or more | the file itself, mapped; it takes memory only while it is looked at |
//! | a pipe, standard input (`-`), a compressed file | memory, or a temporary file if it is long |

use crate::failure::Failure;
use logs::input::{Compression, Limit, spool};
use logs::{Diagnostic, Holder, Index, Keep, Log, Options, Radix, restored};
use map::Map;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::ops::{Deref, Range};
use std::sync::{Mutex, PoisonError};
use tempfile::{SpooledData, SpooledTempFile};

/// Bytes from which on a copy in memory is too large.
const LARGE: u64 = 32 << 20;

/// A log that was opened.
pub struct Text {
    bytes: Bytes,
    radix: Radix,
    keep: Keep,
    /// Its index, if it was made already.
    indexed: Mutex<Option<(Index, Vec<Diagnostic>)>>,
    /// What was done to it before it could be read.
    remarks: Vec<String>,
}

enum Bytes {
    Copied(Vec<u8>),
    /// With the file, unless it is a temporary one that was indexed already.
    Mapped {
        map: Map,
        file: Option<File>,
    },
}

impl Text {
    /// Opens a log; `-` is standard input.
    pub fn open(path: &str, radix: Radix) -> Result<Text, Failure> {
        let failed = |error| Failure::Unreadable(format!("can't open file '{path}': {error}"));
        let mut text = Text::look(path, radix, &mut |_, _| ()).map_err(failed)?;
        if let Bytes::Mapped { map, file: Some(file) } = &text.bytes {
            let indexed = Index::read(file.take(map.len() as u64), radix);
            text.indexed = Mutex::new(Some(indexed));
        }
        if matches!(text.bytes, Bytes::Mapped { .. }) {
            text.restore();
        }
        Ok(text)
    }

    /// Takes off what others put around the log.
    fn restore(&mut self) {
        let known = self.take_index().unwrap_or_else(|| Index::of(self, self.radix));
        let Some(found) = restored(self, &known, self.radix) else {
            self.indexed = Mutex::new(Some(known));
            return;
        };
        self.bytes = Bytes::Copied(found.bytes);
        self.indexed = Mutex::new(Some(found.index));
        self.remarks = found.remarks;
    }

    /// What was done to the log before it could be read.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// A log in memory.
    pub fn of(bytes: Vec<u8>, radix: Radix) -> Text {
        text(Bytes::Copied(bytes), radix, None)
    }

    /// One run of those that the file holds, from 1; nothing if it holds only one, or not so many.
    pub fn run(&self, number: usize) -> Option<Text> {
        let (frame, _) = logs::index(self, self.radix);
        let run = logs::runs(&frame).into_iter().nth(number.checked_sub(1)?)?;
        Some(self.part(&run))
    }

    /// The same bytes, and only these.
    pub fn part(&self, run: &logs::Run) -> Text {
        let bytes = run.iter().filter_map(|range| self.get(range.clone())).collect::<Vec<_>>().concat();
        Text::of(bytes, self.radix)
    }

    /// Opens a log, and reads no more of it than must be.
    pub fn look(path: &str, radix: Radix, progress: &mut dyn FnMut(u64, u64)) -> io::Result<Text> {
        let mut text = match path {
            "-" => spooled(io::stdin().lock(), 0, radix, progress),
            _ => opened(path, radix, progress),
        }?;
        if matches!(text.bytes, Bytes::Copied(_)) {
            text.restore();
        }
        Ok(text)
    }

    /// The index, if it was made while the log was opened. Given once.
    pub fn take_index(&self) -> Option<(Index, Vec<Diagnostic>)> {
        self.indexed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Reads it.
    pub fn parse(&self) -> (Log<'_>, Vec<Diagnostic>) {
        let options = Options { radix: self.radix, holder: Some(self), ..Options::default() };
        let Some((index, mut known)) = self.take_index() else {
            return logs::parse_with(self, options);
        };
        let (log, others) = logs::parse_indexed(self, index, options);
        known.extend(others);
        known.sort_by_key(|diagnostic| diagnostic.offset);
        (log, known)
    }
}

/// Memory of a mapped file is given back once it was read, so that a report takes less than the log is long.
impl Holder for Text {
    fn ahead(&self, range: Range<usize>) {
        if let Bytes::Mapped { map, .. } = &self.bytes {
            map.fetch(range);
        }
    }

    fn passed(&self, range: Range<usize>) {
        if let Bytes::Mapped { map, .. } = &self.bytes {
            map.release(range);
        }
    }

    fn keep(&self) -> Option<&Keep> {
        matches!(self.bytes, Bytes::Mapped { .. }).then_some(&self.keep)
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Copied(bytes) => bytes,
            Bytes::Mapped { map, .. } => map,
        }
    }
}

impl viewer::library::Text for Text {
    fn bytes(&self) -> &[u8] {
        self
    }
}

fn opened(path: &str, radix: Radix, progress: &mut dyn FnMut(u64, u64)) -> io::Result<Text> {
    let mut file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return spooled(file, 0, radix, progress);
    }
    let mut start = Vec::new();
    file.by_ref().take(Compression::MAGIC as u64).read_to_end(&mut start)?;
    file.rewind()?;
    if Compression::of(&start) != Compression::None {
        return spooled(file, about.len(), radix, progress);
    }
    if about.len() < LARGE {
        let mut bytes = Vec::with_capacity(about.len() as usize);
        file.read_to_end(&mut bytes)?;
        return Ok(text(Bytes::Copied(bytes), radix, None));
    }
    Ok(text(Bytes::Mapped { map: Map::new(&file)?, file: Some(file) }, radix, None))
}

fn spooled(
    input: impl Read,
    length: u64,
    radix: Radix,
    progress: &mut dyn FnMut(u64, u64),
) -> io::Result<Text> {
    let mut spool_file = SpooledTempFile::new(LARGE as usize);
    let input = Told { input, read: 0, length, progress };
    let indexed = spool(input, &mut spool_file, radix, Limit::default())?;
    let bytes = match spool_file.into_inner() {
        SpooledData::InMemory(bytes) => Bytes::Copied(bytes.into_inner()),
        SpooledData::OnDisk(file) => Bytes::Mapped { map: Map::new(&file)?, file: None },
    };
    Ok(text(bytes, radix, Some(indexed)))
}

fn text(bytes: Bytes, radix: Radix, indexed: Option<(Index, Vec<Diagnostic>)>) -> Text {
    Text { bytes, radix, keep: Keep::default(), indexed: Mutex::new(indexed), remarks: Vec::new() }
}

/// Tells how far an input was read.
struct Told<'p, R> {
    input: R,
    read: u64,
    length: u64,
    progress: &'p mut dyn FnMut(u64, u64),
}

impl<R: Read> Read for Told<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        self.read += read as u64;
        (self.progress)(self.read, self.length);
        Ok(read)
    }
}
