//! The run, cut into equal slices: how tracing and compiling gave way to loops.

use crate::attribute::{NodeId, Owner, Sink, Tree};
use crate::report::Slice;
use logs::section::Phase;

/// How many slices, at most.
const SLICES: u64 = 50;

/// Slices in the making.
#[derive(Debug)]
pub(crate) struct Warmup {
    start: u64,
    /// Ticks of each.
    width: u64,
    slices: Vec<Slice>,
}

impl Warmup {
    pub(crate) fn new((start, end): (u64, u64)) -> Warmup {
        let width = (end - start).div_ceil(SLICES).max(1);
        Warmup { start, width, slices: Vec::new() }
    }

    pub(crate) fn slices(self) -> Vec<Slice> {
        self.slices
    }

    fn slice(&mut self, index: u64) -> &mut Slice {
        while self.slices.len() as u64 <= index {
            let from = self.slices.len() as u64 * self.width;
            self.slices.push(Slice { from, ..Slice::default() });
        }
        &mut self.slices[index as usize]
    }
}

impl Sink for Warmup {
    fn span(&mut self, tree: &Tree, node: NodeId, from: u64, to: u64) {
        let owner = tree.node(node).owner;
        let (mut from, to) = (from - self.start, to - self.start);
        while from < to {
            let index = from / self.width;
            // The last slice of a run that ends at the end of time has no end.
            let until = (index + 1).checked_mul(self.width).map_or(to, |end| end.min(to));
            let slice = self.slice(index);
            *match owner {
                Owner::Loop(_) | Owner::Helper(_) => &mut slice.loops,
                Owner::Recording => slice.other.recording.get_or_insert(0),
                Owner::Waiting => slice.other.waiting.get_or_insert(0),
                Owner::Program | Owner::Phase(Phase::None) => &mut slice.other.interpreter,
                Owner::Phase(Phase::Tracing) => &mut slice.other.tracing,
                Owner::Phase(Phase::Optimize) => &mut slice.other.optimize,
                Owner::Phase(Phase::Backend) => &mut slice.other.backend,
                Owner::Phase(Phase::Gc) => &mut slice.other.gc,
            } += until - from;
            from = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_cut_at_the_slices() {
        let mut warmup = Warmup::new((1000, 1500));
        warmup.span(&Tree::default(), Tree::ROOT, 1005, 1025);
        let slices: Vec<_> = warmup.slices().iter().map(|x| (x.from, x.other.interpreter)).collect();
        assert_eq!(slices, [(0, 5), (10, 10), (20, 5)]);
    }
}
