//! Lines without what stands before them.
//!
//! | before the line | what it is |
//! |---|---|
//! | blanks, `> ` | an indented or quoted text; the same goes for the lines that follow |
//! | `3# ` | the number of a thread, as PyPy-STM writes it before every line |
//! | `  12  `, `12: ` | the number of a line in a listing; the same goes for the lines that follow |
//! | anything else, before a section's start or stop | what a program wrote that ended no line: a line of its own |

use super::threads::Threads;
use crate::frame::Radix;
use crate::parse::marker::{Marker, marker, plain};
use crate::section::Section;
use std::collections::HashSet;

pub(super) struct Restorer<'a> {
    radix: Radix,
    /// Names of sections that start or stop where a line does.
    names: HashSet<&'a [u8]>,
    /// What stood before the last marker, if it was blanks or a quotation.
    prefix: &'a [u8],
    threads: Threads,
    markers: usize,
    unquoted: usize,
    /// Do lines have numbers?
    is_listing: bool,
    split: usize,
    numbered: usize,
    fences: usize,
    /// A stamp that somebody left out stands for the one before.
    last: Vec<u8>,
    elided: usize,
}

/// A line, taken apart.
struct Parts<'a> {
    before: &'a [u8],
    line: &'a [u8],
    thread: Option<&'a [u8]>,
}

impl<'a> Restorer<'a> {
    pub(super) fn new(radix: Radix) -> Self {
        Restorer {
            radix,
            names: HashSet::new(),
            prefix: b"",
            threads: Threads::default(),
            markers: 0,
            unquoted: 0,
            is_listing: false,
            split: 0,
            numbered: 0,
            fences: 0,
            last: b"0".to_vec(),
            elided: 0,
        }
    }

    /// The text without what others put around it; nothing if nothing was.
    pub(super) fn text(&mut self, bytes: &'a [u8]) -> Option<Vec<u8>> {
        self.learn(bytes);
        for line in lines(bytes) {
            self.line(line);
        }
        let changed = self.unquoted + self.split + self.numbered + self.fences + self.elided;
        (changed > 0).then(|| std::mem::take(&mut self.threads).finish())
    }

    pub(super) fn has_markers(&self) -> bool {
        self.markers > 0
    }

    pub(super) fn remarks(&self) -> Vec<String> {
        let said = [
            (
                self.numbered,
                "lines began with the number of a thread, as PyPy-STM writes it; it was taken off",
            ),
            (self.unquoted, "lines were indented, quoted or numbered; that was taken off"),
            (
                self.split,
                "starts or stops of sections stood behind other text on their line; that text is no part of the log",
            ),
            (self.elided, "stamps had been left out; they are taken for the ones before"),
        ];
        said.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }

    /// Names count if they stand where one does for sure.
    fn learn(&mut self, bytes: &'a [u8]) {
        for line in lines(bytes) {
            let (_, line) = unthreaded(line);
            if let Some(found) = marker(unquoted(line).1, self.radix) {
                self.names.extend(found.opens().or(found.closes()));
            }
        }
    }

    fn line(&mut self, line: &'a [u8]) {
        let Parts { before, line, thread } = self.parts(line);
        self.numbered += usize::from(thread.is_some());
        if line.trim_ascii().starts_with(b"```") {
            self.fences += 1;
            return;
        }
        if !before.is_empty() {
            self.split += 1;
            self.threads.text(thread, before);
        }
        match self.stamped(line) {
            Some((found, text)) => {
                self.markers += 1;
                self.threads.marker(thread, found.opens().is_some(), &text);
            }
            None => self.threads.text(thread, line),
        }
    }

    /// A marker, and its line with a stamp.
    fn stamped(&mut self, line: &'a [u8]) -> Option<(Marker<'a>, Vec<u8>)> {
        if let Some(found) = marker(line, self.radix) {
            self.last = line[1..].split(|byte| *byte == b']').next().unwrap_or_default().to_vec();
            return Some((found, line.to_vec()));
        }
        let body = elided(line)?;
        let found = Marker { at: 0, body };
        found.opens().or(found.closes()).filter(|name| is_word(name))?;
        self.elided += 1;
        Some((found, [b"[", &self.last[..], b"] ", body].concat()))
    }

    fn parts(&mut self, line: &'a [u8]) -> Parts<'a> {
        let (thread, line) = unthreaded(line);
        let (prefix, rest) = unquoted(line);
        if marker(rest, self.radix).is_some() || elided(rest).is_some() {
            self.prefix = prefix;
            self.unquoted += usize::from(!prefix.is_empty());
            return Parts { before: b"", line: rest, thread };
        }
        if let Some(rest) = listed(line).filter(|rest| self.is_listing || marker(rest, self.radix).is_some())
        {
            self.is_listing = true;
            self.unquoted += 1;
            return Parts { before: b"", line: rest, thread };
        }
        if let Some(at) = self.marker_within(line) {
            return Parts { before: &line[..at], line: &line[at..], thread };
        }
        let rest = without(line, self.prefix);
        self.unquoted += usize::from(rest.len() < line.len());
        Parts { before: b"", line: rest, thread }
    }

    /// Where in a line a section starts or stops.
    fn marker_within(&self, line: &[u8]) -> Option<usize> {
        let is_it = |at: &usize| {
            let found = marker(&line[*at..], self.radix);
            let name = found.and_then(|found| found.opens().or(found.closes()));
            name.is_some_and(|name| {
                is_word(name) && (Section::from_name(name).is_some() || self.names.contains(name))
            })
        };
        memchr::memrchr_iter(b'[', line).take(8).filter(|at| *at > 0).find(is_it)
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(|line| plain(line.strip_suffix(b"\n").unwrap_or(line)))
}

fn is_word(name: &[u8]) -> bool {
    name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// `thread = decimal "# "`
fn unthreaded(line: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match line[digits..].strip_prefix(b"#") {
        Some(rest) if digits > 0 => (Some(&line[..digits]), rest.strip_prefix(b" ").unwrap_or(rest)),
        _ => (None, line),
    }
}

/// Blanks and quotation marks, and what stands behind.
fn unquoted(line: &[u8]) -> (&[u8], &[u8]) {
    let length = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'>' | b'|')).count();
    line.split_at(length)
}

/// `listed = blank* decimal ( ":" | "|" )? blank+ text`
pub(super) fn listed(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii_start();
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = line.get(digits..).filter(|_| digits > 0)?;
    let rest = rest.strip_prefix(b":").or(rest.trim_ascii_start().strip_prefix(b"|")).unwrap_or(rest);
    let text = rest.trim_ascii_start();
    (text.len() < rest.len()).then_some(text)
}

/// A line without what stood before the last marker, or as much of it as stands before this line too.
fn without<'l>(line: &'l [u8], prefix: &[u8]) -> &'l [u8] {
    let same = line.iter().zip(prefix).take_while(|(a, b)| a == b).count();
    &line[same..]
}

/// `elided = "[" ( "." | "…" | "·" )+ "] " body` — somebody has shortened the log.
fn elided(line: &[u8]) -> Option<&[u8]> {
    let text = line.strip_prefix(b"[")?;
    let end = memchr::memchr(b']', text).filter(|end| (1..=9).contains(end))?;
    let dots = std::str::from_utf8(&text[..end]).ok()?;
    let is_left_out = dots.chars().all(|c| matches!(c, '.' | '…' | '·'));
    text[end + 1..].strip_prefix(b" ").filter(|_| is_left_out)
}
