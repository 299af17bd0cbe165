//! Operators: small ints and floats here, everything else in `runtime::ops`.
#![expect(clippy::float_cmp, reason = "Python's == on floats is exact")]

use super::access::residual;
use super::frame::{Regs, Slot};
use super::hooks::{Fact, Hooks, fact};
use super::residual::Rt;
use crate::bytecode::{BinaryOp, UnaryOp};
use crate::error::R;
use crate::object::class::{Class, Instance};
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::{SMALL_MIN, Value};
use crate::runtime::lookup::Lookup;
use crate::runtime::number::{float_floor_div, float_mod, floor_div, floor_mod};
use crate::vm::Vm;

/// `n` is the operator's number, a constant in each arm of the run loop.
#[inline(always)]
pub fn binary<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, n: u8) -> R<()> {
    let Some(op) = BinaryOp::from_index(n) else { return Err(vm.not_implemented("opcode")) };
    let (a, b) = (r.peek(1), r.peek(0));
    if a.both_small(b) {
        if let Some(value) = small(op, a, b) {
            state_ints(vm, h, r, op);
            r.drop(1);
            r.poke(0, value);
            return Ok(());
        }
    } else if let Some((x, y)) = floats(a, b)
        && let Some(result) = float(op, x, y)
    {
        state_floats(vm, h, r, op, a, b);
        let value = match result {
            FloatResult::Float(f) => vm.float(f),
            FloatResult::Bool(b) => Value::bool(b),
        };
        r.drop(1);
        r.poke(0, value);
        return Ok(());
    }
    if op == BinaryOp::Is && is_by_identity(a) && is_by_identity(b) {
        return identical(vm, h, r, a, b);
    }
    if H::OBSERVES && observe_builtin(vm, h, r, op) {
        return Ok(());
    }
    let rt = if H::OBSERVES && are_plain(vm, h, r, op) { Rt::BinaryPlain } else { Rt::Binary };
    residual(vm, h, r, rt, 2, n as u64)
}

/// Operators on strings, dicts and sets that have facts of their own; for observers only.
fn observe_builtin<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, op: BinaryOp) -> bool {
    let (a, b) = (r.peek(1), r.peek(0));
    let (left, right) = (r.slot(1), r.slot(0));
    if op == BinaryOp::ExceptionMatch {
        return observe_match(vm, h, r);
    }
    let result = match (op, a.cast::<Str>(), b.cast::<Str>(), b.cast::<Dict>()) {
        (BinaryOp::Equal | BinaryOp::NotEqual, Some(x), Some(y), _) => {
            fact!(h, vm, Fact::Kind { slot: left, kind: Kind::Str });
            fact!(h, vm, Fact::Kind { slot: right, kind: Kind::Str });
            fact!(h, vm, Fact::StrCompare { op, to: left, a: left, b: right });
            Str::same(x, y) == (op == BinaryOp::Equal)
        }
        (BinaryOp::In, _, _, Some(dict)) => {
            let found = match vm.lookup(dict, a) {
                Lookup::Unsure => return false,
                at => at != Lookup::Missing,
            };
            fact!(h, vm, Fact::Kind { slot: right, kind: b.kind() });
            fact!(h, vm, Fact::DictHas { to: left, dict: right, key: left });
            found
        }
        _ => return false,
    };
    r.drop(1);
    r.poke(0, Value::bool(result));
    true
}

/// An exception is compared with a class.
fn observe_match<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> bool {
    let (slot, pattern) = (r.slot(1), r.peek(0));
    let (Some(exception), Some(class)) = (r.peek(1).cast::<Exception>(), pattern.cast::<Class>()) else {
        return false;
    };
    let value = Value::bool(Class::is_subclass(exception.class, class));
    fact!(h, vm, Fact::Kind { slot, kind: Kind::Exception });
    fact!(h, vm, Fact::ExceptionClass { slot, class: exception.class });
    fact!(h, vm, Fact::Is { slot: r.slot(0), value: pattern });
    fact!(h, vm, Fact::Const { to: slot, value });
    r.drop(1);
    r.poke(0, value);
    true
}

/// Both operands are of kinds on which operators run no Python code; states the kinds.
fn are_plain<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, op: BinaryOp) -> bool {
    let kinds = [r.peek(1).kind(), r.peek(0).kind()];
    let in_place = op != op.without_assignment();
    let plain = |kind: Kind| {
        // Nobody guards that a word is a bool.
        (kind.is_scalar() && kind != Kind::Bool)
            || (kind == Kind::List && matches!(op, BinaryOp::Add | BinaryOp::Multiply))
    };
    let known = kinds.into_iter().all(plain) && !(in_place && kinds[0] == Kind::Bytearray);
    if known {
        fact!(h, vm, Fact::Kind { slot: r.slot(1), kind: kinds[0] });
        fact!(h, vm, Fact::Kind { slot: r.slot(0), kind: kinds[1] });
    }
    known
}

/// Result of an operator on two small ints, if it is a small int or a bool.
#[inline(always)]
fn small(op: BinaryOp, a: Value, b: Value) -> Option<Value> {
    let (x, y) = (a.small_unchecked(), b.small_unchecked());
    match op {
        BinaryOp::Less => Some(Value::bool(x < y)),
        BinaryOp::More => Some(Value::bool(x > y)),
        BinaryOp::LessEqual => Some(Value::bool(x <= y)),
        BinaryOp::MoreEqual => Some(Value::bool(x >= y)),
        BinaryOp::Equal | BinaryOp::Is => Some(Value::bool(x == y)),
        BinaryOp::NotEqual => Some(Value::bool(x != y)),
        BinaryOp::Add | BinaryOp::InplaceAdd => Value::try_small(x + y),
        BinaryOp::Subtract | BinaryOp::InplaceSubtract => Value::try_small(x - y),
        BinaryOp::Multiply | BinaryOp::InplaceMultiply => x.checked_mul(y).and_then(Value::try_small),
        BinaryOp::And | BinaryOp::InplaceAnd => Some(Value::small(x & y)),
        BinaryOp::Or | BinaryOp::InplaceOr => Some(Value::small(x | y)),
        BinaryOp::Xor | BinaryOp::InplaceXor => Some(Value::small(x ^ y)),
        BinaryOp::FloorDivide | BinaryOp::InplaceFloorDivide if y != 0 => Value::try_small(floor_div(x, y)),
        BinaryOp::Modulo | BinaryOp::InplaceModulo if y != 0 => Some(Value::small(floor_mod(x, y))),
        BinaryOp::Rshift | BinaryOp::InplaceRshift if (0..63).contains(&y) => Some(Value::small(x >> y)),
        BinaryOp::Lshift | BinaryOp::InplaceLshift if (0..63).contains(&y) => {
            Value::try_small(x << y).filter(|v| v.small_unchecked() >> y == x)
        }
        _ => None,
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Less
            | BinaryOp::More
            | BinaryOp::LessEqual
            | BinaryOp::MoreEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Is
    )
}

#[inline(always)]
fn state_ints<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, op: BinaryOp) {
    if !H::OBSERVES {
        return;
    }
    let (a, b) = (r.slot(1), r.slot(0));
    fact!(h, vm, Fact::Kind { slot: a, kind: Kind::Int });
    fact!(h, vm, Fact::Kind { slot: b, kind: Kind::Int });
    let op = op.without_assignment();
    fact!(
        h,
        vm,
        if is_comparison(op) {
            Fact::IntCompare { op, to: a, a, b }
        } else {
            Fact::IntOp { op, to: a, a, b }
        },
    );
}

/// Both as floats if at least one is a float and neither is anything but a float or small int.
#[inline(always)]
fn floats(a: Value, b: Value) -> Option<(f64, f64)> {
    match (a.as_float(), b.as_float()) {
        (Some(x), Some(y)) => Some((x, y)),
        (Some(x), None) => b.as_small().map(|y| (x, y as f64)),
        (None, Some(y)) => a.as_small().map(|x| (x as f64, y)),
        (None, None) => None,
    }
}

enum FloatResult {
    Float(f64),
    Bool(bool),
}

#[inline(always)]
fn float(op: BinaryOp, x: f64, y: f64) -> Option<FloatResult> {
    Some(match op {
        BinaryOp::Add | BinaryOp::InplaceAdd => FloatResult::Float(x + y),
        BinaryOp::Subtract | BinaryOp::InplaceSubtract => FloatResult::Float(x - y),
        BinaryOp::Multiply | BinaryOp::InplaceMultiply => FloatResult::Float(x * y),
        BinaryOp::TrueDivide | BinaryOp::InplaceTrueDivide if y != 0.0 => FloatResult::Float(x / y),
        BinaryOp::FloorDivide | BinaryOp::InplaceFloorDivide if y != 0.0 => {
            FloatResult::Float(float_floor_div(x, y))
        }
        BinaryOp::Modulo | BinaryOp::InplaceModulo if y != 0.0 => FloatResult::Float(float_mod(x, y)),
        BinaryOp::Power | BinaryOp::InplacePower if x > 0.0 => FloatResult::Float(x.powf(y)),
        BinaryOp::Less => FloatResult::Bool(x < y),
        BinaryOp::More => FloatResult::Bool(x > y),
        BinaryOp::LessEqual => FloatResult::Bool(x <= y),
        BinaryOp::MoreEqual => FloatResult::Bool(x >= y),
        BinaryOp::Equal => FloatResult::Bool(x == y),
        BinaryOp::NotEqual => FloatResult::Bool(x != y),
        _ => return None,
    })
}

#[inline(always)]
fn state_floats<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs, op: BinaryOp, x: Value, y: Value) {
    if !H::OBSERVES {
        return;
    }
    let (a, b) = (r.slot(1), r.slot(0));
    fact!(h, vm, Fact::Kind { slot: a, kind: x.kind() });
    fact!(h, vm, Fact::Kind { slot: b, kind: y.kind() });
    let op = op.without_assignment();
    fact!(
        h,
        vm,
        if is_comparison(op) {
            Fact::FloatCompare { op, to: a, a, b }
        } else {
            Fact::FloatOp { op, to: a, a, b }
        },
    );
}

/// `is` compares words for these; floats and one-character strings are compared by value.
fn is_by_identity(value: Value) -> bool {
    !matches!(value.kind(), Kind::Float | Kind::Str)
}

#[inline(always)]
fn identical<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, a: Value, b: Value) -> R<()> {
    // A kind on one side settles it: a float or string is never the same word as something of another kind.
    let (slot, kind) = if matches!(b.kind(), Kind::Instance | Kind::Int) {
        (r.slot(1), a.kind())
    } else {
        (r.slot(0), b.kind())
    };
    fact!(h, vm, Fact::Kind { slot, kind });
    fact!(h, vm, Fact::Same { to: r.slot(1), a: r.slot(1), b: r.slot(0) });
    r.drop(1);
    r.poke(0, Value::bool(a == b));
    Ok(())
}

#[inline(always)]
pub fn unary<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, n: u8) -> R<()> {
    let Some(op) = UnaryOp::from_index(n) else { return Err(vm.not_implemented("opcode")) };
    let value = r.peek(0);
    let (to, from) = (r.slot(0), r.slot(0));
    let result = match op {
        UnaryOp::Not => match plain_truth(vm, h, r) {
            Some(truth) => {
                fact!(h, vm, Fact::Const { to, value: Value::bool(!truth) });
                Value::bool(!truth)
            }
            None => return residual(vm, h, r, Rt::Unary, 1, n as u64),
        },
        UnaryOp::Negative if value.is_small() && value.small_unchecked() != SMALL_MIN => {
            fact!(h, vm, Fact::Kind { slot: from, kind: Kind::Int });
            fact!(h, vm, Fact::IntNegate { to, from });
            Value::small(-value.small_unchecked())
        }
        UnaryOp::Invert if value.is_small() => {
            fact!(h, vm, Fact::Kind { slot: from, kind: Kind::Int });
            fact!(h, vm, Fact::IntInvert { to, from });
            Value::small(!value.small_unchecked())
        }
        UnaryOp::Negative if value.as_float().is_some() => {
            fact!(h, vm, Fact::Kind { slot: from, kind: Kind::Float });
            fact!(h, vm, Fact::FloatNegate { to, from });
            let f = -value.as_float().unwrap_or(0.0);
            vm.float(f)
        }
        _ => return residual(vm, h, r, Rt::Unary, 1, n as u64),
    };
    r.poke(0, result);
    Ok(())
}

/// The truth of the top value, which stays, for a conditional jump. Where Python code decides it, an observer that
/// leaves behind that code has [`super::finish_test`] to go on: the code must not run again.
#[inline(always)]
pub fn test<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<bool> {
    if let Some(result) = plain_truth(vm, h, r) {
        return Ok(result);
    }
    fact!(h, vm, Fact::TruthOf { slot: r.slot(0) });
    super::run::save_place(vm, r);
    let result = vm.truth(r.peek(0))?;
    fact!(h, vm, Fact::Tested { result });
    Ok(result)
}

/// The truth of the top value, if it takes no call to find out.
#[inline(always)]
fn plain_truth<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs) -> Option<bool> {
    let (slot, value) = (r.slot(0), r.peek(0));
    let (kind, result) = match value {
        Value::TRUE => (Kind::Bool, true),
        Value::FALSE => (Kind::Bool, false),
        Value::NONE => (Kind::None, false),
        v if v.is_small() => (Kind::Int, v != Value::small(0)),
        _ if H::OBSERVES && state_truth(vm, h, slot, value) => return vm.truth(value).ok(),
        _ => return None,
    };
    fact!(h, vm, Fact::Kind { slot, kind });
    fact!(h, vm, Fact::Truth { slot, kind, result });
    Some(result)
}

/// Truth that no Python code decides: by length, by being not zero, or always. False if it is another.
fn state_truth<H: Hooks>(vm: &mut Vm, h: &mut H, slot: Slot, value: Value) -> bool {
    let kind = value.kind();
    match kind {
        Kind::List
        | Kind::Tuple
        | Kind::Str
        | Kind::Bytes
        | Kind::Bytearray
        | Kind::Dict
        | Kind::OrderedDict
        | Kind::Set
        | Kind::Float => {
            let Ok(result) = vm.truth(value) else { return false };
            fact!(h, vm, Fact::Kind { slot, kind });
            fact!(h, vm, Fact::Truth { slot, kind, result });
            true
        }
        Kind::Function | Kind::Closure | Kind::Native | Kind::BoundMethod | Kind::Generator => {
            fact!(h, vm, Fact::Kind { slot, kind });
            true
        }
        Kind::Instance => state_instance_truth(vm, h, slot, value),
        _ => false,
    }
}

/// An instance of a class without `__bool__` and `__len__` is true.
fn state_instance_truth<H: Hooks>(vm: &mut Vm, h: &mut H, slot: Slot, value: Value) -> bool {
    let Some(instance) = value.cast::<Instance>() else { return false };
    let special = [vm.names.bool_, vm.names.len].into_iter().any(|name| vm.special(value, name).is_some());
    if special || vm.wrapped(value).is_some() {
        return false;
    }
    let shape = instance.shape();
    let class = vm.shapes.get(shape).class;
    fact!(h, vm, Fact::Shape { slot, shape });
    fact!(h, vm, Fact::ClassUsed { class });
    true
}
