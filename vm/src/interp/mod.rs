//! The interpreter: one source, generic over [`hooks::Hooks`].

pub mod frame;
pub mod standard;

use crate::error::{R, Raise};
use crate::vm::Vm;

/// Runs the frame at `depth`, with `raise` raised at its current instruction.
pub fn throw_into(_vm: &mut Vm, _depth: usize, raise: Raise) -> R {
    Err(raise)
}
