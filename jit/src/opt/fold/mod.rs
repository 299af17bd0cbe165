//! Folding: operations whose result follows from their operands alone.
//!
//! Each rule is exact: the same bits as the operation it replaces, for every operand the operation is defined on. For
//! floats that leaves little (`x + 0.0` is not `x` for -0.0, `x * 0.0` is not `0.0` for infinities).

mod float;
mod int;
mod object;

#[cfg(test)]
pub use int::{arithmetic, compare};
use vm::object::value::Value;

use crate::ir::op::OpCode;
use crate::ir::trace::{Const, Op, Ref};

use super::emit::{Emitter, Step};

pub fn before(emitter: &mut Emitter, op: Op) -> Step {
    match op.code {
        OpCode::BoolNot | OpCode::BoolAnd | OpCode::GuardTrue | OpCode::GuardFalse => boolean(emitter, op),
        code if code.operands().starts_with('i') && code != OpCode::BoxInt => int::fold(emitter, op),
        code if code.operands().starts_with('f') && code != OpCode::BoxFloat => float::fold(emitter, op),
        _ => object::fold(emitter, op),
    }
}

pub fn after(_: &mut Emitter, _: &Op, _: Ref) {}

impl Emitter<'_> {
    pub fn const_int(&self, r: Ref) -> Option<i64> {
        match self.out.const_of(r) {
            Some(Const::Int(n)) => Some(n),
            _ => None,
        }
    }

    pub fn const_float(&self, r: Ref) -> Option<f64> {
        match self.out.const_of(r) {
            Some(Const::Float(bits)) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub fn const_bool(&self, r: Ref) -> Option<bool> {
        match self.out.const_of(r) {
            Some(Const::Bool(b)) => Some(b),
            _ => None,
        }
    }

    pub fn const_value(&self, r: Ref) -> Option<Value> {
        match self.out.const_of(r) {
            Some(Const::Ref(bits)) => Some(Value::from_bits(bits)),
            _ => None,
        }
    }

    /// The operand of `r` if it is made by such an operation.
    pub fn inside(&self, r: Ref, code: OpCode) -> Option<Ref> {
        self.def(r).filter(|op| op.code == code).map(|op| self.resolve(op.args[0]))
    }

    pub fn is_int(&mut self, n: i64) -> Step {
        Step::Is(self.out.int(n))
    }

    fn is_float(&mut self, f: f64) -> Step {
        Step::Is(self.out.float(f))
    }

    pub fn is_bool(&mut self, b: bool) -> Step {
        Step::Is(self.out.boolean(b))
    }
}

fn boolean(emitter: &mut Emitter, op: Op) -> Step {
    let [a, b, _] = op.args;
    match (op.code, emitter.const_bool(a)) {
        (OpCode::GuardTrue, Some(c)) => {
            if c {
                Step::Gone
            } else {
                Step::Fails
            }
        }
        (OpCode::GuardFalse, Some(c)) => {
            if c {
                Step::Fails
            } else {
                Step::Gone
            }
        }
        (OpCode::BoolNot, Some(c)) => emitter.is_bool(!c),
        (OpCode::BoolNot, None) => not(emitter, op),
        (OpCode::BoolAnd, Some(c)) => {
            if c {
                Step::Is(b)
            } else {
                emitter.is_bool(false)
            }
        }
        (OpCode::BoolAnd, None) if a == b => Step::Is(a),
        (OpCode::BoolAnd, None) => match emitter.const_bool(b) {
            Some(c) => {
                if c {
                    Step::Is(a)
                } else {
                    emitter.is_bool(false)
                }
            }
            None => Step::Next(op),
        },
        _ => match emitter.inside(a, OpCode::BoolNot) {
            Some(inner) => {
                Step::Again(Op { code: opposite_guard(op.code), args: [inner, Ref::NONE, Ref::NONE], ..op })
            }
            None => Step::Next(op),
        },
    }
}

fn opposite_guard(code: OpCode) -> OpCode {
    if code == OpCode::GuardTrue { OpCode::GuardFalse } else { OpCode::GuardTrue }
}

fn not(emitter: &Emitter, op: Op) -> Step {
    let Some(def) = emitter.def(op.args[0]) else { return Step::Next(op) };
    if def.code == OpCode::BoolNot {
        return Step::Is(emitter.resolve(def.args[0]));
    }
    match inverse(def.code) {
        Some(code) => Step::Again(Op { code, args: def.args.map(|r| emitter.resolve(r)), ..op }),
        None => Step::Next(op),
    }
}

/// The comparison that is true exactly when this one is not; an order of floats has none, because of NaN.
pub fn inverse(code: OpCode) -> Option<OpCode> {
    use OpCode::*;
    Some(match code {
        IntLt => IntGe,
        IntGe => IntLt,
        IntGt => IntLe,
        IntLe => IntGt,
        IntEq => IntNe,
        IntNe => IntEq,
        FloatEq => FloatNe,
        FloatNe => FloatEq,
        _ => return None,
    })
}

/// The comparison with its operands exchanged.
pub fn swapped(code: OpCode) -> OpCode {
    use OpCode::*;
    match code {
        IntLt => IntGt,
        IntGt => IntLt,
        IntLe => IntGe,
        IntGe => IntLe,
        FloatLt => FloatGt,
        FloatGt => FloatLt,
        FloatLe => FloatGe,
        FloatGe => FloatLe,
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use crate::opt::testing::check_linear;

    #[test]
    fn conditions() {
        check_linear(
            "fold,cse,dce",
            "[%a:int, %b:int]
            %c = int_lt(%a, %b)
            %d = bool_not(%c)
            %e = bool_not(%d)
            guard_false(%d) @1[0=%e]
            guard_true(true) @2[]
            %f = bool_and(%c, true)
            guard_true(%f) @3[]
            finish(None)",
            "[%a:int, %b:int]
            %c = int_lt(%a, %b)
            %d = int_ge(%a, %b)
            guard_false(%d) @1[0=%c]
            guard_true(%c) @3[]
            finish(None)",
        );
    }
}
