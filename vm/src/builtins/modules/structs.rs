//! `struct`.

use crate::builtins::ModuleDef;
use crate::builtins::define::MANY;
use crate::builtins::types::packing::{item_size, pack as pack_item, unpack as unpack_item};
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::text::{Bytes, Str};
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "struct",
    functions: &[
        NativeDef::any("calcsize", calcsize, 1, 1),
        NativeDef::any("pack", pack, 1, MANY),
        NativeDef::any("pack_into", pack_into, 3, MANY),
        NativeDef::any("unpack", unpack, 2, 2),
        NativeDef::any("unpack_from", unpack, 2, 3),
    ],
    setup: None,
};

/// Fields of one type in a row: where the first lies, what they are and how many.
struct Run {
    code: u8,
    at: usize,
    size: usize,
    count: usize,
}

/// One of them.
struct Field {
    code: u8,
    at: usize,
    size: usize,
}

/// A format: its fields in order, its size, and the byte order.
struct Layout {
    runs: Vec<Run>,
    size: usize,
    big_endian: bool,
}

fn layout(vm: &mut Vm, format: Value) -> R<Layout> {
    let bytes = match (format.cast::<Str>(), format.cast::<Bytes>()) {
        (Some(text), _) => text.text.as_bytes().to_vec(),
        (None, Some(bytes)) => bytes.data.to_vec(),
        _ => return Err(vm.type_error("a format string is required")),
    };
    let prefix = bytes.first().copied().filter(|b| b"@=<>!".contains(b));
    let standard = prefix.is_some_and(|b| b != b'@');
    let mut layout = Layout { runs: Vec::new(), size: 0, big_endian: matches!(prefix, Some(b'>' | b'!')) };
    let mut count: Option<usize> = None;
    let known =
        |code: u8, standard: bool| item_size(code, standard).filter(|_| !b"OPS".contains(&code) || !standard);
    for code in bytes[prefix.is_some() as usize..].iter().copied() {
        if code.is_ascii_digit() {
            let digit = (code - b'0') as usize;
            count = Some(count.unwrap_or(0).saturating_mul(10).saturating_add(digit));
            continue;
        }
        if code.is_ascii_whitespace() {
            continue;
        }
        let Some(size) = known(code, standard) else { return Err(vm.value_error("bad typecode")) };
        layout.add(code, size, count.take().unwrap_or(1), standard);
        if layout.size > i64::MAX as usize / 4 {
            return Err(vm.value_error("total struct size too long"));
        }
    }
    if count.is_some() {
        return Err(vm.value_error("bad typecode"));
    }
    Ok(layout)
}

impl Layout {
    fn add(&mut self, code: u8, size: usize, count: usize, standard: bool) {
        if !standard && !b"sx".contains(&code) {
            self.size = self.size.next_multiple_of(size);
        }
        let bytes = size.saturating_mul(count);
        if code == b's' {
            self.runs.push(Run { code, at: self.size, size: count, count: 1 });
        } else if code != b'x' {
            self.runs.push(Run { code, at: self.size, size, count });
        }
        self.size = self.size.saturating_add(bytes);
    }

    fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.runs.iter().flat_map(|run| {
            (0..run.count).map(|i| Field { code: run.code, at: run.at + i * run.size, size: run.size })
        })
    }

    /// Number of values.
    fn count(&self) -> usize {
        self.runs.iter().fold(0, |sum, run| run.count.saturating_add(sum))
    }
}

fn calcsize(vm: &mut Vm, args: Args<'_>) -> R {
    let size = layout(vm, args.pos[0])?.size;
    Ok(vm.int(size as i64))
}

fn packed(vm: &mut Vm, format: Value, values: &[Value]) -> R<Vec<u8>> {
    let layout = layout(vm, format)?;
    vm.reserve(layout.size)?;
    let mut out = vec![0; layout.size];
    for (field, value) in layout.fields().zip(values) {
        let mut item = if field.code == b's' {
            string_bytes(vm, *value, field.size)?
        } else {
            pack_item(vm, field.code, field.size, *value)?
        };
        if layout.big_endian && field.code != b's' {
            item.reverse();
        }
        out[field.at..field.at + field.size].copy_from_slice(&item);
    }
    Ok(out)
}

/// Text or bytes, cut or filled up with zeros.
fn string_bytes(vm: &mut Vm, value: Value, size: usize) -> R<Vec<u8>> {
    let mut bytes = match (value.cast::<Str>(), value.cast::<Bytes>()) {
        (Some(text), _) => text.text.as_bytes().to_vec(),
        (None, Some(bytes)) => bytes.data.to_vec(),
        _ => return Err(vm.type_error("object with buffer protocol required")),
    };
    vm.reserve(size)?;
    bytes.resize(size, 0);
    Ok(bytes)
}

fn pack(vm: &mut Vm, args: Args<'_>) -> R {
    let bytes = packed(vm, args.pos[0], &args.pos[1..])?;
    Ok(vm.bytes(bytes))
}

/// The offset argument; negative ones count from the end.
fn offset(vm: &mut Vm, value: Option<Value>, len: usize) -> R<usize> {
    let Some(value) = value else { return Ok(0) };
    let n = vm.index_value(value)?;
    match usize::try_from(if n < 0 { n + len as i64 } else { n }) {
        Ok(n) => Ok(n),
        Err(_) => Err(vm.value_error("buffer too small")),
    }
}

fn pack_into(vm: &mut Vm, args: Args<'_>) -> R {
    let bytes = packed(vm, args.pos[0], &args.pos[3..])?;
    let buffer = vm.writable_window(args.pos[1])?;
    let len = buffer.bytes().len();
    let at = offset(vm, Some(args.pos[2]), len)?;
    if at.saturating_add(bytes.len()) > len || !buffer.write(at, &bytes) {
        return Err(vm.value_error("buffer too small"));
    }
    Ok(Value::NONE)
}

fn unpack(vm: &mut Vm, args: Args<'_>) -> R {
    let layout = layout(vm, args.pos[0])?;
    let window = vm.window(args.pos[1])?;
    vm.reserve(window.len)?;
    let data = window.bytes().to_vec();
    let at = offset(vm, args.get(2), data.len())?;
    if at.saturating_add(layout.size) > data.len() {
        return Err(vm.value_error("buffer too small"));
    }
    vm.reserve_many(layout.count(), 40)?;
    let mut values = Vec::with_capacity(layout.count());
    for field in layout.fields() {
        let start = at + field.at;
        let mut item = data[start..start + field.size].to_vec();
        values.push(if field.code == b's' {
            vm.bytes(item)
        } else {
            if layout.big_endian {
                item.reverse();
            }
            unpack_item(vm, field.code, &item)
        });
    }
    Ok(vm.tuple(&values))
}
