//! What the instruments saw.

use super::{Parsed, address, decimal, hex, split, whole};
use crate::frame::Radix;
use crate::parse::ours::stamp;
use crate::profile::{Key, Looks, Method, Rare, RecordedSample, Saw, Shape, Spot};
use crate::trace::Identity;
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::combinator::{map, map_opt, opt, value};
use nom::sequence::preceded;

/// `slice = "slice " stamp " " stamp`
pub(crate) fn slice(line: &[u8], radix: Radix) -> Option<(u64, u64)> {
    let (from, to) = split(line.strip_prefix(b"slice ")?, b' ')?;
    let (from, to) = (stamp(from, radix)?, stamp(to, radix)?);
    (from <= to).then_some((from, to))
}

/// `method = "method " ( "poll" | "signal" ) " " decimal`
pub(crate) fn method(line: &[u8]) -> Option<Method> {
    let (word, micros) = split(line.strip_prefix(b"method ")?, b' ')?;
    let micros = whole(decimal, micros)?;
    match word {
        b"poll" => Some(Method::Poll(micros)),
        b"signal" => Some(Method::Signal(micros)),
        _ => None,
    }
}

/// `named = name " " decimal`
pub(crate) fn named(line: &[u8], name: &[u8]) -> Option<u64> {
    whole(decimal, line.strip_prefix(name)?.strip_prefix(b" ")?)
}

/// `looks = key " " decimal " " decimal`
pub(crate) fn looks(line: &[u8]) -> Option<Looks> {
    let mut words = line.split(|byte| *byte == b' ');
    let key = key(words.next()?)?;
    let (running, waiting) = (count(words.next()?)?, count(words.next()?)?);
    words.next().is_none().then_some(Looks { key, running, waiting })
}

/// A number of looks: nobody looks more often than 40 bits count.
fn count(text: &[u8]) -> Option<u64> {
    whole(decimal, text).filter(|count| *count < 1 << 40)
}

/// `key = trace ( "/h" decimal )? | "interpreter" ( "/" address )? | phase`
pub(crate) fn key(text: &[u8]) -> Option<Key> {
    let helper = opt(preceded(tag("/h"), map_opt(decimal, |number| u32::try_from(number).ok())));
    let cause = opt(preceded(tag("/"), address));
    let production = alt((
        map((trace, helper), |(id, helper)| Key::Trace(id, helper)),
        map(preceded(tag("interpreter"), cause), Key::Interpreter),
        value(Key::Tracing, tag("tracing")),
        value(Key::Optimize, tag("optimize")),
        value(Key::Backend, tag("backend")),
        value(Key::Gc, tag("gc")),
        value(Key::Log, tag("log")),
    ));
    whole(production, text)
}

/// `trace = "loop" decimal | "bridge0x" hex`
fn trace(input: &[u8]) -> Parsed<'_, Identity> {
    let number = map_opt(decimal, |number| i64::try_from(number).ok());
    alt((
        map(preceded(tag("loop"), number), Identity::Loop),
        map(preceded(tag("bridge0x"), hex), Identity::Bridge),
    ))
    .parse(input)
}

/// `helper = "h" decimal " " name`
pub(crate) fn helper(line: &[u8]) -> Option<(u32, &[u8])> {
    let (number, name) = split(line.strip_prefix(b"h")?, b' ')?;
    Some((u32::try_from(whole(decimal, number)?).ok()?, name))
}

/// `place = decimal " " decimal " " [ trace "/" ] ( "-" | address ) " " location`
pub(crate) fn place(line: &[u8]) -> Option<Spot<'_>> {
    let (running, rest) = split(line, b' ')?;
    let (waiting, rest) = split(rest, b' ')?;
    let (whose, text) = split(rest, b' ')?;
    let (caller, cause) = match split(whose, b'/') {
        Some((caller, cause)) => (Some(whole(trace, caller)?), cause),
        None => (None, whose),
    };
    let cause = if cause == b"-" { None } else { Some(whole(address, cause)?) };
    Some(Spot { running: count(running)?, waiting: count(waiting)?, caller, cause, location: None, text })
}

/// `code = "code " address " " decimal`
pub(crate) fn code(line: &[u8]) -> Option<(u64, u64)> {
    let (at, count) = split(line.strip_prefix(b"code ")?, b' ')?;
    Some((whole(address, at)?, self::count(count)?))
}

/// `native = "native " name " " key " " decimal`
pub(crate) fn native(line: &[u8]) -> Option<(&[u8], Key, u64)> {
    let (name, rest) = split(line.strip_prefix(b"native ")?, b' ')?;
    let (found, count) = split(rest, b' ')?;
    Some((name, key(found)?, self::count(count)?))
}

/// `shape = "shape " decimal " " word ( " " word )*`
pub(crate) fn shape(line: &[u8]) -> Option<Shape<'_>> {
    let (number, rest) = split(line.strip_prefix(b"shape ")?, b' ')?;
    let (class, names) = split(rest, b' ').unwrap_or((rest, b""));
    Some(Shape { number: u32::try_from(whole(decimal, number)?).ok()?, class, names })
}

/// `saw = "saw " address " " decimal " " ( word | "-" ) " " text`
pub(crate) fn saw(line: &[u8]) -> Option<Saw<'_>> {
    let (guard, rest) = split(line.strip_prefix(b"saw ")?, b' ')?;
    let (times, rest) = split(rest, b' ')?;
    let (variable, what) = split(rest, b' ')?;
    let (guard, times) = (whole(address, guard)?, count(times)?);
    Some(Saw { guard, times, variable: Some(variable).filter(|name| *name != b"-"), what })
}

/// `rare = ( "caught " | "broke " ) decimal " " word " " location`
pub(crate) fn rare<'a>(line: &'a [u8], word: &[u8]) -> Option<Rare<'a>> {
    let (times, rest) = split(line.strip_prefix(word)?.strip_prefix(b" ")?, b' ')?;
    let (name, text) = split(rest, b' ')?;
    Some(Rare { times: count(times)?, name, location: None, text })
}

/// `window = stamp " " stamp " " decimal`
pub(crate) fn window(line: &[u8], radix: Radix) -> Option<(u64, u64, u64)> {
    let (from, rest) = split(line, b' ')?;
    let (to, events) = split(rest, b' ')?;
    let (from, to) = (stamp(from, radix)?, stamp(to, radix)?);
    (from <= to).then_some((from, to, whole(decimal, events)?))
}

/// `cost = "program " word " " decimal " " fraction`
pub(crate) fn cost(line: &[u8]) -> Option<(&[u8], u64, f64)> {
    let (what, rest) = split(line.strip_prefix(b"program ")?, b' ')?;
    let (count, ns) = split(rest, b' ')?;
    let ns = std::str::from_utf8(ns).ok()?.parse().ok().filter(|ns: &f64| ns.is_finite() && *ns >= 0.0)?;
    Some((what, whole(decimal, count)?, ns))
}

/// `thread = "thread " word " " decimal`
pub(crate) fn thread(line: &[u8]) -> Option<(&[u8], u64)> {
    let (what, ns) = split(line.strip_prefix(b"thread ")?, b' ')?;
    Some((what, whole(decimal, ns)?))
}

/// `loss = word " " decimal ( " " decimal )?`
pub(crate) fn loss(line: &[u8]) -> Option<(&[u8], u64, Option<u64>)> {
    let (word, rest) = split(line, b' ')?;
    match split(rest, b' ') {
        Some((done, lost)) => Some((word, whole(decimal, done)?, Some(whole(decimal, lost)?))),
        None => Some((word, whole(decimal, rest)?, None)),
    }
}

/// `sample = stamp " " decimal " " decimal " " hex ( " " hex )?`
pub(crate) fn sample(line: &[u8], thread: u32, radix: Radix) -> Option<RecordedSample> {
    let mut words = line.split(|byte| *byte == b' ');
    let sample = RecordedSample {
        thread,
        at: stamp(words.next()?, radix)?,
        ran: whole(decimal, words.next()?)?,
        delayed: whole(decimal, words.next()?)?,
        address: whole(hex, words.next()?)?,
        caller: words.next().map(|word| whole(hex, word).ok_or(())).transpose().ok()?,
    };
    words.next().is_none().then_some(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let id = Identity::Loop(3);
        assert_eq!(key(b"loop3"), Some(Key::Trace(id, None)));
        assert_eq!(key(b"loop3/h12"), Some(Key::Trace(id, Some(12))));
        assert_eq!(key(b"bridge0x1f/h0"), Some(Key::Trace(Identity::Bridge(31), Some(0))));
        assert_eq!(key(b"interpreter"), Some(Key::Interpreter(None)));
        assert_eq!(key(b"interpreter/0x7"), Some(Key::Interpreter(Some(7))));
        assert_eq!([key(b"gc"), key(b"log")], [Some(Key::Gc), Some(Key::Log)]);
        for text in ["loop", "loop3/", "loop-1", "bridge3", "gc/h1", "gcx", "", "interpreter/7"] {
            assert_eq!(key(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn lines() {
        assert_eq!(slice(b"slice 64 4c", Radix::Sixteen), Some((0x64, 0x4c)).filter(|(a, b)| a <= b));
        assert_eq!(slice(b"slice 4c 64", Radix::Sixteen), Some((0x4c, 0x64)));
        assert_eq!(method(b"method signal 4000"), Some(Method::Signal(4000)));
        let found = Looks { key: Key::Tracing, running: 1, waiting: 2 };
        assert_eq!(looks(b"tracing 1 2"), Some(found));
        assert_eq!(looks(b"tracing 1 2 3"), None);
        assert_eq!(helper(b"h3 dict lookup"), Some((3, &b"dict lookup"[..])));
        let spot =
            Spot { running: 5, waiting: 0, caller: None, cause: Some(7), location: None, text: b"f;x y" };
        assert_eq!(place(b"5 0 0x7 f;x y"), Some(spot));
        let caller = Some(Identity::Bridge(0x1f));
        assert_eq!(place(b"5 0 bridge0x1f/- f;x y"), Some(Spot { caller, cause: None, ..spot }));
        assert_eq!(place(b"5 0 gc/- f"), None);
        assert_eq!(code(b"code 0xff 3"), Some((255, 3)));
        assert_eq!(native(b"native memmove gc 2"), Some((&b"memmove"[..], Key::Gc, 2)));
        assert_eq!(window(b"1 f 12", Radix::Sixteen), Some((1, 15, 12)));
        assert_eq!(cost(b"program marks 100 0.31"), Some((&b"marks"[..], 100, 0.31)));
        let found = sample(b"1f 10 2 ff 7f", 3, Radix::Sixteen).unwrap();
        assert_eq!((found.thread, found.at, found.ran, found.delayed), (3, 31, 10, 2));
        assert_eq!((found.address, found.caller), (255, Some(127)));
        assert_eq!(sample(b"1f 10 2 ff", 3, Radix::Sixteen).unwrap().caller, None);
        for text in ["1f 10 2", "1f 10 2 ff 7f 1", "1f x 2 ff", "1f 10 2 ff ", ""] {
            assert_eq!(sample(text.as_bytes(), 3, Radix::Sixteen), None, "{text}");
        }
        assert_eq!(cost(b"program marks 100 nan"), None);
        assert_eq!(loss(b"bytes 4"), Some((&b"bytes"[..], 4, None)));
    }
}
