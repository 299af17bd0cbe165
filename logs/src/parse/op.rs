//! The lines of a trace.

use super::{Parsed, address, decimal, rsplit, whole};
use crate::op::{MergePoint, Op, TraceLine};
use crate::parse::location::location;
use nom::Parser;
use nom::bytes::complete::{tag, take_while1};
use nom::combinator::{map_opt, opt};
use nom::sequence::{delimited, terminated};

/// `trace_line = "#" text | "[" args "]" | offset end | op`
pub(crate) fn trace_line(line: &[u8]) -> Option<TraceLine<'_>> {
    match line.first()? {
        b'#' => Some(TraceLine::Comment(line)),
        b'[' => line[1..].strip_suffix(b"]").map(TraceLine::InputArgs),
        _ => {
            let (line, offset) = opt(offset).parse(line).ok()?;
            if line == b"--end of the loop--" { Some(TraceLine::End(offset)) } else { op(offset, line) }
        }
    }
}

/// `offset = "+" decimal ": "`
fn offset(input: &[u8]) -> Parsed<'_, u32> {
    map_opt(delimited(tag("+"), decimal, tag(": ")), |value| u32::try_from(value).ok()).parse(input)
}

/// `op = result? name "(" body`
fn op(offset: Option<u32>, line: &[u8]) -> Option<TraceLine<'_>> {
    let (rest, (result, name)) = (opt(result), terminated(word, tag("("))).parse(line).ok()?;
    let (inside, fail_args) = body(rest)?;
    let (args, descr) = if name == b"debug_merge_point" { (inside, None) } else { arguments(inside) };
    Some(TraceLine::Op(Op { offset, result, name, args, descr, fail_args }))
}

/// `result = word " = "`
fn result(input: &[u8]) -> Parsed<'_, &[u8]> {
    terminated(word, tag(" = ")).parse(input)
}

/// `word = [A-Za-z0-9_]+`
fn word(input: &[u8]) -> Parsed<'_, &[u8]> {
    take_while1(|byte: u8| byte.is_ascii_alphanumeric() || byte == b'_').parse(input)
}

/// `body = arguments ~")" ( " [" failargs "]" )? ( " # " comment )?`
///
/// The list behind the parenthesis holds no bracket, so the last bracket opens it, if a parenthesis stands before.
fn body(text: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    if let Some(inside) = text.strip_suffix(b")") {
        return Some((inside, None));
    }
    if let Some(listed) = text.strip_suffix(b"]")
        && let Some(bracket) = memchr::memrchr(b'[', listed)
        && let Some(inside) = listed[..bracket].strip_suffix(b") ")
    {
        return Some((inside, Some(&listed[bracket + 1..])));
    }
    let (before, _comment) = rsplit(text, b" # ")?;
    body(before.trim_ascii_end())
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

/// `merge_point = depth ", " ( call ", " )? "'" location ~"'"` — the old form has no call number.
pub(crate) fn merge_point(args: &[u8]) -> Option<MergePoint<'_>> {
    let numbers = (terminated(decimal, tag(", ")), opt(terminated(decimal, tag(", "))), tag("'"));
    let (quoted, (depth, call, _)) = { numbers }.parse(args).ok()?;
    let name = quoted.strip_suffix(b"'")?;
    Some(MergePoint { depth: u32::try_from(depth).ok()?, call, name, location: location(name) })
}

/// `guard = "<Guard" address ">"`
pub(crate) fn guard(descr: &[u8]) -> Option<u64> {
    whole(delimited(tag("<Guard"), address, tag(">")), descr)
}

/// `target_token = "TargetToken(" decimal ")"`
pub(crate) fn target_token(descr: &[u8]) -> Option<u64> {
    whole(delimited(tag("TargetToken("), decimal, tag(")")), descr)
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
        assert_eq!(parsed("guard_true(i1) [p0] # why").fail_args, Some(&b"p0"[..]));
    }

    #[test]
    fn merge_points() {
        let op = parsed("debug_merge_point(1, 2, 'f1;we.ird 'name') [1].py:2-4~#12 FOR_ITER')");
        let point = op.merge_point().unwrap();
        assert_eq!((point.depth, point.call), (1, Some(2)));
        assert_eq!(point.location.unwrap().file, b"we.ird 'name') [1].py");
        let old = parsed("debug_merge_point(0, 'x descr=1')").merge_point().unwrap();
        assert_eq!((old.call, old.name, old.location), (None, &b"x descr=1"[..], None));
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
