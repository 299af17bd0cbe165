//! The container types' share of the hooks in `builtins`: one function per hook, by kind.

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::sequence::{List, Range, Slice, Tuple};
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::types::dict;
use crate::builtins::types::list;
use crate::builtins::types::range;
use crate::builtins::types::set;
use crate::builtins::types::tuple;
use crate::builtins::types::wide_range;

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
    (Kind::Array, true),
    (Kind::Memoryview, true),
    (Kind::WideRange, false),
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
        (Kind::Range | Kind::WideRange, Kind::Range | Kind::WideRange) => {
            Ok(Some(wide_range::essence(a) == wide_range::essence(b)))
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::testing::vm;

    fn ints(vm: &mut Vm, items: &[i64]) -> Value {
        vm.list(items.iter().map(|n| Value::small(*n)).collect())
    }

    fn shown(vm: &mut Vm, value: Value) -> String {
        vm.repr(value).unwrap_or_default()
    }

    fn global(vm: &mut Vm, name: &str) -> Value {
        let name = vm.intern(name);
        vm.builtins.get_name(name).unwrap_or(Value::NONE)
    }

    fn call(vm: &mut Vm, name: &str, args: &[Value]) -> Value {
        let function = global(vm, name);
        vm.call(function, args).unwrap_or(Value::NOT_IMPLEMENTED)
    }

    #[test]
    fn lists_are_sliced() {
        let mut vm = vm();
        let list = ints(&mut vm, &[0, 1, 2, 3, 4]);
        let slice = vm.slice(Value::NONE, Value::NONE, Value::small(-2));
        let picked = vm.get_item(list, slice).expect("a list");
        assert_eq!(shown(&mut vm, picked), "[4, 2, 0]");
        vm.set_item(list, slice, Value::NULL).expect("deleted");
        assert_eq!(shown(&mut vm, list), "[1, 3]");
        let slice = vm.slice(Value::small(1), Value::small(1), Value::NONE);
        let new = ints(&mut vm, &[7, 8]);
        vm.set_item(list, slice, new).expect("set");
        assert_eq!(shown(&mut vm, list), "[1, 7, 8, 3]");
    }

    #[test]
    fn sorting_is_stable() {
        let mut vm = vm();
        let (a, b) = (vm.str("b"), vm.str("a"));
        let list = vm.list(vec![a, b]);
        let sorted = call(&mut vm, "sorted", &[list]);
        assert_eq!(shown(&mut vm, sorted), "['a', 'b']");
        let mut pairs = Vec::new();
        for n in 0..40 {
            pairs.push(vm.tuple(&[Value::small(n * 7 % 3), Value::small(n)]));
        }
        let pairs = vm.list(pairs);
        let sorted = call(&mut vm, "sorted", &[pairs]);
        let flat = shown(&mut vm, sorted);
        assert!(flat.starts_with("[(0, 0), (0, 3), (0, 6)"), "{flat}");
    }

    #[test]
    fn set_algebra() {
        let mut vm = vm();
        let (a, b) = (ints(&mut vm, &[1, 2, 3]), ints(&mut vm, &[2, 3, 4]));
        let (a, b) = (call(&mut vm, "set", &[a]), call(&mut vm, "set", &[b]));
        for (op, expected) in [
            (BinaryOp::Or, "{1, 2, 3, 4}"),
            (BinaryOp::And, "{2, 3}"),
            (BinaryOp::Subtract, "{1}"),
            (BinaryOp::Xor, "{1, 4}"),
            (BinaryOp::LessEqual, "False"),
        ] {
            let result = vm.binary(op, a, b).expect("defined");
            assert_eq!(shown(&mut vm, result), expected);
        }
    }

    #[test]
    fn iteration_functions() {
        let mut vm = vm();
        let list = ints(&mut vm, &[3, 1, 2]);
        assert_eq!(call(&mut vm, "sum", &[list]), Value::small(6));
        assert_eq!(call(&mut vm, "max", &[list]), Value::small(3));
        let zipped = call(&mut vm, "zip", &[list, list]);
        let pairs = call(&mut vm, "dict", &[zipped]);
        assert_eq!(shown(&mut vm, pairs), "{3: 3, 1: 1, 2: 2}");
    }
}
