//! Events, and the sections that only loopscope writes.

use super::{Parsed, decimal, number, rsplit, split, whole};
use crate::frame::Radix;
use nom::Parser;
use nom::bytes::complete::{tag, take_while1};
use nom::combinator::{map_opt, rest};
use nom::sequence::{preceded, separated_pair, terminated};

/// `event = token ( "#" comment )?`
pub(crate) fn event(line: &[u8]) -> (&[u8], &[u8]) {
    let (token, comment) = split(line, b'#').unwrap_or((line, b""));
    (token.trim_ascii(), comment.trim_ascii())
}

/// `pair = key " " value`
pub(crate) fn pair(line: &[u8]) -> Option<(&[u8], &[u8])> {
    split(line, b' ')
}

/// A stamp inside a text.
pub(crate) fn stamp(text: &[u8], radix: Radix) -> Option<u64> {
    if text.is_empty() { None } else { number(text, radix.base()) }
}

/// `code = "code " function ";" file ~":" decimal`
pub(crate) fn code(line: &[u8]) -> Option<(&[u8], &[u8], u32)> {
    let (head, first_line) = rsplit(line.strip_prefix(b"code ")?, b":")?;
    let (function, file) = split(head, b';')?;
    Some((function, file, whole(small, first_line)?))
}

/// `instruction = " " offset " " line " " opcode ( " " args )?`
pub(crate) fn instruction(line: &[u8]) -> Option<(u32, u32, &[u8], &[u8])> {
    let numbers = preceded(tag(" "), terminated(separated_pair(small, tag(" "), small), tag(" ")));
    let word = take_while1(|byte: u8| byte != b' ');
    let (_, ((offset, line), opcode, args)) = (numbers, word, rest::<&[u8], ()>).parse(line).ok()?;
    Some((offset, line, opcode, args.strip_prefix(b" ").unwrap_or(args)))
}

fn small(input: &[u8]) -> Parsed<'_, u32> {
    map_opt(decimal, |value| u32::try_from(value).ok()).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_may_have_a_comment() {
        assert_eq!(event(b"loop0 # e.g. a # b"), (&b"loop0"[..], &b"e.g. a # b"[..]));
        assert_eq!(event(b"loop0"), (&b"loop0"[..], &b""[..]));
    }

    #[test]
    fn listings() {
        assert_eq!(code(b"code f;a:b.py:3"), Some((&b"f"[..], &b"a:b.py"[..], 3)));
        assert_eq!(instruction(b" 4 5 LOAD x y"), Some((4, 5, &b"LOAD"[..], &b"x y"[..])));
        assert_eq!(instruction(b" 4 5 POP"), Some((4, 5, &b"POP"[..], &b""[..])));
        assert_eq!(instruction(b"4 5 POP"), None);
    }
}
