//! In which order an exit hands its values over, so that the hot path need not move them.
//!
//! Values travel in registers by their order, so each exit wants its values in certain registers; so does the jump at
//! the trace's end, and its start. Where these wishes differ the register allocator moves values about, in the loop too:
//! half of a small loop's instructions were such moves. So all agree: a value's home is the place of the parameter that
//! it came as, or of the one that the last jump passes it as.
//!
//! ```text
//!   [i0, i1, i2]               at an exit behind i3 and i4: [i3, i0, i4]
//!   jump(i3, i0, i4)           not in the order of the snapshot, say [i4, i3, i0]
//! ```

use rustc_hash::FxHashMap;

use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Ref, Trace};

/// The homes of a trace's values. Floats count apart from the rest, since they have registers of their own.
pub struct Homes {
    arrived: FxHashMap<Ref, usize>,
    passed: FxHashMap<Ref, usize>,
}

impl Homes {
    pub fn of(trace: &Trace) -> Homes {
        let (mut arrived, mut passed) = (FxHashMap::default(), FxHashMap::default());
        let numbers = positions(trace.params.iter().copied());
        for (n, op) in trace.ops.iter().enumerate().filter(|(_, op)| op.code == OpCode::Param) {
            arrived.extend(numbers.get(op.imm as usize).map(|number| (Ref::op(n), *number)));
        }
        let end = trace.ops.len().saturating_sub(1);
        if trace.ops.last().is_some_and(|op| matches!(op.code, OpCode::JumpSelf | OpCode::JumpLoop)) {
            let arguments = trace.operands(end);
            let numbers = positions(arguments.iter().map(|r| trace.ty(*r)));
            arguments.iter().zip(numbers).for_each(|(r, number)| _ = passed.entry(*r).or_insert(number));
        }
        Homes { arrived, passed }
    }

    /// The values in the order of their homes, those of floats behind the others.
    pub fn arrange(&self, trace: &Trace, values: &mut Vec<Ref>) {
        let (floats, others): (Vec<Ref>, Vec<Ref>) = values.iter().partition(|r| trace.ty(**r) == Ty::Float);
        *values = self.at_home(others);
        values.append(&mut self.at_home(floats));
    }

    /// Who has a home that is free goes there, parameters first; the others fill what is left.
    fn at_home(&self, values: Vec<Ref>) -> Vec<Ref> {
        let mut homes: Vec<Option<Ref>> = vec![None; values.len()];
        let mut left = values;
        for wanted in [&self.arrived, &self.passed] {
            left.retain(|r| {
                let home = wanted.get(r).and_then(|home| homes.get_mut(*home)).filter(|home| home.is_none());
                home.map(|home| *home = Some(*r)).is_none()
            });
        }
        let mut left = left.into_iter();
        homes.into_iter().filter_map(|home| home.or_else(|| left.next())).collect()
    }
}

/// The number of each among those of its class.
fn positions(types: impl Iterator<Item = Ty>) -> Vec<usize> {
    let mut next = [0; 2];
    let number = |ty| {
        let next = &mut next[usize::from(ty == Ty::Float)];
        std::mem::replace(next, *next + 1)
    };
    types.map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::trace::Op;

    #[test]
    fn values_stay_where_parameters_are_and_others_fill_the_gaps() {
        let mut trace = Trace::default();
        trace.params = vec![Ty::Int, Ty::Float, Ty::Int];
        let param = |n: u64, ty| Op { ty, ..Op::new(OpCode::Param, &[], n) };
        trace.ops.extend([param(0, Ty::Int), param(1, Ty::Float), param(2, Ty::Int)]);
        trace.ops.push(Op { ty: Ty::Int, ..Op::new(OpCode::IntXor, &[Ref::op(0), Ref::op(2)], 0) });
        trace.ops.push(Op { ty: Ty::Int, ..Op::new(OpCode::IntAnd, &[Ref::op(0), Ref::op(2)], 0) });
        trace.pool = [4, 1, 0].map(Ref::op).to_vec();
        trace.ops.push(Op { args: [Ref(0), Ref(3), Ref::NONE], ..Op::new(OpCode::JumpSelf, &[], 0) });
        let homes = Homes::of(&trace);
        let arranged = |values: &[usize]| {
            let mut values = values.iter().map(|n| Ref::op(*n)).collect();
            homes.arrange(&trace, &mut values);
            values
        };
        assert_eq!(arranged(&[1, 2, 0]), [0, 2, 1].map(Ref::op));
        assert_eq!(arranged(&[3, 0, 4]), [0, 3, 4].map(Ref::op));
        assert_eq!(arranged(&[2, 3, 4]), [4, 2, 3].map(Ref::op));
        assert_eq!(arranged(&[3]), [Ref::op(3)]);
    }
}
