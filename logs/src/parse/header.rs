//! First lines of traces.

use super::{Parsed, address, decimal, rsplit, signed, whole};
use crate::trace::TraceKind;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::combinator::{rest, value};
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

/// `loop_name = "Loop " signed ( " (" name ~")" )?`
pub(crate) fn loop_name(input: &[u8]) -> Parsed<'_, (i64, &[u8])> {
    let name = map(rest, |text: &[u8]| {
        text.strip_prefix(b" (").and_then(|text| text.strip_suffix(b")")).unwrap_or(text)
    });
    (preceded(tag("Loop "), signed), name).parse(input)
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

/// `bridge_name = "bridge out of Guard " ( address | decimal )` — old logs number their guards.
pub(crate) fn bridge_name(input: &[u8]) -> Parsed<'_, u64> {
    preceded(tag("bridge out of Guard "), alt((address, decimal))).parse(input)
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
        assert_eq!(header(b"# bridge out of Guard 12 with 3 ops").unwrap().id, Identity::Bridge(12));
    }

    #[test]
    fn anything_else_is_none() {
        for line in ["# Loop 1 (x) : rewritten with 3 ops", "# Loop x (y) : loop with 1 ops", "# ", "Loop 1"]
        {
            assert_eq!(header(line.as_bytes()), None, "{line}");
        }
    }
}
