//! Framing: which bytes of a log belong to which section, in one pass that looks at no text.
//!
//! Sections nest, and a section may open between two lines of another one (the collector does that anywhere), so the
//! text of a section is a list of [chunks](Chunk): runs of lines with no framing line between them. A chunk is two
//! offsets, a section some sixty bytes; an event, of which a log may hold millions, is not kept as a section at all.
//!
//! Recovery: a stop closes the innermost section of its name, and whatever is open inside of it; a stop that closes
//! nothing is dropped. An unterminated last line is dropped, unless it is the stop everybody waits for.

mod framer;

use crate::event::Event;
use crate::parse::marker::plain;
use crate::section::Section;

pub(crate) use framer::frame;

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
#[derive(Clone, Debug)]
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
    first_chunk: u32,
    last_chunk: u32,
}

/// A run of lines: bytes `start..end`.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    start: usize,
    end: usize,
    next: u32,
}

/// No chunk.
const NONE: u32 = u32::MAX;

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

/// A framed log.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    bytes: &'a [u8],
    sections: Vec<SectionNode<'a>>,
    chunks: Vec<Chunk>,
    /// The profile events.
    pub events: Vec<Event<'a>>,
    /// Everything with a stamp.
    pub timeline: Vec<Mark>,
    /// How stamps are written.
    pub radix: Radix,
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
    /// The section of that index.
    pub fn section(&self, id: SectionId) -> &SectionNode<'a> {
        &self.sections[id.index()]
    }

    /// All sections but the root, in the order of their starts. Events are not among them.
    pub fn sections(&self) -> impl Iterator<Item = (SectionId, &SectionNode<'a>)> {
        self.sections.iter().enumerate().skip(1).map(|(index, node)| (SectionId(index as u32), node))
    }

    /// The lines whose innermost section is this one.
    pub fn lines(&self, id: SectionId) -> impl Iterator<Item = Line<'a>> + use<'a, '_> {
        self.chunks(id).flat_map(|chunk| lines(self.bytes, chunk))
    }

    /// The first line of a section.
    pub fn first_line(&self, id: SectionId) -> Option<Line<'a>> {
        self.lines(id).next()
    }

    /// How many bytes of text a section holds.
    pub fn text_len(&self, id: SectionId) -> usize {
        self.chunks(id).map(|chunk| chunk.end - chunk.start).sum()
    }

    /// Is this the kind of file we read? It is, if it holds a single section.
    pub fn is_log(&self) -> bool {
        !self.timeline.is_empty()
    }

    /// The whole log as it was given.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    fn chunks(&self, id: SectionId) -> impl Iterator<Item = Chunk> + use<'a, '_> {
        let chunk = |index: u32| self.chunks.get(index as usize).copied();
        std::iter::successors(chunk(self.section(id).first_chunk), move |last| chunk(last.next))
    }
}

fn lines(bytes: &[u8], chunk: Chunk) -> impl Iterator<Item = Line<'_>> {
    let mut at = chunk.start;
    std::iter::from_fn(move || {
        if at >= chunk.end {
            return None;
        }
        let end = memchr::memchr(b'\n', &bytes[at..chunk.end]).map_or(chunk.end, |length| at + length);
        let line = Line { offset: at, text: plain(&bytes[at..end]) };
        at = end + 1;
        Some(line)
    })
}
