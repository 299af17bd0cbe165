//! Call instructions: what is called decides how.

use super::access::residual;
use super::enter::{self, CallSite};
use super::frame::{Regs, Ret};
use super::hooks::{Fact, Hooks, fact};
use super::residual::Rt;
use super::run::{Flow, save_place, save_top};
use super::tracing;
use crate::error::R;
use crate::object::class::Class;
use crate::object::function::{Args, BoundMethod, Closure, Function, Native, NativeDef, python_callee};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::Vm;

/// `operand` is positional arguments plus keyword arguments times 256.
#[inline(always)]
pub fn function<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, operand: usize) -> R<Flow<H::Exit>> {
    let (n_pos, n_kw) = (operand & 0xff, operand >> 8);
    let n = n_pos + 2 * n_kw;
    if n_kw == 0
        && let Some(flow) = direct(vm, h, r, CallSite { callee: n, first: n.wrapping_sub(1), n })?
    {
        return Ok(flow);
    }
    if H::OBSERVES {
        let site = CallSite { callee: n, first: n.wrapping_sub(1), n: n_pos };
        if let Some(flow) = bound(vm, h, r, site, n_kw)? {
            return Ok(flow);
        }
    }
    save_top(vm, r);
    if H::TRACES && call_profiled(vm, r, n, 1, n_kw)? {
        return Ok(Flow::Next);
    }
    residual(vm, h, r, Rt::Call, n + 1, n_kw as u64)?;
    Ok(Flow::Next)
}

/// As `function`, with self (or NULL) between the function and the arguments.
#[inline(always)]
pub fn method<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, operand: usize) -> R<Flow<H::Exit>> {
    let (n_pos, n_kw) = (operand & 0xff, operand >> 8);
    let n = n_pos + 2 * n_kw;
    if n_kw == 0 {
        let site = if r.peek(n).is_null() {
            fact!(h, vm, Fact::Is { slot: r.slot(n), value: Value::NULL });
            CallSite { callee: n + 1, first: n.wrapping_sub(1), n }
        } else {
            fact!(h, vm, Fact::Bound { slot: r.slot(n) });
            CallSite { callee: n + 1, first: n, n: n + 1 }
        };
        if let Some(flow) = direct(vm, h, r, site)? {
            return Ok(flow);
        }
    }
    if H::OBSERVES {
        // Stated above if there are no keywords; with them it is the same.
        let site = if r.peek(n).is_null() {
            fact!(h, vm, Fact::Is { slot: r.slot(n), value: Value::NULL });
            CallSite { callee: n + 1, first: n.wrapping_sub(1), n: n_pos }
        } else {
            fact!(h, vm, Fact::Bound { slot: r.slot(n) });
            CallSite { callee: n + 1, first: n, n: n_pos + 1 }
        };
        if let Some(flow) = bound(vm, h, r, site, n_kw)? {
            return Ok(flow);
        }
    }
    save_top(vm, r);
    if H::TRACES && call_profiled(vm, r, n, 2, n_kw)? {
        return Ok(Flow::Next);
    }
    residual(vm, h, r, Rt::CallMethod, n + 2, n_kw as u64)?;
    Ok(Flow::Next)
}

/// Calls a native with keywords, if that is what lies `below` the `n` arguments (perhaps with self or NULL between) and a
/// profiler is to hear of it. True if it did.
#[inline(never)]
fn call_profiled(vm: &mut Vm, r: &mut Regs, n: usize, below: usize, n_kw: usize) -> R<bool> {
    let callee = r.peek(n + below - 1);
    let Some(native) = callee.cast::<Native>().filter(|_| tracing::is_profiled(vm)) else { return Ok(false) };
    let with_self = below == 2 && !r.peek(n).is_null();
    let values = r.top(n + usize::from(with_self));
    let (pos, kw) = values.split_at(values.len() - 2 * n_kw);
    let value = tracing::call_native_traced(vm, callee, native.def, Args { pos, kw })?;
    r.drop(n + below - 1);
    r.poke(0, value);
    Ok(true)
}

/// A Python function that takes its arguments in any way, or a class whose `__init__` does; for observers only.
fn bound<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    site: CallSite,
    n_kw: usize,
) -> R<Option<Flow<H::Exit>>> {
    let callee = r.peek(site.callee);
    if let Some(class) = callee.cast::<Class>() {
        return construct_bound(vm, h, r, site, n_kw, class);
    }
    let Some((function, cells)) = python_callee(callee) else { return Ok(None) };
    let (code, closure) = (function.code, cells.is_some());
    if code.is_generator && site.callee == site.n + 2 * n_kw {
        fact!(h, vm, Fact::Function { slot: r.slot(site.callee), code, closure });
        residual(vm, h, r, Rt::MakeGenerator, site.callee + 1, n_kw as u64)?;
        return Ok(Some(Flow::Next));
    }
    if !enter::can_bind(code, r, site, n_kw) || !h.follow(vm, code) {
        return Ok(None);
    }
    fact!(h, vm, Fact::Function { slot: r.slot(site.callee), code, closure });
    enter::enter_bound(vm, h, r, site, n_kw, callee, Ret::Push).map(Some)
}

fn construct_bound<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    site: CallSite,
    n_kw: usize,
    class: Gc<Class>,
) -> R<Option<Flow<H::Exit>>> {
    if !is_plain_class(vm, class) || site.callee != site.n + 2 * n_kw {
        return Ok(None);
    }
    let Some(init) = vm.find_in_class(class, vm.names.init) else { return Ok(None) };
    let Some((function, None)) = python_callee(init) else { return Ok(None) };
    let code = function.code;
    let with_self = CallSite { callee: site.callee, first: site.callee, n: site.n + 1 };
    if !enter::can_bind(code, r, with_self, n_kw) || !h.follow(vm, code) {
        return Ok(None);
    }
    let slot = r.slot(site.callee);
    fact!(h, vm, Fact::Is { slot, value: class.into() });
    fact!(h, vm, Fact::ClassUsed { class });
    fact!(h, vm, Fact::NewInstance { to: slot, class });
    let instance = vm.new_instance(class);
    r.poke(site.callee, instance.into());
    enter::enter_bound(vm, h, r, with_self, n_kw, init, Ret::Construct).map(Some)
}

/// A Python class without built-in base and without `__new__`.
fn is_plain_class(vm: &mut Vm, class: Gc<Class>) -> bool {
    class.native.is_none()
        && class.native_base.is_none_or(|k| k == Kind::Object)
        && vm.find_in_class(class, vm.names.new).is_none_or(|new| new.kind() == Kind::Native)
}

pub fn star<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, method: bool) -> R<()> {
    let operand = r.varuint();
    let (n_pos, n_kw) = (operand & 0xff, operand >> 8);
    let n = 1 + method as usize + n_pos + 2 * n_kw + 1;
    save_top(vm, r);
    residual(vm, h, r, Rt::CallStar, n, n_kw as u64 | (method as u64) << 32)
}

/// Calls without keywords that need no runtime operation; `None` if this is not one.
#[inline(always)]
fn direct<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, site: CallSite) -> R<Option<Flow<H::Exit>>> {
    let callee = r.peek(site.callee);
    if let Some(function) = callee.cast::<Function>() {
        return plain(vm, h, r, site, function, None);
    }
    if let Some(closure) = callee.cast::<Closure>() {
        return plain(vm, h, r, site, closure.function, Some(closure));
    }
    if let Some(native) = callee.cast::<Native>() {
        return call_native(vm, h, r, site, native).map(|()| Some(Flow::Next));
    }
    if let Some(bound) = callee.cast::<BoundMethod>() {
        return unbind(vm, h, r, site, bound);
    }
    if let Some(class) = callee.cast::<Class>() {
        return construct(vm, h, r, site, class);
    }
    Ok(None)
}

/// A Python function with positional parameters only, some of which may take their defaults.
#[inline(always)]
fn plain<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    site: CallSite,
    function: Gc<Function>,
    closure: Option<Gc<Closure>>,
) -> R<Option<Flow<H::Exit>>> {
    let code = function.code;
    let n_cells = closure.map_or(0, |c| c.cells.len());
    let missing = code.n_pos.wrapping_sub(n_cells + site.n);
    if !(code.enters.get() || (H::OBSERVES && code.is_simple)) || (H::OBSERVES && !h.follow(vm, code)) {
        return Ok(None);
    }
    if missing != 0 && function.defaults.cast::<Tuple>().is_none_or(|t| missing > t.len()) {
        return Ok(None);
    }
    fact!(h, vm, Fact::Function { slot: r.slot(site.callee), code, closure: closure.is_some() });
    enter::enter(vm, h, r, site, function, closure, Ret::Push).map(Some)
}

#[inline(always)]
fn call_native<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, site: CallSite, native: Gc<Native>) -> R<()> {
    let def = native.def;
    let (callee, first) = (r.slot(site.callee), r.slot(site.first));
    fact!(h, vm, Fact::Is { slot: callee, value: native.into() });
    fact!(h, vm, Fact::Native { def, to: callee, function: callee, first, n: site.n });
    let args = r.top(site.n);
    let value = native_result::<H>(vm, r, native.into(), def, args)?;
    r.drop(site.callee);
    r.poke(0, value);
    Ok(())
}

#[inline(always)]
fn native_result<H: Hooks>(
    vm: &mut Vm,
    r: &mut Regs,
    function: Value,
    def: &'static NativeDef,
    args: &[Value],
) -> R {
    if H::TRACES {
        tracing::save(vm, r);
        return tracing::call_native_traced(vm, function, def, Args::positional(args));
    }
    save_place(vm, r);
    vm.call_native(def, Args::positional(args))
}

/// A bound method: its self takes the place of the callee, right before the arguments.
#[inline(always)]
fn unbind<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    site: CallSite,
    bound: Gc<BoundMethod>,
) -> R<Option<Flow<H::Exit>>> {
    // With a NULL self between callee and arguments there is a gap; only the plain form is contiguous.
    if site.callee != site.n {
        return Ok(None);
    }
    let (function, slot) = (bound.function, r.slot(site.callee));
    let with_self = CallSite { callee: site.callee, first: site.callee, n: site.n + 1 };
    if let Some(native) = function.cast::<Native>() {
        fact!(h, vm, Fact::Unbind { slot, function });
        r.poke(site.callee, bound.this);
        let def = native.def;
        fact!(
            h,
            vm,
            Fact::Native { def, to: slot, function: std::ptr::null_mut(), first: slot, n: with_self.n },
        );
        let args = r.top(with_self.n);
        let value = native_result::<H>(vm, r, native.into(), def, args)?;
        r.drop(site.callee);
        r.poke(0, value);
        return Ok(Some(Flow::Next));
    }
    let Some(python) = function.cast::<Function>() else { return Ok(None) };
    if !(python.code.enters.get() || (H::OBSERVES && python.code.is_simple))
        || python.code.n_pos != with_self.n
        || (H::OBSERVES && !h.follow(vm, python.code))
    {
        return Ok(None);
    }
    fact!(h, vm, Fact::Unbind { slot, function });
    r.poke(site.callee, bound.this);
    enter::enter(vm, h, r, with_self, python, None, Ret::Push).map(Some)
}

/// A Python class without built-in base: a new instance, then `__init__`.
#[inline(always)]
fn construct<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    site: CallSite,
    class: Gc<Class>,
) -> R<Option<Flow<H::Exit>>> {
    if H::OBSERVES
        && let Some(kind) = class.native
        && constructs_plainly(kind, r.top(site.n))
        && site.callee == site.n
    {
        fact!(h, vm, Fact::Is { slot: r.slot(site.callee), value: class.into() });
        // An exception only keeps its arguments.
        for i in (0..site.n).filter(|_| kind != Kind::Exception) {
            fact!(h, vm, Fact::Kind { slot: r.slot(i), kind: r.peek(i).kind() });
        }
        residual(vm, h, r, Rt::ConstructPlain, site.n + 1, 0)?;
        return Ok(Some(Flow::Next));
    }
    if class.native.is_some() || class.native_base.is_some_and(|k| k != Kind::Object) || site.callee != site.n
    {
        return Ok(None);
    }
    if vm.find_in_class(class, vm.names.new).is_some_and(|new| new.kind() != Kind::Native) {
        return Ok(None);
    }
    let init = vm.find_in_class(class, vm.names.init).and_then(|init| init.cast::<Function>());
    let slot = r.slot(site.callee);
    match init {
        Some(init)
            if (init.code.enters.get() || (H::OBSERVES && init.code.is_simple))
                && init.code.n_pos == site.n + 1
                && (!H::OBSERVES || h.follow(vm, init.code)) =>
        {
            fact!(h, vm, Fact::Is { slot, value: class.into() });
            fact!(h, vm, Fact::ClassUsed { class });
            fact!(h, vm, Fact::NewInstance { to: slot, class });
            let instance = vm.new_instance(class);
            r.poke(site.callee, instance.into());
            let with_self = CallSite { callee: site.callee, first: site.callee, n: site.n + 1 };
            enter::enter(vm, h, r, with_self, init, None, Ret::Construct).map(Some)
        }
        _ => Ok(None),
    }
}

/// The constructor of this built-in type runs no Python code on these arguments.
fn constructs_plainly(kind: Kind, args: &[Value]) -> bool {
    let scalar = |v: &Value| v.kind().is_scalar() && v.kind() != Kind::Bool;
    let copied =
        |v: &Value| scalar(v) || matches!(v.kind(), Kind::List | Kind::Tuple | Kind::Dict | Kind::Set);
    match kind {
        Kind::Int | Kind::Float | Kind::Str | Kind::Range | Kind::Bytes | Kind::Bytearray => {
            args.iter().all(scalar)
        }
        Kind::List | Kind::Tuple => args.iter().all(copied),
        Kind::Dict | Kind::Set => args.is_empty(),
        Kind::Exception => true,
        _ => false,
    }
}
