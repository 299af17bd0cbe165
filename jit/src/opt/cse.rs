//! Common subexpressions: a pure operation on the same operands has the same result.
//!
//! An operation that leaves on overflow is pure too: where the first has passed, the second would. It shares its key
//! with the form that needs no check. Boxes of floats count as pure: Python code cannot rely on their identity.

use rustc_hash::FxHashMap;

use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Op, Ref};

use super::emit::{Emitter, Step};

type Key = (OpCode, [Ref; 3], u64);

/// Values at hand.
#[derive(Default)]
pub struct Cse {
    values: FxHashMap<Key, Ref>,
}

fn key(op: &Op) -> Key {
    let code = match op.code {
        OpCode::IntAddOvf => OpCode::IntAdd,
        OpCode::IntSubOvf => OpCode::IntSub,
        OpCode::IntMulOvf => OpCode::IntMul,
        code => code,
    };
    (code, op.args, op.imm)
}

fn shares(op: &Op) -> bool {
    let pure = op.code.flags().pure || matches!(op.code, OpCode::SlotLoad | OpCode::BoxFloat);
    pure && op.ty != Ty::Void && op.code.operands() != "*"
}

pub fn before(emitter: &mut Emitter, op: Op) -> Step {
    if !shares(&op) {
        return Step::Next(op);
    }
    match emitter.cse.values.get(&key(&op)) {
        Some(known) => Step::Is(emitter.resolve(*known)),
        None => Step::Next(op),
    }
}

pub fn after(emitter: &mut Emitter, op: &Op, result: Ref) {
    if shares(op) {
        emitter.cse.values.insert(key(op), result);
    }
}

impl Emitter<'_> {
    /// The value of a pure operation, if it is at hand.
    pub fn available(&self, code: OpCode, args: &[Ref]) -> Option<Ref> {
        self.cse.values.get(&key(&Op::new(code, args, 0))).map(|r| self.resolve(*r))
    }
}
