//! The types `bytes` and `bytearray`.

use num_traits::ToPrimitive;

use crate::builtins::TypeDef;
use crate::builtins::text::case;
use crate::builtins::text::codec;
use crate::builtins::text::data::Text;
use crate::builtins::text::find;
use crate::builtins::text::split;
use crate::error::R;
use crate::object::array::Window;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::Slice;
use crate::object::text::Bytes;
use crate::object::value::Value;
use crate::vm::Vm;

pub const TYPES: &[TypeDef] = &[
    TypeDef { kind: Kind::Bytes, constructor: Some(new_bytes), methods: METHODS },
    TypeDef { kind: Kind::Bytearray, constructor: Some(new_bytearray), methods: METHODS },
    TypeDef { kind: Kind::Bytearray, constructor: None, methods: MUTATING },
];

// A bytearray can change, so none of these is pure.
const METHODS: &[NativeDef] = &[
    NativeDef::reads("capitalize", case::capitalize, 1, 1),
    NativeDef::reads("center", case::center, 2, 3),
    NativeDef::reads("count", find::count, 2, 4),
    NativeDef::reads("decode", codec::decode, 1, 3).keywords(),
    NativeDef::reads("endswith", find::endswith, 2, 4),
    NativeDef::reads("expandtabs", case::expandtabs, 1, 2).keywords(),
    NativeDef::reads("find", find::find, 2, 4),
    NativeDef::reads("hex", hex, 1, 2),
    NativeDef::reads("index", find::index, 2, 4),
    NativeDef::reads("isalnum", case::isalnum, 1, 1),
    NativeDef::reads("isalpha", case::isalpha, 1, 1),
    NativeDef::reads("isascii", case::isascii, 1, 1),
    NativeDef::reads("isdigit", case::isdigit, 1, 1),
    NativeDef::reads("islower", case::islower, 1, 1),
    NativeDef::reads("isspace", case::isspace, 1, 1),
    NativeDef::reads("istitle", case::istitle, 1, 1),
    NativeDef::reads("isupper", case::isupper, 1, 1),
    NativeDef::reads("join", split::join, 2, 2),
    NativeDef::reads("ljust", case::ljust, 2, 3),
    NativeDef::reads("lower", case::lower, 1, 1),
    NativeDef::reads("lstrip", split::lstrip, 1, 2),
    NativeDef::reads("partition", find::partition, 2, 2),
    NativeDef::reads("removeprefix", find::removeprefix, 2, 2),
    NativeDef::reads("removesuffix", find::removesuffix, 2, 2),
    NativeDef::reads("replace", find::replace, 3, 4).keywords(),
    NativeDef::reads("rfind", find::rfind, 2, 4),
    NativeDef::reads("rindex", find::rindex, 2, 4),
    NativeDef::reads("rjust", case::rjust, 2, 3),
    NativeDef::reads("rpartition", find::rpartition, 2, 2),
    NativeDef::reads("rsplit", split::rsplit, 1, 3).keywords(),
    NativeDef::reads("rstrip", split::rstrip, 1, 2),
    NativeDef::reads("split", split::split, 1, 3).keywords(),
    NativeDef::reads("splitlines", split::splitlines, 1, 2).keywords(),
    NativeDef::reads("startswith", find::startswith, 2, 4),
    NativeDef::reads("strip", split::strip, 1, 2),
    NativeDef::reads("swapcase", case::swapcase, 1, 1),
    NativeDef::reads("title", case::title, 1, 1),
    NativeDef::reads("translate", translate, 2, 3),
    NativeDef::reads("upper", case::upper, 1, 1),
    NativeDef::reads("zfill", case::zfill, 2, 2),
];

const MUTATING: &[NativeDef] = &[
    NativeDef::any("append", append, 2, 2),
    NativeDef::any("clear", clear, 1, 1),
    NativeDef::reads("copy", copy, 1, 1),
    NativeDef::any("extend", extend, 2, 2),
    NativeDef::any("insert", insert, 3, 3),
    NativeDef::any("pop", pop, 1, 2),
    NativeDef::any("remove", remove, 2, 2),
    NativeDef::any("reverse", reverse, 1, 1),
];

pub const BYTES_CLASS_METHODS: &[NativeDef] =
    &[NativeDef::pure("fromhex", bytes_fromhex, 2, 2), NativeDef::reads("maketrans", maketrans, 3, 3)];
pub const BYTEARRAY_CLASS_METHODS: &[NativeDef] =
    &[NativeDef::reads("fromhex", bytearray_fromhex, 2, 2), NativeDef::reads("maketrans", maketrans, 3, 3)];

fn new_bytes(vm: &mut Vm, args: Args<'_>) -> R {
    if let (Some(value), 1) = (args.get(0), args.pos.len())
        && value.kind() == Kind::Bytes
    {
        return Ok(value);
    }
    let data = contents(vm, args)?;
    Ok(vm.bytes(data))
}

fn new_bytearray(vm: &mut Vm, args: Args<'_>) -> R {
    let data = contents(vm, args)?;
    Ok(vm.bytearray(data))
}

/// What the constructors' arguments describe.
fn contents(vm: &mut Vm, args: Args<'_>) -> R<Vec<u8>> {
    if args.pos.len() > 3 {
        return Err(vm.type_error("wrong number of arguments"));
    }
    let Some(source) = args.get_or(0, "source") else { return Ok(Vec::new()) };
    let source = vm.unwrapped(source);
    match source.kind() {
        Kind::Str if args.get_or(1, "encoding").is_none() => {
            Err(vm.type_error("string argument without an encoding"))
        }
        Kind::Str => {
            let mut pos = vec![source];
            pos.extend_from_slice(&args.pos[1..]);
            let encoded = codec::encode(vm, Args { pos: &pos, kw: args.kw })?;
            bytes_of(vm, encoded)
        }
        _ if args.pos.len() > 1 => Err(vm.type_error("wrong number of arguments")),
        Kind::Int | Kind::Bool | Kind::BigInt => zeros(vm, source),
        Kind::Instance if vm.special(source, vm.names.index).is_some() => match zeros(vm, source) {
            Err(raise) if vm.matches(raise, vm.exceptions.TypeError) => bytes_of(vm, source),
            result => result,
        },
        _ => bytes_of(vm, source),
    }
}

fn zeros(vm: &mut Vm, count: Value) -> R<Vec<u8>> {
    let Ok(n) = usize::try_from(vm.index_value(count)?) else {
        return Err(vm.value_error("negative count"));
    };
    vm.reserve(n)?;
    Ok(vec![0; n])
}

/// The bytes of a bytes-like object, or of an iterable of ints.
pub fn bytes_of(vm: &mut Vm, value: Value) -> R<Vec<u8>> {
    if let Some(window) = Window::of(vm.unwrapped(value)) {
        vm.reserve(window.bytes().len())?;
        return Ok(window.bytes().to_vec());
    }
    vm.reserve(vm.builtin_len(value).unwrap_or(0))?;
    let mut data = Vec::new();
    vm.for_each_hinted(value, |vm, item| {
        let byte = byte_value(vm, item)?;
        if data.len() == data.capacity() {
            vm.reserve(2 * data.len())?;
        }
        data.push(byte);
        Ok(true)
    })?;
    Ok(data)
}

/// An int from 0 to 255.
pub fn byte_value(vm: &mut Vm, value: Value) -> R<u8> {
    let byte = match value.as_small() {
        Some(n) => u8::try_from(n).ok(),
        None => vm.big_arg(value)?.to_u8(),
    };
    byte_of(vm, byte)
}

/// What was an int from 0 to 255, if it was.
pub fn byte_of(vm: &mut Vm, byte: Option<u8>) -> R<u8> {
    byte.ok_or_else(|| vm.value_error("bytes value out of range"))
}

pub fn hex(vm: &mut Vm, args: Args<'_>) -> R {
    let separator = match args.get(1) {
        Some(separator) => vm.unwrapped(separator),
        None => vm.names.empty.into(),
    };
    let separator = Text::of(separator).map(|t| String::from_utf8_lossy(&t).into_owned()).unwrap_or_default();
    let data = vm.text(args.pos[0])?;
    vm.reserve_many(data.len(), 2 + separator.len())?;
    let mut out = String::with_capacity(data.len() * (2 + separator.len()));
    for (i, byte) in data.iter().enumerate() {
        out.push_str(if i > 0 { &separator } else { "" });
        out.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')));
        vm.poll()?;
    }
    Ok(vm.str(out))
}

fn from_hex(vm: &mut Vm, text: Value) -> R<Vec<u8>> {
    let text = vm.str_arg(text)?.get();
    vm.reserve(text.text.len() / 2)?;
    let mut data = Vec::with_capacity(text.text.len() / 2);
    let mut digits = text.text.bytes();
    while let Some(high) = digits.next() {
        vm.poll()?;
        if high.is_ascii_whitespace() {
            continue;
        }
        let low = digits.next().unwrap_or(b'?');
        match ((high as char).to_digit(16), (low as char).to_digit(16)) {
            (Some(high), Some(low)) => data.push((high * 16 + low) as u8),
            _ => return Err(vm.value_error("non-hex digit")),
        }
    }
    Ok(data)
}

fn bytes_fromhex(vm: &mut Vm, args: Args<'_>) -> R {
    let data = from_hex(vm, args.pos[1])?;
    Ok(vm.bytes(data))
}

fn bytearray_fromhex(vm: &mut Vm, args: Args<'_>) -> R {
    let data = from_hex(vm, args.pos[1])?;
    Ok(vm.bytearray(data))
}

fn maketrans(vm: &mut Vm, args: Args<'_>) -> R {
    let (from, to) = (bytes_of(vm, args.pos[1])?, bytes_of(vm, args.pos[2])?);
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    from.iter().zip(to).for_each(|(a, b)| table[*a as usize] = b);
    Ok(vm.bytes(table))
}

fn translate(vm: &mut Vm, args: Args<'_>) -> R {
    let removed = match args.get(2) {
        Some(removed) => bytes_of(vm, removed)?,
        None => Vec::new(),
    };
    let table: Vec<u8> = if args.pos[1].is_none() { (0..=255).collect() } else { bytes_of(vm, args.pos[1])? };
    if table.len() != 256 {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let data = vm.text(args.pos[0])?;
    vm.reserve(data.len())?;
    let mut kept = [true; 256];
    removed.iter().for_each(|b| kept[*b as usize] = false);
    let out: Vec<u8> = data.iter().filter(|b| kept[**b as usize]).map(|b| table[*b as usize]).collect();
    Ok(vm.new_text(data.kind, out))
}

fn append(vm: &mut Vm, args: Args<'_>) -> R {
    let this = vm.receiver::<Bytes>(args.pos[0])?;
    let byte = byte_value(vm, args.pos[1])?;
    vm.reserve_in(&this.data, 1)?;
    this.data.push(byte);
    Ok(Value::NONE)
}

fn clear(vm: &mut Vm, args: Args<'_>) -> R {
    vm.receiver::<Bytes>(args.pos[0])?.data.edit(Vec::clear);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: Args<'_>) -> R {
    let data = vm.text(args.pos[0])?;
    vm.reserve(data.len())?;
    Ok(vm.bytearray(data.to_vec()))
}

fn extend(vm: &mut Vm, args: Args<'_>) -> R {
    let this = vm.receiver::<Bytes>(args.pos[0])?;
    let more = bytes_of(vm, args.pos[1])?;
    vm.reserve_in(&this.data, more.len())?;
    this.data.edit(|data| data.extend_from_slice(&more));
    Ok(Value::NONE)
}

fn insert(vm: &mut Vm, args: Args<'_>) -> R {
    let this = vm.receiver::<Bytes>(args.pos[0])?;
    let n = vm.index_value(args.pos[1])?;
    let byte = byte_value(vm, args.pos[2])?;
    let len = this.data.len() as i64;
    let at = if n < 0 { (n + len).max(0) } else { n.min(len) };
    vm.reserve_in(&this.data, 1)?;
    this.data.edit(|data| data.insert(at as usize, byte));
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, args: Args<'_>) -> R {
    let this = vm.receiver::<Bytes>(args.pos[0])?;
    let at = vm.index_value(args.get(1).unwrap_or(Value::small(-1)))?;
    if this.data.is_empty() {
        return Err(vm.index_error("pop from empty bytearray"));
    }
    let at = vm.index_within(this.into(), at, this.data.len())?;
    let byte = this.data.edit(|data| data.remove(at));
    Ok(Value::small(byte as i64))
}

fn remove(vm: &mut Vm, args: Args<'_>) -> R {
    let this = vm.receiver::<Bytes>(args.pos[0])?;
    let byte = byte_value(vm, args.pos[1])?;
    let at = this.data.iter().position(|b| b == byte);
    match at {
        Some(at) => this.data.edit(|data| data.remove(at)),
        None => return Err(vm.value_error("value not found in bytearray")),
    };
    Ok(Value::NONE)
}

fn reverse(vm: &mut Vm, args: Args<'_>) -> R {
    vm.receiver::<Bytes>(args.pos[0])?.data.edit(|data| data.reverse());
    Ok(Value::NONE)
}

/// `bytearray[index] = item`; a NULL item deletes.
pub fn set_item(vm: &mut Vm, this: Gc<Bytes>, index: Value, item: Value) -> R<()> {
    if let Some(slice) = index.cast::<Slice>() {
        return set_slice(vm, this, slice, item);
    }
    let n = vm.index_arg(this.into(), index)?;
    let byte = if item.is_null() { None } else { Some(byte_value(vm, item)?) };
    let at = vm.index_within(this.into(), n, this.data.len())?;
    match byte {
        Some(byte) => this.data.set(at, byte),
        None => drop(this.data.edit(|data| data.remove(at))),
    }
    Ok(())
}

fn set_slice(vm: &mut Vm, this: Gc<Bytes>, slice: Gc<Slice>, item: Value) -> R<()> {
    let parts = vm.slice_parts(slice)?;
    let new = if item.is_null() { Vec::new() } else { bytes_of(vm, item)? };
    let span = parts.fit(this.data.len());
    if let Some(range) = span.contiguous() {
        vm.reserve_in(&this.data, new.len())?;
        this.data.edit(|data| data.splice(range, new).for_each(drop));
    } else if item.is_null() {
        let mut gone: Vec<usize> = span.indices().collect();
        gone.sort_unstable();
        let mut gone = gone.into_iter().peekable();
        let mut places = 0..;
        this.data.edit(|data| data.retain(|_| gone.next_if_eq(&places.next().unwrap_or(0)).is_none()));
    } else if new.len() == span.len() {
        span.indices().zip(new).for_each(|(i, byte)| this.data.set(i, byte));
    } else {
        return Err(vm.value_error("attempt to assign bytes of wrong size to extended slice"));
    }
    Ok(())
}
