//! Making containers, functions, classes and modules.

use super::access::residual;
use super::frame::Regs;
use super::hooks::{Fact, Hooks, fact};
use super::residual::Rt;
use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::Function;
use crate::object::kind::Kind;
use crate::object::sequence::{List, Tuple};
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

#[inline(always)]
pub fn tuple<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    let n = r.varuint();
    let first = r.slot(n).wrapping_add(1);
    fact!(h, vm, Fact::NewTuple { to: first, first, n });
    let value = vm.tuple(r.top(n));
    r.drop(n);
    r.push(value);
}

#[inline(always)]
pub fn list<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    let n = r.varuint();
    let first = r.slot(n).wrapping_add(1);
    fact!(h, vm, Fact::NewList { to: first, first, n });
    let value = vm.list(r.top(n).to_vec());
    r.drop(n);
    r.push(value);
}

#[inline(always)]
pub fn map<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    r.varuint();
    let to = r.slot(0).wrapping_add(1);
    fact!(h, vm, Fact::Call { rt: Rt::BuildDict, imm: 0, to, first: to, n: 0 });
    let dict = vm.new_dict();
    r.push(dict.into());
    Ok(())
}

#[inline(always)]
pub fn set<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let n = r.varuint();
    if n == 0 {
        let to = r.slot(0).wrapping_add(1);
        fact!(h, vm, Fact::Call { rt: Rt::BuildSet, imm: 0, to, first: to, n: 0 });
        let set = vm.new_table(Kind::Set);
        r.push(set.into());
        return Ok(());
    }
    residual(vm, h, r, Rt::BuildSet, n, 0)
}

#[inline(always)]
pub fn slice<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let n = r.varuint();
    residual(vm, h, r, Rt::BuildSlice, n, 0)
}

/// Operands: dict, value, key; the dict stays.
#[inline(always)]
pub fn store_map<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let first = r.slot(2);
    // The result goes where the value was, which is dropped next.
    fact!(h, vm, Fact::Call { rt: Rt::StoreMap, imm: 0, to: r.slot(1), first, n: 3 });
    super::run::save_place(vm, r);
    super::residual::call(vm, Rt::StoreMap, r.top(3), 0)?;
    r.drop(2);
    Ok(())
}

#[inline(always)]
pub fn store_comp<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let operand = r.varuint();
    let depth = operand >> 2;
    match operand & 3 {
        1 => {
            fact!(
                h,
                vm,
                Fact::StoreComp { rt: Rt::StoreMap, collection: r.slot(depth), first: r.slot(1), n: 2 },
            );
            let (collection, value, key) = (r.peek(depth), r.peek(1), r.peek(0));
            super::run::save_place(vm, r);
            super::residual::call(vm, Rt::StoreMap, &[collection, value, key], 0)?;
            r.drop(2);
        }
        kind => {
            let rt = if kind == 0 { Rt::ListAppend } else { Rt::SetAdd };
            fact!(h, vm, Fact::StoreComp { rt, collection: r.slot(depth), first: r.slot(0), n: 1 });
            if kind != 0 {
                super::run::save_place(vm, r);
            }
            super::residual::call(vm, rt, &[r.peek(depth), r.peek(0)], 0)?;
            r.drop(1);
        }
    }
    Ok(())
}

#[inline(always)]
pub fn unpack_sequence<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let n = r.varuint();
    let slot = r.slot(0);
    let value = r.peek(0);
    if let Some(list) = value.cast::<List>().filter(|l| l.items.len() == n) {
        fact!(h, vm, Fact::Kind { slot, kind: Kind::List });
        fact!(h, vm, Fact::ListLen { list: slot, len: n });
        return spread(vm, h, r, n, list.items.slice(), |to, index| Fact::ListItem { to, list: slot, index });
    }
    if value.cast::<Tuple>().is_some_and(|t| t.len() == n) {
        fact!(h, vm, Fact::Kind { slot, kind: Kind::Tuple });
        fact!(h, vm, Fact::TupleLen { tuple: slot, len: n });
    } else {
        // Whatever is iterated over, what comes back is a tuple of that length.
        residual(vm, h, r, Rt::Unpack, 1, n as u64)?;
    }
    let Some(tuple) = r.peek(0).cast::<Tuple>() else { return Ok(()) };
    spread(vm, h, r, n, tuple.get().items(), |to, index| Fact::TupleItem { to, tuple: slot, index })
}

/// Replaces the top value by its items, the first on top. The sequence's own slot is filled last, so that facts may
/// still name it.
#[inline(always)]
fn spread<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    n: usize,
    items: &[Value],
    fact: impl Fn(super::frame::Slot, usize) -> Fact,
) -> R<()> {
    let base = r.slot(0);
    for index in 0..n {
        fact!(h, vm, fact(base.wrapping_add(n - 1 - index), index));
    }
    r.drop(1);
    for i in (0..n).rev() {
        r.push(items[i]);
    }
    Ok(())
}

pub fn unpack_ex<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, wide: bool) -> R<()> {
    let operand = r.varuint();
    let (left, right) = if wide { (operand, r.varuint()) } else { (operand & 0xff, operand >> 8) };
    let n = left + right + 1;
    residual(vm, h, r, Rt::UnpackEx, 1, unpack_imm(left, right))?;
    let slot = r.slot(0);
    let Some(tuple) = r.peek(0).cast::<Tuple>() else { return Ok(()) };
    spread(vm, h, r, n, tuple.get().items(), |to, index| Fact::TupleItem { to, tuple: slot, index })
}

/// How many items before the starred target, and how many behind it; 24 bits each. See `Rt::UnpackEx`.
fn unpack_imm(left: usize, right: usize) -> u64 {
    (left | right << 24) as u64
}

pub fn make_function<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, defaults: bool) {
    let code = r.code.children[r.varuint()];
    state_function(vm, h, r, code, 0, defaults);
    let (defaults, kw) = pop_defaults(r, defaults);
    let globals = vm.frames[vm.frames.len() - 1].globals;
    let function = vm.function_with_defaults(code, globals, defaults, kw);
    r.push(function);
}

/// The top of the stack: defaults (a tuple and a dict) if they are given, then `n` cells.
fn state_function<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &Regs,
    code: &'static crate::object::function::Code,
    n: usize,
    given: bool,
) {
    let cells = r.slot(n).wrapping_add(1);
    let to = if given { cells.wrapping_sub(2) } else { cells };
    let globals = vm.frames[vm.frames.len() - 1].globals;
    let defaults = if given { to } else { std::ptr::null_mut() };
    fact!(h, vm, Fact::MakeFunction { to, code, globals, defaults, cells, n_cells: n });
}

fn pop_defaults(r: &mut Regs, given: bool) -> (Value, Value) {
    if !given {
        return (Value::NULL, Value::NULL);
    }
    let kw = r.pop();
    (r.pop(), kw)
}

pub fn make_closure<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, defaults: bool, wide: bool) {
    let code = r.code.children[r.varuint()];
    let n = if wide { r.varuint() } else { r.byte() as usize };
    state_function(vm, h, r, code, n, defaults);
    let cells = vm.new_tuple(r.top(n));
    r.drop(n);
    let (defaults, kw) = pop_defaults(r, defaults);
    let globals = vm.frames[vm.frames.len() - 1].globals;
    let function = vm.function_with_defaults(code, globals, defaults, kw);
    if let Some(function) = function.cast::<Function>() {
        r.push(vm.closure(function, cells));
    }
}

pub fn load_build_class<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    fact!(h, vm, Fact::Opaque { what: "LOAD_BUILD_CLASS" });
    match vm.builtins.get_name(vm.names.build_class) {
        Some(value) => {
            r.push(value);
            Ok(())
        }
        None => Err(vm.name_error("name '__build_class__' isn't defined")),
    }
}

/// Operands: level, fromlist.
pub fn import_name<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    fact!(h, vm, Fact::Opaque { what: "IMPORT_NAME" });
    let name = r.qstr();
    super::run::save_top(vm, r);
    let from = r.pop();
    let level = r.peek(0).as_small().unwrap_or(0).max(0) as usize;
    let globals = vm.frames[vm.frames.len() - 1].globals;
    let module = match vm.own_import() {
        Some(import) => {
            let level = Value::small(level as i64);
            vm.call(import, &[name.into(), globals.into(), Value::NONE, from, level])?
        }
        None => vm.import(&name.text, globals, from, level)?,
    };
    r.poke(0, module);
    Ok(())
}

pub fn import_from<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    fact!(h, vm, Fact::Opaque { what: "IMPORT_FROM" });
    let name = r.qstr();
    let module = r.peek(0);
    match vm.find_attr(module, name)? {
        Some(value) => r.push(value),
        None => match vm.load_attr(module, name) {
            Ok(value) => r.push(value),
            Err(raise) if vm.matches(raise, vm.exceptions.AttributeError) => {
                return Err(vm.import_error(format!("can't import name {}", name.text)));
            }
            Err(raise) => return Err(raise),
        },
    }
    Ok(())
}

pub fn import_star<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    fact!(h, vm, Fact::Opaque { what: "IMPORT_STAR" });
    let module = r.peek(0);
    let names = vm.frames[vm.frames.len() - 1].names;
    match vm.load_attr(module, vm.names.all) {
        Ok(all) => {
            for name in vm.collect_list(all)?.items.iter() {
                let name = vm.name_arg(name)?;
                let value = vm.load_attr(module, name)?;
                names.set_name(name, value);
            }
        }
        Err(raise) if vm.matches(raise, vm.exceptions.AttributeError) => {
            let own = vm.load_attr(module, vm.names.dict)?;
            let own = vm.unwrapped(own).cast::<Dict>();
            for (key, value) in own.map_or(Vec::new(), |own| own.iter().collect()) {
                if let Some(name) = key.cast::<Str>().filter(|n| !n.text.starts_with('_')) {
                    names.set_name(name, value);
                }
            }
        }
        Err(raise) => return Err(raise),
    }
    r.drop(1);
    Ok(())
}
