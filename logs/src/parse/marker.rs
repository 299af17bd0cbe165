//! The framing: where sections start and stop.

use super::{Parsed, number};
use crate::frame::Radix;
use nom::Parser;
use nom::bytes::complete::{tag, take_while1};
use nom::combinator::map_opt;
use nom::sequence::delimited;

/// A framing line, taken apart as far as it can be without knowing which sections are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marker<'a> {
    pub at: u64,
    /// `{NAME` or `NAME}`
    pub body: &'a [u8],
}

impl<'a> Marker<'a> {
    /// The section it opens, if it opens one.
    pub(crate) fn opens(self) -> Option<&'a [u8]> {
        self.body.strip_prefix(b"{").filter(|name| !name.is_empty())
    }

    /// The section it closes, if it closes one.
    pub(crate) fn closes(self) -> Option<&'a [u8]> {
        self.body.strip_suffix(b"}").filter(|name| !name.is_empty())
    }
}

/// `marker = stamp ( "{" name | name "}" )`
pub(crate) fn marker(line: &[u8], radix: Radix) -> Option<Marker<'_>> {
    let (body, at) = stamp(radix, line).ok()?;
    let marker = Marker { at, body };
    (marker.opens().is_some() || marker.closes().is_some()).then_some(marker)
}

/// `stamp = "[" digit+ "] "`
fn stamp(radix: Radix, input: &[u8]) -> Parsed<'_, u64> {
    let digits = take_while1(|byte: u8| match radix {
        Radix::Sixteen => byte.is_ascii_hexdigit(),
        Radix::Ten => byte.is_ascii_digit(),
    });
    delimited(tag("["), map_opt(digits, |digits| number(digits, radix.base())), tag("] ")).parse(input)
}

/// What some editors and shells put before the first line.
pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

/// `plain = BOM? ( ESC "[" [^@-~]* [@-~] )* text CR?` — the text, without colours and carriage return.
pub(crate) fn plain(line: &[u8]) -> &[u8] {
    match line {
        [0x1b | 0xef, ..] | [.., b'\r'] => undressed(line),
        _ => line,
    }
}

fn undressed(line: &[u8]) -> &[u8] {
    let mut line = line.strip_prefix(BOM).unwrap_or(line);
    while let Some(rest) = line.strip_prefix(b"\x1b[") {
        match rest.iter().position(|byte| (b'@'..=b'~').contains(byte)) {
            Some(end) => line = &rest[end + 1..],
            None => break,
        }
    }
    while let Some(rest) = line.strip_suffix(b"\r") {
        line = rest;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_and_stops() {
        let start = marker(b"[1f] {jit-tracing", Radix::Sixteen).unwrap();
        assert_eq!((start.at, start.opens(), start.closes()), (31, Some(&b"jit-tracing"[..]), None));
        let stop = marker(b"[1f] my sub {odd}}", Radix::Sixteen).unwrap();
        assert_eq!((stop.opens(), stop.closes()), (None, Some(&b"my sub {odd}"[..])));
    }

    #[test]
    fn other_lines_in_brackets_are_text() {
        for line in ["[p0, i1]", "[]", "[1f]", "[1f] ", "[1f] text", "[1f] {", "[1f] }", "[] {a", "1f] {a"] {
            assert_eq!(marker(line.as_bytes(), Radix::Sixteen), None, "{line}");
        }
        assert_eq!(marker(b"[1f] {a", Radix::Ten), None);
    }

    #[test]
    fn colours_and_carriage_returns_are_no_text() {
        assert_eq!(plain(b"\x1b[1m\x1b[31m[2a] {x\r\r"), b"[2a] {x");
        assert_eq!(plain(b"\x1b[0m"), b"");
        assert_eq!(plain(b"\x1b[0"), b"\x1b[0");
    }
}
