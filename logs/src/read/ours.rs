//! The sections that only loopscope writes.

use super::Reader;
use crate::frame::SectionId;
use crate::log::{Listing, Source};
use crate::parse::ours::{code, pair, stamp};
use crate::parse::{counts, number};

impl Reader<'_, '_> {
    pub(super) fn meta(&mut self, section: SectionId) {
        let radix = self.frame.radix;
        for line in self.lines(section) {
            let meta = &mut self.facts.log.meta;
            let decimal = |value: &[u8]| number(value, 10).filter(|_| !value.is_empty());
            match pair(line.text) {
                Some((b"version", value)) => meta.version = Some(value),
                Some((b"recorder", value)) => meta.recorder = Some(value),
                Some((b"program", value)) => meta.program = Some(value),
                Some((b"host", value)) => meta.host = Some(value),
                Some((b"time", value)) => meta.time = decimal(value),
                Some((b"pid", value)) => meta.pid = decimal(value),
                Some((b"traced", _)) => meta.traced = true,
                Some((b"clock-hz", value)) => meta.clock_hz = decimal(value).filter(|&hz| hz > 0),
                Some((b"start", value)) => meta.start = stamp(value, radix),
                Some((b"end", value)) => meta.end = stamp(value, radix),
                Some((b"events", value)) => meta.events = Some(value),
                Some(_) => {}
                None => self.odd(section, line, "a key and its value"),
            }
        }
    }

    pub(super) fn source(&mut self, section: SectionId) {
        let first = self.frame.first_line(section);
        let file = first.and_then(|line| line.text.strip_prefix(b"file "));
        match (file, first) {
            (Some(file), _) => self.facts.log.sources.push(Source { file, section }),
            (None, Some(line)) => self.odd(section, line, "a source file's name"),
            (None, None) => {}
        }
    }

    pub(super) fn listings(&mut self, section: SectionId) {
        for (index, line) in self.frame.lines(section).enumerate() {
            if let Some((function, file, first_line)) = code(line.text) {
                let header = index as u32;
                self.facts.log.listings.push(Listing { function, file, first_line, section, header });
            }
        }
    }

    pub(super) fn guard_counts(&mut self, section: SectionId) {
        for line in self.lines(section) {
            match counts::guard_count(line.text) {
                Some((guard, exits)) => self.facts.exits.push((guard, exits)),
                None => self.odd(section, line, "a guard's count"),
            }
        }
    }
}
