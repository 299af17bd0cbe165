//! Arithmetic on floats, and conversions between types.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Value, types};
use vm::object::value::Value as Word;

use super::CodegenError;
use super::lower::{Lower, Lowered};
use crate::ir::op::OpCode;
use crate::ir::trace::Op;

impl Lower<'_, '_, '_> {
    pub fn float(&mut self, n: usize, op: &Op) -> Lowered {
        let compare = match op.code {
            OpCode::FloatLt => Some(FloatCC::LessThan),
            OpCode::FloatLe => Some(FloatCC::LessThanOrEqual),
            OpCode::FloatGt => Some(FloatCC::GreaterThan),
            OpCode::FloatGe => Some(FloatCC::GreaterThanOrEqual),
            OpCode::FloatEq => Some(FloatCC::Equal),
            OpCode::FloatNe => Some(FloatCC::NotEqual),
            _ => None,
        };
        if let Some(compare) = compare {
            let (a, b) = self.pair(op)?;
            return Ok(Some(self.b.ins().fcmp(compare, a, b)));
        }
        match op.code {
            OpCode::FloatAdd | OpCode::FloatSub | OpCode::FloatMul | OpCode::FloatDiv => {
                let (a, b) = self.pair(op)?;
                let ins = self.b.ins();
                Ok(Some(match op.code {
                    OpCode::FloatAdd => ins.fadd(a, b),
                    OpCode::FloatSub => ins.fsub(a, b),
                    OpCode::FloatMul => ins.fmul(a, b),
                    _ => ins.fdiv(a, b),
                }))
            }
            OpCode::FloatNeg => self.value(op.args[0]).map(|v| Some(self.b.ins().fneg(v))),
            OpCode::FloatAbs => self.value(op.args[0]).map(|v| Some(self.b.ins().fabs(v))),
            OpCode::FloatSqrt => self.value(op.args[0]).map(|v| Some(self.b.ins().sqrt(v))),
            OpCode::FloatCall1 | OpCode::FloatCall2 => self.float_call(op).map(Some),
            OpCode::FloatToIntOvf => self.float_to_int(n, op).map(Some),
            OpCode::IntToFloat => {
                let shifted = self.value(op.args[0])?;
                let plain = self.b.ins().sshr_imm_s(shifted, 1);
                Ok(Some(self.b.ins().fcvt_from_sint(types::F64, plain)))
            }
            _ => Ok(None),
        }
    }

    /// Both operands.
    pub fn pair(&mut self, op: &Op) -> Result<(Value, Value), CodegenError> {
        Ok((self.value(op.args[0])?, self.value(op.args[1])?))
    }

    fn float_to_int(&mut self, n: usize, op: &Op) -> Result<Value, CodegenError> {
        const LIMIT: f64 = (1u64 << 62) as f64;
        let value = self.value(op.args[0])?;
        // No double lies between -2^62 and the next smaller int; NaN fails both.
        for (compare, limit) in [(FloatCC::GreaterThanOrEqual, -LIMIT), (FloatCC::LessThan, LIMIT)] {
            let limit = self.b.ins().f64const(limit);
            let fits = self.b.ins().fcmp(compare, value, limit);
            self.guard(n, fits, true)?;
        }
        let plain = self.b.ins().fcvt_to_sint_sat(types::I64, value);
        Ok(self.b.ins().ishl_imm_s(plain, 1))
    }

    pub fn between_types(&mut self, op: &Op) -> Lowered {
        match op.code {
            OpCode::BoolNot => self.value(op.args[0]).map(|v| Some(self.b.ins().bxor_imm_s(v, 1))),
            OpCode::BoolAnd => self.pair(op).map(|(a, b)| Some(self.b.ins().band(a, b))),
            OpCode::BoxBool => self.value(op.args[0]).map(|v| Some(self.box_bool(v))),
            OpCode::UnboxInt => self.value(op.args[0]).map(|v| Some(self.b.ins().iadd_imm_s(v, -1))),
            OpCode::BoxInt => self.value(op.args[0]).map(|v| Some(self.b.ins().bor_imm_s(v, 1))),
            OpCode::RefEq => {
                let (a, b) = self.pair(op)?;
                Ok(Some(self.b.ins().icmp(IntCC::Equal, a, b)))
            }
            _ => Ok(None),
        }
    }

    /// The words of False and True differ in one bit, by which the number is shifted.
    pub fn box_bool(&mut self, value: Value) -> Value {
        const _: () = assert!(Word::TRUE.bits() - Word::FALSE.bits() == 1 << 3);
        let wide = self.b.ins().uextend(types::I64, value);
        let bit = self.b.ins().ishl_imm_s(wide, 3);
        self.b.ins().iadd_imm_s(bit, Word::FALSE.bits() as i64)
    }
}
