//! Integer ranges: what comparisons, masks, remainders and lengths say about small ints.
//!
//! Two kinds of knowledge, both only ever growing along the trace:
//!
//! * for each int an interval ([`Range`]);
//! * for pairs of ints an upper bound of their difference, `a - b <= c` ([`order`]). `i < len(l)` is `i - len <= -1`,
//!   and because `x + 1` counts as `x` with the offset 1, it also answers questions about `i + 1`.
//!
//! With them, checks of overflow and bounds that cannot fail go away. `i += 1` below a bound never overflows; an
//! index that was compared with the length needs no other check.

mod interval;
mod order;

use rustc_hash::FxHashSet;
use vm::object::value::{SMALL_MAX, SMALL_MIN};

use crate::ir::field::Field;
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Op, Ref};

use super::Range;
use super::emit::{Emitter, Step};
use super::fold::inverse;

pub use order::Order;

/// No list is longer.
const MAX_LEN: i64 = 1 << 40;

/// What is known of ints.
#[derive(Default)]
pub struct Ranges {
    /// By operation.
    of: Vec<Range>,
    pub order: Order,
}

impl Ranges {
    fn get(&self, n: usize) -> Range {
        self.of.get(n).copied().unwrap_or(Range::ALL)
    }

    fn set(&mut self, n: usize, range: Range) {
        if self.of.len() <= n {
            self.of.resize(n + 1, Range::ALL);
        }
        self.of[n] = range;
    }
}

impl Emitter<'_> {
    /// The interval of an int.
    pub fn range(&self, r: Ref) -> Range {
        if let Some(n) = self.const_int(r) {
            return Range { lo: n, hi: n };
        }
        let Some(n) = r.as_op() else { return Range::ALL };
        let known = self.ranges.get(n);
        match self.offset(r) {
            (base, by) if base != r => known.and(self.ranges.get(base.0 as usize).plus(by)),
            _ => known,
        }
    }

    /// `r` as another int plus a constant.
    pub fn offset(&self, r: Ref) -> (Ref, i64) {
        let (mut base, mut by) = (r, 0i64);
        while let Some(op) = self.def(base) {
            let Some(n) = self.const_int(op.args[1]) else { break };
            let step = match op.code {
                OpCode::IntAdd | OpCode::IntAddOvf => by.checked_add(n),
                OpCode::IntSub | OpCode::IntSubOvf => by.checked_sub(n),
                _ => None,
            };
            let Some(sum) = step.filter(|_| op.args[0].as_op().is_some()) else { break };
            (base, by) = (op.args[0], sum);
        }
        (base, by)
    }

    /// Now known to be in `range`, and so is what it was computed from by adding a constant.
    pub fn narrow(&mut self, r: Ref, range: Range) {
        let Some(n) = r.as_op() else { return };
        self.ranges.set(n, self.ranges.get(n).and(range));
        let (base, by) = self.offset(r);
        if base != r {
            let n = base.0 as usize;
            self.ranges.set(n, self.ranges.get(n).and(range.plus(-by)));
        }
    }
}

pub fn before(emitter: &mut Emitter, op: Op) -> Step {
    use OpCode::*;
    match op.code {
        IntAddOvf => unchecked(emitter, op, IntAdd),
        IntSubOvf => unchecked(emitter, op, IntSub),
        IntMulOvf => unchecked(emitter, op, IntMul),
        IntLshiftOvf => shift(emitter, op),
        IntMod | IntAnd => no_change(emitter, op),
        UintLt => bounds(emitter, op),
        code if inverse(code).is_some() => match decide(emitter, code, op.args[0], op.args[1]) {
            Some(known) => {
                rely_on(emitter, &op.args[..2]);
                emitter.is_bool(known)
            }
            None => Step::Next(op),
        },
        _ => Step::Next(op),
    }
}

/// Without the check for overflow, if there can be none.
fn unchecked(emitter: &Emitter, op: Op, code: OpCode) -> Step {
    let exact = interval::exact(op.code, emitter.range(op.args[0]), emitter.range(op.args[1]));
    match exact.is_some_and(Range::is_small) {
        true => Step::Again(Op { code, imm: 0, snap: crate::ir::trace::SnapId::NONE, ..op }),
        false => Step::Next(op),
    }
}

fn shift(emitter: &mut Emitter, op: Op) -> Step {
    let Some(by) = emitter.const_int(op.args[1]).filter(|by| (0..62).contains(by)) else {
        return Step::Next(op);
    };
    let factor = emitter.out.int(1 << by);
    match unchecked(
        emitter,
        Op { args: [op.args[0], factor, Ref::NONE], code: OpCode::IntMulOvf, ..op },
        OpCode::IntMul,
    ) {
        Step::Next(_) => Step::Next(op),
        step => step,
    }
}

/// A remainder or mask of what is small enough already.
fn no_change(emitter: &Emitter, op: Op) -> Step {
    let (a, b) = (emitter.range(op.args[0]), emitter.range(op.args[1]));
    let same = match op.code {
        OpCode::IntMod => a.lo >= 0 && a.hi < b.lo,
        _ => a.lo >= 0 && b.lo == b.hi && b.lo >= a.hi && (b.lo & b.lo.wrapping_add(1)) == 0,
    };
    if same { Step::Is(op.args[0]) } else { Step::Next(op) }
}

/// Between ints that are not negative the unsigned comparison is the plain one, of which more is known.
fn bounds(emitter: &mut Emitter, op: Op) -> Step {
    let [a, b, _] = op.args;
    let (x, y) = (emitter.range(a), emitter.range(b));
    if x.lo >= 0 && y.lo >= 0 {
        Step::Again(Op { code: OpCode::IntLt, ..op })
    } else if x.hi < 0 && y.lo >= 0 {
        rely_on(emitter, &[a, b]);
        emitter.is_bool(false)
    } else {
        Step::Next(op)
    }
}

/// The outcome of a comparison, if it is known.
fn decide(emitter: &Emitter, code: OpCode, a: Ref, b: Ref) -> Option<bool> {
    use OpCode::*;
    match code {
        IntLt => order::at_most(emitter, a, b, -1),
        IntLe => order::at_most(emitter, a, b, 0),
        IntGt => order::at_most(emitter, b, a, -1),
        IntGe => order::at_most(emitter, b, a, 0),
        IntEq => order::equal(emitter, a, b),
        IntNe => order::equal(emitter, a, b).map(|equal| !equal),
        _ => None,
    }
}

/// These ints are no longer needed, because of what is known of them. What is known may come from a computation that
/// did not overflow, so that one has to stay.
fn rely_on(emitter: &mut Emitter, ints: &[Ref]) {
    let mut open: Vec<usize> = ints.iter().filter_map(|r| r.as_op()).collect();
    let mut seen = FxHashSet::default();
    while let Some(n) = open.pop() {
        let op = &mut emitter.out.ops[n];
        if op.is_checked() {
            op.imm = Op::RELIED_ON;
        } else if matches!(op.code.operands(), "i" | "ii") && seen.insert(n) {
            open.extend(op.args.iter().filter_map(|r| r.as_op()));
        }
    }
}

pub fn after(emitter: &mut Emitter, op: &Op, result: Ref) {
    match op.code {
        OpCode::GuardTrue => assume(emitter, op.args[0], true),
        OpCode::GuardFalse => assume(emitter, op.args[0], false),
        _ if op.ty == Ty::Int => {
            let range = result_range(emitter, op);
            emitter.ranges.set(result.0 as usize, range);
        }
        _ => {}
    }
}

fn result_range(emitter: &Emitter, op: &Op) -> Range {
    match op.code {
        OpCode::GetFieldInt if Field::from_imm(op.imm) == Field::ListLen => Range { lo: 0, hi: MAX_LEN },
        OpCode::TupleLen => Range { lo: 0, hi: u32::MAX.into() },
        OpCode::GetFieldInt
            if matches!(Field::from_imm(op.imm), Field::BytesLen | Field::DictLen | Field::DictEntries) =>
        {
            Range { lo: 0, hi: MAX_LEN }
        }
        OpCode::StrLen => Range { lo: 0, hi: u32::MAX.into() },
        OpCode::StrSize => Range { lo: 0, hi: MAX_LEN },
        OpCode::DictFind => Range { lo: -2, hi: u32::MAX.into() },
        OpCode::ByteAt => Range { lo: 0, hi: 255 },
        OpCode::IntInvert => {
            let a = emitter.range(op.args[0]);
            Range { lo: !a.hi, hi: !a.lo }
        }
        _ if op.code.operands() == "ii" => {
            interval::result(op.code, emitter.range(op.args[0]), emitter.range(op.args[1]))
        }
        _ => Range::ALL,
    }
}

/// A guard has passed: its condition holds (or does not).
fn assume(emitter: &mut Emitter, condition: Ref, holds: bool) {
    let Some(op) = emitter.def(condition).copied() else { return };
    let [a, b, _] = op.args;
    let code = if holds { Some(op.code) } else { inverse(op.code) };
    match code {
        Some(OpCode::BoolAnd) if holds => {
            assume(emitter, a, true);
            assume(emitter, b, true);
        }
        Some(OpCode::UintLt) if holds && emitter.range(b).lo >= 0 => {
            emitter.narrow(a, Range { lo: 0, hi: SMALL_MAX });
            order::learn(emitter, a, b, -1);
        }
        Some(OpCode::IntLt) => order::learn(emitter, a, b, -1),
        Some(OpCode::IntLe) => order::learn(emitter, a, b, 0),
        Some(OpCode::IntGt) => order::learn(emitter, b, a, -1),
        Some(OpCode::IntGe) => order::learn(emitter, b, a, 0),
        Some(OpCode::IntEq) => {
            order::learn(emitter, a, b, 0);
            order::learn(emitter, b, a, 0);
            if b.is_const() {
                emitter.equate(a, b);
            }
        }
        Some(OpCode::IntNe) => exclude(emitter, a, b),
        _ => {}
    }
}

/// `a` is not the constant `b`: that matters at an end of its interval.
fn exclude(emitter: &mut Emitter, a: Ref, b: Ref) {
    let (Some(n), range) = (emitter.const_int(b), emitter.range(a)) else { return };
    if range.lo == n && n < SMALL_MAX {
        emitter.narrow(a, Range { lo: n + 1, hi: SMALL_MAX });
    } else if range.hi == n && n > SMALL_MIN {
        emitter.narrow(a, Range { lo: SMALL_MIN, hi: n - 1 });
    }
}

#[cfg(test)]
mod tests {
    use crate::opt::testing::check_linear;

    #[test]
    fn below_a_bound_nothing_overflows() {
        check_linear(
            "fold,ranges,cse,dce",
            "[%i:int, %n:int]
            %1 = int_lt(%i, %n)
            guard_true(%1) @0[]
            %2 = int_add_ovf(%i, 1) @1[]
            %3 = int_le(%2, %n)
            guard_true(%3) @2[]
            %4 = int_sub_ovf(%i, 1) @1[]
            guard_poll() @3[0=%2, 1=%4]
            finish(None)",
            "[%i:int, %n:int]
            %1 = int_lt(%i, %n)
            guard_true(%1) @0[]
            %2 = int_add(%i, 1)
            %4 = int_sub_ovf(%i, 1) @1[]
            guard_poll() @3[0=%2, 1=%4]
            finish(None)",
        );
    }

    #[test]
    fn indices_are_checked_once() {
        check_linear(
            "fold,ranges,cse,forward,dce",
            "[%i:int, %l:ref]
            %0 = int_ge(%i, 0)
            guard_true(%0) @0[]
            %1 = getfield_i(%l, list.len)
            %2 = uint_lt(%i, %1)
            guard_true(%2) @0[]
            %3 = getfield_i(%l, list.len)
            %4 = int_lt(%i, %3)
            guard_true(%4) @0[]
            %5 = uint_lt(%i, %3)
            guard_true(%5) @0[]
            %6 = int_sub_ovf(%i, 1) @0[]
            %7 = int_lt(%6, %3)
            guard_true(%7) @0[0=%6]
            finish(None)",
            "[%i:int, %l:ref]
            %0 = int_ge(%i, 0)
            guard_true(%0) @0[]
            %1 = getfield_i(%l, list.len)
            %2 = int_lt(%i, %1)
            guard_true(%2) @0[]
            finish(None)",
        );
    }

    #[test]
    fn what_decided_a_comparison_still_checks_for_overflow() {
        check_linear(
            "fold,ranges,cse,dce",
            "[%i:int]
            %1 = int_mul_ovf(%i, 2) @0[]
            %2 = int_le(%1, 4611686018427387903)
            guard_true(%2) @0[]
            %3 = int_mul_ovf(%i, 3) @0[]
            guard_poll() @1[0=%i]
            finish(None)",
            "[%i:int]
            %1 = int_mul_ovf(%i, 2) @0[]
            guard_poll() @1[0=%i]
            finish(None)",
        );
    }

    #[test]
    fn remainders_bound() {
        check_linear(
            "fold,ranges,cse,dce",
            "[%i:int, %j:int]
            %1 = int_mod(%i, 1000)
            %2 = int_and(%j, 255)
            %3 = int_mul_ovf(%1, %2) @0[]
            %4 = int_mod(%1, 2000)
            %5 = int_lshift_ovf(%2, 3) @0[]
            %6 = int_add_ovf(%3, %5) @0[]
            guard_poll() @0[0=%6, 1=%4]
            finish(None)",
            "[%i:int, %j:int]
            %1 = int_mod(%i, 1000)
            %2 = int_and(%j, 255)
            %3 = int_mul(%1, %2)
            %5 = int_mul(%2, 8)
            %6 = int_add(%3, %5)
            guard_poll() @0[0=%6, 1=%1]
            finish(None)",
        );
    }
}
