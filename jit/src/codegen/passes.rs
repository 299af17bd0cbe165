//! How often a loop has come round since it was entered, for the log's counters, at no cost to the loop if possible.
//!
//! Adding in memory would slow small loops down, and so does one more addition in a register: a loop of ten instructions
//! took a tenth longer. But most loops count for themselves: the position in a range moves by the same step with each
//! pass. Then what it was at first is kept in the fragment's frame, and the exits, which are cold, divide. Loops that
//! have nothing of the kind get a register.

use cranelift_codegen::ir::{BlockArg, InstBuilder, StackSlot, StackSlotData, StackSlotKind, Value, types};

use super::lower::Lower;
use crate::ir::op::{OpCode, Ty};

/// Where the number of passes comes from, and the address of the counter that it goes to when the loop is left.
#[derive(Clone, Copy)]
pub struct Passes {
    pub address: u64,
    source: Source,
}

#[derive(Clone, Copy)]
enum Source {
    /// A parameter that moves by `step`, as ints are held; its first value lies in the slot.
    Moves { now: Value, first: StackSlot, step: i64 },
    /// A parameter of its own.
    Counted(Value),
}

impl Lower<'_, '_, '_> {
    /// Parameter and step of what moves with each pass.
    pub fn mover(&self) -> Option<(usize, i64)> {
        let end = self.trace.ops.len().checked_sub(1)?;
        let arguments = self.trace.operands(end).iter().enumerate();
        arguments.filter(|(k, _)| self.trace.params[*k] == Ty::Int).find_map(|(k, next)| {
            let next = &self.trace.ops[next.as_op()?];
            let adds = matches!(next.code, OpCode::IntAdd | OpCode::IntAddOvf);
            let from = &self.trace.ops[next.args[0].as_op().filter(|_| adds)?];
            let step = self.const_int(next.args[1])?.checked_mul(2).filter(|step| *step != 0)?;
            (from.code == OpCode::Param && from.imm == k as u64).then_some((k, step))
        })
    }

    /// Counts the passes of a loop about to be entered with these arguments; `now` is the header's parameter that moves.
    pub fn count_moves(&mut self, address: u64, now: Value, first: Value, step: i64) -> Passes {
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, 8, 3);
        let slot = self.b.create_sized_stack_slot(slot);
        self.b.ins().stack_store(types::I64, first, slot, 0);
        Passes { address, source: Source::Moves { now, first: slot, step } }
    }

    /// The loop is left: its counter gets what it has come to.
    pub fn note_passes(&mut self, passes: Passes) {
        let number = match passes.source {
            Source::Counted(number) => number,
            Source::Moves { now, first, step } => {
                let first = self.b.ins().stack_load(types::I64, types::I64, first, 0);
                let moved = self.b.ins().isub(now, first);
                self.b.ins().sdiv_imm_s(moved, step)
            }
        };
        self.count(passes.address, number);
    }
}

impl Passes {
    /// `parameter` is one of the header's, 0 at first.
    pub fn counted(address: u64, parameter: Value) -> Passes {
        Passes { address, source: Source::Counted(parameter) }
    }

    /// What the jump back passes beyond the trace's own arguments.
    pub fn next(self, lower: &mut Lower<'_, '_, '_>) -> Option<BlockArg> {
        match self.source {
            Source::Counted(number) => Some(BlockArg::Value(lower.b.ins().iadd_imm_s(number, 1))),
            Source::Moves { .. } => None,
        }
    }
}
