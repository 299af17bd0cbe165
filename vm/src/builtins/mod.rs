//! Built-in types, functions and modules, each registered by a table.

mod define;
pub mod errno_names;
mod functions;
mod modules;
pub mod numbers;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
mod types;

pub use modules::{embedded, fixed_name};
pub use types::deque::next_item as deque_item;
pub use types::packed::{hash as hash_view, len as packed_len, nth as packed_item};
pub use types::range::contains as range_contains;
pub use types::wide_range::{hash as hash_range, len as wide_len, nth as wide_nth};

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::class::Class;
use crate::object::dict::Dict;
use crate::object::function::{Native, NativeDef, NativeFn};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;
use functions::{attributes, evaluating, iterating, printing, sorting};
use numbers::{arithmetic, cmath, complex, float, int, math};
use text::{bytes, find, format, operators, string};
use types::{
    classes, code, containers, dict, frame, generator, list, object, packed, range, set, slice, tuple,
    wide_range,
};

/// Methods and constructor of a built-in type.
pub struct TypeDef {
    pub kind: Kind,
    /// `T(…)`; gets the arguments without the class.
    pub constructor: Option<NativeFn>,
    /// Get the instance as first argument.
    pub methods: &'static [NativeDef],
}

/// A built-in module.
pub struct ModuleDef {
    pub name: &'static str,
    pub functions: &'static [NativeDef],
    /// Adds what is not a function.
    pub setup: Option<fn(&mut Vm, Gc<Dict>)>,
}

/// Types with their methods, in any order.
pub const TYPES: &[&[TypeDef]] = &[
    classes::TYPES,
    code::TYPES,
    frame::TYPES,
    dict::TYPES,
    generator::TYPES,
    list::TYPES,
    object::TYPES,
    packed::TYPES,
    modules::array::TYPES,
    range::TYPES,
    set::TYPES,
    slice::TYPES,
    tuple::TYPES,
    bytes::TYPES,
    complex::TYPES,
    float::TYPES,
    int::TYPES,
    string::TYPES,
];

/// Global functions.
pub const FUNCTIONS: &[&[NativeDef]] = &[
    attributes::FUNCTIONS,
    classes::FUNCTIONS,
    evaluating::FUNCTIONS,
    iterating::FUNCTIONS,
    modules::FUNCTIONS,
    printing::FUNCTIONS,
    sorting::FUNCTIONS,
    arithmetic::FUNCTIONS,
    format::FUNCTIONS,
    int::FUNCTIONS,
];

/// Importable modules.
pub const MODULES: &[&[&ModuleDef]] = &[modules::NATIVE, &[&cmath::MODULE, &math::MODULE]];

/// Types that are names in `builtins`.
pub const VISIBLE_TYPES: &[Kind] = &[
    Kind::Object,
    Kind::Class,
    Kind::Int,
    Kind::Float,
    Kind::Complex,
    Kind::Bool,
    Kind::Str,
    Kind::Bytes,
    Kind::Bytearray,
    Kind::Memoryview,
    Kind::List,
    Kind::Tuple,
    Kind::Dict,
    Kind::Set,
    Kind::Frozenset,
    Kind::Range,
    Kind::Slice,
    Kind::Property,
    Kind::StaticMethod,
    Kind::ClassMethod,
    Kind::Super,
];

/// The constructor of the type whose values have this kind.
pub fn constructor(kind: Kind) -> Option<NativeFn> {
    TYPES.iter().copied().flatten().find(|t| t.kind == kind).and_then(|t| t.constructor)
}

/// The definition of module `name`.
pub fn module(name: &str) -> Option<&'static ModuleDef> {
    MODULES.iter().copied().flatten().find(|m| m.name == name).copied()
}

impl Vm {
    pub(crate) fn install_builtins(&mut self) {
        for def in TYPES.iter().copied().flatten() {
            self.install_methods(self.types.of(def.kind), def.methods);
        }
        self.install_shared_methods();
        self.install_text_class_methods();
        self.install_methods(self.exceptions.BaseException, generator::EXCEPTION);
        let builtins = self.builtins;
        for def in FUNCTIONS.iter().copied().flatten() {
            self.install_function(builtins, def);
        }
    }

    fn install_methods(&mut self, class: Gc<Class>, methods: &'static [NativeDef]) {
        for def in methods {
            self.install(class.attrs, def);
        }
    }

    /// Puts a native function into a module's namespace.
    pub fn install_function(&mut self, namespace: Gc<Dict>, def: &'static NativeDef) {
        let name = self.intern(def.name);
        let native = self.heap.alloc(Native::free(def)).into();
        namespace.insert_new(name.hash(), name.into(), native);
    }

    /// Puts a native method into a class's namespace.
    pub fn install(&mut self, namespace: Gc<Dict>, def: &'static NativeDef) {
        let name = self.intern(def.name);
        let native = self.native(def);
        namespace.insert_new(name.hash(), name.into(), native);
    }
}

/// Equality of built-in values that `Vm::equal` does not know itself (dicts, sets, ranges, slices…).
pub fn equal(vm: &mut Vm, a: Value, b: Value) -> R<Option<bool>> {
    match packed::equal(vm, a, b)? {
        Some(equal) => Ok(Some(equal)),
        None => containers::equal(vm, a, b),
    }
}

/// `<`, `>`, `<=`, `>=` of built-in values that are not totally ordered (sets).
pub fn order(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<bool>> {
    match packed::order(vm, op, a, b)? {
        Some(holds) => Ok(Some(holds)),
        None => containers::order(vm, op, a, b),
    }
}

/// `item in container` for str, bytes and bytearray.
pub fn contains(vm: &mut Vm, container: Value, item: Value) -> R<bool> {
    find::contains(vm, container, item)
}

/// Operators of built-in values that are not numbers: `"a" + "b"`, `[0] * n`, `set | set`, `"%d" % n` …
/// `op` may be an in-place one.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    if a.kind() == Kind::Array {
        return modules::array::binary(vm, op, a, b);
    }
    match operators::binary(vm, op, a, b)? {
        Some(result) => Ok(Some(result)),
        None => containers::binary(vm, op, a, b),
    }
}

/// `value[index]` for slices and packed objects; `None` if this is neither.
pub fn get_item(vm: &mut Vm, value: Value, index: Value) -> R<Option<Value>> {
    match value.kind() {
        Kind::List | Kind::Tuple | Kind::Range => containers::get_item(vm, value, index),
        Kind::Str | Kind::Bytes | Kind::Bytearray => operators::get_item(vm, value, index),
        Kind::Array | Kind::Memoryview => packed::get_item(vm, value, index),
        Kind::WideRange => value.cast().map(|range| wide_range::get_item(vm, range, index)).transpose(),
        _ => Ok(None),
    }
}

/// `value[index] = item` (NULL deletes) for slices, bytearrays and packed objects; false if this is neither.
pub fn set_item(vm: &mut Vm, value: Value, index: Value, item: Value) -> R<bool> {
    match value.kind() {
        Kind::List => containers::set_item(vm, value, index, item),
        Kind::Bytearray => operators::set_item(vm, value, index, item),
        Kind::Array | Kind::Memoryview => packed::set_item(vm, value, index, item),
        _ => Ok(false),
    }
}

/// Attributes of built-in values that are data: `range.start`, `function.__name__`, `1j.real` …
pub fn data_attr(vm: &mut Vm, value: Value, name: Gc<Str>) -> R<Option<Value>> {
    match arithmetic::data_attr(vm, value, &name.get().text) {
        Some(found) => Ok(Some(found)),
        None => object::data_attr(vm, value, name),
    }
}
