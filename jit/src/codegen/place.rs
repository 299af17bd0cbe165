//! Where the values of a list travel between fragments: registers first, then the context's spill area.

use super::context::{FLOAT_REGS, INT_REGS};
use crate::ir::op::Ty;

/// Where one value travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Integer argument; after an exit, `ctx.iregs`.
    Int(usize),
    /// Float argument; after an exit, `ctx.fregs`.
    Float(usize),
    /// `ctx.spill`.
    Spill(usize),
}

/// The places of values of these types, in order.
pub fn places(types: &[Ty]) -> Vec<Place> {
    let (mut ints, mut floats, mut spills) = (0, 0, 0);
    let next = |counter: &mut usize| std::mem::replace(counter, *counter + 1);
    types
        .iter()
        .map(|ty| match ty {
            Ty::Float if floats < FLOAT_REGS => Place::Float(next(&mut floats)),
            Ty::Int | Ty::Ref | Ty::Bool | Ty::Raw if ints < INT_REGS => Place::Int(next(&mut ints)),
            _ => Place::Spill(next(&mut spills)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_then_memory() {
        let mut types = vec![Ty::Int; 6];
        types.extend([Ty::Float; 9]);
        let places = places(&types);
        assert_eq!(places[4], Place::Int(4));
        assert_eq!(places[5], Place::Spill(0));
        assert_eq!(places[13], Place::Float(7));
        assert_eq!(places[14], Place::Spill(1));
    }
}
