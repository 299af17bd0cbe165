//! Arithmetic on literals, done at compile time as MicroPython does it: only where a whole chain of operators of
//! one precedence is constant, and only where no exception can come of it.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use super::ast::{Expr, ExprKind, TupleForm};
use crate::bytecode::{BinaryOp, Const, UnaryOp};

/// Integers that `.mpy` files hold in the instruction: 31 bits.
const SMALL_INTS: std::ops::RangeInclusive<i64> = -(1 << 30)..=(1 << 30) - 1;

/// Results larger than this many bits are left to run time.
const MAX_BITS: u64 = 1 << 20;

/// A number that arithmetic can be done with; bools and complex numbers are left alone.
#[derive(Debug, Clone)]
pub(super) enum Number {
    Int(BigInt),
    Float(f64),
}

impl Number {
    pub(super) fn of(expr: &Expr) -> Option<Number> {
        match &expr.kind {
            ExprKind::SmallInt(value) => Some(Number::Int(BigInt::from(*value))),
            ExprKind::Const(Const::Int(value)) => Some(Number::Int(value.clone())),
            ExprKind::Const(Const::Float(value)) => Some(Number::Float(*value)),
            _ => None,
        }
    }

    /// The node for a number; the line only counts if it is not a small integer.
    pub(super) fn into_expr(self, line: u32) -> Expr {
        match self {
            Number::Float(value) => Expr::new(line, ExprKind::Const(Const::Float(value))),
            Number::Int(value) => match value.to_i64().filter(|value| SMALL_INTS.contains(value)) {
                Some(small) => Expr::word(ExprKind::SmallInt(small)),
                None => Expr::new(line, ExprKind::Const(Const::Int(value))),
            },
        }
    }

    fn to_float(&self) -> Option<f64> {
        match self {
            Number::Int(value) => value.to_f64().filter(|value| value.is_finite()),
            Number::Float(value) => Some(*value),
        }
    }
}

/// The value of a chain of operators, if it has one.
pub(super) fn binary(first: &Expr, rest: &[(BinaryOp, Expr)]) -> Option<Number> {
    rest.iter().try_fold(Number::of(first)?, |left, (op, right)| apply(*op, &left, &Number::of(right)?))
}

pub(super) fn unary(op: UnaryOp, operand: &Expr) -> Option<Number> {
    Some(match (op, Number::of(operand)?) {
        (UnaryOp::Positive, value) => value,
        (UnaryOp::Negative, Number::Int(value)) => Number::Int(-value),
        (UnaryOp::Negative, Number::Float(value)) => Number::Float(-value),
        (UnaryOp::Invert, Number::Int(value)) => Number::Int(!value),
        _ => return None,
    })
}

fn apply(op: BinaryOp, left: &Number, right: &Number) -> Option<Number> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => apply_ints(op, left, right),
        _ => apply_floats(op, left.to_float()?, right.to_float()?),
    }
}

fn apply_ints(op: BinaryOp, left: &BigInt, right: &BigInt) -> Option<Number> {
    Some(Number::Int(match op {
        BinaryOp::Or => left | right,
        BinaryOp::Xor => left ^ right,
        BinaryOp::And => left & right,
        BinaryOp::Lshift => left << bits(left, right)?,
        BinaryOp::Rshift => shift_right(left, right)?,
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::FloorDivide if !right.is_zero() => left.div_floor(right),
        BinaryOp::Modulo if !right.is_zero() => left.mod_floor(right),
        BinaryOp::Power if !right.is_negative() => power(left, right)?,
        BinaryOp::TrueDivide | BinaryOp::Power => {
            return apply_floats(op, left.to_f64()?, right.to_f64()?);
        }
        _ => return None,
    }))
}

fn bits(left: &BigInt, by: &BigInt) -> Option<u64> {
    by.to_u64().filter(|by| left.bits().saturating_add(*by) <= MAX_BITS)
}

fn shift_right(left: &BigInt, by: &BigInt) -> Option<BigInt> {
    if by.is_negative() {
        return None;
    }
    // Beyond the last bit nothing changes any more.
    Some(left >> by.to_u64().unwrap_or(u64::MAX).min(left.bits() + 1))
}

fn power(base: &BigInt, exponent: &BigInt) -> Option<BigInt> {
    let exponent = exponent.to_u32()?;
    (base.bits().saturating_mul(u64::from(exponent)) <= MAX_BITS).then(|| base.pow(exponent))
}

fn apply_floats(op: BinaryOp, left: f64, right: f64) -> Option<Number> {
    Some(Number::Float(match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::TrueDivide if right != 0.0 => left / right,
        BinaryOp::FloorDivide if right != 0.0 => floor_divide(left, right),
        BinaryOp::Modulo if right != 0.0 => modulo(left, right),
        BinaryOp::Power => float_power(left, right)?,
        _ => return None,
    }))
}

/// The result has the sign of the divisor.
fn modulo(left: f64, right: f64) -> f64 {
    let rest = left % right;
    if rest == 0.0 {
        0.0_f64.copysign(right)
    } else if (rest < 0.0) != (right < 0.0) {
        rest + right
    } else {
        rest
    }
}

fn floor_divide(left: f64, right: f64) -> f64 {
    let rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest != 0.0 && (rest < 0.0) != (right < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0.0_f64.copysign(left / right);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

fn float_power(base: f64, exponent: f64) -> Option<f64> {
    let divides_by_zero = base == 0.0 && exponent < 0.0 && exponent.is_finite();
    let is_complex = base < 0.0 && exponent != exponent.floor() && !exponent.is_nan();
    (!divides_by_zero && !is_complex).then(|| base.powf(exponent))
}

impl Expr {
    /// Whether `as_const` gives a value.
    pub(crate) fn is_const(&self) -> bool {
        match &self.kind {
            ExprKind::SmallInt(_) | ExprKind::Str(_) | ExprKind::Const(_) => true,
            ExprKind::None | ExprKind::True | ExprKind::False | ExprKind::Ellipsis => true,
            ExprKind::Tuple { items, form } => *form == TupleForm::Parenthesised && items.is_empty(),
            _ => false,
        }
    }

    /// `Some(true)` or `Some(false)` for a constant.
    pub(crate) fn truth(&self, names: &super::names::Names) -> Option<bool> {
        Some(match &self.kind {
            ExprKind::SmallInt(value) => *value != 0,
            ExprKind::Str(name) => !names.text(*name).is_empty(),
            ExprKind::Const(value) => truth_of_const(value),
            ExprKind::None | ExprKind::False => false,
            ExprKind::True | ExprKind::Ellipsis => true,
            ExprKind::Tuple { .. } if self.is_const() => false,
            _ => return None,
        })
    }
}

fn truth_of_const(value: &Const) -> bool {
    match value {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::FunTable => true,
        Const::Str(text) | Const::Bytes(text) => !text.is_empty(),
        Const::Int(value) => !value.is_zero(),
        Const::Float(value) => *value != 0.0,
        Const::Complex(real, imag) => *real != 0.0 || *imag != 0.0,
        Const::Tuple(items) => !items.is_empty(),
    }
}
