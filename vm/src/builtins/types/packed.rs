//! `memoryview`, and what the operators do with anything that has bytes to look at.

use crate::builtins::TypeDef;
use crate::builtins::modules::array;
use crate::builtins::types::packing::{item_size, pack, unpack};
use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::array::{Array, Memoryview, Window};
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::Slice;
use crate::object::value::Value;
use crate::vm::Vm;

pub const TYPES: &[TypeDef] = &[TypeDef { kind: Kind::Memoryview, constructor: Some(new), methods: METHODS }];

const METHODS: &[NativeDef] = &[
    NativeDef::any("__enter__", |_, args| Ok(args.pos[0]), 1, 1),
    NativeDef::any("__exit__", |_, _| Ok(Value::NONE), 1, 4),
    NativeDef::any("cast", cast, 2, 2),
    NativeDef::reads("hex", crate::builtins::text::bytes::hex, 1, 2),
    NativeDef::any("release", |_, _| Ok(Value::NONE), 1, 1),
    NativeDef::reads("tobytes", tobytes, 1, 1),
    NativeDef::any("tolist", tolist, 1, 1),
];

impl Vm {
    /// An argument that must have the buffer protocol.
    pub(crate) fn window(&mut self, value: Value) -> R<Window> {
        match Window::of(self.unwrapped(value)) {
            Some(window) => Ok(window),
            None => Err(self.type_error("object with buffer protocol required")),
        }
    }

    /// The same, to be written to.
    pub(crate) fn writable_window(&mut self, value: Value) -> R<Window> {
        let window = self.window(value)?;
        if window.read_only {
            return Err(self.type_error("object with buffer protocol required"));
        }
        Ok(window)
    }
}

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("memoryview", args, 1, 1)?;
    let window = vm.window(args.pos[0])?;
    Ok(vm.memoryview(window))
}

/// The same bytes as items of another type.
fn cast(vm: &mut Vm, args: Args<'_>) -> R {
    let window = vm.receiver::<Memoryview>(args.pos[0])?.window;
    let format = vm.str_arg(args.pos[1])?;
    let code = format.text.as_bytes().last().copied().unwrap_or(0);
    let Some(size) = item_size(code, false).filter(|_| b"bBhHiIlLqQfdc?".contains(&code)) else {
        return Err(vm.value_error("bad typecode"));
    };
    if window.len % size != 0 {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    Ok(vm.memoryview(Window { code, size, ..window }))
}

fn tobytes(vm: &mut Vm, args: Args<'_>) -> R {
    let window = vm.receiver::<Memoryview>(args.pos[0])?.get().window;
    vm.reserve(window.len)?;
    Ok(vm.bytes(window.bytes()))
}

fn tolist(vm: &mut Vm, args: Args<'_>) -> R {
    let window = vm.receiver::<Memoryview>(args.pos[0])?.get().window;
    vm.reserve_many(window.count(), 8 + 16)?;
    Ok(items(vm, window))
}

fn items(vm: &mut Vm, window: Window) -> Value {
    let items = (0..window.count()).filter_map(|i| item(vm, window, i)).collect();
    vm.list(items)
}

fn item(vm: &mut Vm, window: Window, i: usize) -> Option<Value> {
    window.item(i).map(|bytes| unpack(vm, window.code, bytes))
}

/// Item `i` of an array or memoryview, if there is one.
pub fn nth(vm: &mut Vm, value: Value, i: usize) -> R<Option<Value>> {
    if let Some(view) = value.cast::<Memoryview>() {
        return Ok(item(vm, view.window, i));
    }
    match value.cast::<Array>().filter(|array| i < array.len()) {
        Some(array) => array::get_item(vm, array, Value::small(i as i64)).map(Some),
        None => Ok(None),
    }
}

/// Number of items of an array or memoryview.
pub fn len(value: Value) -> Option<usize> {
    value.cast::<Memoryview>().map(|m| m.window.count()).or_else(|| value.cast::<Array>().map(|a| a.len()))
}

/// `value[index]` of an array or memoryview.
pub fn get_item(vm: &mut Vm, value: Value, index: Value) -> R<Option<Value>> {
    if let Some(view) = value.cast::<Memoryview>() {
        return view_item(vm, view, index).map(Some);
    }
    value.cast::<Array>().map(|array| array::get_item(vm, array, index)).transpose()
}

fn view_item(vm: &mut Vm, view: Gc<Memoryview>, index: Value) -> R {
    let window = view.window;
    if let Some(slice) = index.cast::<Slice>() {
        let range = range(vm, window, slice)?;
        return Ok(vm.memoryview(window.part(range)));
    }
    let at = vm.sequence_index(view.into(), index)?;
    Ok(item(vm, window, at).unwrap_or(Value::NONE))
}

fn range(vm: &mut Vm, window: Window, slice: Gc<Slice>) -> R<std::ops::Range<usize>> {
    match vm.slice_parts(slice)?.fit(window.count()).contiguous() {
        Some(range) => Ok(range),
        None => Err(vm.not_implemented("only slices with step=1 (aka None) are supported")),
    }
}

/// `value[index] = item` of an array or memoryview; false if it is neither.
pub fn set_item(vm: &mut Vm, value: Value, index: Value, item: Value) -> R<bool> {
    if let Some(view) = value.cast::<Memoryview>() {
        return set_view_item(vm, view, index, item).map(|()| true);
    }
    match value.cast::<Array>() {
        Some(array) => array::set_item(vm, array, index, item).map(|()| true),
        None => Ok(false),
    }
}

fn set_view_item(vm: &mut Vm, view: Gc<Memoryview>, index: Value, item: Value) -> R<()> {
    let window = view.window;
    if window.read_only || item.is_null() {
        let what = if item.is_null() { "deletion" } else { "assignment" };
        return Err(vm.type_error(format!("'memoryview' object doesn't support item {what}")));
    }
    let (at, new) = match index.cast::<Slice>() {
        Some(slice) => {
            let source = vm.window(item)?;
            let range = range(vm, window, slice)?;
            if source.size != window.size || source.count() != range.len() {
                return Err(vm.value_error("lhs and rhs should be compatible"));
            }
            (range.start, source.bytes().to_vec())
        }
        None => {
            let at = vm.sequence_index(view.into(), index)?;
            (at, pack(vm, window.code, window.size, item)?)
        }
    };
    if window.write(at * window.size, &new) {
        return Ok(());
    }
    Err(vm.index_error("memoryview index out of range"))
}

/// Equality where a memoryview or array is involved; `None` if it is not that.
pub fn equal(vm: &mut Vm, a: Value, b: Value) -> R<Option<bool>> {
    if let (Some(x), Some(y)) = (a.cast::<Array>(), b.cast::<Array>()) {
        return array::equal(vm, x, y).map(Some);
    }
    if a.kind() != Kind::Memoryview && b.kind() != Kind::Memoryview {
        return Ok(None);
    }
    let (Some(x), Some(y)) = (Window::of(a), Window::of(b)) else { return Ok(None) };
    if x.code == y.code && !matches!(x.code, b'f' | b'd') {
        return Ok(Some(x.bytes() == y.bytes()));
    }
    let (x, y) = (items(vm, x), items(vm, y));
    vm.equal(x, y).map(Some)
}

/// `<` and its kin, of arrays.
pub fn order(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<bool>> {
    match (a.cast::<Array>(), b.cast::<Array>()) {
        (Some(a), Some(b)) => array::order(vm, op, a, b).map(Some),
        _ => Ok(None),
    }
}

/// Data attributes of arrays and memoryviews.
pub fn attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    if let Some(array) = value.cast::<Array>() {
        return array::attr(vm, array, name);
    }
    let window = value.cast::<Memoryview>()?.window;
    Some(match name {
        "itemsize" => Value::small(window.size as i64),
        "nbytes" => Value::small(window.bytes().len() as i64),
        "format" => vm.char(window.code as char),
        "readonly" => Value::bool(window.read_only),
        "obj" => window.owner,
        "ndim" => Value::small(1),
        "shape" => vm.tuple(&[Value::small(window.count() as i64)]),
        "strides" => vm.tuple(&[Value::small(window.size as i64)]),
        "contiguous" | "c_contiguous" => Value::TRUE,
        _ => return None,
    })
}

/// The hash of a memoryview that nobody can write to.
pub fn hash(vm: &mut Vm, value: Value) -> R<u32> {
    match Window::of(value) {
        Some(window) if window.read_only && window.size == 1 => {
            Ok(crate::object::text::hash_bytes(window.bytes()))
        }
        _ => Err(vm.value_error("cannot hash writable memoryview object")),
    }
}
