//! Which stop belongs to which start, and to whom the text between belongs.
//!
//! Healthy logs nest. Where one does not, nothing is dropped:
//!
//! * a stop closes the innermost open section of its name;
//! * sections that are open inside of that one *float*: they end with it, for now. If their own stop still comes, they
//!   have outlived it (two threads wrote in turn), and get the text in between; if a section of their name starts
//!   first, or too much else, they were torn;
//! * a stop that closes nothing is left out, and so is an unterminated last line, unless it is the stop everybody waits
//!   for.

use super::names::Names;
use super::packed::{MOST as MOST_EVENTS, PackedMark, RawEvent};
use super::{Chunk, Index, NONE, Record};
use crate::diagnostic::{Diagnostics, Lines};
use crate::event::EventKind;
use crate::frame::{Mark, Radix, SectionId};
use crate::parse::marker::Marker;
use crate::section::Section;
use std::fmt;

/// How deep sections nest. PyPy itself keeps 63 levels.
const DEEPEST: usize = 255;

/// Sections of one log. Beyond that, starts are ignored.
const MOST: usize = 1 << 27;

/// For how many stamps a section floats, and how many may.
const WINDOW: usize = 4096;
const AFLOAT: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct Nest {
    index: Index,
    /// The open sections, the root first; never empty.
    open: Vec<Open>,
    floating: Vec<Floating>,
    /// Where the text that is in no chunk yet starts.
    text: u64,
    /// The last stamp.
    last: u64,
    /// Has a process written what it writes last?
    ended: bool,
    process: u16,
    lines: Lines,
    diagnostics: Diagnostics,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    id: SectionId,
    last_chunk: u32,
    line: usize,
}

/// A section that ended with another one around it.
#[derive(Clone, Copy, Debug)]
struct Floating {
    open: Open,
    /// The innermost section then, and its last chunk.
    under: Open,
    /// Where its stop is in the timeline.
    mark: usize,
    /// The first section that started later.
    sections: usize,
}

impl Nest {
    pub(super) fn new(radix: Radix, lines: Lines) -> Nest {
        let mut index = Index {
            radix,
            length: 0,
            names: Names::default(),
            sections: Vec::new(),
            chunks: Vec::new(),
            events: Vec::new(),
            timeline: Vec::new(),
            backwards: 0,
            strays: 0,
        };
        index.sections.push(record(0, 0, 0, 0));
        let root = Open { id: SectionId::ROOT, last_chunk: NONE, line: 1 };
        let (open, floating) = (vec![root], Vec::new());
        let diagnostics = Diagnostics::default();
        Nest { index, open, floating, text: 0, last: 0, ended: false, process: 0, lines, diagnostics }
    }

    /// The text up to `to` was seen; `block` holds it, and starts at `start`.
    pub(super) fn text(&mut self, block: &[u8], start: u64, to: u64) {
        self.lines.see(block, start, to);
    }

    /// A framing line at `at..end`; `line` is what it was made of.
    pub(super) fn marker(&mut self, marker: Marker<'_>, at: u64, end: u64, line: &[u8]) {
        self.flush(at);
        let stop = marker.closes().filter(|name| self.top_name() == *name);
        match (stop, marker.opens()) {
            (Some(name), _) => self.stop(name, marker.at, at, end),
            (None, Some(name)) => {
                self.start(name, marker.at, at, name.as_ptr() as usize - line.as_ptr() as usize)
            }
            (None, None) => self.stop(marker.closes().unwrap_or_default(), marker.at, at, end),
        }
        self.index.backwards += u64::from(marker.at < self.last);
        self.last = marker.at;
        self.text = end;
    }

    /// Is this the stop of an open section?
    pub(super) fn is_open(&self, marker: Marker<'_>) -> bool {
        marker.closes().is_some_and(|name| self.find(name).is_some())
    }

    /// The log ends, at `length`, in the middle of the line that starts at `at`.
    pub(super) fn torn(&mut self, at: u64, length: u64) {
        self.flush(at);
        self.text = length;
        if !self.index.timeline.is_empty() {
            self.complain(at, "the last line is torn; it is left out");
        }
    }

    pub(super) fn complain(&mut self, at: u64, message: impl fmt::Display) {
        let line = self.lines.current();
        let name = self.index.names.get(self.record(self.top().id).name).0;
        self.diagnostics.push_line(at as usize, line, name, message);
    }

    pub(super) fn finish(mut self, length: u64) -> (Index, Diagnostics) {
        self.flush(length);
        let (last, strays) = (self.last, self.index.strays);
        while self.open.len() > 1 {
            let open = self.abandon(last, length);
            self.never_stops(open);
        }
        // What is open at the end is nothing odd: the process was killed, or is still running.
        self.index.strays = strays;
        while let Some(floating) = self.floating.pop() {
            self.never_stops(floating.open);
        }
        self.index.length = length;
        self.index.sections[0].end = length;
        (self.index, self.diagnostics)
    }

    fn start(&mut self, name: &[u8], stamp: u64, at: u64, name_at: usize) {
        if self.index.sections.len() >= MOST {
            return self.complain(at, "too many sections; this one is taken for text");
        }
        if self.open.len() > DEEPEST {
            let open = self.abandon(stamp, at);
            self.never_stops(open);
        }
        let number = self.index.names.number(name, at + name_at as u64);
        self.sink(number);
        self.begins(self.index.names.get(number).1);
        let id = SectionId(self.index.sections.len() as u32);
        let mut record = record(stamp, at, number, self.top().id.0);
        (record.depth, record.process) = ((self.open.len() - 1) as u8, self.process);
        self.index.sections.push(record);
        self.mark(Mark::Start(id));
        self.open.push(Open { id, last_chunk: NONE, line: self.lines.current() });
    }

    fn stop(&mut self, name: &[u8], stamp: u64, at: u64, end: u64) {
        let Some(depth) = self.find(name) else { return self.late_stop(name, stamp, at, end) };
        let inside = self.open.len() - depth - 1;
        for _ in 0..inside {
            let mark = self.index.timeline.len();
            let open = self.abandon(stamp, at);
            self.float(open, mark);
        }
        let open = self.top();
        let record = &mut self.index.sections[open.id.index()];
        (record.stop, record.end, record.closed) = (stamp, end, true);
        let kind = self.index.names.get(record.name).1;
        self.ends(kind, open);
        match kind.and_then(EventKind::from_section) {
            Some(kind) => self.event(open, kind),
            None => self.mark(Mark::Stop(open.id)),
        }
        self.open.pop();
        let (under, sections) = (self.top(), self.index.sections.len());
        let from = self.floating.len().saturating_sub(inside);
        self.floating[from..].iter_mut().for_each(|floating| {
            (floating.under, floating.sections) = (under, sections);
        });
    }

    /// A stop of nothing that is open: of something that floats, or of nothing at all.
    fn late_stop(&mut self, name: &[u8], stamp: u64, at: u64, end: u64) {
        let names = &self.index.names;
        let is_it = |floating: &Floating| names.get(self.record(floating.open.id).name).0 == name;
        let Some(found) = self.floating.iter().rposition(is_it) else {
            let name = String::from_utf8_lossy(name).into_owned();
            self.index.strays += 1;
            return self.complain(at, format_args!("'{name}' stops, but no such section is open; ignored"));
        };
        let floating = self.floating.remove(found);
        if self.index.timeline.len() - floating.mark > WINDOW {
            self.never_stops(floating.open);
            return self
                .complain(at, "the section stops long after the one around it; its text is left there");
        }
        self.index.timeline.remove(floating.mark);
        for other in &mut self.floating {
            other.mark -= usize::from(other.mark > floating.mark);
        }
        self.resume(&floating);
        let id = floating.open.id;
        let record = &mut self.index.sections[id.index()];
        (record.stop, record.end, record.closed) = (stamp, end, true);
        let name = self.index.names.get(record.name).0;
        let line = self.lines.current();
        self.diagnostics.push_line(at as usize, line, name, "the section outlives the one it started in");
        self.mark(Mark::Stop(id));
    }

    /// Gives a section that floated what others were given in the meantime.
    fn resume(&mut self, floating: &Floating) {
        let under = floating.under;
        let Some(depth) = self.open.iter().rposition(|open| open.id == under.id) else { return };
        let id = floating.open.id;
        let first = match under.last_chunk {
            NONE => std::mem::replace(&mut self.index.sections[under.id.index()].first_chunk, NONE),
            last => std::mem::replace(&mut self.index.chunks[last as usize].next, NONE),
        };
        self.open[depth].last_chunk = under.last_chunk;
        self.link(id, floating.open.last_chunk, first);
        for record in &mut self.index.sections[floating.sections..] {
            if record.parent == under.id.0 {
                record.parent = id.0;
            }
        }
    }

    /// Appends chunks to a section's.
    fn link(&mut self, id: SectionId, last: u32, first: u32) {
        match last {
            NONE => self.index.sections[id.index()].first_chunk = first,
            last => self.index.chunks[last as usize].next = first,
        }
    }

    /// Closes the innermost section, whose own stop did not come.
    fn abandon(&mut self, stamp: u64, at: u64) -> Open {
        let open = self.top();
        self.open.pop();
        let record = &mut self.index.sections[open.id.index()];
        (record.stop, record.end) = (stamp, at);
        self.mark(Mark::Stop(open.id));
        open
    }

    fn float(&mut self, open: Open, mark: usize) {
        if self.floating.len() >= AFLOAT {
            let oldest = self.floating.remove(0);
            self.never_stops(oldest.open);
        }
        self.floating.push(Floating { open, under: open, mark, sections: 0 });
    }

    /// Sections of that name float no longer: a new one starts.
    fn sink(&mut self, name: u32) {
        if self.floating.is_empty() {
            return;
        }
        let (sunk, floating) = std::mem::take(&mut self.floating)
            .into_iter()
            .partition::<Vec<_>, _>(|floating| self.record(floating.open.id).name == name);
        self.floating = floating;
        sunk.iter().for_each(|floating| self.never_stops(floating.open));
    }

    fn never_stops(&mut self, open: Open) {
        self.index.strays += 1;
        let record = &self.index.sections[open.id.index()];
        let name = self.index.names.get(record.name).0;
        self.diagnostics.push_line(record.offset as usize, open.line, name, "the section never stops");
    }

    /// Turns the innermost section into an event, and forgets the section unless others lie in it.
    fn event(&mut self, open: Open, kind: EventKind) {
        let record = self.record(open.id);
        let (at, first) = (record.start, record.first_chunk);
        let (text, length) = match self.index.chunks.get(first as usize) {
            Some(chunk) => (chunk.start, chunk.length),
            None => (0, 0),
        };
        if self.index.events.len() >= MOST_EVENTS {
            return self.complain(text, "too many events; this one is left out");
        }
        let index = self.index.events.len() as u32;
        self.index.events.push(RawEvent::new(kind, at, text, length));
        if self.index.timeline.last() == Some(&PackedMark::from(Mark::Start(open.id))) {
            self.index.timeline.pop();
            self.index.sections.truncate(open.id.index());
            if first != NONE {
                self.index.chunks.truncate(first as usize);
            }
        } else {
            self.mark(Mark::Stop(open.id));
        }
        self.mark(Mark::Event(index));
    }

    fn mark(&mut self, mark: Mark) {
        self.index.timeline.push(mark.into());
    }

    /// What a process writes first follows what one writes last: another process begins.
    fn begins(&mut self, kind: Option<Section>) {
        let is_first = matches!(
            kind,
            Some(
                Section::GcHardware
                    | Section::GcSetNurserySize
                    | Section::JitTracing
                    | Section::JitBackendDump
            )
        );
        if self.ended && is_first {
            self.ended = false;
            self.process = self.process.saturating_add(1);
        }
    }

    fn ends(&mut self, kind: Option<Section>, open: Open) {
        let is_last = matches!(kind, Some(Section::JitSummary | Section::JitBackendCounts));
        self.ended |= is_last && self.record(open.id).first_chunk != NONE;
    }

    /// Gives the text up to `end` to the innermost section.
    fn flush(&mut self, end: u64) {
        while self.text < end && self.index.chunks.len() < NONE as usize {
            let length = u32::try_from(end - self.text).unwrap_or(u32::MAX);
            let number = self.index.chunks.len() as u32;
            self.index.chunks.push(Chunk { start: self.text, length, next: NONE });
            let top = self.top();
            self.link(top.id, top.last_chunk, number);
            let depth = self.open.len() - 1;
            self.open[depth].last_chunk = number;
            self.text += u64::from(length);
        }
    }

    /// The depth of the innermost open section of that name.
    fn find(&self, name: &[u8]) -> Option<usize> {
        let is_it = |open: &Open| self.index.names.get(self.record(open.id).name).0 == name;
        self.open.iter().skip(1).rposition(is_it).map(|depth| depth + 1)
    }

    fn top(&self) -> Open {
        self.open[self.open.len() - 1]
    }

    fn top_name(&self) -> &[u8] {
        self.index.names.get(self.record(self.top().id).name).0
    }

    fn record(&self, id: SectionId) -> &Record {
        &self.index.sections[id.index()]
    }
}

fn record(start: u64, offset: u64, name: u32, parent: u32) -> Record {
    let (end, first_chunk, process, depth, closed) = (offset, NONE, 0, 0, false);
    Record { start, stop: start, offset, end, parent, name, first_chunk, process, depth, closed }
}
