//! `x ** 0.5` as a square root that gives what `pow` gives, bit for bit.
//!
//! `sqrt` is rounded correctly and `pow` is not quite: about one result in a thousand differs in its last bit. Where
//! they can differ is known beforehand. `fma(-s, s, x)` is what is missing from `s * s` to `x`, exactly, and twice `s`
//! times the error of `s`. If that error is at most 0.45 units in the last place, any neighbour of `s` is more than
//! 0.55 away from the true root; but the error of the system's `pow` is below that (glibc and musl state 0.52 to 0.54).
//! In the other cases, one in ten, `pow` itself is called, through a stub that clobbers no register.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value, types};

use super::lower::{Lower, TRUSTED};
use super::{CodegenError, context};
use crate::ir::float_fn::float_function;
use crate::ir::op::OpCode;
use crate::ir::trace::{Const, Op};

/// 0.9 units in the last place of a number whose power of two is 1.
const TOLERANCE: f64 = 0.9 * f64::EPSILON;
/// Below, the missing part would not be exact.
const SMALLEST: f64 = 1e-200;
const EXPONENT: u64 = 0x7ff0_0000_0000_0000;

impl Lower<'_, '_, '_> {
    /// The stub to call, if this is `x ** 0.5` and the machine can multiply and add in one step.
    pub fn root_stub(&self, op: &Op) -> Option<usize> {
        let half = Const::Float(0.5f64.to_bits());
        let is_root = op.code == OpCode::FloatCall2
            && float_function("pow") == Some(op.imm)
            && self.trace.const_of(op.args[1]) == Some(half);
        self.stubs.root.filter(|_| is_root)
    }

    pub fn root(&mut self, op: &Op, stub: usize) -> Result<Value, CodegenError> {
        let x = self.value(op.args[0])?;
        let s = self.b.ins().sqrt(x);
        let negative = self.b.ins().fneg(s);
        let missing = self.b.ins().fma(negative, s, x);
        let missing = self.b.ins().fabs(missing);
        let limit = self.tolerance(s);
        let sure = self.b.ins().fcmp(FloatCC::LessThanOrEqual, missing, limit);
        let smallest = self.b.ins().f64const(SMALLEST);
        let normal = self.b.ins().fcmp(FloatCC::GreaterThan, x, smallest);
        let both = self.b.ins().band(sure, normal);

        let [slow, done] = [(); 2].map(|()| self.b.create_block());
        self.b.set_cold_block(slow);
        let result = self.b.append_block_param(done, types::F64);
        self.b.ins().brif(both, done, &[BlockArg::Value(s)], slow, &[]);
        self.b.switch_to_block(slow);
        self.mark_helper("pow");
        let signature = self.root_sig();
        let stub = self.address(stub);
        self.b.ins().call_indirect(signature, stub, &[self.ctx, x]);
        self.unmark_helper();
        let exact = self.b.ins().load(types::F64, TRUSTED, self.ctx, context::FRESH);
        self.b.ins().jump(done, &[BlockArg::Value(exact)]);
        self.b.switch_to_block(done);
        Ok(result)
    }

    /// `2 * s` times 0.45 units in the last place of `s`.
    fn tolerance(&mut self, s: Value) -> Value {
        let bits = self.b.ins().bitcast(types::I64, MemFlagsData::new(), s);
        let mask = self.b.ins().iconst(types::I64, EXPONENT as i64);
        let exponent = self.b.ins().band(bits, mask);
        let power = self.b.ins().bitcast(types::F64, MemFlagsData::new(), exponent);
        let tolerance = self.b.ins().f64const(TOLERANCE);
        let unit = self.b.ins().fmul(power, tolerance);
        self.b.ins().fmul(unit, s)
    }
}
