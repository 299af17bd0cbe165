//! Rules for words: boxing undone, identity, tuples made in the trace.

use vm::object::kind::Kind;
use vm::object::value::Value;

use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Ref};

use super::super::emit::{Emitter, Step};

pub fn fold(emitter: &mut Emitter, op: Op) -> Step {
    match op.code {
        OpCode::UnboxInt | OpCode::UnboxFloat => unbox(emitter, op),
        OpCode::BoxInt | OpCode::BoxFloat | OpCode::BoxBool => make_box(emitter, op),
        OpCode::RefEq => identity(emitter, op),
        OpCode::GuardValue => guard_value(emitter, op),
        OpCode::TupleGet | OpCode::TupleAt | OpCode::TupleLen => tuple(emitter, op),
        _ => Step::Next(op),
    }
}

fn unbox(emitter: &mut Emitter, op: Op) -> Step {
    let (int, a) = (op.code == OpCode::UnboxInt, op.args[0]);
    if let Some(inner) = emitter.inside(a, if int { OpCode::BoxInt } else { OpCode::BoxFloat }) {
        return Step::Is(inner);
    }
    match emitter.const_value(a) {
        Some(value) if int => value.as_small().map_or(Step::Next(op), |n| emitter.is_int(n)),
        Some(value) => value.as_float().map_or(Step::Next(op), |f| emitter.is_float(f)),
        None => Step::Next(op),
    }
}

fn make_box(emitter: &mut Emitter, op: Op) -> Step {
    let a = op.args[0];
    let word = match op.code {
        OpCode::BoxInt => emitter.const_int(a).and_then(Value::try_small),
        OpCode::BoxBool => emitter.const_bool(a).map(Value::bool),
        _ => None,
    };
    if let Some(word) = word {
        return Step::Is(emitter.out.value(word));
    }
    let unboxing = if op.code == OpCode::BoxInt { OpCode::UnboxInt } else { OpCode::UnboxFloat };
    emitter.inside(a, unboxing).map_or(Step::Next(op), Step::Is)
}

fn identity(emitter: &mut Emitter, op: Op) -> Step {
    let [a, b, _] = op.args;
    if a == b {
        return emitter.is_bool(true);
    }
    if distinct(emitter, a, b) {
        return emitter.is_bool(false);
    }
    match (emitter.inside(a, OpCode::BoxBool), emitter.const_value(b)) {
        (Some(inner), Some(Value::TRUE)) => Step::Is(inner),
        (Some(inner), Some(_)) => {
            Step::Again(Op { code: OpCode::BoolNot, args: [inner, Ref::NONE, Ref::NONE], ..op })
        }
        _ => ints(emitter, op, OpCode::IntEq),
    }
}

/// Identity of small ints is equality.
fn ints(emitter: &mut Emitter, op: Op, code: OpCode) -> Step {
    let [a, b, _] = op.args;
    match (emitter.unboxed_int(a), emitter.unboxed_int(b)) {
        (Some(x), Some(y)) => Step::Again(Op { code, args: [x, y, Ref::NONE], ..op }),
        _ => Step::Next(op),
    }
}

/// Two words that cannot be the same.
fn distinct(emitter: &Emitter, a: Ref, b: Ref) -> bool {
    let differ = |x: Option<Kind>, y: Option<Kind>| x.is_some() && y.is_some() && x != y;
    let constants = emitter.const_value(a).zip(emitter.const_value(b)).is_some_and(|(x, y)| x != y);
    constants || differ(emitter.kind(a), emitter.kind(b)) || fresh_and_other(emitter, a, b)
}

/// One is made after the other has come into being.
fn fresh_and_other(emitter: &Emitter, a: Ref, b: Ref) -> bool {
    let fresh =
        |r: Ref| emitter.def(r).is_some_and(|op| op.code.flags().alloc && op.code != OpCode::BoxFloat);
    let older = |x: Ref, y: Ref| x.as_op().is_none_or(|x| y.as_op().is_some_and(|y| x < y));
    fresh(a) && (fresh(b) || older(b, a)) || fresh(b) && older(a, b)
}

fn guard_value(emitter: &mut Emitter, op: Op) -> Step {
    let [r, constant, _] = op.args;
    if r == constant {
        return Step::Gone;
    }
    if distinct(emitter, r, constant) {
        return Step::Fails;
    }
    let wants = emitter.const_value(constant);
    if let Some(inner) = emitter.inside(r, OpCode::BoxBool) {
        let code = if wants == Some(Value::TRUE) { OpCode::GuardTrue } else { OpCode::GuardFalse };
        return Step::Again(Op { code, args: [inner, Ref::NONE, Ref::NONE], ..op });
    }
    if let (Some(n), Some(x)) = (wants.and_then(Value::as_small), emitter.inside(r, OpCode::BoxInt)) {
        let n = emitter.out.int(n);
        let equal = emitter.emit_plain(OpCode::IntEq, &[x, n]);
        return Step::Again(Op { code: OpCode::GuardTrue, args: [equal, Ref::NONE, Ref::NONE], ..op });
    }
    Step::Next(op)
}

fn tuple(emitter: &mut Emitter, op: Op) -> Step {
    let index = match op.code {
        OpCode::TupleGet => Some(op.imm as usize),
        _ => emitter.const_int(op.args[1]).map(|n| n as usize),
    };
    if let Some(made) = emitter.def(op.args[0]).filter(|made| made.code == OpCode::NewTuple) {
        let items = emitter.out.operands_of(made);
        match index.and_then(|n| items.get(n)) {
            Some(item) => return Step::Is(emitter.resolve(*item)),
            None if op.code == OpCode::TupleLen => return emitter.is_int(items.len() as i64),
            None => return Step::Next(op),
        }
    }
    match (op.code, index, emitter.facts.of(op.args[0]).tuple_len) {
        (OpCode::TupleAt, Some(n), _) => Step::Again(Op {
            code: OpCode::TupleGet,
            imm: n as u64,
            args: [op.args[0], Ref::NONE, Ref::NONE],
            ..op
        }),
        (OpCode::TupleLen, _, Some(len)) => emitter.is_int(len as i64),
        _ => Step::Next(op),
    }
}

impl Emitter<'_> {
    /// The number in a word that holds a box made here or a constant.
    fn unboxed_int(&mut self, r: Ref) -> Option<Ref> {
        let constant = self.const_value(r).and_then(Value::as_small);
        constant.map(|n| self.out.int(n)).or_else(|| self.inside(r, OpCode::BoxInt))
    }
}

#[cfg(test)]
mod tests {
    use crate::opt::testing::check_linear;

    #[test]
    fn boxes_are_undone() {
        check_linear(
            "fold,guards,dce",
            "[%a:int, %f:float]
            %1 = box_int(%a)
            guard_int(%1) @0[]
            %2 = unbox_int(%1)
            %3 = box_float(%f)
            guard_class(%3, Float) @0[]
            %4 = unbox_float(%3)
            %5 = float_add(%4, %4)
            guard_poll() @1[0=%2, 1=%5, 2=%1, 3=%3]
            finish(None)",
            "[%a:int, %f:float]
            %5 = float_add(%f, %f)
            guard_poll() @1[0=%a, 1=%5, 2=%a, 3=%f]
            finish(None)",
        );
    }

    #[test]
    fn tuples_made_here() {
        check_linear(
            "fold,guards,dce",
            "[%a:ref, %b:ref]
            %1 = new_tuple(%a, %b)
            guard_class(%1, Tuple) @0[]
            guard_tuple_len(%1, 2) @0[]
            %2 = gettupleitem(%1, 1)
            %3 = tuple_len(%1)
            %4 = ptr_eq(%1, %a)
            guard_false(%4) @0[]
            guard_poll() @1[0=%2, 1=%3]
            finish(None)",
            "[%a:ref, %b:ref]
            guard_poll() @1[0=%b, 1=2]
            finish(None)",
        );
    }
}
