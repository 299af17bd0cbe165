//! The lines of a trace.

use super::header::guard_number;
use super::{decimal, rsplit, whole, word as signed_word};
use crate::op::{MergePoint, Op, TraceLine};
use crate::parse::location::location;
use nom::Parser;
use nom::bytes::complete::tag;
use nom::combinator::opt;
use nom::sequence::{delimited, terminated};

/// `trace_line = "#" text | "[" args "]" | offset end | op`
pub(crate) fn trace_line(line: &[u8]) -> Option<TraceLine<'_>> {
    match begin(line)? {
        Begin::Comment => Some(TraceLine::Comment(line)),
        Begin::InputArgs(args) => Some(TraceLine::InputArgs(args)),
        Begin::End(offset) => Some(TraceLine::End(offset)),
        Begin::Op(head) => head.op().map(TraceLine::Op),
    }
}

/// The beginning of a line, which tells what it is.
pub(crate) enum Begin<'a> {
    Comment,
    InputArgs(&'a [u8]),
    End(Option<u32>),
    Op(Head<'a>),
}

/// An operation up to its parenthesis. Most readers want only some operations, and tell by the name.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    offset: Option<u32>,
    result: Option<&'a [u8]>,
    pub name: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Head<'a> {
    /// Is the rest of the line as it must be?
    pub(crate) fn is_whole(&self) -> bool {
        body(self.rest).is_some()
    }

    /// The whole operation.
    pub(crate) fn op(self) -> Option<Op<'a>> {
        let Head { offset, result, name, rest } = self;
        let Body { inside, fail_args, remark } = body(rest)?;
        let (args, descr) = if name == MERGE_POINT { (inside, None) } else { arguments(inside) };
        Some(Op { offset, result, name, args, descr, fail_args, remark })
    }
}

pub(crate) const MERGE_POINT: &[u8] = b"debug_merge_point";

// By hand from here to the parenthesis: every line of every trace comes this way, and nom's combinators, which look at
// a word once for each thing it could be, took half of the time.
pub(crate) fn begin(line: &[u8]) -> Option<Begin<'_>> {
    match line.first()? {
        b'#' => Some(Begin::Comment),
        b' ' | b'\t' => indented(line),
        b'[' => line[1..].strip_suffix(b"]").map(Begin::InputArgs),
        _ => {
            let (offset, line) = offset(line)?;
            if line == b"--end of the loop--" {
                Some(Begin::End(offset))
            } else {
                head(offset, line).map(Begin::Op)
            }
        }
    }
}

/// Is it the beginning of a line that only makes sense with the next ones, because a name in it holds a line end?
pub(crate) fn is_continued(line: &[u8]) -> bool {
    match line {
        [b'd', ..] => line.starts_with(b"debug_merge_point(") && !is_merge_point_end(line),
        [b'#', ..] => line.starts_with(b"# Loop ") && !line.ends_with(b" ops"),
        [b'j', ..] => line.starts_with(b"jit_debug('") && !line.ends_with(b")"),
        _ => false,
    }
}

/// Only people indent, so this is kept apart from what every line goes through.
#[cold]
fn indented(line: &[u8]) -> Option<Begin<'_>> {
    begin(line.trim_ascii_start())
}

/// Ends a merge point here: behind a quote, or behind the numbers that older logs have there?
fn is_merge_point_end(line: &[u8]) -> bool {
    let Some(inside) = line.strip_suffix(b")") else { return false };
    let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b',' || *byte == b' ';
    let text = inside.iter().rposition(|byte| !is_number(byte)).map_or(0, |end| end + 1);
    matches!(inside[..text].last(), Some(b'\'' | b'"'))
}

/// `offset = "+" decimal ": "`, or nothing.
fn offset(line: &[u8]) -> Option<(Option<u32>, &[u8])> {
    let Some(digits) = line.strip_prefix(b"+") else { return Some((None, line)) };
    let length = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    let value = super::number(&digits[..length], 10).filter(|_| length > 0)?;
    let rest = digits[length..].strip_prefix(b": ")?;
    Some((Some(u32::try_from(value).ok()?), rest))
}

/// `head = ( word " = " )? word "("`
fn head(offset: Option<u32>, line: &[u8]) -> Option<Head<'_>> {
    let (first, rest) = word(line)?;
    if let Some(rest) = rest.strip_prefix(b"(") {
        return Some(Head { offset, result: None, name: first, rest });
    }
    let (result, rest) = match rest.strip_prefix(b" = ") {
        Some(rest) => (first, rest),
        None => vector(line, first.len())?,
    };
    let (name, rest) = word(rest)?;
    Some(Head { offset, result: Some(result), name, rest: rest.strip_prefix(b"(")? })
}

/// `vector = word "[" text "] = "` — some logs print how many values of what a variable holds.
fn vector(line: &[u8], word: usize) -> Option<(&[u8], &[u8])> {
    let kind = line[word..].strip_prefix(b"[")?;
    let end = memchr::memchr(b']', kind)? + word + 2;
    Some((&line[..end], line[end..].strip_prefix(b" = ")?))
}

/// `word = [A-Za-z0-9_]+`
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_end = |byte: &u8| !(byte.is_ascii_alphanumeric() || *byte == b'_');
    let length = text.iter().position(is_end).filter(|&length| length > 0)?;
    Some(text.split_at(length))
}

/// What follows an operation's parenthesis.
struct Body<'a> {
    inside: &'a [u8],
    fail_args: Option<&'a [u8]>,
    remark: Option<&'a [u8]>,
}

/// `body = closed ( " # " remark )?`
fn body(text: &[u8]) -> Option<Body<'_>> {
    if let Some((inside, fail_args)) = closed(text) {
        return Some(Body { inside, fail_args, remark: None });
    }
    let (before, remark) = rsplit(text, b" # ")?;
    let (inside, fail_args) = closed(before.trim_ascii_end())?;
    Some(Body { inside, fail_args, remark: Some(remark) })
}

/// `closed = arguments ~")" ( " [" failargs "]" )?`
///
/// Names in front of the list hold brackets, so the last one that follows a parenthesis opens it.
fn closed(text: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    if let Some(inside) = text.strip_suffix(b")") {
        return Some((inside, None));
    }
    let (inside, fail_args) = rsplit(text.strip_suffix(b"]")?, b") [")?;
    Some((inside, Some(fail_args)))
}

/// `arguments = args? ( ", "? "descr=" descr )?`
fn arguments(inside: &[u8]) -> (&[u8], Option<&[u8]>) {
    const KEY: &[u8] = b"descr=";
    let found = memchr::memchr_iter(b'=', inside).find_map(|at| {
        let start = (at + 1).checked_sub(KEY.len())?;
        let args = inside[..start].strip_suffix(b", ").or((start == 0).then_some(&b""[..]))?;
        inside[start..].starts_with(KEY).then(|| (args, &inside[at + 1..]))
    });
    found.map_or((inside, None), |(args, descr)| (args, Some(descr)))
}

/// `merge_point = numbers_first | text_first | text`
pub(crate) fn merge_point(args: &[u8]) -> Option<MergePoint<'_>> {
    let (name, depth, call) = match args.first()? {
        b'0'..=b'9' => numbers_first(args)?,
        _ => text_first(args)?,
    };
    Some(MergePoint { depth: u32::try_from(depth).ok()?, call, name, location: location(name) })
}

/// A place in quotes, the depth and the number of the call.
type Numbered<'a> = (&'a [u8], u64, Option<u64>);

/// `numbers_first = depth ", " ( call ", " )? quote location ~quote`
fn numbers_first(args: &[u8]) -> Option<Numbered<'_>> {
    let number = || terminated(decimal, tag(", "));
    let (quoted, (depth, call)) = (number(), opt(number())).parse(args).ok()?;
    Some((unquoted(quoted)?, depth, call))
}

/// `text_first = quote location ~quote ( ", " depth ( ", " call )? )?` — the order of PyPy 1.5 and before.
fn text_first(args: &[u8]) -> Option<Numbered<'_>> {
    if let Some(name) = unquoted(args) {
        return Some((name, 0, None));
    }
    let (rest, last) = rsplit(args, b", ")?;
    let last = whole(decimal, last)?;
    if let Some(name) = unquoted(rest) {
        return Some((name, last, None));
    }
    let (rest, depth) = rsplit(rest, b", ")?;
    Some((unquoted(rest)?, whole(decimal, depth)?, Some(last)))
}

/// `quoted = "'" text "'" | '"' text '"'`
fn unquoted(text: &[u8]) -> Option<&[u8]> {
    let quote = text.first().filter(|&&byte| matches!(byte, b'\'' | b'"'))?;
    text[1..].strip_suffix(std::slice::from_ref(quote))
}

/// `guard = "<Guard" guard_number ">"`
pub(crate) fn guard(descr: &[u8]) -> Option<u64> {
    whole(delimited(tag("<Guard"), guard_number, tag(">")), descr)
}

/// `target_token = "TargetToken(" word ")"`
pub(crate) fn target_token(descr: &[u8]) -> Option<u64> {
    whole(delimited(tag("TargetToken("), signed_word, tag(")")), descr)
}

/// `called_loop = "<Loop" signed ">"`
pub(crate) fn called_loop(descr: &[u8]) -> Option<i64> {
    whole(delimited(tag("<Loop"), super::signed, tag(">")), descr)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Op<'_> {
        match trace_line(line.as_bytes()) {
            Some(TraceLine::Op(op)) => op,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn plain_operations() {
        let op = parsed("+280: p2 = getfield_gc_r(p0, descr=<FieldP pypy.PyFrame.inst_pycode 64>)");
        assert_eq!((op.offset, op.result, op.name), (Some(280), Some(&b"p2"[..]), &b"getfield_gc_r"[..]));
        assert_eq!((op.args, op.descr), (&b"p0"[..], Some(&b"<FieldP pypy.PyFrame.inst_pycode 64>"[..])));
        let op = parsed("i11 = int_eq(i7, -9223372036854775807)");
        assert_eq!((op.offset, op.args, op.fail_args), (None, &b"i7, -9223372036854775807"[..], None));
        assert_eq!(parsed("leave()").args, b"");
        let vector = parsed("v9[4xi32] = vec_add(v7[4xi32], v8[4xi32])");
        assert_eq!((vector.result, vector.name), (Some(&b"v9[4xi32]"[..]), &b"vec_add"[..]));
        assert_eq!(parsed("guard_not_invalidated(descr=<Guard0x1>) []").descr, Some(&b"<Guard0x1>"[..]));
    }

    #[test]
    fn descriptions_hold_commas_and_brackets() {
        let op = parsed("i1 = f(p0, ConstClass(a[b](c) [d]), descr=<InteriorFieldDescr <FieldP a, b=c 8>>)");
        assert_eq!(op.descr, Some(&b"<InteriorFieldDescr <FieldP a, b=c 8>>"[..]));
        assert_eq!(op.arguments().collect::<Vec<_>>(), [&b"p0"[..], b"ConstClass(a[b](c) [d])"]);
        let op = parsed("jump(p0, descr=TargetToken(139))");
        assert_eq!(op.target_token(), Some(139));
        assert_eq!(parsed("p5 = call_assembler_r(p4, descr=<Loop-1>)").called_loop(), Some(-1));
    }

    #[test]
    fn guards() {
        let op = parsed("+79: guard_true(i11, descr=<Guard0x7f1d>) [p0, None, ConstPtr(ptr3), i9]");
        assert!(op.is_guard());
        assert_eq!((op.guard(), op.fail_args), (Some(0x7f1d), Some(&b"p0, None, ConstPtr(ptr3), i9"[..])));
        assert_eq!(parsed("guard_true(i121)").guard(), None);
        let op = parsed("guard_false(ConstClass(attention), descr=<Guard0x1>) [p0] # guard_poll");
        assert_eq!((op.fail_args, op.remark), (Some(&b"p0"[..]), Some(&b"guard_poll"[..])));
        assert_eq!((op.name, op.own_name()), (&b"guard_false"[..], &b"guard_poll"[..]));
        let constant = parsed("guard_true(i1, descr=<Guard3>) [p0, ConstClass(a[b])]");
        assert_eq!((constant.guard(), constant.fail_arguments().count()), (Some(3), 2));
    }

    #[test]
    fn merge_points() {
        let op = parsed("debug_merge_point(1, 2, 'f1;we.ird 'name') [1].py:2-4~#12 FOR_ITER')");
        let point = op.merge_point().unwrap();
        assert_eq!((point.depth, point.call), (1, Some(2)));
        assert_eq!(point.location.unwrap().file, b"we.ird 'name') [1].py");
        let old = parsed("debug_merge_point(0, 'x descr=1')").merge_point().unwrap();
        assert_eq!((old.call, old.name, old.location), (None, &b"x descr=1"[..], None));
        for (text, depth, call) in [
            ("debug_merge_point('[+_>]', 3)", 3, None),
            ("debug_merge_point('[+_>]')", 0, None),
            ("debug_merge_point('[+_>]', 2, 7)", 2, Some(7)),
            ("debug_merge_point(2, '[+_>]')", 2, None),
            ("debug_merge_point(2, \"[+_>]\")", 2, None),
        ] {
            let point = parsed(text).merge_point().unwrap();
            assert_eq!((point.name, point.depth, point.call), (&b"[+_>]"[..], depth, call), "{text}");
            assert!(!is_continued(text.as_bytes()));
        }
        assert!(is_continued(b"debug_merge_point(0, 'a"));
        let oldest = "debug_merge_point('<code object f, file '/x.py', line 214> #290 FOR_ITER')";
        let oldest = parsed(oldest).merge_point().unwrap();
        assert_eq!((oldest.depth, oldest.location.unwrap().start_line), (0, 214));
    }

    #[test]
    fn the_other_lines() {
        assert_eq!(trace_line(b"[p0, p1]"), Some(TraceLine::InputArgs(b"p0, p1")));
        assert_eq!(trace_line(b"[]"), Some(TraceLine::InputArgs(b"")));
        assert_eq!(trace_line(b"+608: --end of the loop--"), Some(TraceLine::End(Some(608))));
        for line in ["", "i1 = ", "foo", "foo(", "+1: ", "[p0", "foo(a] [b", "= f()"] {
            assert_eq!(trace_line(line.as_bytes()), None, "{line}");
        }
    }
}
