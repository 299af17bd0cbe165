//! Ending a trace: values in the form that the target wants, everything else back into the frame.

use vm::interp::frame::Slot;
use vm::object::kind::Kind;

use super::Recorder;
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::Ref;

impl Recorder<'_> {
    /// Emits an operation on words that makes an object.
    pub fn make(&mut self, code: OpCode, words: &[Ref], imm: u64) -> Ref {
        if code.operands() == "*" {
            return self.emit_pooled(code, words, imm);
        }
        self.emit(code, words, imm)
    }

    /// Slot `n` of the base frame.
    pub fn base_slot(&self, n: u16) -> Slot {
        self.base.wrapping_add(n as usize)
    }

    /// The slot is held as an unboxed bool.
    pub fn holds_bool(&self, n: u16) -> bool {
        self.shadow.get(n as usize).is_some_and(|r| *r != Ref::NONE && self.trace.ty(*r) == Ty::Bool)
    }

    /// The slot's value as this type, guarded if it has to be.
    pub fn slot_as(&mut self, n: u16, ty: Ty) -> Ref {
        let slot = self.base_slot(n);
        match ty {
            Ty::Int => {
                self.kind(slot, Kind::Int);
                self.as_int(slot)
            }
            Ty::Float => {
                self.kind(slot, Kind::Float);
                self.as_float(slot)
            }
            Ty::Bool => self.get(slot),
            _ => self.as_ref(slot),
        }
    }

    /// The loop takes for granted that this int lies between the two bounds.
    pub fn guard_range(&mut self, value: Ref, unbounded: bool, lo: i64, hi: i64) {
        if unbounded {
            return;
        }
        for (code, bound) in [(OpCode::IntGe, lo), (OpCode::IntLe, hi)] {
            let bound = self.trace.int(bound);
            let holds = self.emit(code, &[value, bound], 0);
            self.guard_bool(holds, true);
        }
    }

    /// Writes all changed slots of the base frame to memory.
    pub fn flush_dirty(&mut self) {
        self.flush_others(&[]);
    }

    /// Writes the changed slots of the base frame to memory, but these.
    pub fn flush_others(&mut self, carried: &[u16]) {
        for (slot, value) in self.dirty_slots() {
            if !carried.contains(&slot) {
                let value = self.boxed(value);
                self.emit(OpCode::SlotStore, &[value], slot as u64);
            }
        }
    }
}
