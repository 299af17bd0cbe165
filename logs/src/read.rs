//! From framed text to the model: one pass over the sections in the order of the file, then the joins.

mod attempts;
mod join;
mod machine;
mod ours;
mod traces;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::frame::{Frame, Line, Radix, SectionId};
use crate::index::Index;
use crate::log::{Log, Meta, Total};
use crate::parse::counts;
use crate::section::Section;

/// Reads a log. Never fails: what could not be understood is in the diagnostics.
pub fn parse(bytes: &[u8], radix: Radix) -> (Log<'_>, Vec<Diagnostic>) {
    let (index, diagnostics) = Index::unfinished(bytes, radix, 1);
    let frame = Frame::new(bytes, index);
    let mut reader = Reader { log: empty(frame), diagnostics, join: join::Join::default() };
    if reader.log.frame.is_log() {
        reader.read();
    } else {
        reader.diagnostics.push(0, b"", "not a PYPYLOG: no section in it");
    }
    (reader.log, reader.diagnostics.finish(bytes))
}

/// Frames a log and goes no further.
pub fn index(bytes: &[u8], radix: Radix) -> (Frame<'_>, Vec<Diagnostic>) {
    let (index, diagnostics) = Index::of(bytes, radix);
    (Frame::new(bytes, index), diagnostics)
}

fn empty(frame: Frame<'_>) -> Log<'_> {
    Log {
        frame,
        traces: Vec::new(),
        codes: Vec::new(),
        dumps: Vec::new(),
        counts: Vec::new(),
        summary: Vec::new(),
        attempts: Vec::new(),
        meta: Meta::default(),
        sources: Vec::new(),
        listings: Vec::new(),
        samplings: Vec::new(),
    }
}

struct Reader<'a> {
    log: Log<'a>,
    diagnostics: Diagnostics,
    join: join::Join,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let known: Vec<_> = self.log.frame.known().collect();
        for (id, kind) in known {
            self.section(id, kind);
        }
        self.join_counts();
        self.join_exits();
    }

    fn section(&mut self, id: SectionId, kind: Section) {
        match kind {
            Section::JitTracing => self.attempt(id),
            Section::JitLogOptLoop | Section::JitLogOptBridge => self.trace(id),
            Section::JitBackendAddr => self.code(id),
            Section::JitBackendDump => self.dumps(id),
            Section::JitBackendCounts => self.counts(id),
            Section::JitSummary => self.summary(id),
            Section::LoopscopeMeta => self.meta(id),
            Section::LoopscopeSource => self.source(id),
            Section::LoopscopeBytecode => self.listings(id),
            Section::LoopscopeSampling => self.sampling(id),
            Section::LoopscopeGuardCounts => self.guard_counts(id),
            _ => {}
        }
    }

    /// The last counters count: old PyPys write an empty section first.
    fn counts(&mut self, id: SectionId) {
        self.log.counts.clear();
        for line in self.lines(id) {
            match counts::count(line.text) {
                Some((of, value)) => self.log.counts.push(crate::log::Count { of, value }),
                None => self.odd(id, line, "a counter"),
            }
        }
    }

    fn summary(&mut self, id: SectionId) {
        for line in self.lines(id) {
            match counts::summary(line.text) {
                Some((label, value)) => self.log.summary.push(Total { label, value }),
                None => self.odd(id, line, "a total"),
            }
        }
    }

    /// The lines that hold anything. Collected, so that the log can be changed meanwhile; these sections are small.
    fn lines(&self, id: SectionId) -> Vec<Line<'a>> {
        self.log.frame.lines(id).filter(|line| !line.text.is_empty()).collect()
    }

    fn odd(&mut self, id: SectionId, line: Line<'_>, expected: &str) {
        let name = self.log.frame.section(id).name;
        let text = String::from_utf8_lossy(&line.text[..line.text.len().min(60)]);
        self.diagnostics.push(line.offset, name, format_args!("not {expected}: '{}'", text.escape_debug()));
    }
}
