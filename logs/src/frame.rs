//! Framing: which bytes of a log belong to which section.
//!
//! Sections nest, and a section may open between two lines of another one (the collector does that anywhere), so the
//! text of a section is a list of chunks: runs of lines with no framing line between them. The [index](crate::index)
//! knows where they are; a [`Frame`] is the index together with the bytes, and gives the lines themselves.

mod events;

use crate::event::Event;
use crate::index::{Entry, Index};
use crate::parse::marker::plain;
use crate::read::Holder;
use crate::section::Section;
use events::Events;
use std::sync::Arc;

/// In which radix stamps are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Radix {
    /// As PyPy writes them.
    #[default]
    Sixteen,
    /// As in the design note's example.
    Ten,
}

impl Radix {
    /// 16 or 10.
    pub const fn base(self) -> u32 {
        match self {
            Radix::Sixteen => 16,
            Radix::Ten => 10,
        }
    }
}

/// Index of a section; 0 is the text outside of all sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub(crate) u32);

impl SectionId {
    /// What encloses all sections.
    pub const ROOT: SectionId = SectionId(0);

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One section of a log.
#[derive(Clone, Copy, Debug)]
pub struct SectionNode<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// What the name means, if we know it.
    pub kind: Option<Section>,
    /// What it lies in.
    pub parent: SectionId,
    /// The stamp it starts with.
    pub start: u64,
    /// The stamp it stops with; of the last framing line seen if nothing closes it.
    pub stop: u64,
    /// Did its own stop close it?
    pub closed: bool,
    /// Where its first framing line stands.
    pub offset: usize,
    /// Where the line behind its last framing line stands.
    pub end: usize,
    /// In how many sections it lies, the root not counted. Says little: it depends on the filter.
    pub depth: u8,
    /// Which of the processes that wrote into this log one after the other it belongs to, from 0.
    pub process: u16,
}

/// Something with a stamp, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A section starts.
    Start(SectionId),
    /// It stops, or is taken to stop.
    Stop(SectionId),
    /// An event, by index.
    Event(u32),
}

/// A framed log. Copies share what it consists of.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    bytes: &'a [u8],
    known: Arc<Known<'a>>,
    /// How stamps are written.
    pub radix: Radix,
}

#[derive(Debug)]
struct Known<'a> {
    index: Index,
    names: Vec<&'a [u8]>,
    events: Events<'a>,
}

/// A line of text, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Offset of its first byte.
    pub offset: usize,
    /// Its bytes, without line end and colours.
    pub text: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Lays an index over the bytes it was made of. Whatever the index has found beyond their end is empty.
    pub fn new(bytes: &'a [u8], index: Index) -> Frame<'a> {
        Frame::held(bytes, index, None)
    }

    /// The same, of bytes that somebody holds who is told how far the events were read.
    pub(crate) fn held(bytes: &'a [u8], mut index: Index, holder: Option<&dyn Holder>) -> Frame<'a> {
        let names = index.name_ranges().map(|range| bytes.get(range).unwrap_or_default()).collect();
        let events = Events::new(bytes, index.take_events(), holder);
        Frame { bytes, radix: index.radix(), known: Arc::new(Known { index, names, events }) }
    }

    /// Everything with a stamp, in the order of the file.
    pub fn timeline(&self) -> impl ExactSizeIterator<Item = Mark> + DoubleEndedIterator {
        self.known.index.timeline()
    }

    /// The profile events, in the order of the file.
    pub fn events(&self) -> impl ExactSizeIterator<Item = Event<'a>> {
        (0..self.known.events.len() as u32).map(|index| self.event(index))
    }

    /// Are there any profile events?
    pub fn has_events(&self) -> bool {
        self.known.events.len() > 0
    }

    /// The event of that index.
    pub fn event(&self, index: u32) -> Event<'a> {
        self.known.events.get(index)
    }

    /// When something was.
    pub fn stamp(&self, mark: Mark) -> u64 {
        match mark {
            Mark::Start(id) => self.known.index.stamps(id).0,
            Mark::Stop(id) => self.known.index.stamps(id).1,
            Mark::Event(index) => self.known.events.stamp(index),
        }
    }

    /// Which token an event has: a number below [`Frame::tokens`]. Events with the same text have the same.
    pub fn token(&self, index: u32) -> u32 {
        self.known.events.token(index)
    }

    /// How many different texts the events have.
    pub fn tokens(&self) -> usize {
        self.known.events.tokens()
    }

    /// The section of that index.
    pub fn section(&self, id: SectionId) -> SectionNode<'a> {
        self.node(self.known.index.entry(id))
    }

    /// All sections but the root, in the order of their starts. Events are not among them.
    pub fn sections(&self) -> impl Iterator<Item = (SectionId, SectionNode<'a>)> {
        self.known.index.sections().map(|entry| (entry.id, self.node(entry)))
    }

    /// The sections whose meaning we know.
    pub(crate) fn known(&self) -> impl Iterator<Item = (SectionId, Section)> {
        self.known.index.sections().filter_map(|entry| entry.kind.map(|kind| (entry.id, kind)))
    }

    /// The lines whose innermost section is this one.
    pub fn lines(&self, id: SectionId) -> impl Iterator<Item = Line<'a>> + use<'a, '_> {
        self.runs(id).flat_map(|(offset, text)| lines(offset, text))
    }

    /// The first line of a section.
    pub fn first_line(&self, id: SectionId) -> Option<Line<'a>> {
        self.lines(id).next()
    }

    /// How many bytes of text a section holds.
    pub fn text_len(&self, id: SectionId) -> usize {
        self.runs(id).map(|(_, text)| text.len()).sum()
    }

    /// Is this the kind of file we read? It is, if it holds a single section.
    pub fn is_log(&self) -> bool {
        self.known.index.is_log()
    }

    /// The whole log as it was given.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The text of a section in whole lines, cut where other sections lie in it.
    pub(crate) fn runs(&self, id: SectionId) -> impl Iterator<Item = (usize, &'a [u8])> + use<'a, '_> {
        self.known.index.chunks(id).map(|range| (range.start, self.bytes.get(range).unwrap_or_default()))
    }

    /// The lines of a section; a line that `is_continued` comes with as many of the next ones as it takes to change
    /// that, if it takes only few. Names may hold line ends.
    pub(crate) fn joined(
        &self,
        id: SectionId,
        is_continued: impl Fn(&[u8]) -> bool + Copy,
    ) -> impl Iterator<Item = Line<'a>> {
        self.runs(id).flat_map(move |(offset, text)| joined(offset, text, is_continued))
    }

    fn node(&self, entry: Entry<'_>) -> SectionNode<'a> {
        SectionNode {
            name: self.known.names[entry.name_index()],
            kind: entry.kind,
            parent: entry.parent,
            start: entry.start,
            stop: entry.stop,
            closed: entry.closed,
            offset: entry.range.start as usize,
            end: entry.range.end as usize,
            depth: entry.depth,
            process: entry.process,
        }
    }
}

fn lines(offset: usize, text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
        let line = Line { offset: offset + at, text: plain(&text[at..end]) };
        at = end + 1;
        Some(line)
    })
}

fn joined(
    offset: usize,
    text: &[u8],
    is_continued: impl Fn(&[u8]) -> bool,
) -> impl Iterator<Item = Line<'_>> {
    const FEW: usize = 8;
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let rest = &text[at..];
        let first = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let is_whole = |end: &usize| !is_continued(plain(&rest[..*end]));
        let end = if is_whole(&first) {
            first
        } else {
            let ends = memchr::memchr_iter(b'\n', rest).chain([rest.len()]);
            ends.skip(1).take(FEW).find(is_whole).unwrap_or(first)
        };
        let line = Line { offset: offset + at, text: plain(&rest[..end]) };
        at += end + 1;
        Some(line)
    })
}
