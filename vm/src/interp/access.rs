//! Attributes, methods and subscripts.

use super::frame::Regs;
use super::hooks::{Fact, Hooks};
use super::residual::{self, Rt, name_imm};
use crate::error::R;
use crate::object::class::{Class, Instance, Module, Super};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{List, Tuple};
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::cache::Found;
use crate::vm::Vm;

/// Runs a runtime operation on the top `n` values and replaces them by its result.
#[inline(always)]
pub fn residual<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, rt: Rt, n: usize, imm: u64) -> R<()> {
    let first = r.slot(n - 1);
    h.fact(vm, Fact::Call { rt, imm, to: first, first, n });
    let value = residual::call(vm, rt, r.top(n), imm)?;
    r.drop(n - 1);
    r.poke(0, value);
    Ok(())
}

fn is_function(value: Value) -> bool {
    crate::runtime::attr::is_method(value)
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
pub fn attr<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let name = r.qstr();
    let object = r.slot(0);
    if let Some(instance) = r.peek(0).cast::<Instance>() {
        let shape = instance.shape();
        match vm.find_in_shape(shape, name) {
            Found::Slot(index) => {
                h.fact(vm, Fact::Shape { slot: object, shape });
                h.fact(vm, Fact::AttrGet { to: object, object, index });
                r.poke(0, instance.slot(index));
                return Ok(());
            }
            Found::Class(value) if is_plain(value) => {
                h.fact(vm, Fact::Shape { slot: object, shape });
                let class = vm.shapes.get(shape).class;
                h.fact(vm, Fact::ClassAttr { to: object, class, value });
                r.poke(0, value);
                return Ok(());
            }
            _ => {}
        }
    } else if let Some(value) = module_attr(vm, h, r, name) {
        r.poke(0, value);
        return Ok(());
    }
    residual(vm, h, r, Rt::GetAttr, 1, name_imm(name))
}

/// An attribute of a module, stated as an entry of its namespace.
#[inline(always)]
fn module_attr<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, name: Gc<Str>) -> Option<Value> {
    let module = r.peek(0).cast::<Module>()?;
    let dict = module.globals;
    let entry = dict.find_name(name)?;
    let value = dict.value_at(entry);
    h.fact(vm, Fact::Is { slot: r.slot(0), value: r.peek(0) });
    h.fact(vm, Fact::Entry { to: r.slot(0), dict, entry, value });
    Some(value)
}

#[inline(always)]
pub fn method<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let name = r.qstr();
    let value = r.peek(0);
    let to = r.slot(0);
    r.push(Value::NULL);
    let this = r.slot(0);
    match direct_method(vm, h, r, name) {
        Some(function) => {
            r.poke(1, function);
            r.poke(0, value);
            return Ok(());
        }
        None => r.drop(1),
    }
    if let Some(function) = module_attr(vm, h, r, name) {
        r.poke(0, function);
    } else {
        residual(vm, h, r, Rt::GetAttr, 1, name_imm(name))?;
    }
    h.fact(vm, Fact::Const { to: this, value: Value::NULL });
    debug_assert_eq!(to, r.slot(0));
    r.push(Value::NULL);
    Ok(())
}

/// A function found in the class of the value in slot 1: stated to be in slot 1, and the value itself in slot 0.
#[inline(always)]
fn direct_method<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, name: Gc<Str>) -> Option<Value> {
    let (value, from, this) = (r.peek(1), r.slot(1), r.slot(0));
    if let Some(instance) = value.cast::<Instance>() {
        let shape = instance.shape();
        let Found::Class(function) = vm.find_in_shape(shape, name) else { return None };
        if !is_function(function) {
            return None;
        }
        h.fact(vm, Fact::Shape { slot: from, shape });
        h.fact(vm, Fact::Move { to: this, from });
        let class = vm.shapes.get(shape).class;
        h.fact(vm, Fact::ClassAttr { to: from, class, value: function });
        return Some(function);
    }
    let kind = value.kind();
    if matches!(
        kind,
        Kind::Module | Kind::Class | Kind::Super | Kind::Exception | Kind::Foreign | Kind::Tuple
    ) {
        return None;
    }
    let function = vm.find_in_class(vm.types.of(kind), name)?;
    if !is_function(function) {
        return None;
    }
    h.fact(vm, Fact::Kind { slot: from, kind });
    h.fact(vm, Fact::Move { to: this, from });
    // Built-in classes never change.
    h.fact(vm, Fact::Const { to: from, value: function });
    Some(function)
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
            h.fact(vm, Fact::Is { slot: r.slot(1), value: class.into() });
            h.fact(vm, Fact::ClassAttr { to: r.slot(2), class, value: function });
            h.fact(vm, Fact::Move { to: r.slot(1), from: r.slot(0) });
            r.poke(2, function);
            r.poke(1, this);
            r.drop(1);
            Ok(())
        }
        _ => {
            h.fact(vm, Fact::Opaque { what: "LOAD_SUPER_METHOD" });
            let sup = vm.call(r.peek(2), &[r.peek(1), this])?;
            let bound = vm.load_attr(sup, name)?;
            r.poke(2, bound);
            r.poke(1, Value::NULL);
            r.drop(1);
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
            h.fact(vm, Fact::Shape { slot: object, shape });
            match vm.find_in_shape(shape, name) {
                Found::Slot(index) => {
                    h.fact(vm, Fact::AttrSet { object, index, from });
                    instance.set_slot(index, r.peek(1));
                }
                _ => {
                    let index = vm.shapes.get(shape).names.len();
                    let shape = vm.shapes.extend(shape, name);
                    h.fact(vm, Fact::AttrAdd { object, index, shape, from });
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
                h.fact(vm, Fact::Kind { slot: index, kind: Kind::Int });
                h.fact(vm, Fact::Kind { slot: object, kind: Kind::List });
                h.fact(vm, Fact::ListGet { to: object, list: object, index, negative: n < 0 });
                r.drop(1);
                r.poke(0, value);
                return Ok(());
            }
        } else if let Some(tuple) = r.peek(1).cast::<Tuple>() {
            let len = tuple.len() as i64;
            if let Some(value) = tuple.items().get((if n < 0 { n + len } else { n }) as usize).copied() {
                h.fact(vm, Fact::Kind { slot: index, kind: Kind::Int });
                h.fact(vm, Fact::Kind { slot: object, kind: Kind::Tuple });
                h.fact(vm, Fact::TupleGet { to: object, tuple: object, index, negative: n < 0 });
                r.drop(1);
                r.poke(0, value);
                return Ok(());
            }
        }
    }
    residual(vm, h, r, Rt::GetItem, 2, 0)
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
            h.fact(vm, Fact::Kind { slot: index, kind: Kind::Int });
            h.fact(vm, Fact::Kind { slot: object, kind: Kind::List });
            h.fact(vm, Fact::ListSet { list: object, index, negative: n < 0, from });
            list.items.set(i as usize, r.peek(2));
            r.drop(3);
            return Ok(());
        }
    }
    residual(vm, h, r, Rt::SetItem, 3, 0)?;
    r.drop(1);
    Ok(())
}
