//! Methods of str and bytes that cut and glue: split, splitlines, join, strip.

use memchr::memmem;

use crate::builtins::text::data::{Text, is_blank, is_blank_byte};
use crate::error::R;
use crate::object::function::Args;
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

/// Shorter texts can be cut anyway.
const SHORT: usize = 4096;
/// What a piece takes beyond its bytes: an object, a place in the list, a span.
const PIECE: usize = 96;

fn pieces(vm: &mut Vm, text: &Text, spans: &[(usize, usize)]) -> R {
    let mut parts = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        parts.push(vm.new_text(text.kind, &text[*start..*end]));
        vm.poll()?;
    }
    Ok(vm.list(parts))
}

/// Makes sure that the text can be cut wherever a byte is such a one.
fn reserve_pieces(vm: &mut Vm, text: &Text, is_cut: impl Fn(u8) -> bool) -> R<()> {
    if text.len() < SHORT {
        return Ok(());
    }
    let cuts = text.iter().filter(|b| is_cut(**b)).count();
    vm.reserve((cuts + 1).saturating_mul(PIECE).saturating_add(text.len()))
}

/// The runs between blanks.
fn words(text: &Text) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    let mut visit = |at: usize, blank: bool| match (start, blank) {
        (Some(from), true) => {
            words.push((from, at));
            start = None;
        }
        (None, false) => start = Some(at),
        _ => {}
    };
    if text.is_byte_indexed() {
        text.iter().enumerate().for_each(|(at, b)| visit(at, is_blank_byte(*b)));
    } else {
        text.as_str().char_indices().for_each(|(at, c)| visit(at, is_blank(c)));
    }
    words.extend(start.map(|from| (from, text.len())));
    words
}

/// The greatest number of cuts. Reading it may run Python code, so it comes before anything is borrowed.
fn cut_limit(vm: &mut Vm, args: Args<'_>) -> R<usize> {
    match args.get_or(2, "maxsplit") {
        Some(n) => Ok(usize::try_from(vm.index_value(n)?).unwrap_or(usize::MAX)),
        None => Ok(usize::MAX),
    }
}

/// What to split at; `None` for blanks.
fn separator_of(vm: &mut Vm, text: &Text, args: Args<'_>) -> R<Option<Text>> {
    let Some(separator) = args.get_or(1, "sep").filter(|s| !s.is_none()) else { return Ok(None) };
    let separator = vm.text_arg(text.kind, separator)?;
    if separator.is_empty() { Err(vm.value_error("empty separator")) } else { Ok(Some(separator)) }
}

fn reserve_cuts(vm: &mut Vm, text: &Text, separator: Option<&Text>, limit: usize) -> R<()> {
    match separator {
        _ if text.len() < SHORT => Ok(()),
        _ if limit < 1 << 8 => vm.reserve(text.len()),
        Some(separator) => reserve_pieces(vm, text, |b| b == separator[0]),
        None => reserve_pieces(vm, text, |b| b <= b' ' || b >= 0x80),
    }
}

pub fn split(vm: &mut Vm, args: Args<'_>) -> R {
    let limit = cut_limit(vm, args)?;
    let text = vm.text(args.pos[0])?;
    let separator = separator_of(vm, &text, args)?;
    reserve_cuts(vm, &text, separator.as_ref(), limit)?;
    let Some(separator) = separator else {
        let mut spans = words(&text);
        if spans.len() > limit {
            spans.truncate(limit + 1);
            spans[limit].1 = text.len();
        }
        return pieces(vm, &text, &spans);
    };
    let mut spans = Vec::new();
    let mut done = 0;
    let mut cut = |at: usize| {
        spans.push((done, at));
        done = at + separator.len();
        vm.poll()
    };
    match *separator {
        [byte] => memchr::memchr_iter(byte, &text).take(limit).try_for_each(&mut cut)?,
        _ => memmem::find_iter(&text, &*separator).take(limit).try_for_each(&mut cut)?,
    }
    spans.push((done, text.len()));
    pieces(vm, &text, &spans)
}

pub fn rsplit(vm: &mut Vm, args: Args<'_>) -> R {
    let limit = cut_limit(vm, args)?;
    let text = vm.text(args.pos[0])?;
    let separator = separator_of(vm, &text, args)?;
    reserve_cuts(vm, &text, separator.as_ref(), limit)?;
    let Some(separator) = separator else {
        let mut spans = words(&text);
        if spans.len() > limit {
            spans.drain(..spans.len() - limit - 1);
            spans[0].0 = 0;
        }
        return pieces(vm, &text, &spans);
    };
    let mut spans = Vec::new();
    let mut end = text.len();
    while spans.len() < limit
        && let Some(at) = memmem::rfind(&text[..end], &separator)
    {
        spans.push((at + separator.len(), end));
        end = at;
        vm.poll()?;
    }
    spans.push((0, end));
    spans.reverse();
    pieces(vm, &text, &spans)
}

pub fn splitlines(vm: &mut Vm, args: Args<'_>) -> R {
    let keep = match args.get_or(1, "keepends") {
        Some(keep) => vm.truth(keep)?,
        None => false,
    };
    let text = vm.text(args.pos[0])?;
    reserve_pieces(vm, &text, |b| matches!(b, b'\n' | b'\r'))?;
    let mut spans = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text[start..]).map_or(text.len(), |n| start + n);
        let next = if text[end..].starts_with(b"\r\n") { end + 2 } else { (end + 1).min(text.len()) };
        spans.push((start, if keep { next } else { end }));
        start = next;
        vm.poll()?;
    }
    pieces(vm, &text, &spans)
}

pub fn join(vm: &mut Vm, args: Args<'_>) -> R {
    let items = vm.collect_sequence(args.pos[1])?;
    let separator = vm.text(args.pos[0])?;
    let part = |item: Value| match item.cast::<Str>() {
        Some(text) => text.text.len(),
        None => Text::of_buffer(vm.wrapped(item).unwrap_or(item)).map_or(0, |part| part.len()),
    };
    let parts = items.items.iter().fold(0usize, |sum, item| sum.saturating_add(part(item)));
    let all = separator.len().saturating_mul(items.items.len()).saturating_add(parts);
    vm.reserve(all)?;
    let mut out = Vec::with_capacity(all);
    for (i, item) in items.items.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(&separator);
        }
        vm.poll()?;
        let inner = vm.wrapped(item).unwrap_or(item);
        match Text::of_buffer(inner).filter(|part| part.is_str() == separator.is_str()) {
            Some(part) => out.extend_from_slice(&part),
            None => {
                let message = "join expects a list of str/bytes objects consistent with self object";
                return Err(vm.type_error(message));
            }
        }
    }
    Ok(vm.new_text(separator.kind, out))
}

/// What stays after removing blanks, or the items of `set`, from the chosen ends.
fn stripped(text: &Text, set: Option<&Text>, left: bool, right: bool) -> (usize, usize) {
    if text.is_str() {
        let remove = |c: char| set.map_or_else(|| is_blank(c), |set| set.as_str().contains(c));
        let whole = text.as_str();
        let rest = if left { whole.trim_start_matches(remove) } else { whole };
        let start = whole.len() - rest.len();
        let kept = if right { rest.trim_end_matches(remove) } else { rest };
        return (start, start + kept.len());
    }
    let keep = |b: &u8| set.map_or_else(|| !is_blank_byte(*b), |set| !set.contains(b));
    let start = if left { text.iter().position(keep).unwrap_or(text.len()) } else { 0 };
    let end = if right { text.iter().rposition(keep).map_or(0, |n| n + 1) } else { text.len() };
    (start, end.max(start))
}

fn strip_ends(vm: &mut Vm, args: Args<'_>, left: bool, right: bool) -> R {
    let text = vm.text(args.pos[0])?;
    let set = match args.get(1).filter(|s| !s.is_none()) {
        Some(set) => Some(vm.text_arg(text.kind, set)?),
        None => None,
    };
    vm.reserve(text.len())?;
    let (start, end) = stripped(&text, set.as_ref(), left, right);
    if text.kind != Kind::Bytearray && end - start == text.len() {
        return Ok(vm.wrapped(args.pos[0]).unwrap_or(args.pos[0]));
    }
    Ok(vm.new_text(text.kind, &text[start..end]))
}

pub fn strip(vm: &mut Vm, args: Args<'_>) -> R {
    strip_ends(vm, args, true, true)
}

pub fn lstrip(vm: &mut Vm, args: Args<'_>) -> R {
    strip_ends(vm, args, true, false)
}

pub fn rstrip(vm: &mut Vm, args: Args<'_>) -> R {
    strip_ends(vm, args, false, true)
}
