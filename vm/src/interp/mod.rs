//! The interpreter: one source, generic over [`hooks::Hooks`].
//!
//! `run` is the loop; the handlers are grouped by what they do. A handler is small, generic over the hooks and always
//! inlined; what is rare or slow is an operation of `runtime`, reached through the table in `residual`.

pub mod hooks;
pub mod frame;
pub mod run;
mod load;
mod access;
mod arith;
mod build;
mod calls;
mod enter;
mod iterate;
mod flow;
mod yields;
pub mod residual;
mod star;
mod unpack;
pub mod standard;

use crate::error::{R, Raise};
use crate::vm::Vm;

/// Runs the frame at `depth`, with `raise` raised at its current instruction.
pub fn throw_into(vm: &mut Vm, depth: usize, raise: Raise) -> R {
    if let Some(result) = yields::throw_to_inner(vm, raise) {
        match result {
            Ok(value) => return Ok(value),
            Err(raise) => return run_after_unwind(vm, depth, raise),
        }
    }
    run_after_unwind(vm, depth, raise)
}

fn run_after_unwind(vm: &mut Vm, depth: usize, raise: Raise) -> R {
    if let Some(frame) = vm.frames.last_mut() {
        // The saved position is behind the instruction that was interrupted.
        frame.ip = frame.ip.max(1);
    }
    match flow::unwind_saved(vm, raise, depth) {
        Ok(()) => {
            let executor = vm.executor.clone();
            executor.run(vm, depth)
        }
        Err(raise) => Err(raise),
    }
}
