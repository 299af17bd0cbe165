//! Rules for small ints.

use vm::object::value::{SMALL_MAX, SMALL_MIN};
use vm::runtime::number::{floor_div, floor_mod};

use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Op, Ref};

use super::super::emit::{Emitter, Step};
use super::swapped;

pub fn fold(emitter: &mut Emitter, op: Op) -> Step {
    let [a, b, _] = op.args;
    match (emitter.const_int(a), emitter.const_int(b)) {
        (Some(x), _) if op.code.operands() == "i" => unary(emitter, op, x),
        (Some(x), Some(y)) => constants(emitter, op, x, y),
        (Some(_), None) if swaps(op.code) => {
            Step::Again(Op { code: swapped(op.code), args: [b, a, Ref::NONE], ..op })
        }
        (None, Some(y)) => with_constant(emitter, op, y),
        (None, None) if a == b => same(emitter, op),
        (None, None) if commutes(op.code) && a > b => Step::Next(Op { args: [b, a, Ref::NONE], ..op }),
        _ => double_invert(emitter, op),
    }
}

fn commutes(code: OpCode) -> bool {
    use OpCode::*;
    matches!(code, IntAddOvf | IntMulOvf | IntAdd | IntMul | IntAnd | IntOr | IntXor | IntEq | IntNe)
}

/// The operation can be written with its operands exchanged.
fn swaps(code: OpCode) -> bool {
    use OpCode::*;
    commutes(code) || matches!(code, IntLt | IntLe | IntGt | IntGe)
}

fn double_invert(emitter: &Emitter, op: Op) -> Step {
    match emitter.inside(op.args[0], OpCode::IntInvert) {
        Some(inner) if op.code == OpCode::IntInvert => Step::Is(inner),
        _ => Step::Next(op),
    }
}

fn unary(emitter: &mut Emitter, op: Op, x: i64) -> Step {
    match op.code {
        OpCode::IntInvert => emitter.is_int(!x),
        OpCode::IntToFloat => emitter.is_float(x as f64),
        _ => Step::Next(op),
    }
}

fn constants(emitter: &mut Emitter, op: Op, x: i64, y: i64) -> Step {
    if op.ty == Ty::Bool {
        return compare(op.code, x, y).map_or(Step::Next(op), |b| emitter.is_bool(b));
    }
    match arithmetic(op.code, x, y) {
        Some(n) if (SMALL_MIN..=SMALL_MAX).contains(&n) => emitter.is_int(n),
        None if !op.code.flags().guard => Step::Next(op),
        _ => Step::Fails,
    }
}

/// `None`: it does not fit 64 bits, or is not defined.
pub fn arithmetic(code: OpCode, x: i64, y: i64) -> Option<i64> {
    use OpCode::*;
    match code {
        IntAddOvf | IntAdd => x.checked_add(y),
        IntSubOvf | IntSub => x.checked_sub(y),
        IntMulOvf | IntMul => x.checked_mul(y),
        IntLshiftOvf => (0..=62).contains(&y).then(|| x.checked_mul(1 << y)).flatten(),
        IntFloorDiv if y != 0 => Some(floor_div(x, y)),
        IntMod if y != 0 => Some(floor_mod(x, y)),
        IntAnd => Some(x & y),
        IntOr => Some(x | y),
        IntXor => Some(x ^ y),
        IntRshift if (0..=62).contains(&y) => Some(x >> y),
        _ => None,
    }
}

pub fn compare(code: OpCode, x: i64, y: i64) -> Option<bool> {
    use OpCode::*;
    Some(match code {
        IntLt => x < y,
        IntLe => x <= y,
        IntGt => x > y,
        IntGe => x >= y,
        IntEq => x == y,
        IntNe => x != y,
        UintLt => (x as u64) < (y as u64),
        _ => return None,
    })
}

fn with_constant(emitter: &mut Emitter, op: Op, y: i64) -> Step {
    use OpCode::*;
    let x = op.args[0];
    match (op.code, y) {
        (IntAddOvf | IntAdd | IntSubOvf | IntSub | IntOr | IntXor | IntRshift | IntLshiftOvf, 0) => {
            Step::Is(x)
        }
        (IntMulOvf | IntMul | IntFloorDiv, 1) | (IntAnd, -1) => Step::Is(x),
        (IntMulOvf | IntMul | IntAnd, 0) | (IntMod, 1) => emitter.is_int(0),
        (IntMulOvf | IntMul, -1) => {
            let zero = emitter.out.int(0);
            Step::Again(Op {
                code: if op.code == IntMul { IntSub } else { IntSubOvf },
                args: [zero, x, Ref::NONE],
                ..op
            })
        }
        (UintLt, 0) => emitter.is_bool(false),
        (IntMod, y) if y > 0 && y & (y - 1) == 0 => again(emitter, op, IntAnd, y - 1),
        (IntFloorDiv, y) if y > 0 && y & (y - 1) == 0 => {
            again(emitter, op, IntRshift, y.trailing_zeros().into())
        }
        _ => Step::Next(op),
    }
}

fn again(emitter: &mut Emitter, op: Op, code: OpCode, y: i64) -> Step {
    let y = emitter.out.int(y);
    Step::Again(Op { code, args: [op.args[0], y, Ref::NONE], ..op })
}

fn same(emitter: &mut Emitter, op: Op) -> Step {
    use OpCode::*;
    match op.code {
        IntSubOvf | IntSub | IntXor => emitter.is_int(0),
        IntAnd | IntOr => Step::Is(op.args[0]),
        IntLe | IntGe | IntEq => emitter.is_bool(true),
        IntLt | IntGt | IntNe | UintLt => emitter.is_bool(false),
        _ => Step::Next(op),
    }
}

#[cfg(test)]
mod tests {
    use crate::opt::testing::check_linear;

    #[test]
    fn identities() {
        check_linear(
            "fold,dce",
            "[%a:int, %b:int]
            %1 = int_add_ovf(%a, 0) @0[]
            %2 = int_mul_ovf(1, %1) @0[]
            %3 = int_sub_ovf(%2, %a) @0[]
            %4 = int_mod(%b, 8)
            %5 = int_floordiv(%b, 4)
            %6 = int_lt(3, %b)
            guard_true(%6) @1[0=%1, 1=%3, 2=%4, 3=%5]
            finish(None)",
            "[%a:int, %b:int]
            %4 = int_and(%b, 7)
            %5 = int_rshift(%b, 2)
            %6 = int_gt(%b, 3)
            guard_true(%6) @1[0=%a, 1=0, 2=%4, 3=%5]
            finish(None)",
        );
    }

    #[test]
    fn constants() {
        check_linear(
            "fold,dce",
            "%1 = int_mul_ovf(6, 7) @0[]
            %2 = int_mod(-7, 3)
            %3 = int_floordiv(-7, 2)
            %4 = uint_lt(-1, 5)
            %5 = cast_int_to_float(3)
            guard_poll() @0[0=%1, 1=%2, 2=%3, 3=%4, 4=%5]
            finish(None)",
            "guard_poll() @0[0=42, 1=2, 2=-4, 3=false, 4=3.0]
            finish(None)",
        );
    }
}
