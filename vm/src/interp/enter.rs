//! Entering a Python function from Python: a frame is pushed, the run loop goes on in it.

use super::frame::{Frame, Regs, Ret};
use super::hooks::{Fact, Hooks};
use super::run::{Flow, attend, save_top};
use crate::error::R;
use crate::object::function::{Closure, Function};
use crate::object::heap::{ATTENTION, Gc};
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::Vm;

/// Where a call's operands lie: distances from the top of the stack.
#[derive(Clone, Copy)]
pub struct CallSite {
    /// The callee, and the place of the result.
    pub callee: usize,
    /// The first argument.
    pub first: usize,
    /// Number of arguments.
    pub n: usize,
}

/// Pushes a frame for `function` (simple parameters, argument count checked) and makes it the running one.
#[inline(always)]
pub fn enter<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    site: CallSite,
    function: Gc<Function>,
    closure: Option<Gc<Closure>>,
    ret: Ret,
) -> R<Flow<H::Exit>> {
    let code = function.code;
    let (callee, first) = (r.slot(site.callee), r.slot(site.first));
    let args = r.top(site.n);
    let mut caller = *r;
    // A constructor's instance stays below; otherwise the callee's slot is free for the result.
    caller.drop(site.callee + (ret != Ret::Construct) as usize);
    save_top(vm, &caller);
    vm.push_frame(code, function.globals, ret)?;
    let frame: Frame = vm.frames[vm.frames.len() - 1];
    let mut new = Regs::load(&vm.stack, &frame);
    h.fact(vm, Fact::Enter { code, globals: function.globals, base: new.fp, ret });
    let n_cells = set_cells(vm, h, &mut new, callee, closure);
    for (i, value) in args.iter().enumerate() {
        h.fact(vm, Fact::Move { to: new.local_slot(n_cells + i), from: first.wrapping_add(i) });
        new.set_local(n_cells + i, *value);
    }
    if n_cells + site.n < code.n_pos {
        set_defaults(vm, h, &mut new, function, n_cells + site.n);
    }
    for local in &code.cells {
        box_local(vm, h, &mut new, *local as usize);
    }
    h.fact(vm, Fact::Entered);
    *r = new;
    if ATTENTION.load(std::sync::atomic::Ordering::Relaxed) {
        attend(vm, *r)?;
    }
    match h.entered(vm, r) {
        Some(exit) => Ok(Flow::Exit(exit)),
        None => Ok(Flow::Next),
    }
}

#[inline(always)]
fn set_cells<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    new: &mut Regs,
    callee: super::frame::Slot,
    closure: Option<Gc<Closure>>,
) -> usize {
    let Some(closure) = closure else { return 0 };
    let cells = closure.cells.get().items();
    for (index, cell) in cells.iter().enumerate() {
        h.fact(vm, Fact::ClosureCell { to: new.local_slot(index), closure: callee, index });
        new.set_local(index, *cell);
    }
    cells.len()
}

#[inline(never)]
fn set_defaults<H: Hooks>(vm: &mut Vm, h: &mut H, new: &mut Regs, function: Gc<Function>, from: usize) {
    let Some(defaults) = function.defaults.cast::<Tuple>() else { return };
    let first = function.code.n_pos - defaults.len();
    for i in from..function.code.n_pos {
        let value = defaults.items()[i - first];
        h.fact(vm, Fact::Const { to: new.local_slot(i), value });
        new.set_local(i, value);
    }
}

#[inline(always)]
fn box_local<H: Hooks>(vm: &mut Vm, h: &mut H, new: &mut Regs, local: usize) {
    let slot = new.local_slot(local);
    h.fact(vm, Fact::NewCell { to: slot, from: slot });
    let cell: Value = vm.cell_box(new.local(local));
    new.set_local(local, cell);
}
