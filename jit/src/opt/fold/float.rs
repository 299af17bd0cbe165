//! Rules for floats.

use crate::ir::float_fn::{FLOAT_FUNCTIONS, FloatFn};
use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Ref};

use super::super::emit::{Emitter, Step};

pub fn fold(emitter: &mut Emitter, op: Op) -> Step {
    let [a, b, _] = op.args;
    match (emitter.const_float(a), emitter.const_float(b)) {
        (Some(x), _) if op.code.operands() == "f" => unary(emitter, op, x),
        (None, _) if op.code.operands() == "f" => twice(emitter, op),
        (Some(x), Some(y)) => constants(emitter, op, x, y),
        (Some(x), None) if x == 1.0 && op.code == OpCode::FloatMul => Step::Is(b),
        (None, Some(y)) => with_constant(emitter, op, y),
        (None, None) if commutes(op.code) && a > b => Step::Next(Op { args: [b, a, Ref::NONE], ..op }),
        _ => Step::Next(op),
    }
}

fn commutes(code: OpCode) -> bool {
    matches!(code, OpCode::FloatAdd | OpCode::FloatMul | OpCode::FloatEq | OpCode::FloatNe)
}

fn unary(emitter: &mut Emitter, op: Op, x: f64) -> Step {
    match op.code {
        OpCode::FloatNeg => emitter.is_float(-x),
        OpCode::FloatAbs => emitter.is_float(x.abs()),
        OpCode::FloatSqrt => emitter.is_float(x.sqrt()),
        OpCode::FloatCall1 => match FLOAT_FUNCTIONS[op.imm as usize].1 {
            FloatFn::One(function) => emitter.is_float(function(x)),
            FloatFn::Two(_) => Step::Next(op),
        },
        OpCode::FloatToIntOvf if x.abs() < (1u64 << 62) as f64 => emitter.is_int(x as i64),
        _ => Step::Next(op),
    }
}

fn twice(emitter: &Emitter, op: Op) -> Step {
    let negated = emitter.inside(op.args[0], OpCode::FloatNeg);
    match (op.code, negated) {
        (OpCode::FloatNeg, Some(inner)) => Step::Is(inner),
        (OpCode::FloatAbs, Some(inner)) => Step::Again(Op { args: [inner, Ref::NONE, Ref::NONE], ..op }),
        (OpCode::FloatAbs, None) if emitter.inside(op.args[0], OpCode::FloatAbs).is_some() => {
            Step::Is(op.args[0])
        }
        _ => Step::Next(op),
    }
}

fn constants(emitter: &mut Emitter, op: Op, x: f64, y: f64) -> Step {
    use OpCode::*;
    match op.code {
        FloatAdd => emitter.is_float(x + y),
        FloatSub => emitter.is_float(x - y),
        FloatMul => emitter.is_float(x * y),
        FloatDiv if y != 0.0 => emitter.is_float(x / y),
        FloatLt => emitter.is_bool(x < y),
        FloatLe => emitter.is_bool(x <= y),
        FloatGt => emitter.is_bool(x > y),
        FloatGe => emitter.is_bool(x >= y),
        FloatEq => emitter.is_bool(x == y),
        FloatNe => emitter.is_bool(x != y),
        FloatCall2 => match FLOAT_FUNCTIONS[op.imm as usize].1 {
            FloatFn::Two(function) => emitter.is_float(function(x, y)),
            FloatFn::One(_) => Step::Next(op),
        },
        _ => Step::Next(op),
    }
}

fn with_constant(emitter: &mut Emitter, op: Op, y: f64) -> Step {
    let x = op.args[0];
    match op.code {
        OpCode::FloatMul | OpCode::FloatDiv if y == 1.0 => Step::Is(x),
        OpCode::FloatMul | OpCode::FloatDiv if y == -1.0 => {
            Step::Again(Op { code: OpCode::FloatNeg, args: [x, Ref::NONE, Ref::NONE], ..op })
        }
        OpCode::FloatSub if y == 0.0 && y.is_sign_positive() => Step::Is(x),
        OpCode::FloatAdd if y == 0.0 && y.is_sign_negative() => Step::Is(x),
        OpCode::FloatDiv => divide(emitter, op, y),
        _ => Step::Next(op),
    }
}

/// Dividing by a power of two is multiplying by its reciprocal, exactly, if both are normal.
fn divide(emitter: &mut Emitter, op: Op, y: f64) -> Step {
    let power_of_two = y.to_bits() & ((1 << 52) - 1) == 0;
    if power_of_two && y.is_normal() && (1.0 / y).is_normal() {
        let reciprocal = emitter.out.float(1.0 / y);
        return Step::Again(Op { code: OpCode::FloatMul, args: [op.args[0], reciprocal, Ref::NONE], ..op });
    }
    Step::Next(op)
}

#[cfg(test)]
mod tests {
    use crate::opt::testing::check_linear;

    #[test]
    fn only_exact_identities() {
        check_linear(
            "fold,dce",
            "[%a:float]
            %1 = float_add(%a, 0.0)
            %2 = float_sub(%a, 0.0)
            %3 = float_mul(1.0, %a)
            %4 = float_truediv(%a, 4.0)
            %5 = float_truediv(%a, 3.0)
            %6 = float_mul(%a, 0.0)
            guard_poll() @0[0=%1, 1=%2, 2=%3, 3=%4, 4=%5, 5=%6]
            finish(None)",
            "[%a:float]
            %1 = float_add(%a, 0.0)
            %4 = float_mul(%a, 0.25)
            %5 = float_truediv(%a, 3.0)
            %6 = float_mul(%a, 0.0)
            guard_poll() @0[0=%1, 1=%a, 2=%a, 3=%4, 4=%5, 5=%6]
            finish(None)",
        );
    }

    #[test]
    fn constants() {
        check_linear(
            "fold,dce",
            "%1 = call_pure_ff(7.5, 2.0, mod)
            %2 = float_neg(%1)
            guard_poll() @0[0=%2]
            finish(None)",
            "guard_poll() @0[0=-1.5]
            finish(None)",
        );
    }
}
