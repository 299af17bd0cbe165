//! From framed text to the model.
//!
//! Sections are read one by one, each by itself, so that several threads can do it; then everything is
//! [joined](join) in the order of the file.

mod attempts;
mod join;
mod machine;
mod ours;
mod profile;
mod traces;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::frame::{Frame, Line, Radix, SectionId};
use crate::index::Index;
use crate::log::{Count, Log, Total};
use crate::parse::counts;
use crate::section::Section;
use elsa::sync::FrozenVec;
use join::Facts;
use std::ops::Range;

/// How to read a log.
#[derive(Clone, Copy)]
pub struct Options<'o> {
    /// In which radix stamps are written.
    pub radix: Radix,
    /// Threads to use at most. Short logs are read by one in any case.
    pub threads: usize,
    /// Look into what is long? If not, a trace is what its header says and how often it ran: it has no labels, guards,
    /// calls, ending or parent, and its number of operations is 0. Attempts at tracing and machine code are left out. That is many times faster.
    pub bodies: bool,
    /// Who holds the bytes, if that matters to them.
    pub holder: Option<&'o dyn Holder>,
}

/// Who holds the bytes of a log, and may want to show how far it was read, or give back memory.
pub trait Holder: Sync {
    /// This range will be indexed next, on this thread.
    fn ahead(&self, range: Range<usize>) {
        let _ = range;
    }

    /// This range was indexed, or the sections in it were read. Called from time to time, on any thread.
    fn passed(&self, range: Range<usize>);

    /// Where to copy the names of traces and places, so that whoever only reports does not look at the bytes again.
    fn keep(&self) -> Option<&Keep> {
        None
    }
}

/// Short texts, copied out of a log.
#[derive(Default)]
pub struct Keep(FrozenVec<Box<[u8]>>);

impl Default for Options<'_> {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Options { radix: Radix::default(), threads, bodies: true, holder: None }
    }
}

/// Reads a log. Never fails: what could not be understood is in the diagnostics.
pub fn parse(bytes: &[u8], radix: Radix) -> (Log<'_>, Vec<Diagnostic>) {
    parse_with(bytes, Options { radix, ..Options::default() })
}

/// Reads a log as the options say.
pub fn parse_with<'a>(bytes: &'a [u8], options: Options<'a>) -> (Log<'a>, Vec<Diagnostic>) {
    let (index, mut diagnostics) = Index::unfinished(bytes, options);
    let log = read(Frame::held(bytes, index, options.holder), options, &mut diagnostics);
    (log, diagnostics.finish(bytes))
}

/// Reads a log of which there is an index already; the radix is the index's.
///
/// The diagnostics are only those that the index had not found.
pub fn parse_indexed<'a>(bytes: &'a [u8], index: Index, options: Options<'a>) -> (Log<'a>, Vec<Diagnostic>) {
    parse_framed(Frame::held(bytes, index, options.holder), options)
}

/// Frames a log and goes no further.
pub fn index(bytes: &[u8], radix: Radix) -> (Frame<'_>, Vec<Diagnostic>) {
    index_with(bytes, Options { radix, ..Options::default() })
}

/// Frames a log as the options say.
pub fn index_with<'a>(bytes: &'a [u8], options: Options<'a>) -> (Frame<'a>, Vec<Diagnostic>) {
    let (index, diagnostics) = Index::unfinished(bytes, options);
    (Frame::new(bytes, index), diagnostics.finish(bytes))
}

/// Reads a log that was framed, perhaps more than once: without bodies first, say.
///
/// The diagnostics are only those that framing had not found.
pub fn parse_framed<'a>(frame: Frame<'a>, options: Options<'a>) -> (Log<'a>, Vec<Diagnostic>) {
    let bytes = frame.bytes();
    let mut diagnostics = Diagnostics::default();
    let log = read(frame, options, &mut diagnostics);
    (log, diagnostics.finish(bytes))
}

fn read<'a>(frame: Frame<'a>, options: Options<'a>, diagnostics: &mut Diagnostics) -> Log<'a> {
    if !frame.is_log() {
        diagnostics.push(0, b"", "not a PYPYLOG: no section in it");
        return Log::new(frame);
    }
    let mut facts = Facts::default();
    for part in read_parts(&frame, options) {
        facts.append(part);
    }
    diagnostics.append(std::mem::take(&mut facts.diagnostics));
    join::join(frame, facts, diagnostics)
}

/// Reads the sections, on several threads if there is enough to do.
fn read_parts<'a>(frame: &Frame<'a>, options: Options<'a>) -> Vec<Facts<'a>> {
    const WORTH_IT: usize = 8 << 20;
    let known: Vec<_> = frame.known().collect();
    let threads = options.threads.clamp(1, 1 + frame.bytes().len() / WORTH_IT);
    if threads == 1 {
        return vec![read_sections(frame, &known, options)];
    }
    let parts = parts(frame, &known, threads);
    std::thread::scope(|scope| {
        let spawn = |part| scope.spawn(move || read_sections(frame, part, options));
        let running: Vec<_> = parts.into_iter().map(spawn).collect();
        running.into_iter().flat_map(std::thread::ScopedJoinHandle::join).collect()
    })
}

/// Cuts a list of sections into pieces that stand for equally many bytes.
fn parts<'s>(
    frame: &Frame<'_>,
    known: &'s [(SectionId, Section)],
    count: usize,
) -> Vec<&'s [(SectionId, Section)]> {
    let mut rest = known;
    let mut parts = Vec::new();
    for part in 1..=count {
        let until = frame.bytes().len() / count * part;
        let at = if part == count {
            rest.len()
        } else {
            rest.partition_point(|(id, _)| frame.section(*id).offset < until)
        };
        let (first, others) = rest.split_at(at);
        parts.push(first);
        rest = others;
    }
    parts
}

fn read_sections<'a>(frame: &Frame<'a>, known: &[(SectionId, Section)], options: Options<'a>) -> Facts<'a> {
    const STEP: usize = 4 << 20;
    let mut reader = Reader { frame, options, facts: Facts::default() };
    let offset = |id| frame.section(id).offset;
    let mut from = known.first().map_or(0, |(id, _)| offset(*id));
    for (id, kind) in known {
        reader.section(*id, *kind);
        let at = offset(*id);
        if let Some(holder) = options.holder
            && at - from >= STEP
        {
            holder.passed(from..at);
            from = at;
        }
    }
    reader.facts
}

/// Has somebody left lines out here, to show a log in less space?
fn is_elision(line: &[u8]) -> bool {
    let text = std::str::from_utf8(line).unwrap_or("?").trim();
    text.chars().all(|c| matches!(c, '.' | '…' | '·'))
}

struct Reader<'f, 'a> {
    frame: &'f Frame<'a>,
    options: Options<'a>,
    facts: Facts<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn section(&mut self, id: SectionId, kind: Section) {
        match kind {
            Section::JitTracing | Section::JitBackendDump if !self.options.bodies => {}
            Section::JitTracing => self.attempt(id),
            Section::JitLogOptLoop | Section::JitLogOptBridge => self.trace(id),
            Section::JitLogDceLoop | Section::JitLogDceBridge => self.twin(id),
            Section::JitBackendAddr => self.code(id),
            Section::JitBackendDump => self.dumps(id),
            Section::JitMemLooptokenAlloc => self.allocation(id),
            Section::JitBackendCounts => self.counts(id),
            Section::JitSummary => self.summary(id),
            Section::LoopscopeMeta => self.meta(id),
            Section::LoopscopeSource => self.source(id),
            Section::LoopscopeBytecode => self.listings(id),
            Section::LoopscopeSamples => self.samples(id),
            Section::LoopscopeHelpers => self.helpers(id),
            Section::LoopscopePlaces => self.places(id),
            Section::LoopscopeAddresses => self.addresses(id),
            Section::LoopscopeLosses => self.losses(id),
            Section::LoopscopeRecorded => self.recorded(id),
            Section::JitProfileWindow => self.window(id),
            Section::JitProfileCost => self.cost(id),
            Section::LoopscopeEvidence => self.evidence(id),
            Section::LoopscopeGuardCounts => self.guard_counts(id),
            _ => {}
        }
    }

    fn counts(&mut self, id: SectionId) {
        let mut found = Vec::new();
        for line in self.lines(id) {
            match counts::count(line.text) {
                Some((of, value)) => found.push(Count { of, value }),
                None => self.odd(id, line, "a counter"),
            }
        }
        self.facts.counts.push((id, found));
    }

    fn summary(&mut self, id: SectionId) {
        for line in self.lines(id) {
            match counts::summary(line.text) {
                Some((label, value)) => self.facts.log.summary.push(Total { label, value }),
                None => self.odd(id, line, "a total"),
            }
        }
    }

    /// A text, copied if it shall be.
    fn keep(&self, text: &'a [u8]) -> &'a [u8] {
        match self.options.holder.and_then(Holder::keep) {
            Some(Keep(texts)) if !text.is_empty() => texts.push_get(text.into()),
            _ => text,
        }
    }

    /// The lines that hold anything.
    fn lines<'f>(&self, id: SectionId) -> impl Iterator<Item = Line<'a>> + use<'a, 'f>
    where
        Self: 'f,
    {
        self.frame.lines(id).filter(|line| !line.text.is_empty())
    }

    fn odd(&mut self, id: SectionId, line: Line<'_>, expected: &str) {
        if is_elision(line.text) {
            return;
        }
        let name = self.frame.section(id).name;
        let text = String::from_utf8_lossy(&line.text[..line.text.len().min(60)]);
        let message = format_args!("not {expected}: '{}'", text.escape_debug());
        self.facts.diagnostics.push(line.offset, name, message);
    }
}
