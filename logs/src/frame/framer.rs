//! The pass over the bytes.

use super::{Chunk, Frame, Mark, NONE, Radix, SectionId, SectionNode};
use crate::diagnostic::Diagnostics;
use crate::event::{Event, EventKind};
use crate::parse::marker::{Marker, marker, plain};
use crate::parse::ours;
use crate::section::Names;

/// How deep a stop looks for its start. PyPy itself keeps no more than 63 levels.
const DEPTH: usize = 64;

/// Frames a log.
pub(crate) fn frame<'a>(bytes: &'a [u8], radix: Radix, diagnostics: &mut Diagnostics) -> Frame<'a> {
    let sections = vec![root()];
    let frame =
        Frame { bytes, sections, chunks: Vec::new(), events: Vec::new(), timeline: Vec::new(), radix };
    let mut framer =
        Framer { frame, open: vec![SectionId::ROOT], names: Names::default(), text: 0, last: 0, diagnostics };
    framer.run();
    framer.frame
}

fn root() -> SectionNode<'static> {
    section(b"", None, SectionId::ROOT, 0, 0)
}

fn section(
    name: &[u8],
    kind: Option<crate::section::Section>,
    parent: SectionId,
    start: u64,
    offset: usize,
) -> SectionNode<'_> {
    let (first_chunk, last_chunk) = (NONE, NONE);
    SectionNode { name, kind, parent, start, stop: start, closed: false, offset, first_chunk, last_chunk }
}

struct Framer<'a, 'd> {
    frame: Frame<'a>,
    /// The open sections, the root first; never empty.
    open: Vec<SectionId>,
    names: Names<'a>,
    /// Where the text that belongs to the innermost section, and is not yet in a chunk, starts.
    text: usize,
    /// The last stamp.
    last: u64,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Framer<'a, '_> {
    fn run(&mut self) {
        let bytes = self.frame.bytes;
        let mut at = 0;
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map(|length| at + length);
            let line = &bytes[at..end.unwrap_or(bytes.len())];
            if matches!(bytes[at], b'[' | 0x1b)
                && let Some(marker) = marker(plain(line), self.frame.radix)
                && (end.is_some() || self.is_last_stop(marker))
            {
                self.flush(at);
                self.marker(marker, at);
                self.text = at + line.len() + 1;
            } else if end.is_none() && !plain(line).is_empty() {
                self.torn(at);
            }
            at += line.len() + 1;
        }
        self.flush(bytes.len());
        self.close_all();
    }

    /// An unterminated stop counts if it is whole, which only its name can tell.
    fn is_last_stop(&self, marker: Marker<'_>) -> bool {
        marker.closes().is_some_and(|name| self.find(name).is_some())
    }

    fn torn(&mut self, at: usize) {
        self.flush(at);
        self.text = self.frame.bytes.len();
        if self.frame.is_log() {
            self.diagnose(at, "the last line is torn; it is left out");
        }
    }

    fn marker(&mut self, marker: Marker<'a>, at: usize) {
        let stop = marker.closes().filter(|name| self.top_name() == *name);
        match (stop, marker.opens()) {
            (Some(name), _) => self.stop(name, marker.at, at),
            (None, Some(name)) => self.start(name, marker.at, at),
            (None, None) => self.stop(marker.closes().unwrap_or_default(), marker.at, at),
        }
        self.last = marker.at;
    }

    fn start(&mut self, name: &'a [u8], stamp: u64, at: usize) {
        let id = SectionId(self.frame.sections.len() as u32);
        let kind = self.names.look_up(name);
        self.frame.sections.push(section(name, kind, self.top(), stamp, at));
        self.frame.timeline.push(Mark::Start(id));
        self.open.push(id);
    }

    fn stop(&mut self, name: &[u8], stamp: u64, at: usize) {
        let Some(depth) = self.find(name) else {
            let name = String::from_utf8_lossy(name).into_owned();
            return self.diagnose(at, format_args!("'{name}' stops, but no such section is open; ignored"));
        };
        while self.open.len() > depth + 1 {
            self.abandon(stamp);
        }
        let id = self.top();
        let node = &mut self.frame.sections[id.index()];
        (node.stop, node.closed) = (stamp, true);
        match node.kind.and_then(EventKind::from_section) {
            Some(kind) => self.event(id, kind),
            None => self.frame.timeline.push(Mark::Stop(id)),
        }
        self.open.pop();
    }

    /// Closes the innermost section, which nothing else closes.
    fn abandon(&mut self, stamp: u64) {
        if let Some(id) = self.open.pop() {
            let node = &mut self.frame.sections[id.index()];
            node.stop = stamp;
            let (offset, name) = (node.offset, node.name);
            self.frame.timeline.push(Mark::Stop(id));
            self.diagnostics.push(offset, name, "the section never stops");
        }
    }

    /// Turns the innermost section into an event, and forgets the section unless others lie in it.
    fn event(&mut self, id: SectionId, kind: EventKind) {
        let (name, comment) =
            self.frame.first_line(id).map_or((&b""[..], &b""[..]), |line| ours::event(line.text));
        let index = self.frame.events.len() as u32;
        let at = self.frame.section(id).start;
        self.frame.events.push(Event { kind, at, name, comment });
        if self.frame.timeline.last() == Some(&Mark::Start(id)) {
            self.frame.timeline.pop();
            self.forget(id);
        } else {
            self.frame.timeline.push(Mark::Stop(id));
        }
        self.frame.timeline.push(Mark::Event(index));
    }

    /// Removes the section that was made last, and its text.
    fn forget(&mut self, id: SectionId) {
        let first = self.frame.section(id).first_chunk;
        if first != NONE {
            self.frame.chunks.truncate(first as usize);
        }
        self.frame.sections.truncate(id.index());
    }

    fn close_all(&mut self) {
        let last = self.last;
        while self.open.len() > 1 {
            self.abandon(last);
        }
    }

    /// Gives the text up to `end` to the innermost section.
    fn flush(&mut self, end: usize) {
        if self.text >= end {
            return;
        }
        let index = self.frame.chunks.len() as u32;
        self.frame.chunks.push(Chunk { start: self.text, end, next: NONE });
        let node = &mut self.frame.sections[self.open[self.open.len() - 1].index()];
        match node.last_chunk {
            NONE => node.first_chunk = index,
            last => self.frame.chunks[last as usize].next = index,
        }
        node.last_chunk = index;
        self.text = end;
    }

    /// The depth of the innermost open section of that name.
    fn find(&self, name: &[u8]) -> Option<usize> {
        let sections = self.open.iter().enumerate().skip(1).rev().take(DEPTH);
        sections
            .map(|(depth, id)| (depth, self.frame.section(*id)))
            .find(|(_, node)| node.name == name)
            .map(|x| x.0)
    }

    fn top(&self) -> SectionId {
        self.open[self.open.len() - 1]
    }

    fn top_name(&self) -> &'a [u8] {
        self.frame.section(self.top()).name
    }

    fn diagnose(&mut self, at: usize, message: impl std::fmt::Display) {
        let name = self.top_name();
        self.diagnostics.push(at, name, message);
    }
}
