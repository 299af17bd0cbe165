//! The section index: what a log holds and where, found in one pass that looks at framing lines only.
//!
//! The index borrows nothing. It can be made of bytes in memory ([`Index::of`]), of a reader whose text is not kept
//! ([`Index::read`]), or piece by piece while a log grows ([`Indexer`]); laid over the bytes, it is a
//! [`Frame`](crate::frame::Frame).
//!
//! ```text
//! bytes ─► scan (lines that start with '[' or a colour) ─► nest (which stop belongs to which start) ─► Index
//! ```
//!
//! A section takes 48 bytes, a start or stop 4, a run of text 16, an event 20, a name some 100 once. On PyPy's logs that
//! is less than a tenth of the log, on one of markers only about its size, and on a text made to be as bad as it can
//! be less than [`WORST`] bytes per byte. Lines may be of any length: what is longer than 64 KB is text.

mod names;
mod nest;
mod packed;
mod parallel;
mod scan;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::frame::{Mark, Radix, SectionId};
use crate::read::Options;
use crate::section::Section;
use names::Names;
use packed::PackedMark;
pub(crate) use packed::RawEvent;
pub use scan::Indexer;
use std::io::{self, Read};
use std::ops::Range;

/// Bytes that an index takes at most for each byte of a log; a test says so.
pub const WORST: usize = 40;

/// Where the sections of a log are.
#[derive(Clone, Debug)]
pub struct Index {
    radix: Radix,
    length: u64,
    names: Names,
    sections: Vec<Record>,
    chunks: Vec<Chunk>,
    events: Vec<RawEvent>,
    timeline: Vec<PackedMark>,
    backwards: u64,
    strays: u64,
}

/// One section, as the index knows it.
#[derive(Clone, Debug)]
pub struct Entry<'i> {
    /// Its number.
    pub id: SectionId,
    /// Its name.
    pub name: &'i [u8],
    /// What the name means, if we know it.
    pub kind: Option<Section>,
    /// What it lies in.
    pub parent: SectionId,
    /// Its bytes, both framing lines included.
    pub range: Range<u64>,
    /// The stamp it starts with.
    pub start: u64,
    /// The stamp it stops with.
    pub stop: u64,
    /// Did its own stop close it?
    pub closed: bool,
    /// In how many sections it lies.
    pub depth: u8,
    /// Which of the processes that wrote into this log one after the other it belongs to, from 0.
    pub process: u16,
    name_index: u32,
}

impl Entry<'_> {
    pub(crate) fn name_index(&self) -> usize {
        self.name_index as usize
    }
}

#[derive(Clone, Debug)]
struct Record {
    start: u64,
    stop: u64,
    offset: u64,
    end: u64,
    parent: u32,
    name: u32,
    first_chunk: u32,
    process: u16,
    depth: u8,
    closed: bool,
}

/// A run of lines.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    start: u64,
    length: u32,
    next: u32,
}

/// No chunk.
const NONE: u32 = u32::MAX;

impl Index {
    /// Indexes a log in memory, on all processors if it is long enough for that to pay.
    pub fn of(bytes: &[u8], radix: Radix) -> (Index, Vec<Diagnostic>) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Index::with_threads(bytes, radix, threads)
    }

    /// Indexes a log in memory, on at most so many threads.
    pub fn with_threads(bytes: &[u8], radix: Radix, threads: usize) -> (Index, Vec<Diagnostic>) {
        let (index, diagnostics) = Index::unfinished(bytes, Options { radix, threads, ..Options::default() });
        (index, diagnostics.finish(bytes))
    }

    pub(crate) fn unfinished(bytes: &[u8], options: Options<'_>) -> (Index, Diagnostics) {
        parallel::index(bytes, options)
    }

    /// Indexes a log as it comes, and keeps nothing but the index. What could be read before an error is in the index,
    /// the error among the diagnostics.
    pub fn read(mut log: impl Read, radix: Radix) -> (Index, Vec<Diagnostic>) {
        const BLOCK: usize = 256 * 1024;
        let mut indexer = Indexer::new(radix);
        let mut block = vec![0; BLOCK];
        loop {
            match log.read(&mut block) {
                Ok(0) => break,
                Ok(length) => indexer.push(&block[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    indexer.complain(format_args!("the log could not be read any further: {error}"));
                    break;
                }
            }
        }
        indexer.finish()
    }

    /// How many bytes were indexed.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Was it made of the kind of file we read? It was, if there is a single section or event in it.
    pub fn is_log(&self) -> bool {
        !self.timeline.is_empty()
    }

    /// How stamps are written.
    pub fn radix(&self) -> Radix {
        self.radix
    }

    /// How often a stamp is smaller than the one before it.
    pub fn backwards(&self) -> u64 {
        self.backwards
    }

    /// How many starts had no stop before the log's end, and how many stops no start.
    pub fn strays(&self) -> u64 {
        self.strays
    }

    /// How many sections there are; events are not among them.
    pub fn len(&self) -> usize {
        self.sections.len() - 1
    }

    /// Is there no section?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many profile events there are.
    pub fn events(&self) -> usize {
        self.events.len()
    }

    /// All sections but the root, in the order of their starts.
    pub fn sections(&self) -> impl Iterator<Item = Entry<'_>> {
        (1..self.sections.len()).map(|index| self.entry(SectionId(index as u32)))
    }

    /// The section of that number.
    pub fn entry(&self, id: SectionId) -> Entry<'_> {
        let record = &self.sections[id.index()];
        let (name, kind) = self.names.get(record.name);
        Entry {
            id,
            name,
            kind,
            parent: SectionId(record.parent),
            range: record.offset..record.end,
            start: record.start,
            stop: record.stop,
            closed: record.closed,
            depth: record.depth,
            process: record.process,
            name_index: record.name,
        }
    }

    /// The stamps a section starts and stops with.
    pub(crate) fn stamps(&self, id: SectionId) -> (u64, u64) {
        let record = &self.sections[id.index()];
        (record.start, record.stop)
    }

    /// The runs of lines whose innermost section is this one.
    pub fn chunks(&self, id: SectionId) -> impl Iterator<Item = Range<usize>> {
        let chunk = |index: u32| self.chunks.get(index as usize).copied();
        let all =
            std::iter::successors(chunk(self.sections[id.index()].first_chunk), move |last| chunk(last.next));
        all.map(|chunk| chunk.start as usize..chunk.start as usize + chunk.length as usize)
    }

    /// How many bytes the index itself takes.
    pub fn memory(&self) -> usize {
        self.names.memory()
            + self.sections.capacity() * size_of::<Record>()
            + self.chunks.capacity() * size_of::<Chunk>()
            + self.events.capacity() * size_of::<RawEvent>()
            + self.timeline.capacity() * size_of::<PackedMark>()
    }

    pub(crate) fn name_ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.names.ranges()
    }

    /// Everything with a stamp, in the order of the file.
    pub(crate) fn timeline(&self) -> impl ExactSizeIterator<Item = Mark> + DoubleEndedIterator {
        self.timeline.iter().map(|&mark| mark.into())
    }

    /// What a frame keeps in its own form.
    pub(crate) fn take_events(&mut self) -> Vec<RawEvent> {
        std::mem::take(&mut self.events)
    }
}
