//! Entering a Python function from Python: a frame is pushed, the run loop goes on in it.

use super::frame::{Frame, Regs, Ret, Slot};
use super::hooks::{Fact, Hooks, fact};
use super::residual::Rt;
use super::run::{Flow, attend, save_top, top_regs};
use super::tracing;
use crate::error::R;
use crate::object::function::{Args, Closure, Code, Function, python_callee};
use crate::object::heap::{ATTENTION, Gc};
use crate::object::sequence::Tuple;
use crate::object::text::Str;
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
    fact!(h, vm, Fact::Enter { code, globals: function.globals, base: new.fp, ret });
    let n_cells = set_cells(vm, h, &mut new, callee, closure);
    for (i, value) in args.iter().enumerate() {
        fact!(h, vm, Fact::Move { to: new.local_slot(n_cells + i), from: first.wrapping_add(i) });
        new.set_local(n_cells + i, *value);
    }
    if n_cells + site.n < code.n_pos {
        let callee = (callee, closure.is_some());
        new.aside(|new| set_defaults(vm, h, new, function, callee, n_cells + site.n));
    }
    for local in &code.cells {
        box_local(vm, h, &mut new, *local as usize);
    }
    go_on_in(vm, h, r, new)
}

/// The new frame is complete: it becomes the running one.
#[inline(always)]
fn go_on_in<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, new: Regs) -> R<Flow<H::Exit>> {
    fact!(h, vm, Fact::Entered);
    *r = new;
    if ATTENTION.load(std::sync::atomic::Ordering::Relaxed) {
        match attend(vm, *r, h.is_traced()) {
            Ok(false) => {}
            Ok(true) => return Ok(tracing::enter_elsewhere::<H>(vm)),
            Err(raise) => return Ok(Flow::RaisedBefore(raise)),
        }
    }
    if H::TRACES {
        save_top(vm, r);
        vm.tracing.look();
        if let Err(raise) = tracing::entered(vm) {
            return Ok(Flow::RaisedBefore(raise));
        }
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
    callee: Slot,
    closure: Option<Gc<Closure>>,
) -> usize {
    let Some(closure) = closure else { return 0 };
    let cells = closure.cells.get().items();
    for (index, cell) in cells.iter().enumerate() {
        fact!(h, vm, Fact::ClosureCell { to: new.local_slot(index), closure: callee, index });
        new.set_local(index, *cell);
    }
    cells.len()
}

#[inline(never)]
fn set_defaults<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    new: &mut Regs,
    function: Gc<Function>,
    (callee, closure): (Slot, bool),
    from: usize,
) {
    let Some(defaults) = function.defaults.cast::<Tuple>() else { return };
    let first = function.code.n_pos - defaults.len();
    for i in from..function.code.n_pos {
        let (index, to) = (i - first, new.local_slot(i));
        let value = defaults.items()[index];
        fact!(h, vm, Fact::Default { to, function: callee, closure, index, value });
        new.set_local(i, value);
    }
}

#[inline(always)]
fn box_local<H: Hooks>(vm: &mut Vm, h: &mut H, new: &mut Regs, local: usize) {
    let slot = new.local_slot(local);
    fact!(h, vm, Fact::NewCell { to: slot, from: slot });
    let cell: Value = vm.cell_box(new.local(local));
    new.set_local(local, cell);
}

/// Whether [`enter_bound`] can state how the arguments become the function's locals: all keywords name parameters.
pub fn can_bind(code: &Code, r: &Regs, site: CallSite, n_kw: usize) -> bool {
    let pairs = r.top(2 * n_kw);
    let known = |name: Value| name.cast::<Str>().is_some_and(|name| code.arg_names.contains(&name));
    !code.is_generator
        && (site.n <= code.n_pos || code.has_varargs)
        && pairs.chunks_exact(2).all(|pair| known(pair[0]))
}

/// As [`enter`], for parameters and arguments of any form; for observers only. After the `n` positional arguments come
/// `n_kw` pairs of name and value.
pub fn enter_bound<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    site: CallSite,
    n_kw: usize,
    function: Value,
    ret: Ret,
) -> R<Flow<H::Exit>> {
    let old = *r;
    let args = Args { pos: r.top(site.n + 2 * n_kw).get(..site.n).unwrap_or(&[]), kw: r.top(2 * n_kw) };
    let mut caller = *r;
    caller.drop(site.callee + (ret != Ret::Construct) as usize);
    save_top(vm, &caller);
    vm.push_call(function, args, ret)?;
    let new = top_regs(vm);
    state_binding(vm, h, &old, &new, site, n_kw, function, ret);
    go_on_in(vm, h, r, new)
}

/// How the locals of the new frame came about.
fn state_binding<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    old: &Regs,
    new: &Regs,
    site: CallSite,
    n_kw: usize,
    callee: Value,
    ret: Ret,
) {
    let Some((function, cells)) = python_callee(callee) else { return };
    let (code, callee, first) = (function.code, old.slot(site.callee), old.slot(site.first));
    fact!(h, vm, Fact::Enter { code, globals: function.globals, base: new.fp, ret });
    let n_cells = cells.map_or(0, |cells| cells.len());
    for index in 0..n_cells {
        fact!(h, vm, Fact::ClosureCell { to: new.local_slot(index), closure: callee, index });
    }
    let mut given = vec![false; code.n_pos + code.n_kwonly];
    given[..n_cells].fill(true);
    let n_pos = site.n.min(code.n_pos - n_cells);
    for i in 0..n_pos {
        given[n_cells + i] = true;
        fact!(h, vm, Fact::Move { to: new.local_slot(n_cells + i), from: first.wrapping_add(i) });
    }
    state_rest(vm, h, new, code, first.wrapping_add(n_pos), site.n - n_pos);
    for k in 0..n_kw {
        let name = old.slot(2 * (n_kw - k) - 1);
        let value = super::frame::read(name);
        fact!(h, vm, Fact::Is { slot: name, value });
        let Some(i) = code.arg_names.iter().position(|known| Value::from(*known) == value) else { continue };
        given[i] = true;
        fact!(h, vm, Fact::Move { to: new.local_slot(i), from: name.wrapping_add(1) });
    }
    // The callee of a constructor is what its class says: a constant.
    let source = (ret != Ret::Construct).then_some((callee, cells.is_some()));
    state_missing(vm, h, new, function, source, &given);
    for local in &code.cells {
        let slot = new.local_slot(*local as usize);
        fact!(h, vm, Fact::NewCell { to: slot, from: slot });
    }
}

/// The tuple and the dict of star parameters.
fn state_rest<H: Hooks>(vm: &mut Vm, h: &mut H, new: &Regs, code: &Code, first: Slot, n: usize) {
    let mut local = code.n_pos + code.n_kwonly;
    if code.has_varargs {
        fact!(h, vm, Fact::NewTuple { to: new.local_slot(local), first, n });
        local += 1;
    }
    if code.has_varkw {
        let to = new.local_slot(local);
        fact!(h, vm, Fact::Call { rt: Rt::BuildDict, imm: 0, to, first: to, n: 0 });
    }
}

/// Parameters that took their defaults.
fn state_missing<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    new: &Regs,
    function: Gc<Function>,
    source: Option<(Slot, bool)>,
    given: &[bool],
) {
    let defaults = function.defaults.cast::<Tuple>().map_or(0, |t| t.len());
    for i in (0..given.len()).filter(|i| !given[*i]) {
        let to = new.local_slot(i);
        // Boxed already, if it is shared with inner functions.
        let held = super::frame::read(to);
        let value = held.cast::<crate::object::function::CellBox>().map_or(held, |cell| cell.value.get());
        match source {
            Some((callee, closure)) if i < function.code.n_pos => {
                let index = i + defaults - function.code.n_pos;
                fact!(h, vm, Fact::Default { to, function: callee, closure, index, value });
            }
            Some((callee, _)) => {
                // The dict of keyword defaults belongs to this very function object.
                fact!(h, vm, Fact::Is { slot: callee, value: super::frame::read(callee) });
                fact!(h, vm, Fact::Const { to, value });
            }
            None => fact!(h, vm, Fact::Const { to, value }),
        }
    }
}
