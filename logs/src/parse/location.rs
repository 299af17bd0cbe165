//! Places in a program.

use super::{Parsed, decimal, rsplit, split, whole};
use crate::location::Location;
use nom::Parser;
use nom::bytes::complete::{tag, take_while1};
use nom::combinator::map_opt;
use nom::sequence::separated_pair;

/// `location = pypy3 | pypy2`
pub(crate) fn location(text: &[u8]) -> Option<Location<'_>> {
    pypy3(text).or_else(|| pypy2(text))
}

/// `pypy3 = function ";" file ~":" start "-" line ~"~" bytecode`
fn pypy3(text: &[u8]) -> Option<Location<'_>> {
    let (head, tail) = rsplit(text, b"~#")?;
    let (offset, opcode) = whole(bytecode, tail)?;
    let (head, lines) = rsplit(head, b":")?;
    let (start_line, line) = whole(separated_pair(small, tag("-"), small), lines)?;
    let (function, file) = split(head, b';')?;
    Some(Location { function, file, start_line, line, offset, opcode })
}

/// `pypy2 = "<code object " function ( "," | "." ) " file '" file ~"'" ( "," | "." ) " line " start "> #" bytecode`
fn pypy2(text: &[u8]) -> Option<Location<'_>> {
    let text = text.strip_prefix(b"<code object ")?;
    let (head, tail) = rsplit(text, b"> #")?;
    let (offset, opcode) = whole(bytecode, tail)?;
    let (head, start_line) = rsplit(head, b" line ")?;
    let start_line = whole(small, start_line)?;
    let head = head.get(..head.len().checked_sub(2)?)?;
    let at = memchr::memmem::find(head, b" file '")?;
    let (function, file) = (&head[..at.checked_sub(1)?], &head[at + b" file '".len()..]);
    Some(Location { function, file, start_line, line: start_line, offset, opcode })
}

/// `bytecode = offset " " opcode` (behind the `#`)
fn bytecode(input: &[u8]) -> Parsed<'_, (u32, &[u8])> {
    separated_pair(small, tag(" "), take_while1(|byte: u8| byte.is_ascii_alphanumeric() || byte == b'_'))
        .parse(input)
}

/// `small = decimal`, as far as lines and offsets go.
fn small(input: &[u8]) -> Parsed<'_, u32> {
    map_opt(decimal, |value| u32::try_from(value).ok()).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(&str, &str, u32, u32, u32, &str)> {
        let Location { function, file, start_line, line, offset, opcode } = location(text.as_bytes())?;
        let text = |bytes| std::str::from_utf8(bytes).unwrap();
        Some((text(function), text(file), start_line, line, offset, text(opcode)))
    }

    #[test]
    fn in_the_notation_of_pypy3() {
        let simple = parts("branchy;/srv/x.py:3-5~#20 FOR_ITER");
        assert_eq!(simple, Some(("branchy", "/srv/x.py", 3, 5, 20, "FOR_ITER")));
        let odd = parts("f3;a;b:3-4~x.py:2-4~#12 FOR_ITER");
        assert_eq!(odd, Some(("f3", "a;b:3-4~x.py", 2, 4, 12, "FOR_ITER")));
        let builtin = parts("__get__;<builtin>/frozen _structseq:30-32~#0 LOAD_FAST");
        assert_eq!(builtin.unwrap().1, "<builtin>/frozen _structseq");
    }

    #[test]
    fn in_the_notation_of_pypy2() {
        let commas = parts("<code object f, file 'it's.py', line 2> #9 LOAD_FAST");
        assert_eq!(commas, Some(("f", "it's.py", 2, 2, 9, "LOAD_FAST")));
        let dots = parts("<code object f. file 'x.py'. line 2> #9 LOAD_FAST");
        assert_eq!(dots, Some(("f", "x.py", 2, 2, 9, "LOAD_FAST")));
    }

    #[test]
    fn other_machines_print_what_they_like() {
        for text in ["re Match [15, 4, 0]", "unpackiterable [x]", "", "~#1 X", "a:1-2~#3 X", "f;a:1~#3 X"] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
