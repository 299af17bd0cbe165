//! Guards without operands: each asks a flag that only a call (or the next iteration) can change.

use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Ref};

use super::effects::runs_anything;
use super::emit::{Emitter, Step};

/// Flags asked since the last call.
#[derive(Default)]
pub struct Asked {
    invalidated: bool,
    poll: bool,
}

impl Asked {
    fn flag(&mut self, code: OpCode) -> Option<&mut bool> {
        match code {
            OpCode::GuardNotInvalidated => Some(&mut self.invalidated),
            OpCode::GuardPoll => Some(&mut self.poll),
            _ => None,
        }
    }
}

pub fn before(emitter: &mut Emitter, op: Op) -> Step {
    match emitter.asked.flag(op.code) {
        Some(true) => Step::Gone,
        _ => Step::Next(op),
    }
}

pub fn after(emitter: &mut Emitter, op: &Op, _: Ref) {
    // A dict may be a namespace.
    if runs_anything(op) || matches!(op.code, OpCode::DictPut | OpCode::DictInsert) {
        emitter.asked = Asked::default();
    } else if let Some(asked) = emitter.asked.flag(op.code) {
        *asked = true;
    }
}
