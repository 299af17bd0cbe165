//! `marker-PID.txt`: visits of loops for samply's timeline, a line `START END NAME` each, in nanoseconds.
//!
//! Visits of one loop that follow each other closely are one line, so that a program whose visits take a microsecond
//! does not write more than it computes.

use std::cell::RefCell;
use std::io::{self, BufWriter, Write};

use rustc_hash::FxHashMap;

use super::page::{Page, monotonic};
use super::{Output, Outside, Sort};

/// Nanoseconds between two visits of one line.
const GAP: u64 = 100_000;

/// The open file.
pub struct Marks {
    out: RefCell<BufWriter<Box<dyn Output>>>,
    /// samply finds the file by it.
    _page: Page,
    spans: RefCell<Spans>,
}

/// The last span of each loop, by number.
#[derive(Default)]
struct Spans {
    open: FxHashMap<u32, Span>,
}

struct Span {
    name: String,
    start: u64,
    end: u64,
}

impl Spans {
    /// Adds a visit; gives the line that has ended by it.
    fn add(
        &mut self,
        number: u32,
        (start, end): (u64, u64),
        name: impl FnOnce() -> String,
    ) -> Option<String> {
        let span = self.open.entry(number).or_insert_with(|| Span { name: name(), start, end });
        let ended = (start > span.end.saturating_add(GAP)).then(|| span.line());
        if ended.is_some() {
            span.start = start;
        }
        span.end = end;
        ended
    }

    fn lines(&self) -> String {
        let mut spans: Vec<&Span> = self.open.values().collect();
        spans.sort_by_key(|span| span.start);
        spans.into_iter().map(Span::line).collect()
    }
}

impl Span {
    fn line(&self) -> String {
        format!("{} {} {}\n", self.start, self.end, self.name)
    }
}

impl Marks {
    /// Makes the file.
    pub fn new(outside: &dyn Outside) -> io::Result<Marks> {
        let out = outside.create(Sort::Marker)?;
        let page = Page::map(out.as_fd())?;
        Ok(Marks { out: RefCell::new(BufWriter::new(out)), _page: page, spans: RefCell::default() })
    }

    /// Now.
    pub fn now() -> u64 {
        monotonic()
    }

    /// The loop was visited from `start` until now.
    pub fn visited(&self, number: u32, start: u64, name: impl FnOnce() -> String) {
        if let Some(line) = self.spans.borrow_mut().add(number, (start, monotonic()), name) {
            // Marks that cannot be written are not worth ending a run for.
            let _ = self.out.borrow_mut().write_all(line.as_bytes());
        }
    }

    /// Leaves nothing in a buffer.
    pub fn flush(&self) {
        let _ = self.out.borrow_mut().flush();
    }
}

impl Marks {
    /// Writes the spans that are still open.
    pub fn finish(&self) {
        let lines = std::mem::take(&mut *self.spans.borrow_mut()).lines();
        let _ = self.out.borrow_mut().write_all(lines.as_bytes());
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_visits_are_one_span() {
        let mut spans = Spans::default();
        let name = || "loop1 f".to_owned();
        assert_eq!(spans.add(1, (1000, 2000), name), None);
        assert_eq!(spans.add(1, (2500, 3000), name), None);
        assert_eq!(spans.add(2, (2600, 2700), || "loop2 g".to_owned()), None);
        assert_eq!(spans.add(1, (900_000, 900_100), name), Some("1000 3000 loop1 f\n".to_owned()));
        assert_eq!(spans.lines(), "2600 2700 loop2 g\n900000 900100 loop1 f\n");
    }
}
