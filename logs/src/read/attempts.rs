//! `jit-tracing`: which bytecodes were traced, and what came of it.

use super::Reader;
use crate::frame::SectionId;
use crate::log::{Attempt, Outcome};
use crate::parse::rsplit;

impl Reader<'_, '_> {
    pub(super) fn attempt(&mut self, section: SectionId) {
        let mut attempt = Attempt {
            section,
            first: b"",
            last: b"",
            bytecodes: 0,
            outcome: Outcome::default(),
            why: b"",
            unstable: b"",
        };
        for line in self.frame.joined(section, is_continued) {
            if let Some(outcome) = outcome(line.text) {
                attempt.outcome = outcome;
            } else if let Some(why) = line.text.strip_prefix(b"~~~ because ") {
                attempt.why = why;
            } else if let Some(unstable) = line.text.strip_prefix(b"~~~ unstable ") {
                attempt.unstable = unstable;
            } else if is_place(line.text) {
                attempt.bytecodes += 1;
                attempt.last = line.text;
                if attempt.first.is_empty() {
                    attempt.first = line.text;
                }
            }
        }
        (attempt.first, attempt.last) = (self.keep(attempt.first), self.keep(attempt.last));
        attempt.why = self.keep(attempt.why);
        attempt.unstable = self.keep(attempt.unstable);
        if let Outcome::Aborted(text) | Outcome::Compiled(text) = &mut attempt.outcome {
            *text = self.keep(text);
        }
        self.facts.log.attempts.push(attempt);
    }
}

fn outcome(line: &[u8]) -> Option<Outcome<'_>> {
    if let Some(reason) = line.strip_prefix(b"~~~ ABORTING TRACING ") {
        return Some(Outcome::Aborted(reason));
    }
    line.strip_prefix(b"compiled new ").map(Outcome::Compiled)
}

/// Messages aside, every line is the place of a bytecode, in whatever notation the machine has.
fn is_place(line: &[u8]) -> bool {
    const MESSAGES: &[&[u8]] =
        &[b"JIT starting", b"recursive function", b"cancelled", b"vable escaped", b"jit_debug", b"~~~"];
    !line.is_empty() && !MESSAGES.iter().any(|message| line.starts_with(message))
}

/// Is it the beginning of a place whose file's name holds a line end? The place's end has a mark of its own.
fn is_continued(line: &[u8]) -> bool {
    memchr::memchr(b';', line).is_some() && rsplit(line, b"~#").is_none()
}
