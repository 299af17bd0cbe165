//! What was wrong with a log, and where. Nothing a log can hold is an error; everything odd is one of these.

use std::fmt;

/// Diagnostics kept per log; a log that is not one would otherwise yield one per line.
const LIMIT: usize = 1000;

/// Something in a log that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The byte at which it starts.
    pub offset: usize,
    /// Its line, from 1.
    pub line: usize,
    /// The innermost section there; empty outside of all.
    pub section: String,
    /// What is wrong and what was made of it.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)?;
        if self.section.is_empty() { Ok(()) } else { write!(f, " (in {})", self.section) }
    }
}

/// Diagnostics in the making: perhaps without line numbers, and with an end to patience.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diagnostics {
    kept: Vec<Diagnostic>,
    dropped: usize,
}

impl Diagnostics {
    /// For a place whose line is not known yet.
    pub(crate) fn push(&mut self, offset: usize, section: &[u8], message: impl fmt::Display) {
        self.push_line(offset, 0, section, message);
    }

    pub(crate) fn push_line(
        &mut self,
        offset: usize,
        line: usize,
        section: &[u8],
        message: impl fmt::Display,
    ) {
        if self.kept.len() >= LIMIT {
            self.dropped += 1;
            return;
        }
        let section = String::from_utf8_lossy(section).into_owned();
        self.kept.push(Diagnostic { offset, line, section, message: message.to_string() });
    }

    pub(crate) fn append(&mut self, other: Diagnostics) {
        let room = LIMIT - self.kept.len();
        self.dropped += other.dropped + other.kept.len().saturating_sub(room);
        self.kept.extend(other.kept.into_iter().take(room));
    }

    /// In the order of the file, with line numbers.
    pub(crate) fn finish(mut self, bytes: &[u8]) -> Vec<Diagnostic> {
        self.kept.sort_by_key(|diagnostic| diagnostic.offset);
        let (mut line, mut counted) = (1, 0);
        for diagnostic in &mut self.kept {
            let to = diagnostic.offset.min(bytes.len());
            line += memchr::memchr_iter(b'\n', &bytes[counted..to]).count();
            counted = to;
            diagnostic.line = line;
        }
        self.sorted()
    }

    /// In the order of the file.
    pub(crate) fn sorted(mut self) -> Vec<Diagnostic> {
        self.kept.sort_by_key(|diagnostic| diagnostic.offset);
        if self.dropped > 0 {
            let (offset, line) = self.kept.last().map_or((0, 1), |last| (last.offset, last.line));
            let message = format!("and {} more like these", self.dropped);
            self.kept.push(Diagnostic { offset, line, section: String::new(), message });
        }
        self.kept
    }
}

/// Which line it is, while a log is read that nobody keeps.
#[derive(Clone, Debug)]
pub(crate) enum Lines {
    /// Lines are counted later, if anybody asks.
    Later,
    /// `line` is the line that holds the byte at `at`.
    Counted { at: u64, line: usize },
}

impl Lines {
    pub(crate) fn counted() -> Lines {
        Lines::Counted { at: 0, line: 1 }
    }

    /// Everything up to `to` was seen; `block` starts at `start`.
    pub(crate) fn see(&mut self, block: &[u8], start: u64, to: u64) {
        let Lines::Counted { at, line } = self else { return };
        let place = |offset: u64| (offset.saturating_sub(start) as usize).min(block.len());
        let (from, end) = (place(*at), place(to));
        if from < end {
            *line += memchr::memchr_iter(b'\n', &block[from..end]).count();
            *at = to;
        }
    }

    /// 0 if nobody counts.
    pub(crate) fn current(&self) -> usize {
        match self {
            Lines::Later => 0,
            Lines::Counted { line, .. } => *line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one_and_in_order() {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(4, b"s", "second");
        diagnostics.push(0, b"", "first");
        let finished = diagnostics.finish(b"a\nb\nc\n");
        let lines: Vec<_> = finished.iter().map(|d| (d.line, d.message.as_str())).collect();
        assert_eq!(lines, [(1, "first"), (3, "second")]);
        assert_eq!(finished[1].to_string(), "line 3: second (in s)");
    }

    #[test]
    fn patience_ends() {
        let mut diagnostics = Diagnostics::default();
        (0..LIMIT + 7).for_each(|_| diagnostics.push(0, b"", "odd"));
        let finished = diagnostics.finish(b"");
        assert_eq!(finished.len(), LIMIT + 1);
        assert_eq!(finished[LIMIT].message, "and 7 more like these");
    }
}
