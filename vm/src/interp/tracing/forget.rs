//! Callbacks that keep nothing of the frame they are given: its object serves the next frame, instead of being filled in
//! when its frame ends and collected afterwards.
//!
//! That is so if the callback is a function that does nothing with its first argument but read attributes that do not lead
//! back to it, and if meanwhile nobody has looked at the callback's own frame, where the argument is a local.

use super::Tracing;
use crate::bytecode::{Operand, instructions, op};
use crate::object::function::{Code, Function};
use crate::object::value::Value;

/// From what these attributes give nothing leads to the frame.
const HARMLESS: [&str; 6] = ["f_back", "f_builtins", "f_code", "f_globals", "f_lasti", "f_lineno"];

/// What is known of the callback.
#[derive(Default)]
pub(super) struct Forgetting {
    /// It does not hand its frame on.
    forgets: bool,
    /// Index of the frame that it runs in.
    callback: usize,
    /// That frame, or one above it, was looked at.
    was_seen: bool,
}

impl Tracing {
    /// This is the callback from now on.
    pub(super) fn look_at_callback(&mut self, callback: Value) {
        let function = callback.cast::<Function>();
        self.forget.forgets = function.is_some_and(|function| forgets(function.code));
    }

    /// It will run in the frame of this index.
    #[inline(always)]
    pub(super) fn begin_callback(&mut self, frame: usize) {
        self.forget.callback = frame;
        self.forget.was_seen = false;
    }

    /// The frame of this index gets an object.
    #[inline(always)]
    pub(super) fn object_made(&mut self, depth: usize) {
        self.forget.was_seen |= depth >= self.forget.callback;
    }

    /// The callback that ran last has kept nothing.
    #[inline(always)]
    pub(super) fn was_forgotten(&self) -> bool {
        self.forget.forgets && !self.forget.was_seen
    }
}

/// The function does not hand its first argument on.
fn forgets(code: &Code) -> bool {
    if !code.is_simple || code.n_pos != 3 || code.cells.contains(&0) {
        return false;
    }
    let mut is_held = false;
    for instr in instructions(code.ops) {
        let Ok(instr) = instr else { return false };
        if is_held {
            let name = || code.unit.qstrs.get(instr.arg as usize).map(|name| &*name.text);
            let is_harmless =
                instr.info.base == op::LOAD_ATTR && name().is_some_and(|name| HARMLESS.contains(&name));
            if !is_harmless {
                return false;
            }
        }
        let names_local =
            matches!(instr.info.operand, Operand::Local) || instr.info.base == op::LOAD_FAST_MULTI;
        let is_load = matches!(instr.info.base, op::LOAD_FAST_MULTI | op::LOAD_FAST_N | op::LOAD_DEREF);
        is_held = names_local && is_load && instr.arg == 0;
    }
    !is_held
}
