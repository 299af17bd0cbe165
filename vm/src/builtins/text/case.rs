//! Methods of str and bytes about letters and layout: case, character classes, padding.

use crate::builtins::text::data::{Text, is_blank};
use crate::error::R;
use crate::object::function::Args;
use crate::object::value::Value;
use crate::vm::Vm;

/// Goes through the characters, until `visit` says no.
fn each_char(vm: &mut Vm, text: &Text, mut visit: impl FnMut(char) -> bool) -> R<()> {
    for c in text.each_char() {
        if !visit(c) {
            break;
        }
        vm.poll()?;
    }
    Ok(())
}

/// At least one character, and all pass.
fn all(vm: &mut Vm, args: Args<'_>, test: impl Fn(char) -> bool) -> R {
    let text = vm.text(args.pos[0])?;
    let mut passes = false;
    each_char(vm, &text, |c| {
        passes = test(c);
        passes
    })?;
    Ok(Value::bool(passes))
}

/// A character of the one sort, and none of the other.
fn some_but_no(vm: &mut Vm, args: Args<'_>, wanted: fn(char) -> bool, other: fn(char) -> bool) -> R {
    let text = vm.text(args.pos[0])?;
    let (mut any, mut no) = (false, true);
    each_char(vm, &text, |c| {
        any |= wanted(c);
        no = !other(c);
        no
    })?;
    Ok(Value::bool(any && no))
}

macro_rules! predicates {
    ($($name:ident $test:expr;)*) => {
        $(pub fn $name(vm: &mut Vm, args: Args<'_>) -> R {
            all(vm, args, $test)
        })*
    };
}

predicates! {
    isalpha char::is_alphabetic;
    isdigit |c| c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric());
    isdecimal |c| c.is_ascii_digit();
    isnumeric char::is_numeric;
    isalnum char::is_alphanumeric;
    isspace is_blank;
}

pub fn isascii(vm: &mut Vm, args: Args<'_>) -> R {
    Ok(Value::bool(vm.text(args.pos[0])?.is_ascii()))
}

pub fn isprintable(vm: &mut Vm, args: Args<'_>) -> R {
    Ok(Value::bool(!vm.text(args.pos[0])?.as_str().chars().any(|c| c.is_control())))
}

pub fn isidentifier(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.text(args.pos[0])?;
    let starts = text.each_char().next().is_some_and(|c| c == '_' || c.is_alphabetic());
    if starts { all(vm, args, |c| c == '_' || c.is_alphanumeric()) } else { Ok(Value::FALSE) }
}

pub fn islower(vm: &mut Vm, args: Args<'_>) -> R {
    some_but_no(vm, args, char::is_lowercase, char::is_uppercase)
}

pub fn isupper(vm: &mut Vm, args: Args<'_>) -> R {
    some_but_no(vm, args, char::is_uppercase, char::is_lowercase)
}

pub fn istitle(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.text(args.pos[0])?;
    vm.reserve_many(text.len(), GROWTH)?;
    let any = text.each_char().any(char::is_alphabetic);
    Ok(Value::bool(any && titled(vm, &text)? == *text))
}

/// No other case of a letter has more times its bytes.
const GROWTH: usize = 3;

/// A long text in pieces of a mebibyte; all of it where what a letter becomes depends on its neighbours.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    const MOST: usize = 1 << 20;
    let most = if text.len() > MOST && !text.contains('Σ') { MOST } else { text.len() };
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(most));
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Changes the characters; bytes beyond ASCII stay.
fn mapped(vm: &mut Vm, args: Args<'_>, ascii: fn(&mut [u8]), unicode: fn(&str) -> String) -> R {
    let text = vm.text(args.pos[0])?;
    vm.reserve_many(text.len(), GROWTH)?;
    if text.is_str() && !text.is_ascii() {
        let mut out = String::with_capacity(text.len());
        for piece in pieces(text.as_str()) {
            out.push_str(&unicode(piece));
            vm.poll()?;
        }
        return Ok(vm.str(out));
    }
    let mut data = text.to_vec();
    ascii(&mut data);
    Ok(vm.new_text(text.kind, data))
}

pub fn lower(vm: &mut Vm, args: Args<'_>) -> R {
    mapped(vm, args, <[u8]>::make_ascii_lowercase, str::to_lowercase)
}

pub fn upper(vm: &mut Vm, args: Args<'_>) -> R {
    mapped(vm, args, <[u8]>::make_ascii_uppercase, str::to_uppercase)
}

pub fn casefold(vm: &mut Vm, args: Args<'_>) -> R {
    mapped(vm, args, <[u8]>::make_ascii_lowercase, |s| s.to_lowercase().replace('ß', "ss"))
}

pub fn capitalize(vm: &mut Vm, args: Args<'_>) -> R {
    fn ascii(data: &mut [u8]) {
        data.make_ascii_lowercase();
        data.iter_mut().take(1).for_each(|b| b.make_ascii_uppercase());
    }
    let text = vm.text(args.pos[0])?;
    if !text.is_str() || text.is_ascii() {
        return mapped(vm, args, ascii, str::to_owned);
    }
    vm.reserve_many(text.len(), GROWTH)?;
    let mut chars = text.as_str().chars();
    let mut out: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    for piece in pieces(chars.as_str()) {
        out.push_str(&piece.to_lowercase());
        vm.poll()?;
    }
    Ok(vm.str(out))
}

pub fn swapcase(vm: &mut Vm, args: Args<'_>) -> R {
    fn ascii(data: &mut [u8]) {
        data.iter_mut().filter(|b| b.is_ascii_alphabetic()).for_each(|b| *b ^= 0x20);
    }
    fn unicode(text: &str) -> String {
        let swap = |c: char| {
            if c.is_uppercase() { c.to_lowercase().to_string() } else { c.to_uppercase().to_string() }
        };
        text.chars().map(swap).collect()
    }
    mapped(vm, args, ascii, unicode)
}

fn titled(vm: &mut Vm, text: &Text) -> R<Vec<u8>> {
    let mut inside = false;
    if !text.is_str() {
        let change = |b: &u8| {
            let was_inside = std::mem::replace(&mut inside, b.is_ascii_alphabetic());
            if was_inside { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() }
        };
        return Ok(text.iter().map(change).collect());
    }
    let mut out = String::with_capacity(text.len());
    for c in text.as_str().chars() {
        if inside {
            out.extend(c.to_lowercase())
        } else {
            out.extend(c.to_uppercase())
        }
        inside = c.is_alphabetic();
        vm.poll()?;
    }
    Ok(out.into_bytes())
}

pub fn title(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.text(args.pos[0])?;
    vm.reserve_many(text.len(), GROWTH)?;
    let titled = titled(vm, &text)?;
    Ok(vm.new_text(text.kind, titled))
}

/// Text with fill on both sides; `share` says how much of the missing width goes to the left.
fn padded(vm: &mut Vm, args: Args<'_>, share: fn(usize, usize) -> usize) -> R {
    let width = usize::try_from(vm.index_value(args.pos[1])?).unwrap_or(0);
    let text = vm.text(args.pos[0])?;
    let fill = match args.get(2) {
        Some(fill) => {
            let fill = vm.text_arg(text.kind, fill)?;
            if fill.count() != 1 {
                return Err(vm.type_error("the fill character must be exactly one character long"));
            }
            fill.to_vec()
        }
        None => vec![b' '],
    };
    let missing = width.saturating_sub(text.count());
    let left = share(missing, width);
    vm.reserve(missing.saturating_mul(fill.len()).saturating_add(text.len()))?;
    let mut out = fill.repeat(left);
    out.extend_from_slice(&text);
    out.extend(fill.repeat(missing - left));
    Ok(vm.new_text(text.kind, out))
}

pub fn ljust(vm: &mut Vm, args: Args<'_>) -> R {
    padded(vm, args, |_, _| 0)
}

pub fn rjust(vm: &mut Vm, args: Args<'_>) -> R {
    padded(vm, args, |missing, _| missing)
}

/// The odd blank goes where CPython puts it.
pub fn center(vm: &mut Vm, args: Args<'_>) -> R {
    padded(vm, args, |missing, width| missing / 2 + (missing & width & 1))
}

pub fn zfill(vm: &mut Vm, args: Args<'_>) -> R {
    let width = usize::try_from(vm.index_value(args.pos[1])?).unwrap_or(0);
    let text = vm.text(args.pos[0])?;
    vm.reserve(width.saturating_add(text.len()))?;
    let sign = text.first().is_some_and(|b| b"+-".contains(b)) as usize;
    let mut out = text[..sign].to_vec();
    out.resize(sign + width.saturating_sub(text.count()), b'0');
    out.extend_from_slice(&text[sign..]);
    Ok(vm.new_text(text.kind, out))
}

pub fn expandtabs(vm: &mut Vm, args: Args<'_>) -> R {
    let size = match args.get_or(1, "tabsize") {
        Some(n) => usize::try_from(vm.int32_arg(n)?).unwrap_or(0),
        None => 8,
    };
    let text = vm.text(args.pos[0])?;
    let tabs = memchr::memchr_iter(b'\t', &text).count();
    vm.reserve(tabs.saturating_mul(size).saturating_add(text.len()))?;
    let (mut out, mut column) = (Vec::new(), 0);
    for b in text.iter() {
        match b {
            b'\t' => {
                let blanks = if size == 0 { 0 } else { size - column % size };
                out.extend(std::iter::repeat_n(b' ', blanks));
                column += blanks;
            }
            _ => {
                out.push(*b);
                // Only the first byte of a character counts.
                column += !(text.is_str() && (0x80..0xc0).contains(b)) as usize;
                column = if matches!(b, b'\n' | b'\r') { 0 } else { column };
            }
        }
    }
    Ok(vm.new_text(text.kind, out))
}
