//! Arithmetic on intervals.

use vm::object::value::{SMALL_MAX, SMALL_MIN};
use vm::runtime::number::floor_div;

use crate::ir::op::OpCode;

use super::super::Range;

impl Range {
    /// Both hold.
    pub fn and(self, other: Range) -> Range {
        let both = Range { lo: self.lo.max(other.lo), hi: self.hi.min(other.hi) };
        // Contradictions arise only in code that is never reached; any range will do there.
        if both.lo <= both.hi { both } else { self }
    }

    /// Shifted, as far as small ints go.
    pub fn plus(self, by: i64) -> Range {
        let clamp = |n: i64| n.saturating_add(by).clamp(SMALL_MIN, SMALL_MAX);
        // An end that is no bound stays none.
        let lo = if self.lo == SMALL_MIN { SMALL_MIN } else { clamp(self.lo) };
        let hi = if self.hi == SMALL_MAX { SMALL_MAX } else { clamp(self.hi) };
        Range { lo, hi }
    }

    pub fn is_small(self) -> bool {
        self.lo >= SMALL_MIN && self.hi <= SMALL_MAX
    }

    pub fn contains(self, other: Range) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }

    fn clamped(self) -> Range {
        Range { lo: self.lo.max(SMALL_MIN), hi: self.hi.min(SMALL_MAX) }
    }
}

/// The mathematical result, if it fits 64 bits.
pub fn exact(code: OpCode, a: Range, b: Range) -> Option<Range> {
    use OpCode::*;
    match code {
        IntAddOvf | IntAdd => Some(Range { lo: a.lo.checked_add(b.lo)?, hi: a.hi.checked_add(b.hi)? }),
        IntSubOvf | IntSub => Some(Range { lo: a.lo.checked_sub(b.hi)?, hi: a.hi.checked_sub(b.lo)? }),
        IntMulOvf | IntMul => corners(a, b, i64::checked_mul),
        _ => None,
    }
}

fn corners(a: Range, b: Range, f: impl Fn(i64, i64) -> Option<i64>) -> Option<Range> {
    let all = [f(a.lo, b.lo)?, f(a.lo, b.hi)?, f(a.hi, b.lo)?, f(a.hi, b.hi)?];
    Some(Range { lo: all.into_iter().min()?, hi: all.into_iter().max()? })
}

/// The interval of a result that is known to be a small int.
pub fn result(code: OpCode, a: Range, b: Range) -> Range {
    use OpCode::*;
    let range = match code {
        IntAddOvf | IntAdd | IntSubOvf | IntSub | IntMulOvf | IntMul => exact(code, a, b),
        IntLshiftOvf if b.lo >= 0 && b.hi < 62 => corners(a, b, |x, y| x.checked_mul(1 << y)),
        IntFloorDiv if b.lo > 0 => corners(a, b, |x, y| Some(floor_div(x, y))),
        IntMod => Some(remainder(a, b)),
        IntAnd => Some(and(a, b)),
        IntOr | IntXor if a.lo >= 0 && b.lo >= 0 => Some(or(code, a, b)),
        IntRshift if b.lo >= 0 && b.hi <= 62 => corners(a, b, |x, y| Some(x >> y)),
        _ => None,
    };
    range.map_or(Range::ALL, Range::clamped)
}

fn remainder(a: Range, b: Range) -> Range {
    if b.lo > 0 {
        let hi = if a.lo >= 0 { a.hi.min(b.hi - 1) } else { b.hi - 1 };
        Range { lo: 0, hi }
    } else if b.hi < 0 {
        Range { lo: b.lo + 1, hi: 0 }
    } else {
        Range::ALL
    }
}

fn and(a: Range, b: Range) -> Range {
    match (a.lo >= 0, b.lo >= 0) {
        (true, true) => Range { lo: 0, hi: a.hi.min(b.hi) },
        (true, false) => Range { lo: 0, hi: a.hi },
        (false, true) => Range { lo: 0, hi: b.hi },
        (false, false) => Range::ALL,
    }
}

/// Neither result has a bit above the highest of the operands.
fn or(code: OpCode, a: Range, b: Range) -> Range {
    let bits = 64 - a.hi.max(b.hi).leading_zeros();
    let lo = if code == OpCode::IntOr { a.lo.max(b.lo) } else { 0 };
    Range { lo, hi: if bits >= 62 { SMALL_MAX } else { (1 << bits) - 1 } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opt::fold::arithmetic;

    /// Every pair of operands in small intervals, and at the ends of the small ints.
    #[test]
    fn intervals_hold_all_results() {
        let ends = [SMALL_MIN, SMALL_MIN + 1, -9, -8, -1, 0, 1, 2, 7, 8, 62, SMALL_MAX - 1, SMALL_MAX];
        let codes = OpCode::ALL.iter().filter(|c| c.operands() == "ii" && c.ty() == crate::ir::op::Ty::Int);
        for code in codes {
            for (lo, hi) in pairs(&ends) {
                for (lo2, hi2) in pairs(&ends) {
                    check(*code, &ends, Range { lo, hi }, Range { lo: lo2, hi: hi2 });
                }
            }
        }
    }

    fn pairs(ends: &[i64]) -> impl Iterator<Item = (i64, i64)> + '_ {
        ends.iter().flat_map(|lo| ends.iter().map(|hi| (*lo, *hi))).filter(|(lo, hi)| lo <= hi)
    }

    fn check(code: OpCode, points: &[i64], a: Range, b: Range) {
        let range = result(code, a, b);
        for x in points.iter().filter(|x| a.contains(Range { lo: **x, hi: **x })) {
            for y in points.iter().filter(|y| b.contains(Range { lo: **y, hi: **y })) {
                let value = arithmetic(code, *x, *y).filter(|n| (SMALL_MIN..=SMALL_MAX).contains(n));
                let inside = value.is_none_or(|n| range.contains(Range { lo: n, hi: n }));
                assert!(inside, "{code:?} {x} {y} is {value:?}, not in {range:?}");
            }
        }
    }
}
