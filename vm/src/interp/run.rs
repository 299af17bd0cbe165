//! The run loop: one arm per instruction.
//!
//! The registers live in locals (`r`): no handler that is not inlined gets a reference to them, only to a copy
//! ([`Regs::aside`]). A handler's `Err` unwinds; `Flow` tells the loop that frames have changed.

use super::frame::Regs;
use super::hooks::{Fact, Hooks, fact};
use super::{access, arith, build, calls, flow, iterate, load, tracing, yields};
use crate::bytecode::{BASE, op};
use crate::error::{R, Raise};
use crate::object::heap::ATTENTION;
use crate::object::value::Value;
use crate::vm::Vm;

/// How a run ended.
#[derive(Debug)]
pub enum Outcome<E> {
    /// The frame at the run's depth returned (or yielded) this value.
    Done(Value),
    /// It was left by an exception.
    Raised(Raise),
    /// The observer wanted to stop; all frames are saved.
    Exit(E),
}

/// What a handler that changes frames tells the loop.
pub enum Flow<E> {
    /// Go on with the registers as they are.
    Next,
    /// The frame whose caller is native code is finished.
    Done(Value),
    Exit(E),
    /// An exception was raised before the instruction that the registers stand at.
    RaisedBefore(Raise),
}

/// Runs the top frame until the frame at `depth` is done.
pub fn run<H: Hooks>(vm: &mut Vm, h: &mut H, depth: usize) -> Outcome<H::Exit> {
    let mut r = top_regs(vm);
    loop {
        let at = r.ip;
        if H::FOLLOWS {
            h.at(at);
        }
        if H::OBSERVES
            && let Some(exit) = h.instruction(vm, &r)
        {
            save_top(vm, &r);
            return Outcome::Exit(exit);
        }
        if H::TRACES && vm.tracing.is_due(at) {
            match tracing::tick(vm, &r) {
                Ok(tracing::Tick::GoOn) => {}
                Ok(tracing::Tick::Jumped) => {
                    r = top_regs(vm);
                    continue;
                }
                Ok(tracing::Tick::Switch) => {
                    save_top(vm, &r);
                    return Outcome::Exit(H::switch());
                }
                Err(raise) => match flow::unwind(vm, raise, r.offset_of(at), depth) {
                    Ok(()) => {
                        r = top_regs(vm);
                        continue;
                    }
                    Err(raise) => return Outcome::Raised(raise),
                },
            }
        }
        let done = match step(vm, h, &mut r, at) {
            Ok(Flow::Next) => continue,
            Ok(Flow::Done(value)) => return Outcome::Done(value),
            Ok(Flow::Exit(exit)) => {
                save_top(vm, &r);
                return Outcome::Exit(exit);
            }
            Ok(Flow::RaisedBefore(raise)) => {
                let at = r.ip;
                r.aside(|r| raised(vm, h, r, at, depth, raise))
            }
            Err(raise) => r.aside(|r| raised(vm, h, r, at, depth, raise)),
        };
        if let Some(done) = done {
            return done;
        }
    }
}

/// The instruction at `at` has raised something: an exception, or a question.
#[inline(never)]
fn raised<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    at: *const u8,
    depth: usize,
    mut raise: Raise,
) -> Option<Outcome<H::Exit>> {
    if vm.is_question(raise) {
        match vm.grant_instruction(r, at) {
            Ok(()) if vm.wants_switch(h.is_traced()) => {
                save_top(vm, r);
                return Some(Outcome::Exit(H::switch()));
            }
            Ok(()) => return None,
            Err(other) => raise = other,
        }
    }
    fact!(h, vm, Fact::Raised);
    match flow::unwind(vm, raise, r.offset_of(at), depth) {
        Ok(()) => {
            *r = top_regs(vm);
            flow::state_caught(vm, h, r);
            None
        }
        Err(raise) => Some(Outcome::Raised(raise)),
    }
}

/// The registers of the top frame.
#[inline(always)]
pub(super) fn top_regs(vm: &Vm) -> Regs {
    Regs::load(&vm.stack, &vm.frames[vm.frames.len() - 1])
}

/// Writes the registers back into the top frame.
#[inline(always)]
pub(super) fn save_top(vm: &mut Vm, r: &Regs) {
    let top = vm.frames.len() - 1;
    r.save(&mut vm.frames[top]);
}

/// Python code may run that looks at the frames: the top one says at which instruction it waits.
#[inline(always)]
pub(super) fn save_place(vm: &mut Vm, r: &Regs) {
    let top = vm.frames.len() - 1;
    vm.frames[top].ip = r.offset_of(r.ip);
}

/// One instruction.
#[inline(always)]
fn step<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> R<Flow<H::Exit>> {
    let b = r.byte();
    match BASE[b as usize] {
        op::LOAD_FAST_MULTI => load::fast(vm, h, r, (b - op::LOAD_FAST_MULTI) as usize)?,
        op::STORE_FAST_MULTI => load::store_fast(vm, h, r, (b - op::STORE_FAST_MULTI) as usize),
        op::LOAD_CONST_SMALL_INT_MULTI => load::constant(vm, h, r, Value::small(b as i64 - 0x80)),
        op::LOAD_FAST_N => {
            let n = r.varuint();
            load::fast(vm, h, r, n)?
        }
        op::STORE_FAST_N => {
            let n = r.varuint();
            load::store_fast(vm, h, r, n)
        }
        op::LOAD_CONST_FALSE => load::constant(vm, h, r, Value::FALSE),
        op::LOAD_CONST_TRUE => load::constant(vm, h, r, Value::TRUE),
        op::LOAD_CONST_NONE => load::constant(vm, h, r, Value::NONE),
        op::LOAD_NULL => load::constant(vm, h, r, Value::NULL),
        op::LOAD_CONST_SMALL_INT => {
            let n = r.signed_varint();
            load::constant(vm, h, r, Value::small(n))
        }
        op::LOAD_CONST_STRING => {
            let name = r.qstr();
            load::constant(vm, h, r, name.into())
        }
        op::LOAD_CONST_OBJ => {
            let n = r.varuint();
            let value = r.code.unit.consts[n];
            load::constant(vm, h, r, value)
        }
        op::LOAD_GLOBAL => load::global(vm, h, r)?,
        op::LOAD_NAME => load::name(vm, h, r)?,
        op::STORE_GLOBAL => load::store_global(vm, h, r),
        op::STORE_NAME => load::store_name(vm, h, r),
        op::LOAD_DEREF => load::deref(vm, h, r)?,
        op::STORE_DEREF => load::store_deref(vm, h, r),
        op::DUP_TOP => load::dup(vm, h, r),
        op::DUP_TOP_TWO => load::dup_two(vm, h, r),
        op::POP_TOP => r.drop(1),
        op::ROT_TWO => load::rot_two(vm, h, r),
        op::ROT_THREE => load::rot_three(vm, h, r)?,
        op::LOAD_ATTR => return access::attr(vm, h, r),
        op::STORE_ATTR => access::store_attr(vm, h, r)?,
        op::LOAD_METHOD => access::method(vm, h, r)?,
        op::LOAD_SUPER_METHOD => r.aside(|r| access::super_method(vm, h, r))?,
        op::LOAD_SUBSCR => access::subscr(vm, h, r)?,
        op::STORE_SUBSCR => access::store_subscr(vm, h, r)?,
        op::UNARY_OP_MULTI => arith::unary(vm, h, r, b - op::UNARY_OP_MULTI)?,
        op::BINARY_OP_MULTI => arith::binary(vm, h, r, b - op::BINARY_OP_MULTI)?,
        op::JUMP => {
            let target = r.label();
            return jump(vm, h, r, at, target);
        }
        op::POP_JUMP_IF_TRUE => return pop_jump(vm, h, r, at, true),
        op::POP_JUMP_IF_FALSE => return pop_jump(vm, h, r, at, false),
        op::JUMP_IF_TRUE_OR_POP => flow::jump_or_pop(vm, h, r, true)?,
        op::JUMP_IF_FALSE_OR_POP => flow::jump_or_pop(vm, h, r, false)?,
        op::GET_ITER => iterate::get_iter(vm, h, r)?,
        op::GET_ITER_STACK => iterate::get_iter_stack(vm, h, r)?,
        op::FOR_ITER => return iterate::for_iter(vm, h, r, at),
        op::CALL_FUNCTION => {
            let n = r.varuint();
            return calls::function(vm, h, r, n);
        }
        op::CALL_METHOD => {
            let n = r.varuint();
            return calls::method(vm, h, r, n);
        }
        op::CALL_FUNCTION_VAR_KW => r.aside(|r| calls::star(vm, h, r, false))?,
        op::CALL_METHOD_VAR_KW => r.aside(|r| calls::star(vm, h, r, true))?,
        op::RETURN_VALUE => return flow::return_value(vm, h, r, at),
        op::YIELD_VALUE => return yields::yield_value(vm, h, r),
        op::YIELD_FROM => return r.aside(|r| yields::yield_from(vm, h, r, at)),
        _ => return rare(vm, h, r, at),
    }
    Ok(Flow::Next)
}

/// Instructions that need not be fast.
#[inline(always)]
fn rare<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> R<Flow<H::Exit>> {
    // The byte was consumed by `step`.
    match r.peek_byte(-1) {
        op::DELETE_GLOBAL | op::DELETE_NAME => r.aside(|r| load::delete_name(vm, h, r, at))?,
        op::DELETE_FAST => r.aside(|r| load::delete_fast(vm, h, r))?,
        op::DELETE_DEREF => r.aside(|r| load::delete_deref(vm, h, r))?,
        op::BUILD_TUPLE => build::tuple(vm, h, r),
        op::BUILD_LIST => build::list(vm, h, r),
        op::BUILD_MAP => build::map(vm, h, r)?,
        op::BUILD_SET => build::set(vm, h, r)?,
        op::BUILD_SLICE => build::slice(vm, h, r)?,
        op::STORE_MAP => build::store_map(vm, h, r)?,
        op::STORE_COMP => build::store_comp(vm, h, r)?,
        op::UNPACK_SEQUENCE => build::unpack_sequence(vm, h, r)?,
        op::UNPACK_EX => r.aside(|r| build::unpack_ex(vm, h, r, false))?,
        op::UNPACK_EX_WIDE => r.aside(|r| build::unpack_ex(vm, h, r, true))?,
        op::MAKE_FUNCTION => r.aside(|r| build::make_function(vm, h, r, false)),
        op::MAKE_FUNCTION_DEFARGS => r.aside(|r| build::make_function(vm, h, r, true)),
        op::MAKE_CLOSURE => r.aside(|r| build::make_closure(vm, h, r, false, false)),
        op::MAKE_CLOSURE_DEFARGS => r.aside(|r| build::make_closure(vm, h, r, true, false)),
        op::MAKE_CLOSURE_WIDE => r.aside(|r| build::make_closure(vm, h, r, false, true)),
        op::MAKE_CLOSURE_DEFARGS_WIDE => r.aside(|r| build::make_closure(vm, h, r, true, true)),
        op::JUMP_FAR => {
            let target = r.far_label();
            return jump(vm, h, r, at, target);
        }
        op::LOAD_BUILD_CLASS => r.aside(|r| build::load_build_class(vm, h, r))?,
        op::IMPORT_NAME => r.aside(|r| build::import_name(vm, h, r))?,
        op::IMPORT_FROM => r.aside(|r| build::import_from(vm, h, r))?,
        op::IMPORT_STAR => r.aside(|r| build::import_star(vm, h, r))?,
        op::SETUP_EXCEPT => {
            let handler = r.forward_label();
            flow::setup(vm, h, r, handler, false)
        }
        op::SETUP_FINALLY => {
            let handler = r.forward_label();
            flow::setup(vm, h, r, handler, true)
        }
        op::SETUP_EXCEPT_FAR | op::SETUP_FINALLY_FAR => {
            let is_finally = r.peek_byte(-1) == op::SETUP_FINALLY_FAR;
            let handler = r.far_label();
            flow::setup(vm, h, r, handler, is_finally)
        }
        op::SETUP_WITH => {
            let handler = r.forward_label();
            r.aside(|r| flow::setup_with(vm, h, r, handler))?
        }
        op::SETUP_WITH_FAR => {
            let handler = r.far_label();
            r.aside(|r| flow::setup_with(vm, h, r, handler))?
        }
        op::WITH_CLEANUP => r.aside(|r| flow::with_cleanup(vm, h, r))?,
        op::POP_EXCEPT_JUMP => flow::pop_except_jump(vm, h, r),
        op::UNWIND_JUMP => r.aside(|r| flow::unwind_jump(vm, h, r)),
        op::END_FINALLY => return r.aside(|r| flow::end_finally(vm, h, r, at)),
        op::RAISE_OBJ => return Err(r.aside(|r| flow::raise_obj(vm, h, r))),
        op::RAISE_FROM => return Err(r.aside(|r| flow::raise_from(vm, h, r))),
        op::RAISE_LAST => return Err(flow::raise_last(vm, h)),
        _ => return Err(vm.not_implemented("opcode")),
    }
    Ok(Flow::Next)
}

#[inline(always)]
fn pop_jump<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8, when: bool) -> R<Flow<H::Exit>> {
    let target = r.label();
    let truth = arith::test(vm, h, r)?;
    if flow::decide(r, truth, when, false) { jump(vm, h, r, at, target) } else { Ok(Flow::Next) }
}

/// Jumps; backwards, the observer and the collector get their chance.
#[inline(always)]
fn jump<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    at: *const u8,
    target: *const u8,
) -> R<Flow<H::Exit>> {
    r.ip = target;
    if H::TRACES {
        vm.tracing.jumps(target <= at);
    }
    if target <= at {
        if ATTENTION.load(std::sync::atomic::Ordering::Relaxed) && attend(vm, *r, h.is_traced())? {
            return Ok(Flow::Exit(H::switch()));
        }
        if let Some(exit) = h.back_edge(vm, r, target) {
            return Ok(Flow::Exit(exit));
        }
    }
    Ok(Flow::Next)
}

/// A collection is due, a signal has come, or callbacks were set. True if not this instantiation is to go on (`traces`
/// tells which one this is).
#[cold]
#[inline(never)]
pub(super) fn attend(vm: &mut Vm, r: Regs, traces: bool) -> R<bool> {
    save_top(vm, &r);
    vm.attend()?;
    Ok(vm.wants_switch(traces))
}
