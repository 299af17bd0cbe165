//! The interpreter: one source, generic over [`hooks::Hooks`].
//!
//! `run` is the loop; the handlers are grouped by what they do. A handler is small, generic over the hooks and always
//! inlined; what is rare or slow is an operation of `runtime`, reached through the table in `residual`.

mod access;
mod arith;
mod build;
mod calls;
mod enter;
pub mod flow;
pub mod frame;
pub mod frames;
pub mod hooks;
mod iterate;
pub mod lines;
mod load;
pub mod residual;
pub mod run;
pub mod standard;
mod star;
pub mod tracing;
mod unpack;
mod yields;

pub use flow::handled;

use crate::error::{R, Raise};
use crate::object::value::Value;
use crate::vm::Vm;

/// Runs the frame at `depth` with `thrown`, an exception or a class to make one of, raised at its current instruction.
/// An iterator that the frame delegates to gets it first, and as it is.
pub fn throw_into(vm: &mut Vm, depth: usize, thrown: Value) -> R {
    if let Err(raise) = tracing::entered(vm) {
        return run_after_unwind(vm, depth, raise);
    }
    match yields::throw_to_inner(vm, thrown) {
        Some(Ok(value)) => Ok(value),
        Some(Err(raise)) => run_after_unwind(vm, depth, raise),
        None => {
            let raise = vm.make_exception(thrown).map_or_else(|raise| raise, Raise);
            run_after_unwind(vm, depth, raise)
        }
    }
}

/// Finds the handler for `raise`, raised by the instruction at offset `at` of the top frame, no deeper than frame
/// `depth`. On success the frame that handles it is on top, ready to run.
pub fn unwind(vm: &mut Vm, raise: Raise, at: u32, depth: usize) -> R<()> {
    flow::unwind(vm, raise, at, depth)
}

/// The top frame stands at a FOR_ITER whose step has given the value on top of the stack: goes on behind it.
pub fn finish_iteration(vm: &mut Vm) {
    let mut r = run::top_regs(vm);
    let item = r.pop();
    r.byte();
    let end = r.forward_label();
    if item == Value::STOP {
        r.drop(4);
        r.ip = end;
    } else {
        r.push(item);
    }
    run::save_top(vm, &r);
}

/// The top frame stands at a conditional jump, and the truth of the value on top of its stack has been found: goes on
/// behind the test.
pub fn finish_test(vm: &mut Vm, truth: bool) {
    let mut r = run::top_regs(vm);
    flow::finish_test(&mut r, truth);
    run::save_top(vm, &r);
}

/// The top frame has returned `value`: pops it and gives the value to whoever called it. `Some` if that is native code.
pub fn finish_frame(vm: &mut Vm, value: Value) -> Option<Value> {
    if vm.frames.last()?.is_watched() {
        tracing::retire(vm);
    }
    let frame = vm.frames.pop()?;
    if frame.ret == frame::Ret::Native {
        return Some(value);
    }
    if matches!(frame.ret, frame::Ret::Push | frame::Ret::PushAndLook) {
        let mut r = run::top_regs(vm);
        r.push(value);
        run::save_top(vm, &r);
    }
    None
}

fn run_after_unwind(vm: &mut Vm, depth: usize, raise: Raise) -> R {
    if let Some(frame) = vm.frames.last_mut() {
        // The saved position is behind the instruction that was interrupted.
        frame.ip = frame.ip.max(1);
    }
    match flow::unwind_saved(vm, raise, depth) {
        Ok(()) => {
            let executor = vm.executor.clone();
            executor.go_on(vm, depth)
        }
        Err(raise) => Err(raise),
    }
}
