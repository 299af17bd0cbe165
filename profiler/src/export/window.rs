//! The run in windows: formats that want samples get, for each of many equal windows of the run, one per node.

use crate::attribute::{NodeId, Sink, Tree};
use rustc_hash::FxHashMap;

/// Ticks of a node in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// When it ran there first.
    pub at: u64,
    pub node: NodeId,
    pub ticks: u64,
}

#[derive(Debug)]
pub(super) struct Windows {
    pub width: u64,
    /// The end of the window that is being filled.
    end: u64,
    /// Which of the samples is the node's, in this window.
    current: FxHashMap<NodeId, usize>,
    pub samples: Vec<Sample>,
}

impl Windows {
    pub(super) fn new((start, end): (u64, u64), count: u64) -> Windows {
        let width = (end - start).div_ceil(count).max(1);
        Windows {
            width,
            end: start.saturating_add(width),
            current: FxHashMap::default(),
            samples: Vec::new(),
        }
    }
}

impl Sink for Windows {
    fn span(&mut self, _: &Tree, node: NodeId, from: u64, to: u64) {
        let mut from = from;
        while from < to {
            if from >= self.end {
                self.current.clear();
                self.end = self.end.saturating_add((from - self.end) / self.width * self.width + self.width);
            }
            // A long span is one sample as it stands.
            let until = if self.end == u64::MAX || to - from > self.width { to } else { to.min(self.end) };
            let samples = &mut self.samples;
            let index = *self.current.entry(node).or_insert_with(|| {
                samples.push(Sample { at: from, node, ticks: 0 });
                samples.len() - 1
            });
            self.samples[index].ticks += until - from;
            from = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_has_one_sample_in_a_window() {
        let mut windows = Windows::new((0, 100), 10);
        let mut tree = Tree::default();
        let other = tree.child(Tree::ROOT, crate::attribute::Owner::Loop(0));
        for (node, from, to) in
            [(Tree::ROOT, 0, 3), (other, 3, 5), (Tree::ROOT, 5, 12), (other, 12, 90), (Tree::ROOT, 90, 100)]
        {
            windows.span(&tree, node, from, to);
        }
        let samples: Vec<_> = windows.samples.iter().map(|x| (x.at, x.node == other, x.ticks)).collect();
        assert_eq!(samples, [(0, false, 8), (3, true, 2), (10, false, 2), (12, true, 78), (90, false, 10)]);
    }
}
