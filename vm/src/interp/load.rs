//! Constants, locals, cells, names.

use super::frame::Regs;
use super::hooks::{Fact, Hooks, fact};
use crate::bytecode::op;
use crate::error::{R, Raise};
use crate::object::dict::Dict;
use crate::object::function::CellBox;
use crate::object::heap::Gc;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

#[inline(always)]
pub fn constant<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, value: Value) {
    r.push(value);
    fact!(h, vm, Fact::Const { to: r.slot(0), value });
}

#[inline(always)]
pub fn fast<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, n: usize) -> R<()> {
    let value = r.local(n);
    if value.is_null() {
        return Err(unbound(vm));
    }
    fact!(h, vm, Fact::Bound { slot: r.local_slot(n) });
    r.push(value);
    fact!(h, vm, Fact::Move { to: r.slot(0), from: r.local_slot(n) });
    Ok(())
}

#[cold]
fn unbound(vm: &mut Vm) -> Raise {
    vm.name_error("local variable referenced before assignment")
}

#[inline(always)]
pub fn store_fast<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, n: usize) {
    fact!(h, vm, Fact::Move { to: r.local_slot(n), from: r.slot(0) });
    let value = r.pop();
    r.set_local(n, value);
}

pub fn delete_fast<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let n = r.varuint();
    if r.local(n).is_null() {
        return Err(unbound(vm));
    }
    fact!(h, vm, Fact::Bound { slot: r.local_slot(n) });
    fact!(h, vm, Fact::Const { to: r.local_slot(n), value: Value::NULL });
    r.set_local(n, Value::NULL);
    Ok(())
}

fn cell_of(value: Value) -> Option<Gc<CellBox>> {
    value.cast::<CellBox>()
}

#[inline(always)]
pub fn deref<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let n = r.varuint();
    let cell = r.local_slot(n);
    let value = cell_of(r.local(n)).map_or(Value::NULL, |c| c.value.get());
    if value.is_null() {
        return Err(unbound(vm));
    }
    r.push(value);
    fact!(h, vm, Fact::CellGet { to: r.slot(0), cell });
    fact!(h, vm, Fact::Bound { slot: r.slot(0) });
    Ok(())
}

#[inline(always)]
pub fn store_deref<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    let n = r.varuint();
    fact!(h, vm, Fact::CellSet { cell: r.local_slot(n), from: r.slot(0) });
    let value = r.pop();
    if let Some(cell) = cell_of(r.local(n)) {
        cell.value.set(value);
    }
}

pub fn delete_deref<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    fact!(h, vm, Fact::Opaque { what: "DELETE_DEREF" });
    let n = r.varuint();
    match cell_of(r.local(n)).filter(|c| !c.value.get().is_null()) {
        Some(cell) => {
            cell.value.set(Value::NULL);
            Ok(())
        }
        None => Err(unbound(vm)),
    }
}

#[inline(always)]
pub fn global<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let name = r.qstr();
    let globals = vm.frames[vm.frames.len() - 1].globals;
    let value = lookup(vm, h, r, globals, name)?;
    r.push(value);
    Ok(())
}

/// Looks in `dict`, then in the built-ins; states where it was found.
#[inline(always)]
fn lookup<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, dict: Gc<Dict>, name: Gc<Str>) -> R {
    let to = r.slot(0).wrapping_add(1);
    if let Some(entry) = dict.find_name(name) {
        let value = dict.value_at(entry);
        fact!(h, vm, Fact::Entry { to, dict, entry, value });
        return Ok(value);
    }
    let builtins = vm.builtins;
    match builtins.find_name(name) {
        Some(entry) => {
            let value = builtins.value_at(entry);
            fact!(h, vm, Fact::NoEntry { dict });
            fact!(h, vm, Fact::Entry { to, dict: builtins, entry, value });
            Ok(value)
        }
        None => Err(vm.name_error(format!("name '{}' is not defined", name.text))),
    }
}

#[inline(always)]
pub fn name<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let name = r.qstr();
    let frame = vm.frames[vm.frames.len() - 1];
    let value = if frame.names == frame.globals {
        lookup(vm, h, r, frame.globals, name)?
    } else {
        fact!(h, vm, Fact::Opaque { what: "LOAD_NAME" });
        match frame.names.get_name(name) {
            Some(value) => value,
            None => lookup(vm, h, r, frame.globals, name)?,
        }
    };
    r.push(value);
    Ok(())
}

#[inline(always)]
pub fn store_global<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    let name = r.qstr();
    let globals = vm.frames[vm.frames.len() - 1].globals;
    store_in(vm, h, r, globals, name);
}

#[inline(always)]
pub fn store_name<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    let name = r.qstr();
    let names = vm.frames[vm.frames.len() - 1].names;
    store_in(vm, h, r, names, name);
}

#[inline(always)]
fn store_in<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, dict: Gc<Dict>, name: Gc<Str>) {
    match dict.find_name(name) {
        Some(entry) => {
            fact!(h, vm, Fact::SetEntry { dict, entry, from: r.slot(0) });
            dict.set_value(entry, r.pop());
        }
        None => {
            fact!(h, vm, Fact::Opaque { what: "STORE_GLOBAL" });
            dict.set_name(name, r.pop());
        }
    }
}

pub fn delete_name<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> R<()> {
    fact!(h, vm, Fact::Opaque { what: "DELETE_NAME" });
    let before = r.peek_byte(at as isize - r.ip as isize);
    let name = r.qstr();
    let frame = vm.frames[vm.frames.len() - 1];
    let dict = if before == op::DELETE_GLOBAL { frame.globals } else { frame.names };
    if dict.remove_name(name) {
        Ok(())
    } else {
        Err(vm.name_error(format!("name '{}' is not defined", name.text)))
    }
}

#[inline(always)]
pub fn dup<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    r.push(r.peek(0));
    fact!(h, vm, Fact::Move { to: r.slot(0), from: r.slot(1) });
}

#[inline(always)]
pub fn dup_two<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    r.push(r.peek(1));
    r.push(r.peek(1));
    fact!(h, vm, Fact::Move { to: r.slot(1), from: r.slot(3) });
    fact!(h, vm, Fact::Move { to: r.slot(0), from: r.slot(2) });
}

#[inline(always)]
fn swap<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, i: usize, k: usize) {
    fact!(h, vm, Fact::Swap { a: r.slot(i), b: r.slot(k) });
    let (a, b) = (r.peek(i), r.peek(k));
    r.poke(i, b);
    r.poke(k, a);
}

#[inline(always)]
pub fn rot_two<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    swap(vm, h, r, 0, 1);
}

/// `a b c` becomes `c a b`. The depth is looked at: the verifier cannot tell it in the handler of an `async with` whose
/// BaseException is another one.
#[inline(always)]
pub fn rot_three<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    if r.depth() < 2 {
        return Err(vm.runtime_error("BaseException is not what it was"));
    }
    swap(vm, h, r, 0, 1);
    swap(vm, h, r, 1, 2);
    Ok(())
}
