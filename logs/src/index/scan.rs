//! Finding the lines that can be framing lines: they start with `[`, or with the escape that starts a colour.
//!
//! Text comes in blocks that end anywhere. Only an unfinished line that could become a framing line is kept, and no
//! more of it than such a line can be long.

use super::Index;
use super::nest::Nest;
use crate::diagnostic::{Diagnostic, Lines};
use crate::frame::Radix;
use crate::parse::marker::{BOM, marker, plain};
use memchr::memmem::Finder;
use std::fmt;
use std::sync::LazyLock;

/// No framing line is longer.
pub(super) const LONGEST: usize = 64 * 1024;

/// How much is looked at at once, so that looking twice finds it in the cache.
const STRIDE: usize = 32 * 1024;

/// Makes an index of a log piece by piece.
#[derive(Clone, Debug)]
pub struct Indexer {
    nest: Nest,
    radix: Radix,
    /// The offset of the next block.
    at: u64,
    line: Unfinished,
}

/// The last line of what was seen.
#[derive(Clone, Debug)]
enum Unfinished {
    /// There is none: a line has just ended.
    No,
    /// It starts there, and is text.
    Text(u64),
    /// It starts there, and may become a framing line.
    Candidate(u64, Vec<u8>),
}

impl Indexer {
    /// An index of nothing yet.
    pub fn new(radix: Radix) -> Indexer {
        Indexer::on(Nest::new(radix, Lines::counted()), radix)
    }

    pub(super) fn on(nest: Nest, radix: Radix) -> Indexer {
        Indexer { nest, radix, at: 0, line: Unfinished::No }
    }

    /// The next piece of the log.
    pub fn push(&mut self, block: &[u8]) {
        let from = self.finish_line(block);
        let rest = &block[from..];
        if !rest.is_empty() {
            let start = self.at + from as u64;
            let radix = self.radix;
            let nest = &mut self.nest;
            candidates(rest, start, |line, offset| {
                if let Some(marker) = marker(plain(line), radix) {
                    nest.text(block, self.at, offset);
                    nest.marker(marker, offset, offset + line.len() as u64 + 1, line);
                }
            });
            self.line = unfinished(rest, start);
        }
        self.nest.text(block, self.at, self.at + block.len() as u64);
        self.at += block.len() as u64;
    }

    /// Everything up to there was seen by others.
    pub(super) fn resume(&mut self, bytes: &[u8], from: usize) {
        self.at = from as u64;
        self.push(&bytes[from..]);
    }

    /// The index, and what was wrong with the log.
    pub fn finish(mut self) -> (Index, Vec<Diagnostic>) {
        self.end();
        let (index, diagnostics) = self.nest.finish(self.at);
        (index, diagnostics.sorted())
    }

    /// The same for a log whose lines are counted later.
    pub(super) fn finish_uncounted(mut self) -> (Index, crate::diagnostic::Diagnostics) {
        self.end();
        self.nest.finish(self.at)
    }

    /// Something is wrong with the log at this place.
    pub fn complain(&mut self, message: impl fmt::Display) {
        self.nest.complain(self.at, message);
    }

    /// Takes an unfinished line to its end, and tells where that is in the block.
    fn finish_line(&mut self, block: &[u8]) -> usize {
        if matches!(self.line, Unfinished::No) {
            return 0;
        }
        let end = memchr::memchr(b'\n', block);
        let piece = &block[..end.unwrap_or(block.len())];
        if let Unfinished::Candidate(start, line) = &mut self.line {
            if line.len() + piece.len() > LONGEST {
                self.line = Unfinished::Text(*start);
            } else {
                line.extend_from_slice(piece);
            }
        }
        let Some(end) = end else { return block.len() };
        if let Unfinished::Candidate(start, line) = std::mem::replace(&mut self.line, Unfinished::No)
            && let Some(marker) = marker(plain(&line), self.radix)
        {
            self.nest.marker(marker, start, self.at + end as u64 + 1, &line);
        }
        end + 1
    }

    /// The log has ended: what about its last line?
    fn end(&mut self) {
        match std::mem::replace(&mut self.line, Unfinished::No) {
            Unfinished::No => {}
            Unfinished::Text(start) => self.nest.torn(start, self.at),
            Unfinished::Candidate(start, line) => self.last_candidate(start, &line),
        }
    }

    /// An unterminated stop counts if it is whole, which only its name can tell.
    fn last_candidate(&mut self, start: u64, line: &[u8]) {
        match marker(plain(line), self.radix) {
            Some(marker) if self.nest.is_open(marker) => {
                self.nest.marker(marker, start, self.at, line);
            }
            _ if plain(line).is_empty() => {}
            _ => self.nest.torn(start, self.at),
        }
    }
}

/// What a block leaves behind.
fn unfinished(block: &[u8], start: u64) -> Unfinished {
    let from = memchr::memrchr(b'\n', block).map_or(0, |end| end + 1);
    let (line, at) = (&block[from..], start + from as u64);
    match line.first() {
        None => Unfinished::No,
        Some(_) if line.len() > LONGEST => Unfinished::Text(at),
        Some(b'[' | 0x1b) => Unfinished::Candidate(at, line.to_vec()),
        Some(0xef) if at == 0 => Unfinished::Candidate(at, line.to_vec()),
        Some(_) => Unfinished::Text(at),
    }
}

/// Calls `found` with every whole line that could be a framing line. The block starts with a line's start, which
/// stands at offset `start`.
pub(super) fn candidates<'b>(block: &'b [u8], start: u64, mut found: impl FnMut(&'b [u8], u64)) {
    let mut take = |at: usize| -> usize {
        let window = &block[at..block.len().min(at + LONGEST + 1)];
        match memchr::memchr(b'\n', window) {
            Some(end) => {
                found(&window[..end], start + at as u64);
                at + end
            }
            None => at,
        }
    };
    let mut at = match block {
        [b'[' | 0x1b, ..] => take(0),
        _ if start == 0 && block.starts_with(BOM) => take(0),
        _ => 0,
    };
    // From here on `at` is where a line may end; the line behind it is the next to look at.
    while at < block.len() {
        let stride = &block[at..block.len().min(at + STRIDE)];
        let length = match memchr::memchr(0x1b, stride) {
            None => {
                // Without colours a framing line is a line end and a bracket.
                each(&BRACKET, block, at, stride.len(), &mut take)
            }
            Some(_) => line_by_line(block, at, stride.len(), &mut take),
        };
        at = length;
    }
}

static BRACKET: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n["));

/// Takes the lines that start with a bracket and whose preceding line end lies in `at..at + length`; gives the place
/// from which to go on.
fn each(
    finder: &Finder<'_>,
    block: &[u8],
    mut at: usize,
    length: usize,
    take: &mut impl FnMut(usize) -> usize,
) -> usize {
    let to = at + length;
    // One byte more, for the bracket.
    let until = block.len().min(to + 1);
    while at < to
        && let Some(place) = finder.find(&block[at..until])
    {
        at = take(at + place + 1);
    }
    at.max(to)
}

/// The same, where lines may start with a colour.
fn line_by_line(block: &[u8], mut at: usize, length: usize, take: &mut impl FnMut(usize) -> usize) -> usize {
    let to = at + length;
    while at < to
        && let Some(place) = memchr::memchr(b'\n', &block[at..to])
    {
        let start = at + place + 1;
        at = match block.get(start) {
            Some(b'[' | 0x1b) => take(start),
            _ => start,
        };
    }
    at.max(to)
}
