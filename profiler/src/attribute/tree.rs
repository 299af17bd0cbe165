//! Who called whom: a node for every owner of ticks in every context it ran in.
//!
//! A loop that calls itself over other loops gets one node for all its depths, and beyond [`DEPTH`] calls are
//! attributed to the caller at that depth, so that the tree of a deep recursion stays small.

use logs::section::Phase;
use rustc_hash::FxHashMap;

/// Index of a node; 0 is the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub u32);

/// Who can own ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    /// The program outside of all loops: the interpreter.
    Program,
    /// A loop, by index among the attribution's.
    Loop(u32),
    /// Work on traces, or collection.
    Phase(Phase),
    /// A function of the runtime, by index among the attribution's.
    Helper(u32),
    /// Making the log.
    Recording,
    /// Nothing ran.
    Waiting,
}

/// An owner in a context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub parent: NodeId,
    pub owner: Owner,
    /// How many nodes lie above it.
    pub depth: u32,
    /// Its own ticks.
    pub ticks: u64,
}

/// All of them; a node stands behind its parent.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    children: FxHashMap<(NodeId, Owner), NodeId>,
}

/// How deep contexts are told apart.
const DEPTH: u32 = 200;

impl Default for Tree {
    fn default() -> Self {
        let root = Node { parent: NodeId(0), owner: Owner::Program, depth: 0, ticks: 0 };
        Tree { nodes: vec![root], children: FxHashMap::default() }
    }
}

impl Tree {
    /// The program.
    pub(crate) const ROOT: NodeId = NodeId(0);

    /// The node of an owner called by another one.
    pub(crate) fn child(&mut self, parent: NodeId, owner: Owner) -> NodeId {
        let mut parent = parent;
        while self.node(parent).depth >= DEPTH {
            parent = self.node(parent).parent;
        }
        let Tree { nodes, children } = self;
        *children.entry((parent, owner)).or_insert_with(|| {
            let depth = nodes[parent.0 as usize].depth + 1;
            nodes.push(Node { parent, owner, depth, ticks: 0 });
            NodeId(nodes.len() as u32 - 1)
        })
    }

    /// The nearest node of that owner, itself or above.
    pub(crate) fn above(&self, node: NodeId, owner: Owner) -> Option<NodeId> {
        self.path(node).find(|id| self.node(*id).owner == owner)
    }

    /// A node and all above it, the program last.
    pub(crate) fn path(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let up = |id: &NodeId| (*id != Tree::ROOT).then(|| self.node(*id).parent);
        std::iter::successors(Some(node), up)
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Every node, parents first.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId(index as u32), node))
    }

    pub(super) fn charge(&mut self, id: NodeId, ticks: u64) {
        self.nodes[id.0 as usize].ticks += ticks;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_has_an_end() {
        let mut tree = Tree::default();
        let mut node = Tree::ROOT;
        for number in 0..DEPTH * 3 {
            node = tree.child(node, Owner::Loop(number));
        }
        assert_eq!(tree.node(node).depth, DEPTH);
        assert_eq!(tree.path(node).count() as u32, DEPTH + 1);
        assert_eq!(tree.child(Tree::ROOT, Owner::Loop(0)), NodeId(1));
    }
}
