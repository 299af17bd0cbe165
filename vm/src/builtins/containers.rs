//! The container types' share of the hooks in `builtins`: one function per hook, by kind.

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::sequence::{List, Range, Slice, Tuple};
use crate::object::value::Value;
use crate::vm::Vm;

use super::{dict, list, range, set, tuple};

/// Special methods of all containers, so that `super().__getitem__(i)` works in Python subclasses.
pub const SPECIAL: &[NativeDef] = &[
    NativeDef::any("__len__", |vm, args| vm.len(inner(vm, args)).map(|n| Value::small(n as i64)), 1, 1),
    NativeDef::any("__iter__", |vm, args| vm.iter(inner(vm, args)), 1, 1),
    NativeDef::any(
        "__contains__",
        |vm, args| vm.contains(inner(vm, args), args.pos[1]).map(Value::bool),
        2,
        2,
    ),
    NativeDef::any("__getitem__", |vm, args| vm.get_item(inner(vm, args), args.pos[1]), 2, 2),
];

/// The same for those that can be changed.
pub const SPECIAL_MUTABLE: &[NativeDef] = &[
    NativeDef::any(
        "__setitem__",
        |vm, args| vm.set_item(inner(vm, args), args.pos[1], args.pos[2]).map(|()| Value::NONE),
        3,
        3,
    ),
    NativeDef::any(
        "__delitem__",
        |vm, args| vm.set_item(inner(vm, args), args.pos[1], Value::NULL).map(|()| Value::NONE),
        2,
        2,
    ),
];

/// Kinds with [`SPECIAL`] methods, and whether they can be changed.
pub const WITH_SPECIAL: &[(Kind, bool)] = &[
    (Kind::List, true),
    (Kind::Dict, true),
    (Kind::Tuple, false),
    (Kind::Set, false),
    (Kind::Frozenset, false),
    (Kind::Range, false),
    (Kind::DictView, false),
    (Kind::Str, false),
    (Kind::Bytes, false),
    (Kind::Bytearray, true),
];

fn inner(vm: &Vm, args: Args<'_>) -> Value {
    vm.unwrapped(args.pos[0])
}

pub fn get_item(vm: &mut Vm, value: Value, index: Value) -> R<Option<Value>> {
    let Some(slice) = index.cast::<Slice>() else { return Ok(None) };
    if let Some(list) = value.cast::<List>() {
        return list::get_slice(vm, list, slice).map(Some);
    }
    if let Some(tuple) = value.cast::<Tuple>() {
        return tuple::get_slice(vm, tuple, slice).map(Some);
    }
    match value.cast::<Range>() {
        Some(range) => range::get_slice(vm, range, slice).map(Some),
        None => Ok(None),
    }
}

pub fn set_item(vm: &mut Vm, value: Value, index: Value, item: Value) -> R<bool> {
    match (value.cast::<List>(), index.cast::<Slice>()) {
        (Some(list), Some(slice)) => list::set_slice(vm, list, slice, item).map(|()| true),
        _ => Ok(false),
    }
}

pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    for (this, other) in [(a, b), (b, a)] {
        let result = match this.kind() {
            Kind::List => list::binary(vm, op, a, b)?,
            Kind::Tuple => tuple::binary(vm, op, a, b)?,
            Kind::Set | Kind::Frozenset | Kind::DictView => set::binary(vm, op, a, b)?,
            Kind::Dict | Kind::OrderedDict => dict::binary(vm, op, a, b)?,
            _ => None,
        };
        if result.is_some() || this.kind() == other.kind() {
            return Ok(result);
        }
    }
    Ok(None)
}

pub fn equal(vm: &mut Vm, a: Value, b: Value) -> R<Option<bool>> {
    match (a.kind(), b.kind()) {
        (Kind::Dict | Kind::OrderedDict, Kind::Dict | Kind::OrderedDict) => dict::equal(vm, a, b).map(Some),
        (Kind::Set | Kind::Frozenset | Kind::DictView, _) => set::equal(vm, a, b),
        (Kind::Range, Kind::Range) => Ok(a.cast().zip(b.cast()).map(|(a, b)| range::equal(a, b))),
        (Kind::Slice, Kind::Slice) => slices_equal(vm, a, b).map(Some),
        _ => Ok(None),
    }
}

fn slices_equal(vm: &mut Vm, a: Value, b: Value) -> R<bool> {
    let parts = |v: Value| v.cast::<Slice>().map_or(Vec::new(), |s| vec![s.start, s.stop, s.step]);
    let (x, y) = (vm.tuple(&parts(a)), vm.tuple(&parts(b)));
    vm.equal(x, y)
}

pub fn order(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<bool>> {
    match a.kind() {
        Kind::Set | Kind::Frozenset | Kind::DictView => set::order(vm, op, a, b),
        _ => Ok(None),
    }
}

impl Vm {
    /// Installs the methods that several container types share, and class methods.
    pub(crate) fn install_shared_methods(&mut self) {
        for (kind, mutable) in WITH_SPECIAL {
            let class = self.types.of(*kind);
            self.install_methods(class, SPECIAL);
            if *mutable {
                self.install_methods(class, SPECIAL_MUTABLE);
            }
        }
        self.install_class_methods(self.types.of(Kind::Dict).attrs, dict::CLASS_METHODS);
    }

    /// Puts natives that get the class as first argument into a class's namespace.
    pub(crate) fn install_class_methods(
        &mut self,
        attrs: crate::object::heap::Gc<Dict>,
        methods: &'static [NativeDef],
    ) {
        for def in methods {
            let native = self.native(def);
            let method = self.class_method(native);
            self.define(attrs, def.name, method);
        }
    }
}
