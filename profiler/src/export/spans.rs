//! Spans, with what sampled calls took back.
//!
//! A node that paid ticks to others has its spans divided among itself and these, each as long as its share of what is
//! left to give: at the end every node has exactly the ticks that the tree says.

use crate::attribute::{Attribution, NodeId, Sink, Tree};
use rustc_hash::FxHashMap;

pub(super) struct Divided<'s> {
    out: &'s mut dyn Sink,
    /// By node: who gets how much of what it has yet to be given, itself first.
    left: FxHashMap<NodeId, Vec<(NodeId, u64)>>,
}

impl<'s> Divided<'s> {
    pub(super) fn new(found: &Attribution<'_>, out: &'s mut dyn Sink) -> Self {
        let mut left = FxHashMap::<NodeId, Vec<(NodeId, u64)>>::default();
        for (&(from, to), &ticks) in found.transfers.iter().filter(|((from, to), _)| from != to) {
            left.entry(from).or_default().push((to, ticks));
        }
        let mut received = FxHashMap::<NodeId, u64>::default();
        for (&(_, to), &ticks) in found.transfers.iter().filter(|((from, to), _)| from != to) {
            *received.entry(to).or_default() += ticks;
        }
        for (&node, shares) in &mut left {
            shares.sort_unstable();
            let kept = found.tree.node(node).ticks - received.get(&node).copied().unwrap_or(0);
            shares.insert(0, (node, kept));
        }
        Divided { out, left }
    }
}

impl Sink for Divided<'_> {
    fn span(&mut self, tree: &Tree, node: NodeId, from: u64, to: u64) {
        let Some(shares) = self.left.get_mut(&node) else { return self.out.span(tree, node, from, to) };
        let whole: u128 = shares.iter().map(|(_, left)| u128::from(*left)).sum();
        let length = to - from;
        let part = |left: u64| (u128::from(length) * u128::from(left) / whole.max(1)) as u64;
        let mut over = length - shares.iter().map(|(_, left)| part(*left)).sum::<u64>().min(length);
        let mut at = from;
        for (owner, left) in shares {
            let mut ticks = part(*left);
            let more = over.min(*left - ticks);
            (ticks, over) = (ticks + more, over - more);
            *left -= ticks;
            if ticks > 0 {
                self.out.span(tree, *owner, at, at + ticks);
                at += ticks;
            }
        }
    }
}
