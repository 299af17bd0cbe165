//! The log itself. What cannot be written is dropped: a full disk does not change what the program does.

use std::io::Write;

use logs::filter::Selection;
use logs::section::Section;
use logs::write::Writer;

use super::clock::Clock;
use super::profile::Record;
use crate::codegen::now;

/// The writer, and what events and sections both need.
pub struct Output {
    pub writer: Writer<Box<dyn Write>>,
    pub clock: Clock,
    /// By number: what an event says of its loop the first time.
    comments: Vec<Option<String>>,
}

impl Output {
    pub fn new(out: Box<dyn Write>, selection: Selection) -> Output {
        Output { writer: Writer::new(out, selection), clock: Clock::start(), comments: Vec::new() }
    }

    /// What the first event of a loop says about it.
    pub fn set_comment(&mut self, number: u32, comment: String) {
        let number = number as usize;
        if self.comments.len() <= number {
            self.comments.resize(number + 1, None);
        }
        self.comments[number] = Some(comment);
    }

    /// Writes events.
    pub fn events(&mut self, records: &[Record]) {
        for record in records {
            let comment = self.comments.get_mut(record.number as usize).and_then(Option::take);
            let comment = comment.as_deref().unwrap_or_default();
            let _ = self.writer.event(record.at, record.kind, i64::from(record.number), comment);
        }
    }

    /// From here on one in `every` calls of a loop is recorded.
    pub fn sampling(&mut self, number: u32, every: u32) {
        self.section(now(), Section::LoopscopeSampling, |writer| {
            writer.sampling(i64::from(number), u64::from(every))
        });
    }

    pub fn start(&mut self, at: u64, section: Section) {
        let _ = self.writer.start(at, section);
    }

    pub fn stop(&mut self, at: u64, section: Section) {
        let _ = self.writer.stop(at, section);
    }

    /// A whole section that takes no time.
    pub fn section(
        &mut self,
        at: u64,
        section: Section,
        fill: impl FnOnce(&mut Writer<Box<dyn Write>>) -> std::io::Result<()>,
    ) {
        self.start(at, section);
        if self.writer.is_active() {
            let _ = fill(&mut self.writer);
        }
        self.stop(at, section);
    }

    pub fn wants(&self, section: Section) -> bool {
        self.writer.wants(section)
    }

    pub fn flush(&mut self) {
        let _ = self.writer.flush();
    }
}
