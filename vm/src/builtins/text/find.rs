//! Methods of str and bytes that look for something: find, count, startswith, replace, partition …

use memchr::memmem;
use num_traits::ToPrimitive;

use crate::builtins::text::bytes::{byte_of, byte_value};
use crate::builtins::text::data::Text;
use crate::error::{R, Raise};
use crate::object::function::Args;
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::Vm;

/// The first or the last occurrence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Left,
    Right,
}

fn search(haystack: &[u8], needle: &[u8], from: From) -> Option<usize> {
    match from {
        From::Left if needle.len() == 1 => memchr::memchr(needle[0], haystack),
        From::Left => memmem::find(haystack, needle),
        From::Right => memmem::rfind(haystack, needle),
    }
}

/// What to look for: text, or among bytes the number of one.
enum Needle {
    Text(Text),
    Byte([u8; 1]),
}

impl std::ops::Deref for Needle {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Needle::Text(text) => text,
            Needle::Byte(byte) => byte,
        }
    }
}

/// Argument 1. Its number may come from Python code: nobody has looked at the text before.
fn needle_of(vm: &mut Vm, this: Value, item: Value) -> R<Needle> {
    let kind = vm.text(this)?.kind;
    if kind == Kind::Str || Text::of_buffer(vm.unwrapped(item)).is_some() {
        return vm.text_arg(kind, item).map(Needle::Text);
    }
    byte_value(vm, item).map(|byte| Needle::Byte([byte]))
}

/// The span of arguments 2 and 3. They may run Python code, as may the needle.
fn span_of(vm: &mut Vm, args: Args<'_>) -> R<Option<(usize, usize)>> {
    let bounds = vm.find_bounds(args.get(2), args.get(3))?;
    Ok(bounds.fit(vm.text(args.pos[0])?.count()))
}

/// Index of argument 1 within the span of arguments 2 and 3.
fn position(vm: &mut Vm, args: Args<'_>, from: From) -> R<Option<usize>> {
    let bounds = vm.find_bounds(args.get(2), args.get(3))?;
    let needle = needle_of(vm, args.pos[0], args.pos[1])?;
    let text = vm.text(args.pos[0])?;
    let Some((start, end)) = bounds.fit(text.count()) else { return Ok(None) };
    let (start, end) = (text.offset(start), text.offset(end));
    Ok(search(&text[start..end], &needle, from).map(|at| text.index(at + start)))
}

fn or_minus_one(found: Option<usize>) -> Value {
    Value::small(found.map_or(-1, |n| n as i64))
}

fn or_raise(vm: &mut Vm, found: Option<usize>) -> R {
    match found {
        Some(n) => Ok(Value::small(n as i64)),
        None => Err(vm.value_error("substring not found")),
    }
}

pub fn find(vm: &mut Vm, args: Args<'_>) -> R {
    position(vm, args, From::Left).map(or_minus_one)
}

pub fn rfind(vm: &mut Vm, args: Args<'_>) -> R {
    position(vm, args, From::Right).map(or_minus_one)
}

pub fn index(vm: &mut Vm, args: Args<'_>) -> R {
    let found = position(vm, args, From::Left)?;
    or_raise(vm, found)
}

pub fn rindex(vm: &mut Vm, args: Args<'_>) -> R {
    let found = position(vm, args, From::Right)?;
    or_raise(vm, found)
}

pub fn count(vm: &mut Vm, args: Args<'_>) -> R {
    let bounds = vm.find_bounds(args.get(2), args.get(3))?;
    let needle = needle_of(vm, args.pos[0], args.pos[1])?;
    let text = vm.text(args.pos[0])?;
    let Some((start, end)) = bounds.fit(text.count()) else { return Ok(Value::small(0)) };
    let part = &text[text.offset(start)..text.offset(end)];
    let n = if needle.is_empty() { end - start + 1 } else { occurrences(vm, part, &needle)? };
    Ok(Value::small(n as i64))
}

/// How often something that is not empty occurs.
fn occurrences(vm: &mut Vm, text: &[u8], needle: &[u8]) -> R<usize> {
    let mut n = 0;
    for _ in memmem::find_iter(text, needle) {
        vm.poll()?;
        n += 1;
    }
    Ok(n)
}

/// Tests argument 1, or any item of it, against the span of arguments 2 and 3.
fn matches_any(vm: &mut Vm, args: Args<'_>, test: fn(&[u8], &[u8]) -> bool) -> R {
    let span = span_of(vm, args)?;
    let text = vm.text(args.pos[0])?;
    let part = span.map(|(start, end)| &text[text.offset(start)..text.offset(end)]);
    let single = [args.pos[1]];
    let affixes = match args.pos[1].cast::<Tuple>() {
        Some(tuple) => tuple.get().items(),
        None => &single,
    };
    for affix in affixes {
        let affix = vm.text_arg(text.kind, *affix)?;
        if part.is_some_and(|part| test(part, &affix)) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

pub fn startswith(vm: &mut Vm, args: Args<'_>) -> R {
    matches_any(vm, args, |text, prefix| text.starts_with(prefix))
}

pub fn endswith(vm: &mut Vm, args: Args<'_>) -> R {
    matches_any(vm, args, |text, suffix| text.ends_with(suffix))
}

pub fn removeprefix(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.text(args.pos[0])?;
    let prefix = vm.text_arg(text.kind, args.pos[1])?;
    Ok(vm.new_text(text.kind, text.strip_prefix(&*prefix).unwrap_or(&text)))
}

pub fn removesuffix(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.text(args.pos[0])?;
    let suffix = vm.text_arg(text.kind, args.pos[1])?;
    Ok(vm.new_text(text.kind, text.strip_suffix(&*suffix).unwrap_or(&text)))
}

pub fn replace(vm: &mut Vm, args: Args<'_>) -> R {
    let kind = vm.text(args.pos[0])?.kind;
    for text in &args.pos[1..3] {
        vm.text_arg(kind, *text)?;
    }
    let limit = match args.get_or(3, "count") {
        Some(n) => usize::try_from(vm.index_value(n)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let text = vm.text(args.pos[0])?;
    let old = vm.text_arg(text.kind, args.pos[1])?;
    let new = vm.text_arg(text.kind, args.pos[2])?;
    // At most: one more for each byte. Only where that is much it is worth counting.
    let most = (text.len() + 1).saturating_mul(new.len()).saturating_add(text.len());
    if vm.reserve_quickly(most).is_none() {
        let times = if old.is_empty() { text.count() + 1 } else { occurrences(vm, &text, &old)? };
        vm.reserve(times.min(limit).saturating_mul(new.len()).saturating_add(text.len()))?;
    }
    let out = if old.is_empty() {
        between_items(vm, &text, &new, limit)?
    } else {
        let mut out = Vec::with_capacity(text.len());
        let mut done = 0;
        for at in memmem::find_iter(&text, &*old).take(limit) {
            out.extend_from_slice(&text[done..at]);
            out.extend_from_slice(&new);
            done = at + old.len();
            vm.poll()?;
        }
        out.extend_from_slice(&text[done..]);
        out
    };
    Ok(vm.new_text(text.kind, out))
}

/// `new` before every item and at the end, at most `limit` times.
fn between_items(vm: &mut Vm, text: &Text, new: &[u8], limit: usize) -> R<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut left = limit;
    let starts_item = |byte: u8| !text.is_str() || byte & 0xc0 != 0x80;
    for byte in text.iter() {
        if left > 0 && starts_item(*byte) {
            out.extend_from_slice(new);
            left -= 1;
        }
        out.push(*byte);
        vm.poll()?;
    }
    if left > 0 {
        out.extend_from_slice(new);
    }
    Ok(out)
}

fn split_at_match(vm: &mut Vm, args: Args<'_>, from: From) -> R {
    let text = vm.text(args.pos[0])?;
    let separator = vm.text_arg(text.kind, args.pos[1])?;
    if separator.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    vm.reserve(text.len())?;
    let parts = match (search(&text, &separator, from), from) {
        (Some(at), _) => [&text[..at], &separator[..], &text[at + separator.len()..]],
        (None, From::Left) => [&text[..], &[], &[]],
        (None, From::Right) => [&[], &[], &text[..]],
    };
    let parts = parts.map(|part| vm.new_text(text.kind, part));
    Ok(vm.tuple(&parts))
}

pub fn partition(vm: &mut Vm, args: Args<'_>) -> R {
    split_at_match(vm, args, From::Left)
}

pub fn rpartition(vm: &mut Vm, args: Args<'_>) -> R {
    split_at_match(vm, args, From::Right)
}

/// `item in text`. An `__index__` that raises makes its object no number: that it is no text either is what CPython says.
pub fn contains(vm: &mut Vm, text: Value, item: Value) -> R<bool> {
    let asks = item.kind() == Kind::Instance && Text::of_buffer(vm.unwrapped(item)).is_none();
    let needle = match vm.text(text)?.kind {
        Kind::Bytes | Kind::Bytearray if asks => {
            let number = vm.big_arg(item).map_err(|raise| no_buffer(vm, item, raise))?;
            Needle::Byte([byte_of(vm, number.to_u8())?])
        }
        _ => needle_of(vm, text, item)?,
    };
    Ok(search(&vm.text(text)?, &needle, From::Left).is_some())
}

fn no_buffer(vm: &mut Vm, item: Value, raise: Raise) -> Raise {
    let name = vm.type_name(item);
    if vm.ending { raise } else { vm.type_error(format!("a bytes-like object is required, not '{name}'")) }
}
