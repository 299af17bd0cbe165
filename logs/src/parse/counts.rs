//! Counters, and the totals of a run.

use super::header::{Identity, guard_number};
use super::{Parsed, decimal, rsplit, signed, whole, word};
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::combinator::map;
use nom::sequence::{delimited, preceded, separated_pair};

/// What a counter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Entries into a trace.
    Entry(Identity),
    /// Passes over a label.
    Label(u64),
    /// Passes of the trace that was compiled as the so-many-th, from 0; only old logs number them so.
    Nth(u64),
}

/// `count = counted ~":" decimal`
pub(crate) fn count(line: &[u8]) -> Option<(Counted, u64)> {
    let (what, value) = rsplit(line, b":")?;
    Some((whole(counted, what)?, whole(decimal, value)?))
}

/// `counted = ( "entry " | "loop " ) signed | "bridge " word | "TargetToken(" word ")" | decimal` — PyPy 1.5 and before
/// have only the last form, 1.6 and 1.7 call loops `loop`.
fn counted(input: &[u8]) -> Parsed<'_, Counted> {
    let entry = |number| Counted::Entry(Identity::Loop(number));
    alt((
        map(preceded(alt((tag("entry "), tag("loop "))), signed), entry),
        map(preceded(tag("bridge "), guard_number), |guard| Counted::Entry(Identity::Bridge(guard))),
        map(delimited(tag("TargetToken("), word, tag(")")), Counted::Label),
        map(decimal, Counted::Nth),
    ))
    .parse(input)
}

/// `guard_count = "guard " address ":" decimal`
pub(crate) fn guard_count(line: &[u8]) -> Option<(u64, u64)> {
    whole(preceded(tag("guard "), separated_pair(super::address, tag(":"), decimal)), line)
}

/// `summary = label ~":" " "* TAB value` — labels hold colons themselves; where a log was pasted, tabs may be blanks.
pub(crate) fn summary(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let Some(tab) = memchr::memchr(b'\t', line) else { return pasted(line) };
    let label = line[..tab].trim_ascii_end().strip_suffix(b":")?;
    Some((label.trim_ascii(), line[tab + 1..].trim_ascii()))
}

/// `pasted = label ~":" " "+ ( digit | "." | " " )+`
fn pasted(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (label, value) = rsplit(line, b":")?;
    let is_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b' ');
    let value = value.strip_prefix(b" ").filter(|value| value.iter().all(is_number))?.trim_ascii();
    (!value.is_empty()).then(|| (label.trim_ascii(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters() {
        assert_eq!(count(b"entry -1:416"), Some((Counted::Entry(Identity::Loop(-1)), 416)));
        assert_eq!(count(b"TargetToken(139):9"), Some((Counted::Label(139), 9)));
        assert_eq!(count(b"bridge 140:1"), Some((Counted::Entry(Identity::Bridge(140)), 1)));
        assert_eq!(count(b"0:8965"), Some((Counted::Nth(0), 8965)));
        assert_eq!(count(b"loop 3:7"), Some((Counted::Entry(Identity::Loop(3)), 7)));
        assert_eq!(count(b"TargetToken(-16):7"), Some((Counted::Label(0xffff_fff0), 7)));
        assert_eq!(count(b"bridge -16:7"), Some((Counted::Entry(Identity::Bridge(0xffff_fff0)), 7)));
        assert_eq!(count(b"entry 1"), None);
        assert_eq!(guard_count(b"guard 0xff:3"), Some((255, 3)));
    }

    #[test]
    fn totals() {
        assert_eq!(summary(b"Tracing:      \t10\t0.008923"), Some((&b"Tracing"[..], &b"10\t0.008923"[..])));
        assert_eq!(summary(b"TOTAL:      \t\t0.021591"), Some((&b"TOTAL"[..], &b"0.021591"[..])));
        assert_eq!(summary(b"abort: too long:\t0"), Some((&b"abort: too long"[..], &b"0"[..])));
        assert_eq!(summary(b"  calls:         \t109"), Some((&b"calls"[..], &b"109"[..])));
        assert_eq!(summary(b"Tracing:       10      0.5"), Some((&b"Tracing"[..], &b"10      0.5"[..])));
        assert_eq!(summary(b"abort: too long: 0"), Some((&b"abort: too long"[..], &b"0"[..])));
        assert_eq!(summary(b"BROKEN PROFILER DATA!"), None);
    }
}
