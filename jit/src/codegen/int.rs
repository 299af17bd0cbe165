//! Arithmetic on ints, which are held shifted left by one.
//!
//! Division by a constant multiplies by a reciprocal. With `s` the sign mask of the shifted dividend `a`, `a ^ s` is
//! `2x` or `2(-x-1)+1`, not negative and below 2^63; its quotient by `2d`, with the sign mask applied again, is the
//! floored quotient `x // d` whatever the sign. [`Reciprocal`] says why it is exact.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

use super::CodegenError;
use super::lower::{Lower, Lowered};
use crate::ir::op::OpCode;
use crate::ir::trace::Op;

/// `t / 2d == (t * multiplier) >> (64 + shift)` for `t` below 2^63; `d` is at least 3 and no power of two.
///
/// With `2^(l-1) < d < 2^l`, `shift = l` and `multiplier = floor(2^(64+l) / 2d) + 1`, which fits 64 bits. So
/// `multiplier * 2d` exceeds `2^(64+l)` by at most `2d < 2^(l+1)`, and `t` times that excess stays below `2^(64+l)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Reciprocal {
    multiplier: u64,
    shift: u32,
}

impl Reciprocal {
    fn of(d: u64) -> Reciprocal {
        let shift = 64 - d.leading_zeros();
        let exact = (1u128 << (64 + shift - 1)) / d as u128;
        Reciprocal { multiplier: (exact + 1) as u64, shift }
    }
}

impl Lower<'_, '_, '_> {
    pub fn int(&mut self, n: usize, op: &Op) -> Lowered {
        if let Some(compare) = comparison(op.code) {
            let (a, b) = self.pair(op)?;
            return Ok(Some(self.b.ins().icmp(compare, a, b)));
        }
        let value = match op.code {
            OpCode::IntAddOvf | OpCode::IntSubOvf | OpCode::IntMulOvf => self.checked(n, op)?,
            OpCode::IntLshiftOvf => self.left_shift(n, op)?,
            OpCode::IntRshift => self.right_shift(op)?,
            OpCode::IntMul => {
                let (a, b) = self.factors(op)?;
                self.b.ins().imul(a, b)
            }
            OpCode::IntFloorDiv => self.floor_div(op)?,
            OpCode::IntMod => self.modulo(op)?,
            OpCode::IntInvert => {
                let value = self.value(op.args[0])?;
                self.b.ins().bxor_imm_s(value, -2)
            }
            OpCode::IntAdd | OpCode::IntSub | OpCode::IntAnd | OpCode::IntOr | OpCode::IntXor => {
                let (a, b) = self.pair(op)?;
                self.direct(op.code, a, b)
            }
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    fn direct(&mut self, code: OpCode, a: Value, b: Value) -> Value {
        let ins = self.b.ins();
        match code {
            OpCode::IntAdd => ins.iadd(a, b),
            OpCode::IntSub => ins.isub(a, b),
            OpCode::IntAnd => ins.band(a, b),
            OpCode::IntOr => ins.bor(a, b),
            _ => ins.bxor(a, b),
        }
    }

    fn checked(&mut self, n: usize, op: &Op) -> Result<Value, CodegenError> {
        if let Some(k) = self.const_int(op.args[1]).filter(|_| op.code != OpCode::IntMulOvf) {
            return self.checked_step(n, op, k);
        }
        let (a, b) = if op.code == OpCode::IntMulOvf { self.factors(op)? } else { self.pair(op)? };
        let ins = self.b.ins();
        let (value, overflow) = match op.code {
            OpCode::IntAddOvf => ins.sadd_overflow(a, b),
            OpCode::IntSubOvf => ins.ssub_overflow(a, b),
            _ => ins.smul_overflow(a, b),
        };
        self.guard(n, overflow, false)?;
        Ok(value)
    }

    /// A sum or difference with a constant that overflows lies on the wrong side of the other operand: comparing is one
    /// instruction less than asking for the flag.
    fn checked_step(&mut self, n: usize, op: &Op, k: i64) -> Result<Value, CodegenError> {
        let (a, b) = self.pair(op)?;
        let adds = op.code == OpCode::IntAddOvf;
        let result = if adds { self.b.ins().iadd(a, b) } else { self.b.ins().isub(a, b) };
        let wrong = if (k < 0) == adds { IntCC::SignedGreaterThan } else { IntCC::SignedLessThan };
        let overflow = self.b.ins().icmp(wrong, result, a);
        self.guard(n, overflow, false)?;
        Ok(result)
    }

    /// One factor plain, the other shifted: so the product is shifted once.
    fn factors(&mut self, op: &Op) -> Result<(Value, Value), CodegenError> {
        if let Some(k) = self.const_int(op.args[1]) {
            let a = self.value(op.args[0])?;
            return Ok((a, self.b.ins().iconst(types::I64, k)));
        }
        let b = self.value(op.args[1])?;
        Ok((self.plain_int(op.args[0])?, b))
    }

    /// An int operand as a plain number.
    pub fn plain_int(&mut self, r: crate::ir::trace::Ref) -> Result<Value, CodegenError> {
        if let Some(k) = self.const_int(r) {
            return Ok(self.b.ins().iconst(types::I64, k));
        }
        let shifted = self.value(r)?;
        Ok(self.b.ins().sshr_imm_s(shifted, 1))
    }

    /// Shifts there and back; what is lost would not fit.
    fn left_shift(&mut self, n: usize, op: &Op) -> Result<Value, CodegenError> {
        let a = self.value(op.args[0])?;
        let count = self.plain_int(op.args[1])?;
        if self.const_int(op.args[1]).is_none_or(|k| !(0..64).contains(&k)) {
            let sane = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, count, 64);
            self.guard(n, sane, true)?;
        }
        let value = self.b.ins().ishl(a, count);
        let back = self.b.ins().sshr(value, count);
        let same = self.b.ins().icmp(IntCC::Equal, back, a);
        self.guard(n, same, true)?;
        Ok(value)
    }

    fn right_shift(&mut self, op: &Op) -> Result<Value, CodegenError> {
        let a = self.value(op.args[0])?;
        let count = self.plain_int(op.args[1])?;
        let value = self.b.ins().sshr(a, count);
        Ok(self.b.ins().band_imm_s(value, -2))
    }

    fn floor_div(&mut self, op: &Op) -> Result<Value, CodegenError> {
        let a = self.value(op.args[0])?;
        match self.const_int(op.args[1]) {
            Some(1) => Ok(a),
            Some(-1) => Ok(self.b.ins().ineg(a)),
            Some(d) if d > 1 => Ok(self.floor_div_const(a, d)),
            _ => {
                let b = self.value(op.args[1])?;
                let (quotient, _, inexact) = self.divide(a, b);
                // The flag is 1 where the truncated quotient is one too big.
                let wide = self.b.ins().uextend(types::I64, inexact);
                let floored = self.b.ins().isub(quotient, wide);
                Ok(self.b.ins().ishl_imm_s(floored, 1))
            }
        }
    }

    fn modulo(&mut self, op: &Op) -> Result<Value, CodegenError> {
        let a = self.value(op.args[0])?;
        match self.const_int(op.args[1]) {
            Some(1 | -1) => Ok(self.b.ins().iconst(types::I64, 0)),
            Some(d) if d > 1 && (d as u64).is_power_of_two() => Ok(self.b.ins().band_imm_s(a, 2 * (d - 1))),
            Some(d) if d > 1 => {
                let quotient = self.floor_div_const(a, d);
                let d = self.b.ins().iconst(types::I64, d);
                let product = self.b.ins().imul(quotient, d);
                Ok(self.b.ins().isub(a, product))
            }
            _ => {
                let b = self.value(op.args[1])?;
                let (_, rest, inexact) = self.divide(a, b);
                let zero = self.b.ins().iconst(types::I64, 0);
                let correction = self.b.ins().select(inexact, b, zero);
                Ok(self.b.ins().iadd(rest, correction))
            }
        }
    }

    /// Truncated quotient (plain), rest (shifted), and whether flooring has to correct them.
    fn divide(&mut self, a: Value, b: Value) -> (Value, Value, Value) {
        let ins = self.b.ins();
        let quotient = ins.sdiv(a, b);
        let product = self.b.ins().imul(quotient, b);
        let rest = self.b.ins().isub(a, product);
        let signs = self.b.ins().bxor(rest, b);
        let differ = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, signs, 0);
        let some = self.b.ins().icmp_imm_s(IntCC::NotEqual, rest, 0);
        (quotient, rest, self.b.ins().band(differ, some))
    }

    /// `a // d`, shifted; `d` is above 1.
    fn floor_div_const(&mut self, a: Value, d: i64) -> Value {
        if (d as u64).is_power_of_two() {
            let value = self.b.ins().sshr_imm_s(a, d.trailing_zeros() as i64);
            return self.b.ins().band_imm_s(value, -2);
        }
        let reciprocal = Reciprocal::of(d as u64);
        let sign = self.b.ins().sshr_imm_s(a, 63);
        let positive = self.b.ins().bxor(a, sign);
        let multiplier = self.b.ins().iconst(types::I64, reciprocal.multiplier as i64);
        let high = self.b.ins().umulhi(positive, multiplier);
        let quotient = self.b.ins().ushr_imm_s(high, reciprocal.shift as i64);
        let signed = self.b.ins().bxor(quotient, sign);
        self.b.ins().ishl_imm_s(signed, 1)
    }
}

fn comparison(code: OpCode) -> Option<IntCC> {
    Some(match code {
        OpCode::IntLt => IntCC::SignedLessThan,
        OpCode::IntLe => IntCC::SignedLessThanOrEqual,
        OpCode::IntGt => IntCC::SignedGreaterThan,
        OpCode::IntGe => IntCC::SignedGreaterThanOrEqual,
        OpCode::IntEq => IntCC::Equal,
        OpCode::IntNe => IntCC::NotEqual,
        OpCode::UintLt => IntCC::UnsignedLessThan,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reciprocals_are_exact() {
        let divisors = [3, 5, 6, 7, 9, 10, 11, 100, 641, 1000, 1_000_000_007, (1 << 61) + 1, (1 << 62) - 1];
        for d in divisors {
            let r = Reciprocal::of(d);
            let quotient = |t: u64| ((t as u128 * r.multiplier as u128) >> (64 + r.shift)) as u64;
            let top = (1u64 << 63) - 1;
            let last = top / (2 * d) * 2 * d;
            for t in [0, 1, 2 * d - 1, 2 * d, 2 * d + 1, last - 1, last, last + 1, top - 1, top, 1 << 62] {
                assert_eq!(quotient(t.min(top)), t.min(top) / (2 * d), "{t} / 2*{d}");
            }
        }
    }
}
