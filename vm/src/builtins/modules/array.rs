//! `array`: numbers of one type, packed. What arrays and memoryviews share is in `builtins::packed`.

use crate::builtins::ModuleDef;
use crate::builtins::TypeDef;
use crate::builtins::text::bytes::bytes_of;
use crate::builtins::types::packing::{item_size, pack, unpack};
use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::array::{Array, Window, is_reference};
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::Slice;
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "array",
    functions: &[],
    setup: Some(|vm, names| {
        let class = vm.types.of(Kind::Array);
        vm.define(names, "array", class.into());
    }),
};

pub const TYPES: &[TypeDef] = &[TypeDef { kind: Kind::Array, constructor: Some(new), methods: METHODS }];

const METHODS: &[NativeDef] = &[
    NativeDef::any("append", append, 2, 2),
    NativeDef::any("byteswap", byteswap, 1, 1),
    NativeDef::any("count", count, 2, 2),
    NativeDef::any("extend", extend, 2, 2),
    NativeDef::any("frombytes", frombytes, 2, 2),
    NativeDef::any("index", index, 2, 4),
    NativeDef::any("insert", insert, 3, 3),
    NativeDef::any("pop", pop, 1, 2),
    NativeDef::any("remove", remove, 2, 2),
    NativeDef::any("reverse", reverse, 1, 1),
    NativeDef::reads("tobytes", tobytes, 1, 1),
    NativeDef::any("tolist", tolist, 1, 1),
];

/// Type codes of `array`, in the order in which they are documented.
const CODES: &[u8] = b"bBhHiIlLqQfdPOS";

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("array", args, 1, 2)?;
    let code = vm.str_arg(args.pos[0])?;
    let code = if code.text.len() == 1 { code.text.as_bytes()[0] } else { 0 };
    let Some(size) = item_size(code, false).filter(|_| CODES.contains(&code)) else {
        return Err(vm.value_error("bad typecode"));
    };
    let this = vm.array(code, size, Vec::new());
    let Some(items) = args.get(1) else { return Ok(this) };
    let array = vm.receiver::<Array>(this)?;
    if matches!(items.kind(), Kind::Bytes | Kind::Bytearray) && !is_reference(code) {
        let mut data = bytes_of(vm, items)?;
        data.truncate(data.len() / size * size);
        add_bytes(vm, array, &data)?;
    } else {
        add_items(vm, array, items)?;
    }
    Ok(this)
}

fn add_bytes(vm: &mut Vm, array: Gc<Array>, bytes: &[u8]) -> R<()> {
    vm.reserve_in(&array.data, bytes.len())?;
    array.data.edit(|data| data.extend_from_slice(bytes));
    Ok(())
}

fn push(vm: &mut Vm, array: Gc<Array>, item: Value) -> R<()> {
    let bytes = pack(vm, array.code, array.size as usize, item)?;
    add_bytes(vm, array, &bytes)
}

fn append(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    push(vm, array, args.pos[1]).map(|()| Value::NONE)
}

/// Adds the items of any iterable; those of an array of the same type without unpacking them.
fn add_items(vm: &mut Vm, array: Gc<Array>, items: Value) -> R<()> {
    if let Some(other) = vm.unwrapped(items).cast::<Array>().filter(|other| other.code == array.code) {
        vm.reserve(other.data.len())?;
        return add_bytes(vm, array, &other.data.to_vec());
    }
    let this = array.into();
    vm.roots.push(this);
    let result = vm.for_each(items, |vm, item| push(vm, array, item).map(|()| true));
    vm.roots.pop();
    result
}

fn extend(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    match vm.unwrapped(args.pos[1]).kind() {
        Kind::Bytes | Kind::Bytearray | Kind::Memoryview if !is_reference(array.code) => frombytes(vm, args),
        _ => add_items(vm, array, args.pos[1]).map(|()| Value::NONE),
    }
}

fn frombytes(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    let new = vm.window(args.pos[1])?;
    vm.reserve(new.len)?;
    let new = new.bytes().to_vec();
    if new.len() % array.size as usize != 0 || is_reference(array.code) {
        return Err(vm.value_error("bytes length not a multiple of item size"));
    }
    add_bytes(vm, array, &new)?;
    Ok(Value::NONE)
}

/// Item `i`, which exists.
fn item(vm: &mut Vm, array: Gc<Array>, i: usize) -> Value {
    let size = array.size as usize;
    match array.get().data.slice().get(i * size..(i + 1) * size) {
        Some(bytes) => unpack(vm, array.code, bytes),
        None => Value::NONE,
    }
}

/// The bytes of item `i`.
fn span_of(array: Gc<Array>, i: usize) -> std::ops::Range<usize> {
    let size = array.size as usize;
    i * size..(i + 1) * size
}

fn pop(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    let at = vm.index_value(args.get(1).unwrap_or(Value::small(-1)))?;
    if array.is_empty() {
        return Err(vm.index_error("pop from empty array"));
    }
    let at = vm.index_within(array.into(), at, array.len())?;
    let popped = item(vm, array, at);
    array.data.edit(|data| data.drain(span_of(array, at)).for_each(drop));
    Ok(popped)
}

fn insert(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    let n = vm.index_value(args.pos[1])?;
    let bytes = pack(vm, array.code, array.size as usize, args.pos[2])?;
    let len = array.len() as i64;
    let at = (if n < 0 { n.saturating_add(len).max(0) } else { n.min(len) }) as usize * bytes.len();
    vm.reserve_in(&array.data, bytes.len())?;
    array.data.edit(|data| data.splice(at..at, bytes).for_each(drop));
    Ok(Value::NONE)
}

fn at(vm: &mut Vm, array: Gc<Array>, i: usize) -> Option<Value> {
    (i < array.len()).then(|| item(vm, array, i))
}

fn count(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    let (mut n, mut i) = (0, 0);
    while let Some(other) = at(vm, array, i) {
        n += vm.equal(other, args.pos[1])? as i64;
        i += 1;
    }
    Ok(Value::small(n))
}

fn index(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    let list = vm.new_list(Vec::new());
    fill_list(vm, array, list);
    let i = vm.find_item(
        args,
        Some("array.index(x): x not in array"),
        || array.len(),
        |i| list.items.get(i).filter(|_| i < array.len()),
    )?;
    Ok(Value::small(i as i64))
}

fn fill_list(vm: &mut Vm, array: Gc<Array>, list: Gc<crate::object::sequence::List>) {
    (0..array.len()).for_each(|i| list.items.push(item(vm, array, i)));
}

fn remove(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    let i = index(vm, Args::positional(&args.pos[..2]))?.small_unchecked() as usize;
    if i < array.len() {
        array.data.edit(|data| data.drain(span_of(array, i)).for_each(drop));
    }
    Ok(Value::NONE)
}

fn reverse(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    vm.reserve(array.data.len())?;
    let items: Vec<u8> =
        array.get().data.slice().rchunks_exact(array.size as usize).flatten().copied().collect();
    array.data.edit(|data| *data = items);
    Ok(Value::NONE)
}

fn byteswap(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    if !is_reference(array.code) {
        array.data.edit(|data| data.chunks_exact_mut(array.size as usize).for_each(<[u8]>::reverse));
    }
    Ok(Value::NONE)
}

fn tobytes(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    if is_reference(array.code) {
        return Err(vm.type_error("references have no bytes"));
    }
    vm.reserve(array.data.len())?;
    Ok(vm.bytes(array.data.to_vec()))
}

fn tolist(vm: &mut Vm, args: Args<'_>) -> R {
    let array = vm.receiver::<Array>(args.pos[0])?;
    vm.reserve_many(array.len(), 8 + 16)?;
    Ok(items(vm, array))
}

fn items(vm: &mut Vm, array: Gc<Array>) -> Value {
    let items = (0..array.len()).map(|i| item(vm, array, i)).collect();
    vm.list(items)
}

/// `array[index]`.
pub fn get_item(vm: &mut Vm, array: Gc<Array>, index: Value) -> R {
    let Some(slice) = index.cast::<Slice>() else {
        let at = vm.sequence_index(array.into(), index)?;
        return Ok(item(vm, array, at));
    };
    let span = vm.slice_parts(slice)?.fit(array.len());
    vm.reserve_many(span.len(), array.size as usize)?;
    let mut data = Vec::with_capacity(span.len() * array.size as usize);
    for i in span.indices() {
        data.extend_from_slice(array.get().data.slice().get(span_of(array, i)).unwrap_or(&[]));
    }
    Ok(vm.array(array.code, array.size as usize, data))
}

/// `array[index] = item`; a NULL item deletes.
pub fn set_item(vm: &mut Vm, array: Gc<Array>, index: Value, item: Value) -> R<()> {
    let Some(slice) = index.cast::<Slice>() else {
        let n = vm.index_arg(array.into(), index)?;
        let new = if item.is_null() { Vec::new() } else { pack(vm, array.code, array.size as usize, item)? };
        let at = vm.index_within(array.into(), n, array.len())?;
        array.data.edit(|data| data.splice(span_of(array, at), new).for_each(drop));
        return Ok(());
    };
    let parts = vm.slice_parts(slice)?;
    let new = if item.is_null() { Vec::new() } else { slice_source(vm, array, item)? };
    let (span, size) = (parts.fit(array.len()), array.size as usize);
    let Some(range) = span.contiguous() else {
        return Err(vm.not_implemented("only slices with step=1 (aka None) are supported"));
    };
    vm.reserve_in(&array.data, new.len())?;
    array.data.edit(|data| data.splice(range.start * size..range.end * size, new).for_each(drop));
    Ok(())
}

/// The bytes that a slice of an array may be replaced by.
fn slice_source(vm: &mut Vm, array: Gc<Array>, item: Value) -> R<Vec<u8>> {
    let item = vm.unwrapped(item);
    match item.cast::<Array>() {
        Some(other) if other.code == array.code => Ok(other.data.to_vec()),
        _ => match Window::of(item) {
            Some(window) if window.size == array.size as usize && !is_reference(array.code) => {
                Ok(window.bytes().to_vec())
            }
            Some(_) => Err(vm.value_error("lhs and rhs should be compatible")),
            None => Err(vm.type_error("array required on right side")),
        },
    }
}

/// `array + array`, and `array += items`.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    let Some(array) = a.cast::<Array>() else { return Ok(None) };
    match op {
        BinaryOp::InplaceAdd => extend(vm, Args::positional(&[a, b])).map(|_| Some(a)),
        BinaryOp::Add => {
            let Some(other) = b.cast::<Array>().filter(|other| other.code == array.code) else {
                return Ok(None);
            };
            vm.reserve(array.data.len() + other.data.len())?;
            let data = [array.get().data.slice(), other.get().data.slice()].concat();
            Ok(Some(vm.array(array.code, array.size as usize, data)))
        }
        BinaryOp::Multiply if b.kind() == Kind::Int => {
            let n = vm.index_value(b)?.max(0) as usize;
            vm.reserve_many(array.data.len(), n)?;
            let data = array.get().data.slice().repeat(n);
            Ok(Some(vm.array(array.code, array.size as usize, data)))
        }
        _ => Ok(None),
    }
}

/// Ints of the same width are comparable; like MicroPython, other types are not.
pub fn equal(vm: &mut Vm, a: Gc<Array>, b: Gc<Array>) -> R<bool> {
    let same = a.code.eq_ignore_ascii_case(&b.code) && (a.code == b.code || !is_reference(a.code));
    if !same || matches!(a.code, b'f' | b'd') {
        return Err(vm.not_implemented(""));
    }
    let (a, b) = (items(vm, a), items(vm, b));
    vm.equal(a, b)
}

/// `<` and its kin, item by item.
pub fn order(vm: &mut Vm, op: BinaryOp, a: Gc<Array>, b: Gc<Array>) -> R<bool> {
    let (a, b) = (items(vm, a), items(vm, b));
    let result = vm.binary(op, a, b)?;
    vm.truth(result)
}

/// `array('i', [1, 2])`
pub fn repr(vm: &mut Vm, array: Gc<Array>) -> R<String> {
    let code = array.code as char;
    if array.is_empty() {
        return Ok(format!("array('{code}')"));
    }
    let list = items(vm, array);
    Ok(format!("array('{code}', {})", vm.repr(list)?))
}

/// `itemsize` and `typecode`.
pub fn attr(vm: &mut Vm, array: Gc<Array>, name: &str) -> Option<Value> {
    match name {
        "itemsize" => Some(Value::small(array.size as i64)),
        "typecode" => Some(vm.char(array.code as char)),
        _ => None,
    }
}
