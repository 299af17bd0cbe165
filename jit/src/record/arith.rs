//! Operators on ints, floats and bools.

use vm::bytecode::BinaryOp;
use vm::interp::frame::Slot;
use vm::object::value::SMALL_MIN;

use super::Recorder;
use crate::ir::float_fn::float_function;
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Const, Ref};

impl Recorder<'_> {
    pub(super) fn int_op(&mut self, op: BinaryOp, to: Slot, a: Slot, b: Slot) {
        let (x, y) = (self.as_int(a), self.as_int(b));
        let result = match op {
            BinaryOp::Add => self.guard(OpCode::IntAddOvf, &[x, y], 0),
            BinaryOp::Subtract => self.guard(OpCode::IntSubOvf, &[x, y], 0),
            BinaryOp::Multiply => self.guard(OpCode::IntMulOvf, &[x, y], 0),
            BinaryOp::And => self.emit(OpCode::IntAnd, &[x, y], 0),
            BinaryOp::Or => self.emit(OpCode::IntOr, &[x, y], 0),
            BinaryOp::Xor => self.emit(OpCode::IntXor, &[x, y], 0),
            BinaryOp::FloorDivide => self.divide(OpCode::IntFloorDiv, x, y),
            BinaryOp::Modulo => self.divide(OpCode::IntMod, x, y),
            BinaryOp::Lshift => {
                self.guard_shift(y);
                self.guard(OpCode::IntLshiftOvf, &[x, y], 0)
            }
            _ => {
                self.guard_shift(y);
                self.emit(OpCode::IntRshift, &[x, y], 0)
            }
        };
        self.set(to, result);
    }

    /// Guards the divisor, so that the division cannot trap or overflow.
    fn divide(&mut self, code: OpCode, x: Ref, y: Ref) -> Ref {
        if self.trace.const_of(y).is_none() {
            let zero = self.trace.int(0);
            let nonzero = self.emit(OpCode::IntNe, &[y, zero], 0);
            self.guard_bool(nonzero, true);
        }
        if code == OpCode::IntFloorDiv && !matches!(self.trace.const_of(y), Some(Const::Int(n)) if n != -1) {
            let minimum = self.trace.int(SMALL_MIN);
            let above = self.emit(OpCode::IntGt, &[x, minimum], 0);
            self.guard_bool(above, true);
        }
        self.emit(code, &[x, y], 0)
    }

    fn guard_shift(&mut self, count: Ref) {
        if self.trace.const_of(count).is_none() {
            let limit = self.trace.int(63);
            let in_range = self.emit(OpCode::UintLt, &[count, limit], 0);
            self.guard_bool(in_range, true);
        }
    }

    pub(super) fn int_compare(&mut self, op: BinaryOp, to: Slot, a: Slot, b: Slot) {
        let (x, y) = (self.as_int(a), self.as_int(b));
        let code = match op {
            BinaryOp::Less => OpCode::IntLt,
            BinaryOp::More => OpCode::IntGt,
            BinaryOp::LessEqual => OpCode::IntLe,
            BinaryOp::MoreEqual => OpCode::IntGe,
            BinaryOp::NotEqual => OpCode::IntNe,
            _ => OpCode::IntEq,
        };
        let result = self.emit(code, &[x, y], 0);
        self.set(to, result);
    }

    pub(super) fn float_op(&mut self, op: BinaryOp, to: Slot, a: Slot, b: Slot) {
        let (x, y) = (self.as_float(a), self.as_float(b));
        let result = match op {
            BinaryOp::Add => self.emit(OpCode::FloatAdd, &[x, y], 0),
            BinaryOp::Subtract => self.emit(OpCode::FloatSub, &[x, y], 0),
            BinaryOp::Multiply => self.emit(OpCode::FloatMul, &[x, y], 0),
            BinaryOp::Power => self.power(x, y),
            _ => self.float_divide(op, x, y),
        };
        self.set(to, result);
    }

    fn float_divide(&mut self, op: BinaryOp, x: Ref, y: Ref) -> Ref {
        if self.trace.const_of(y).is_none() {
            let zero = self.trace.float(0.0);
            let nonzero = self.emit(OpCode::FloatNe, &[y, zero], 0);
            self.guard_bool(nonzero, true);
        }
        match op {
            BinaryOp::TrueDivide => self.emit(OpCode::FloatDiv, &[x, y], 0),
            BinaryOp::FloorDivide => self.float_call("floordiv", &[x, y]),
            _ => self.float_call("mod", &[x, y]),
        }
    }

    /// The interpreter takes this path for a positive base only.
    fn power(&mut self, x: Ref, y: Ref) -> Ref {
        let zero = self.trace.float(0.0);
        let positive = self.emit(OpCode::FloatGt, &[x, zero], 0);
        self.guard_bool(positive, true);
        self.float_call("pow", &[x, y])
    }

    /// A call of a function of `ir::float_fn`.
    pub(super) fn float_call(&mut self, name: &str, args: &[Ref]) -> Ref {
        let code = if args.len() == 1 { OpCode::FloatCall1 } else { OpCode::FloatCall2 };
        self.emit(code, args, float_function(name).unwrap_or(0))
    }

    pub(super) fn float_compare(&mut self, op: BinaryOp, to: Slot, a: Slot, b: Slot) {
        let (x, y) = (self.as_float(a), self.as_float(b));
        let code = match op {
            BinaryOp::Less => OpCode::FloatLt,
            BinaryOp::More => OpCode::FloatGt,
            BinaryOp::LessEqual => OpCode::FloatLe,
            BinaryOp::MoreEqual => OpCode::FloatGe,
            BinaryOp::NotEqual => OpCode::FloatNe,
            _ => OpCode::FloatEq,
        };
        let result = self.emit(code, &[x, y], 0);
        self.set(to, result);
    }

    pub(super) fn same(&mut self, to: Slot, a: Slot, b: Slot) {
        let (x, y) = (self.as_ref(a), self.as_ref(b));
        let result = self.emit(OpCode::RefEq, &[x, y], 0);
        self.set(to, result);
    }

    pub(super) fn int_negate(&mut self, to: Slot, from: Slot) {
        let (zero, x) = (self.trace.int(0), self.as_int(from));
        let result = self.guard(OpCode::IntSubOvf, &[zero, x], 0);
        self.set(to, result);
    }

    pub(super) fn int_invert(&mut self, to: Slot, from: Slot) {
        let x = self.as_int(from);
        let result = self.emit(OpCode::IntInvert, &[x], 0);
        self.set(to, result);
    }

    pub(super) fn float_negate(&mut self, to: Slot, from: Slot) {
        let x = self.as_float(from);
        let result = self.emit(OpCode::FloatNeg, &[x], 0);
        self.set(to, result);
    }

    pub(super) fn bool_not(&mut self, to: Slot, from: Slot) {
        let x = self.get(from);
        if self.trace.ty(x) == Ty::Bool {
            let result = self.emit(OpCode::BoolNot, &[x], 0);
            self.set(to, result);
        }
    }
}
