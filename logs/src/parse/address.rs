//! Where machine code lies, and the code itself.

use super::header::{Identity, bridge_name, loop_name};
use super::{Parsed, address, decimal, hex, rsplit, unsigned, whole};
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::combinator::opt;
use nom::sequence::{delimited, preceded};
use nom::{AsBytes, Parser};

/// The first line of an address section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range<'a> {
    pub id: Identity,
    pub name: &'a [u8],
    pub start: u64,
    pub end: u64,
    pub bootstrap: Option<u64>,
}

/// `range = ( loop_name | bridge_name ) ~" has address " address " to " address ( " (bootstrap " address ")" )?`
pub(crate) fn range(line: &[u8]) -> Option<Range<'_>> {
    let (who, addresses) = rsplit(line, b" has address ")?;
    let (start, _, end, bootstrap) = whole(range_end, addresses)?;
    if let Some((number, name)) = whole(loop_name, who) {
        return Some(Range { id: Identity::Loop(number), name, start, end, bootstrap });
    }
    let id = Identity::Bridge(whole(bridge_name, who)?);
    Some(Range { id, name: b"", start, end, bootstrap })
}

/// `place = address | hex` — up to 2012 without the prefix.
fn place(input: &[u8]) -> Parsed<'_, u64> {
    alt((address, hex)).parse(input)
}

/// Is it the beginning of a loop's first line, whose name holds a line end?
pub(crate) fn is_continued(line: &[u8]) -> bool {
    line.starts_with(b"Loop ") && range(line).is_none()
}

type RangeEnd<'a> = (u64, &'a [u8], u64, Option<u64>);

fn range_end(input: &[u8]) -> Parsed<'_, RangeEnd<'_>> {
    let bootstrap = delimited(tag(" (bootstrap "), place, tag(")"));
    (place, tag(" to "), place, opt(bootstrap)).parse(input)
}

/// `part = " "* label ": " address`
pub(crate) fn part(line: &[u8]) -> Option<(&[u8], u64)> {
    let (label, value) = rsplit(line, b": ")?;
    Some((label.trim_ascii_start(), whole(address, value)?))
}

/// The place of a piece of machine code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dump<'a> {
    pub address: u64,
    pub offset: u64,
    /// Hexadecimal digits.
    pub digits: &'a [u8],
}

/// `dump = "CODE_DUMP @" "-"? hex " +" decimal " "+ digits?` — old PyPys print large addresses as negative: those of
/// 32 bits, and in principle those of 64.
pub(crate) fn dump(line: &[u8]) -> Option<Dump<'_>> {
    let place = (preceded(tag("CODE_DUMP @"), (opt(tag("-")), hex)), preceded(tag(" +"), decimal));
    let (rest, ((minus, address), offset)) = { place }.parse(line).ok()?;
    let address = if minus.is_some() { unsigned(address) } else { address };
    Some(Dump { address, offset, digits: rest.trim_ascii() })
}

/// `code = ( [0-9A-F] [0-9A-F] )*` — up to the first thing that is none.
pub(crate) fn code(digits: &[u8]) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks_exact(2);
    pairs.map_while(|pair| super::number(pair, 16)).map(|byte| byte as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let line = b"Loop 1 (f has address ;x:3-5~#20 A) has address 0x10 to 0x20 (bootstrap 0x8)";
        let found = range(line).unwrap();
        assert_eq!((found.id, found.start, found.end, found.bootstrap), (Identity::Loop(1), 16, 32, Some(8)));
        assert_eq!(found.name, b"f has address ;x:3-5~#20 A");
        let found = range(b"bridge out of Guard 0xab has address 0x10 to 0x20").unwrap();
        assert_eq!((found.id, found.bootstrap), (Identity::Bridge(0xab), None));
        assert_eq!(range(b"Loop -1 () has address 0x1 to 0x2 (bootstrap 0x3)").unwrap().name, b"");
        let old = range(b"Loop 0 (f) has address 7f10 to 7f20 (bootstrap 7f00)").unwrap();
        assert_eq!((old.start, old.bootstrap), (0x7f10, Some(0x7f00)));
        assert_eq!(range(b"bridge out of Guard 18 has address 10 to 20").unwrap().id, Identity::Bridge(18));
        assert_eq!(range(b"Loop 1 (x) has address z to 2"), None);
    }

    #[test]
    fn parts() {
        assert_eq!(part(b"       gc table: 0x10"), Some((&b"gc table"[..], 16)));
        assert_eq!(part(b"assembler size:  768"), None);
    }

    #[test]
    fn dumps() {
        let found = dump(b"CODE_DUMP @7f1d +12  A2010").unwrap();
        assert_eq!((found.address, found.offset, code(found.digits)), (0x7f1d, 12, vec![0xa2, 1]));
        assert_eq!(dump(b"CODE_DUMP @-1 +0").unwrap().address, 0xffff_ffff);
        assert_eq!(dump(b"CODE_DUMP @x"), None);
    }
}
