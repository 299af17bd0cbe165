//! `array`: numbers of one type, packed.

use std::any::Any;
use std::cell::RefCell;

use crate::builtins::ModuleDef;
use crate::builtins::packing::{item_size, pack, unpack};
use crate::error::R;
use crate::object::foreign::ForeignObject;
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::sequence::Slice;
use crate::object::text::Bytes;
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "array",
    functions: &[],
    setup: Some(|vm, names| {
        let class = vm.foreign_class("array", Some(&NEW), METHODS);
        vm.install_getters(class, GETTERS);
        vm.define(names, "array", class.into());
    }),
};

/// Items of `size` bytes each, little-endian.
struct Array {
    code: u8,
    size: usize,
    data: RefCell<Vec<u8>>,
}

impl ForeignObject for Array {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Array {
    fn len(&self) -> usize {
        self.data.borrow().len() / self.size
    }
}

const NEW: NativeDef = NativeDef::any("__new__", new, 2, 3);
const METHODS: &[NativeDef] = &[
    NativeDef::any("append", append, 2, 2),
    NativeDef::any("extend", extend, 2, 2),
    NativeDef::any("pop", pop, 1, 2),
    NativeDef::any("tobytes", tobytes, 1, 1),
    NativeDef::any("tolist", tolist, 1, 1),
    NativeDef::reads("__len__", |vm, args| Ok(Value::small(array(vm, args.pos[0])?.len() as i64)), 1, 1),
    NativeDef::any("__iter__", iter, 1, 1),
    NativeDef::any("__getitem__", get, 2, 2),
    NativeDef::any("__setitem__", set, 3, 3),
    NativeDef::any("__eq__", equal, 2, 2),
    NativeDef::any("__add__", add, 2, 2),
    NativeDef::any("__iadd__", iadd, 2, 2),
    NativeDef::any("__repr__", repr, 1, 1),
];
const GETTERS: &[NativeDef] = &[
    NativeDef::reads("itemsize", |vm, args| Ok(Value::small(array(vm, args.pos[0])?.size as i64)), 1, 1),
    NativeDef::reads("typecode", typecode, 1, 1),
];

fn array<'a>(vm: &mut Vm, value: Value) -> R<&'a Array> {
    vm.foreign_object::<Array>(value)
}

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    let class = vm.class_arg(args.pos[0])?;
    let code = vm.str_arg(args.pos[1])?.text.bytes().next().unwrap_or(0);
    let size = match item_size(code, false).filter(|_| b"bBhHiIlLqQfd".contains(&code)) {
        Some(size) => size,
        None => return Err(vm.value_error("bad typecode")),
    };
    let this = vm.foreign(class, Box::new(Array { code, size, data: RefCell::default() }));
    if let Some(items) = args.get(2) {
        if let Some(bytes) = items.cast::<Bytes>() {
            let mut data = bytes.data.borrow().clone();
            data.truncate(data.len() / size * size);
            *array(vm, this)?.data.borrow_mut() = data;
        } else {
            extend(vm, Args::positional(&[this, items]))?;
        }
    }
    Ok(this)
}

fn push(vm: &mut Vm, this: Value, item: Value) -> R<()> {
    let array = array(vm, this)?;
    let bytes = pack(vm, array.code, array.size, item)?;
    vm.heap.note_external(bytes.len());
    array.data.borrow_mut().extend_from_slice(&bytes);
    Ok(())
}

fn append(vm: &mut Vm, args: Args<'_>) -> R {
    push(vm, args.pos[0], args.pos[1]).map(|()| Value::NONE)
}

fn extend(vm: &mut Vm, args: Args<'_>) -> R {
    let this = args.pos[0];
    vm.roots.push(this);
    let result = vm.for_each(args.pos[1], |vm, item| push(vm, this, item).map(|()| true));
    vm.roots.pop();
    result.map(|()| Value::NONE)
}

fn pop(vm: &mut Vm, args: Args<'_>) -> R {
    let array = array(vm, args.pos[0])?;
    if array.len() == 0 {
        return Err(vm.index_error("pop from empty array"));
    }
    let last = args.get(1).unwrap_or(Value::small(-1));
    let at = vm.sequence_index(args.pos[0], last, array.len())?;
    let item = item_at(vm, array, at);
    array.data.borrow_mut().drain(at * array.size..(at + 1) * array.size);
    Ok(item)
}

fn item_at(vm: &mut Vm, array: &Array, at: usize) -> Value {
    let mut bytes = [0; 8];
    bytes[..array.size].copy_from_slice(&array.data.borrow()[at * array.size..(at + 1) * array.size]);
    unpack(vm, array.code, &bytes[..array.size])
}

fn items(vm: &mut Vm, array: &Array) -> Value {
    let items = (0..array.len()).map(|i| item_at(vm, array, i)).collect();
    vm.list(items)
}

fn tolist(vm: &mut Vm, args: Args<'_>) -> R {
    let array = array(vm, args.pos[0])?;
    Ok(items(vm, array))
}

fn tobytes(vm: &mut Vm, args: Args<'_>) -> R {
    let data = array(vm, args.pos[0])?.data.borrow().clone();
    Ok(vm.bytes(data))
}

fn iter(vm: &mut Vm, args: Args<'_>) -> R {
    let list = tolist(vm, args)?;
    vm.iter(list)
}

fn get(vm: &mut Vm, args: Args<'_>) -> R {
    let array = array(vm, args.pos[0])?;
    if let Some(slice) = args.pos[1].cast::<Slice>() {
        let span = vm.span(slice, array.len())?;
        let mut data = Vec::new();
        for i in span.indices() {
            data.extend_from_slice(&array.data.borrow()[i * array.size..(i + 1) * array.size]);
        }
        return Ok(like(vm, args.pos[0], array, data));
    }
    let at = vm.sequence_index(args.pos[0], args.pos[1], array.len())?;
    Ok(item_at(vm, array, at))
}

/// A new array of the same class and type.
fn like(vm: &mut Vm, this: Value, array: &Array, data: Vec<u8>) -> Value {
    vm.heap.note_external(data.len());
    let class = vm.class_of(vm.unwrapped(this));
    vm.foreign(class, Box::new(Array { code: array.code, size: array.size, data: RefCell::new(data) }))
}

fn set(vm: &mut Vm, args: Args<'_>) -> R {
    let this = array(vm, args.pos[0])?;
    if let Some(slice) = args.pos[1].cast::<Slice>() {
        let new = array(vm, args.pos[2])?.data.borrow().clone();
        let span = vm.span(slice, this.len())?;
        let Some(range) = span.contiguous() else {
            return Err(vm.not_implemented("only slices with step=1 (aka None) are supported"));
        };
        this.data.borrow_mut().splice(range.start * this.size..range.end * this.size, new);
        return Ok(Value::NONE);
    }
    let at = vm.sequence_index(args.pos[0], args.pos[1], this.len())?;
    let bytes = pack(vm, this.code, this.size, args.pos[2])?;
    this.data.borrow_mut()[at * this.size..(at + 1) * this.size].copy_from_slice(&bytes);
    Ok(Value::NONE)
}

fn equal(vm: &mut Vm, args: Args<'_>) -> R {
    if args.pos[1].kind() != Kind::Foreign {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (Ok(a), Ok(b)) = (array(vm, args.pos[0]), array(vm, args.pos[1])) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let (a, b) = (items(vm, a), items(vm, b));
    vm.equal(a, b).map(Value::bool)
}

fn add(vm: &mut Vm, args: Args<'_>) -> R {
    let (a, b) = (array(vm, args.pos[0])?, array(vm, args.pos[1])?);
    let data = [a.data.borrow().as_slice(), b.data.borrow().as_slice()].concat();
    Ok(like(vm, args.pos[0], a, data))
}

fn iadd(vm: &mut Vm, args: Args<'_>) -> R {
    extend(vm, args)?;
    Ok(args.pos[0])
}

fn typecode(vm: &mut Vm, args: Args<'_>) -> R {
    let code = array(vm, args.pos[0])?.code as char;
    Ok(vm.char(code))
}

fn repr(vm: &mut Vm, args: Args<'_>) -> R {
    let array = array(vm, args.pos[0])?;
    let code = array.code as char;
    if array.len() == 0 {
        return Ok(vm.str(format!("array('{code}')")));
    }
    let list = items(vm, array);
    let text = vm.repr(list)?;
    Ok(vm.str(format!("array('{code}', {text})")))
}
