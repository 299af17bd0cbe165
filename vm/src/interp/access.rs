//! Attributes, methods and subscripts.

use super::enter::{CallSite, enter};
use super::frame::{Regs, Ret};
use super::hooks::{Fact, Hooks, fact};
use super::residual::{self, Rt, name_imm};
use super::run::{Flow, save_place};
use crate::error::R;
use crate::object::class::{Class, Instance, Module, Property, ShapeId, Super};
use crate::object::dict::Dict;
use crate::object::function::{Code, Effects, Function};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{List, Tuple};
use crate::object::text::{Bytes, Str};
use crate::object::value::Value;
use crate::runtime::attr::unwrap_method;
use crate::runtime::cache::Found;
use crate::runtime::lookup::Lookup;
use crate::vm::Vm;

/// Runs a runtime operation on the top `n` values and replaces them by its result.
#[inline(always)]
pub fn residual<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, rt: Rt, n: usize, imm: u64) -> R<()> {
    let first = r.slot(n - 1);
    fact!(h, vm, Fact::Call { rt, imm, to: first, first, n });
    match (rt, rt.effects()) {
        _ if H::TRACES => super::tracing::save(vm, r),
        // Who calls has saved everything.
        (Rt::Call | Rt::CallMethod | Rt::CallStar, _) | (_, Effects::Pure | Effects::Reads) => {}
        (_, Effects::ReadsScalars | Effects::Any) => save_place(vm, r),
    }
    let value = residual::call(vm, rt, r.top(n), imm)?;
    r.drop(n - 1);
    r.poke(0, value);
    Ok(())
}

fn is_function(value: Value) -> bool {
    crate::runtime::attr::is_method(value)
}

/// A class attribute that is bound to the instance it is read from.
fn is_method(value: Value) -> bool {
    matches!(value.kind(), Kind::Function | Kind::Closure)
}

/// A class attribute that is read from an instance as it is.
fn is_plain(value: Value) -> bool {
    !matches!(
        value.kind(),
        Kind::Function
            | Kind::Closure
            | Kind::Native
            | Kind::Property
            | Kind::StaticMethod
            | Kind::ClassMethod
            | Kind::Instance
            | Kind::Class
    )
}

#[inline(always)]
pub fn attr<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<Flow<H::Exit>> {
    let name = r.qstr();
    let object = r.slot(0);
    if let Some(instance) = r.peek(0).cast::<Instance>() {
        let shape = instance.shape();
        match vm.find_in_shape(shape, name) {
            Found::Slot(index) => {
                fact!(h, vm, Fact::Shape { slot: object, shape });
                fact!(h, vm, Fact::AttrGet { to: object, object, index });
                r.poke(0, instance.slot(index));
                return Ok(Flow::Next);
            }
            Found::Class(value)
                if is_plain(value) && !(H::OBSERVES && vm.is_volatile(vm.shapes.get(shape).class, name)) =>
            {
                fact!(h, vm, Fact::Shape { slot: object, shape });
                fact!(h, vm, Fact::ClassAttr { to: object, class: vm.shapes.get(shape).class, value });
                r.poke(0, value);
                return Ok(Flow::Next);
            }
            Found::Class(property) if property.kind() == Kind::Property => {
                if let Some(flow) = r.aside(|r| get_property(vm, h, r, (shape, name), property))? {
                    return Ok(flow);
                }
            }
            Found::Class(function) if H::OBSERVES && is_method(function) => {
                fact!(h, vm, Fact::Shape { slot: object, shape });
                let class = vm.shapes.get(shape).class;
                fact!(h, vm, Fact::BoundMethod { to: object, class, function, this: object });
                let method = vm.bound_method(function, r.peek(0));
                r.poke(0, method);
                return Ok(Flow::Next);
            }
            _ => {}
        }
    } else if let Some(value) = module_attr(vm, h, r, name) {
        r.poke(0, value);
        return Ok(Flow::Next);
    }
    residual(vm, h, r, Rt::GetAttr, 1, name_imm(name))?;
    Ok(Flow::Next)
}

/// A property whose getter is a plain Python function of self: called like one. `None` if it is another.
#[inline(never)]
fn get_property<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    (shape, name): (ShapeId, Gc<Str>),
    property: Value,
) -> R<Option<Flow<H::Exit>>> {
    let getter = property.cast::<Property>().and_then(|property| property.get.cast::<Function>());
    let enters = |code: &Code| code.enters.get() || (H::OBSERVES && code.is_simple);
    let Some(getter) = getter.filter(|getter| enters(getter.code) && getter.code.n_pos == 1) else {
        return Ok(None);
    };
    let class = vm.shapes.get(shape).class;
    if H::OBSERVES && (vm.is_volatile(class, name) || !h.follow(vm, getter.code)) {
        return Ok(None);
    }
    fact!(h, vm, Fact::Shape { slot: r.slot(0), shape });
    fact!(h, vm, Fact::ClassUsed { class });
    enter(vm, h, r, CallSite { callee: 0, first: 0, n: 1 }, getter, None, Ret::Push).map(Some)
}

/// An attribute of a module, stated as an entry of its namespace.
#[inline(always)]
fn module_attr<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, name: Gc<Str>) -> Option<Value> {
    let module = r.peek(0).cast::<Module>()?;
    let dict = module.globals;
    let entry = dict.find_name(name)?;
    let value = dict.value_at(entry);
    fact!(h, vm, Fact::Is { slot: r.slot(0), value: r.peek(0) });
    fact!(h, vm, Fact::Entry { to: r.slot(0), dict, entry, value });
    Some(value)
}

#[inline(always)]
pub fn method<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let name = r.qstr();
    let to = r.slot(0);
    r.push(Value::NULL);
    let this = r.slot(0);
    match direct_method(vm, h, r, name) {
        Some((function, this)) => {
            r.poke(1, function);
            r.poke(0, this);
            return Ok(());
        }
        None => r.drop(1),
    }
    if let Some(function) = module_attr(vm, h, r, name) {
        r.poke(0, function);
    } else {
        residual(vm, h, r, Rt::GetAttr, 1, name_imm(name))?;
    }
    fact!(h, vm, Fact::Const { to: this, value: Value::NULL });
    debug_assert_eq!(to, r.slot(0));
    r.push(Value::NULL);
    Ok(())
}

/// A function found in the class of the value in slot 1, and what it gets before the arguments, NULL if nothing: stated
/// to be in slots 1 and 0.
#[inline(always)]
fn direct_method<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, name: Gc<Str>) -> Option<(Value, Value)> {
    let (value, from, this) = (r.peek(1), r.slot(1), r.slot(0));
    if let Some(instance) = value.cast::<Instance>() {
        let shape = instance.shape();
        let Found::Class(function) = vm.find_in_shape(shape, name) else { return None };
        let is_bound = is_function(function);
        let (function, first) = if is_bound {
            (function, value)
        } else {
            wrapped_method::<H>(vm, function, vm.shapes.get(shape).class, name)?
        };
        fact!(h, vm, Fact::Shape { slot: from, shape });
        fact!(
            h,
            vm,
            if is_bound { Fact::Move { to: this, from } } else { Fact::Const { to: this, value: first } }
        );
        fact!(h, vm, Fact::ClassAttr { to: from, class: vm.shapes.get(shape).class, value: function });
        return Some((function, first));
    }
    let kind = value.kind();
    if kind == Kind::Class {
        return method_of_class(vm, h, r, name);
    }
    if matches!(kind, Kind::Module | Kind::Super | Kind::Exception | Kind::Foreign | Kind::Tuple) {
        return None;
    }
    let function = vm.find_in_class(vm.types.of(kind), name)?;
    if !is_function(function) {
        return None;
    }
    fact!(h, vm, Fact::Kind { slot: from, kind });
    fact!(h, vm, Fact::Move { to: this, from });
    // Built-in classes never change.
    fact!(h, vm, Fact::Const { to: from, value: function });
    Some((function, value))
}

/// The function in a `staticmethod` or `classmethod` of this class, and what it gets before the arguments.
#[inline(never)]
fn wrapped_method<H: Hooks>(vm: &Vm, raw: Value, class: Gc<Class>, name: Gc<Str>) -> Option<(Value, Value)> {
    let first = match raw.kind() {
        Kind::StaticMethod => Value::NULL,
        Kind::ClassMethod => class.into(),
        _ => return None,
    };
    let function = unwrap_method(raw);
    let is_constant = !(H::OBSERVES && vm.is_volatile(class, name));
    (is_constant && is_method(function)).then_some((function, first))
}

/// A function that is read from a class, which lies in slot 1. Its own attributes (`__name__` and the like) are no
/// functions of Python.
#[inline(never)]
fn method_of_class<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, name: Gc<Str>) -> Option<(Value, Value)> {
    let class = r.peek(1).cast::<Class>().filter(|class| class.native.is_none())?;
    let names = &vm.names;
    if [names.name, names.qualname, names.bases, names.dict].contains(&name) {
        return None;
    }
    let raw = vm.find_in_class(class, name)?;
    let (function, first) = if is_method(raw) && !(H::OBSERVES && vm.is_volatile(class, name)) {
        (raw, Value::NULL)
    } else {
        wrapped_method::<H>(vm, raw, class, name)?
    };
    fact!(h, vm, Fact::Is { slot: r.slot(1), value: class.into() });
    fact!(h, vm, Fact::Const { to: r.slot(0), value: first });
    fact!(h, vm, Fact::ClassAttr { to: r.slot(1), class, value: function });
    Some((function, first))
}

/// Operands: super, class, self.
pub fn super_method<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let name = r.qstr();
    let (class, this) = (r.peek(1).cast::<Class>(), r.peek(0));
    let found = class.filter(|_| this.kind() == Kind::Instance).and_then(|class| {
        let header = crate::object::heap::Header::new(Kind::Super);
        let sup = vm.heap.alloc(Super { header, class, this });
        vm.find_in_super(sup, name).map(|function| (class, function))
    });
    match found {
        Some((class, function)) if is_function(function) => {
            fact!(h, vm, Fact::Is { slot: r.slot(1), value: class.into() });
            fact!(h, vm, Fact::ClassAttr { to: r.slot(2), class, value: function });
            fact!(h, vm, Fact::Move { to: r.slot(1), from: r.slot(0) });
            r.poke(2, function);
            r.poke(1, this);
            r.drop(1);
            Ok(())
        }
        _ => {
            residual(vm, h, r, Rt::SuperMethod, 3, name_imm(name))?;
            r.push(Value::NULL);
            fact!(h, vm, Fact::Const { to: r.slot(0), value: Value::NULL });
            Ok(())
        }
    }
}

/// Operands: value, object.
#[inline(always)]
pub fn store_attr<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let name = r.qstr();
    let (object, from) = (r.slot(0), r.slot(1));
    if let Some(instance) = r.peek(0).cast::<Instance>()
        && !r.peek(1).is_null()
    {
        let shape = instance.shape();
        if !vm.shapes.get(shape).class.custom_access.get() {
            fact!(h, vm, Fact::Shape { slot: object, shape });
            match vm.find_in_shape(shape, name) {
                Found::Slot(index) => {
                    fact!(h, vm, Fact::AttrSet { object, index, from });
                    instance.set_slot(index, r.peek(1));
                }
                _ => {
                    let index = vm.shapes.names(shape).len();
                    let shape = vm.shapes.extend(shape, name);
                    fact!(h, vm, Fact::AttrAdd { object, index, shape, from });
                    instance.push_slot(shape, r.peek(1));
                }
            }
            r.drop(2);
            return Ok(());
        }
    }
    residual(vm, h, r, Rt::SetAttr, 2, name_imm(name))?;
    r.drop(1);
    Ok(())
}

/// Operands: object, index.
#[inline(always)]
pub fn subscr<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let (object, index) = (r.slot(1), r.slot(0));
    if let Some(n) = r.peek(0).as_small() {
        if let Some(list) = r.peek(1).cast::<List>() {
            let len = list.items.len() as i64;
            if let Some(value) = list.items.get((if n < 0 { n + len } else { n }) as usize) {
                fact!(h, vm, Fact::Kind { slot: index, kind: Kind::Int });
                fact!(h, vm, Fact::Kind { slot: object, kind: Kind::List });
                fact!(h, vm, Fact::ListGet { to: object, list: object, index, negative: n < 0 });
                r.drop(1);
                r.poke(0, value);
                return Ok(());
            }
        } else if let Some(tuple) = r.peek(1).cast::<Tuple>() {
            let len = tuple.len() as i64;
            if let Some(value) = tuple.items().get((if n < 0 { n + len } else { n }) as usize).copied() {
                fact!(h, vm, Fact::Kind { slot: index, kind: Kind::Int });
                fact!(h, vm, Fact::Kind { slot: object, kind: Kind::Tuple });
                fact!(h, vm, Fact::TupleGet { to: object, tuple: object, index, negative: n < 0 });
                r.drop(1);
                r.poke(0, value);
                return Ok(());
            }
        } else if let Some(value) = packed_item(vm, h, r, n) {
            r.drop(1);
            r.poke(0, value);
            return Ok(());
        }
    }
    if H::OBSERVES
        && let Some(value) = dict_item(vm, h, r)
    {
        r.drop(1);
        r.poke(0, value);
        return Ok(());
    }
    let rt = if has_plain_items(vm, h, r) { Rt::GetItemPlain } else { Rt::GetItem };
    residual(vm, h, r, rt, 2, 0)
}

/// Item `n` of bytes, or of a string of ASCII characters.
#[inline(always)]
fn packed_item<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, n: i64) -> Option<Value> {
    let (to, index) = (r.slot(1), r.slot(0));
    let (value, negative) = (r.peek(1), n < 0);
    let at = |len: usize| (if negative { n + len as i64 } else { n }) as usize;
    if let Some(bytes) = value.cast::<Bytes>() {
        let byte = bytes.data.get(at(bytes.data.len()))?;
        fact!(h, vm, Fact::Kind { slot: index, kind: Kind::Int });
        fact!(h, vm, Fact::Kind { slot: to, kind: value.kind() });
        fact!(h, vm, Fact::ByteGet { to, bytes: to, index, negative });
        return Some(Value::small(byte as i64));
    }
    let text = value.cast::<Str>().filter(|s| s.is_ascii())?;
    let byte = *text.text.as_bytes().get(at(text.text.len()))?;
    fact!(h, vm, Fact::Kind { slot: index, kind: Kind::Int });
    fact!(h, vm, Fact::Kind { slot: to, kind: Kind::Str });
    fact!(h, vm, Fact::CharGet { to, text: to, index, negative });
    Some(vm.chars[byte as usize & 0x7f])
}

/// The value of a key that a dict has; for observers only.
fn dict_item<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs) -> Option<Value> {
    let (value, to, key) = (r.peek(1), r.slot(1), r.slot(0));
    let dict = value.cast::<Dict>().filter(|_| is_dict(value))?;
    let Lookup::At(n) = vm.lookup(dict, r.peek(0)) else { return None };
    fact!(h, vm, Fact::Kind { slot: to, kind: value.kind() });
    fact!(h, vm, Fact::DictGet { to, dict: to, key });
    Some(dict.value_at(n))
}

fn is_dict(value: Value) -> bool {
    matches!(value.kind(), Kind::Dict | Kind::OrderedDict)
}

/// A built-in sequence with an int for index: reading an item runs no Python code, whatever it gives or raises.
#[inline(always)]
fn has_plain_items<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs) -> bool {
    let kind = r.peek(1).kind();
    let plain = H::OBSERVES
        && r.peek(0).is_small()
        && matches!(
            kind,
            Kind::List | Kind::Tuple | Kind::Str | Kind::Bytes | Kind::Bytearray | Kind::Range | Kind::Array
        );
    if plain {
        fact!(h, vm, Fact::Kind { slot: r.slot(0), kind: Kind::Int });
        fact!(h, vm, Fact::Kind { slot: r.slot(1), kind });
    }
    plain
}

/// Operands: value, object, index.
#[inline(always)]
pub fn store_subscr<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let (from, object, index) = (r.slot(2), r.slot(1), r.slot(0));
    if let (Some(n), Some(list)) = (r.peek(0).as_small(), r.peek(1).cast::<List>())
        && !r.peek(2).is_null()
    {
        let len = list.items.len() as i64;
        let i = if n < 0 { n + len } else { n };
        if (0..len).contains(&i) {
            fact!(h, vm, Fact::Kind { slot: index, kind: Kind::Int });
            fact!(h, vm, Fact::Kind { slot: object, kind: Kind::List });
            fact!(h, vm, Fact::ListSet { list: object, index, negative: n < 0, from });
            list.items.set(i as usize, r.peek(2));
            r.drop(3);
            return Ok(());
        }
    }
    if set_byte(vm, h, r) || (H::OBSERVES && set_dict_item(vm, h, r)) {
        r.drop(3);
        return Ok(());
    }
    residual(vm, h, r, Rt::SetItem, 3, 0)?;
    r.drop(1);
    Ok(())
}

/// A byte of a bytearray; false if it is something else that is to be stored.
#[inline(always)]
fn set_byte<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs) -> bool {
    let (from, to, index) = (r.slot(2), r.slot(1), r.slot(0));
    let (Some(n), Some(byte)) = (r.peek(0).as_small(), r.peek(2).as_small()) else { return false };
    let Some(bytes) = r.peek(1).cast::<Bytes>() else { return false };
    let i = if n < 0 { n + bytes.data.len() as i64 } else { n };
    let fits = (0..256).contains(&byte) && (0..bytes.data.len() as i64).contains(&i);
    if !fits || r.peek(1).kind() != Kind::Bytearray {
        return false;
    }
    fact!(h, vm, Fact::Kind { slot: index, kind: Kind::Int });
    fact!(h, vm, Fact::Kind { slot: from, kind: Kind::Int });
    fact!(h, vm, Fact::Kind { slot: to, kind: Kind::Bytearray });
    fact!(h, vm, Fact::ByteSet { bytes: to, index, negative: n < 0, from });
    bytes.data.set(i as usize, byte as u8);
    true
}

/// A dict's key gets a value; for observers only. False if the complete operation has to do it.
fn set_dict_item<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs) -> bool {
    let (value, key) = (r.peek(1), r.peek(0));
    let Some(dict) = value.cast::<Dict>().filter(|_| is_dict(value) && !r.peek(2).is_null()) else {
        return false;
    };
    let found = match vm.lookup(dict, key) {
        Lookup::Unsure => return false,
        at => at != Lookup::Missing,
    };
    fact!(h, vm, Fact::Kind { slot: r.slot(1), kind: value.kind() });
    fact!(h, vm, Fact::DictSet { dict: r.slot(1), key: r.slot(0), from: r.slot(2), found });
    vm.dict_set(dict, key, r.peek(2)).is_ok()
}
