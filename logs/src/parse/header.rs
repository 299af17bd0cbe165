//! First lines of traces.

use super::{Parsed, address, decimal, hex, rsplit, signed, whole, word};
use crate::trace::TraceKind;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::combinator::{opt, rest, value};
use nom::sequence::{delimited, preceded};
use nom::{Parser, combinator::map};

/// The first line of a compiled trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    pub kind: TraceKind,
    /// The loop's number, or the guard a bridge starts from.
    pub id: Identity,
    /// Where the loop is; nothing for bridges and in old logs.
    pub name: &'a [u8],
    pub ops: u64,
}

/// Who a trace, a block of code or a counter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    /// A loop or entry bridge, by number.
    Loop(i64),
    /// A bridge, by the guard it starts from. Such numbers are addresses, and are used again.
    Bridge(u64),
}

/// `header = "# " ( loop | bridge )`
pub(crate) fn header(line: &[u8]) -> Option<Header<'_>> {
    let line = line.strip_prefix(b"# ")?;
    loop_header(line).or_else(|| whole(bridge, line))
}

/// `loop = "Loop " signed ( " (" name ~")" )? ~" : " size`
fn loop_header(line: &[u8]) -> Option<Header<'_>> {
    let (head, size_text) = rsplit(line, b" : ")?;
    let (kind, ops) = whole(size, size_text)?;
    let (number, name) = whole(loop_name, head)?;
    Some(Header { kind, id: Identity::Loop(number), name, ops })
}

/// `loop_name = "Loop " "#"? signed ( " (" name ~")" )?`
pub(crate) fn loop_name(input: &[u8]) -> Parsed<'_, (i64, &[u8])> {
    let name = map(rest, |text: &[u8]| {
        text.strip_prefix(b" (").and_then(|text| text.strip_suffix(b")")).unwrap_or(text)
    });
    (preceded((tag("Loop "), opt(tag("#"))), signed), name).parse(input)
}

/// `size = ( "loop" | "entry bridge" ) " with " decimal " ops"`
fn size(input: &[u8]) -> Parsed<'_, (TraceKind, u64)> {
    let kind = alt((value(TraceKind::Loop, tag("loop")), value(TraceKind::EntryBridge, tag("entry bridge"))));
    (kind, delimited(tag(" with "), decimal, tag(" ops"))).parse(input)
}

/// `bridge = "bridge out of Guard " guard " with " decimal " ops"`
fn bridge(input: &[u8]) -> Parsed<'_, Header<'_>> {
    let ops = delimited(tag(" with "), decimal, tag(" ops"));
    map((bridge_name, ops), |(guard, ops)| Header {
        kind: TraceKind::Bridge,
        id: Identity::Bridge(guard),
        name: b"",
        ops,
    })
    .parse(input)
}

/// `bridge_name = "bridge out of Guard " guard`
pub(crate) fn bridge_name(input: &[u8]) -> Parsed<'_, u64> {
    preceded(alt((tag("bridge out of Guard "), tag("Bridge out of guard "))), guard_number).parse(input)
}

/// `guard = address | word | hex` — old logs number their guards; in between, some lacked the prefix.
pub(crate) fn guard_number(input: &[u8]) -> Parsed<'_, u64> {
    if input.starts_with(b"0x") {
        return address(input);
    }
    match word(input) {
        Ok((rest, number)) if !rest.first().is_some_and(u8::is_ascii_hexdigit) => Ok((rest, number)),
        _ => hex(input),
    }
}

/// Does a line name a guard by a decimal number, as logs did up to 2012?
pub(crate) fn is_decimal(line: &[u8]) -> bool {
    let number = memchr::memmem::find(line, b"uard ").map(|at| &line[at + b"uard ".len()..]);
    let length = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    number.is_some_and(|text| {
        let digits = &text[..length(text)];
        !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) && text.get(digits.len()) != Some(&b'x')
    })
}

/// Does a header leave open where its loop is? RPython says so in several ways.
pub(crate) fn is_nowhere(name: &[u8]) -> bool {
    name.is_empty() || memchr::memmem::find(name, b"get_printable_location").is_some()
}

/// `allocation = "allocating " ( "Loop # " signed | "Bridge # " signed " of Loop # " signed )`
///
/// The number of the trace, and of the loop that a bridge belongs to.
pub(crate) fn allocation(line: &[u8]) -> Option<(i64, Option<i64>)> {
    let of = preceded(tag(" of Loop # "), signed);
    let bridge = map((preceded(tag("Bridge # "), signed), of), |(number, root)| (number, Some(root)));
    let whole_loop = map(preceded(tag("Loop # "), signed), |number| (number, None));
    whole(preceded(tag("allocating "), alt((whole_loop, bridge))), line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_and_bridges() {
        let found = header(b"# Loop 22 (re MaxUntil at 6/1 [15, (4) : 0]) : loop with 66 ops").unwrap();
        assert_eq!((found.kind, found.id, found.ops), (TraceKind::Loop, Identity::Loop(22), 66));
        assert_eq!(found.name, b"re MaxUntil at 6/1 [15, (4) : 0]");
        let found = header(b"# Loop 1 (f;x.py:1-2~#3 X) : entry bridge with 5 ops").unwrap();
        assert_eq!((found.kind, found.name), (TraceKind::EntryBridge, &b"f;x.py:1-2~#3 X"[..]));
        let found = header(b"# bridge out of Guard 0x7f97 with 375 ops").unwrap();
        assert_eq!((found.kind, found.id, found.ops), (TraceKind::Bridge, Identity::Bridge(0x7f97), 375));
    }

    #[test]
    fn allocations() {
        assert_eq!(allocation(b"allocating Loop # 12"), Some((12, None)));
        assert_eq!(allocation(b"allocating Bridge # 3 of Loop # 1"), Some((3, Some(1))));
        assert_eq!(allocation(b"allocating Bridge # 3"), None);
    }

    #[test]
    fn old_forms() {
        assert_eq!(header(b"# Loop 0 : loop with 3 ops").unwrap().name, b"");
        let bridge =
            |guard: &str| header(format!("# bridge out of Guard {guard} with 3 ops").as_bytes()).unwrap().id;
        assert_eq!(bridge("12"), Identity::Bridge(12));
        assert_eq!(bridge("7f12ab"), Identity::Bridge(0x7f12ab));
        assert_eq!(bridge("0x-10"), Identity::Bridge(0xffff_fff0));
        assert_eq!(bridge("-16"), Identity::Bridge(0xffff_fff0));
        let spelled =
            ["# bridge out of Guard 18 with", "Bridge out of guard 18 has", "Guard 0x18 ", "Guard 7f12ab "];
        assert_eq!(spelled.map(|line| is_decimal(line.as_bytes())), [true, true, false, false]);
        assert!(is_nowhere(b"(jitdriver: no get_printable_location)") && !is_nowhere(b"f;x.py:1-2~#3 X"));
    }

    #[test]
    fn anything_else_is_none() {
        for line in ["# Loop 1 (x) : rewritten with 3 ops", "# Loop x (y) : loop with 1 ops", "# ", "Loop 1"]
        {
            assert_eq!(header(line.as_bytes()), None, "{line}");
        }
    }
}
