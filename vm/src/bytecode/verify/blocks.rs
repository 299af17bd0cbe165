//! Exception blocks as the verifier sees them: the handlers that are set up, innermost last.
//!
//! At run time a handler is told from one that has been entered by its place: it lies behind the instruction, or not.
//! So code is only right if every block's handler is where its state says, at each instruction.

use rustc_hash::FxHashMap;

use super::super::MpyError;
use super::stack::StackId;

/// What a handler is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Purpose {
    Except,
    Finally,
    /// A `with` whose `exit self` lie on the stack.
    With,
    /// The same after WITH_CLEANUP.
    CleanedWith,
    /// An `async with` whose manager lies on the stack.
    AsyncWith,
    /// The same once its handler rearranges the stack.
    CleanedAsyncWith,
}

/// One exception block.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Block {
    pub handler: u32,
    pub purpose: Purpose,
    /// The handler has been entered.
    pub entered: bool,
    /// The stack at its beginning: what the body leaves as it is.
    pub stack: StackId,
}

/// Number of a list of blocks in its [`Blocks`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BlocksId(u32);

#[derive(Clone, Copy)]
struct Node {
    outer: BlocksId,
    block: Option<Block>,
    len: usize,
    /// The innermost list whose last block has not been entered; and the same for those that a return runs.
    ready: BlocksId,
    ready_finally: BlocksId,
    /// Least offset of a handler that has not been entered, greatest of one that has.
    first_ahead: u32,
    last_entered: Option<u32>,
}

/// Every list of blocks that occurs in a function; each is made once.
pub struct Blocks {
    nodes: Vec<Node>,
    known: FxHashMap<(BlocksId, Block), BlocksId>,
    /// Length of the longest list.
    pub most: usize,
}

const NONE: BlocksId = BlocksId(0);

impl Blocks {
    pub fn new() -> Blocks {
        let none = Node {
            outer: NONE,
            block: None,
            len: 0,
            ready: NONE,
            ready_finally: NONE,
            first_ahead: u32::MAX,
            last_entered: None,
        };
        Blocks { nodes: vec![none], known: FxHashMap::default(), most: 0 }
    }

    pub fn none(&self) -> BlocksId {
        NONE
    }

    /// The innermost block and the list without it.
    pub fn pop(&self, blocks: BlocksId) -> Result<(BlocksId, Block), MpyError> {
        let node = self.node(blocks);
        Ok((node.outer, node.block.ok_or(MpyError::Stack)?))
    }

    /// The innermost block.
    pub fn top(&self, blocks: BlocksId) -> Option<Block> {
        self.node(blocks).block
    }

    /// The list up to the block that an exception finds, if there is one.
    pub fn catching(&self, blocks: BlocksId) -> Option<BlocksId> {
        Some(self.node(blocks).ready).filter(|found| *found != NONE)
    }

    /// The list up to the block that a return finds, if there is one.
    pub fn returning(&self, blocks: BlocksId) -> Option<BlocksId> {
        Some(self.node(blocks).ready_finally).filter(|found| *found != NONE)
    }

    /// At this offset each handler is ahead if it has not been entered, and else not.
    pub fn are_in_place(&self, blocks: BlocksId, at: u32) -> bool {
        let node = self.node(blocks);
        node.first_ahead > at && node.last_entered.is_none_or(|handler| handler <= at)
    }

    /// The list with one more block.
    pub fn push(&mut self, outer: BlocksId, block: Block) -> BlocksId {
        if let Some(known) = self.known.get(&(outer, block)) {
            return *known;
        }
        let id = BlocksId(self.nodes.len() as u32);
        let below = *self.node(outer);
        let ahead = !block.entered;
        let runs_at_return = ahead && block.purpose != Purpose::Except;
        self.nodes.push(Node {
            outer,
            block: Some(block),
            len: below.len + 1,
            ready: if ahead { id } else { below.ready },
            ready_finally: if runs_at_return { id } else { below.ready_finally },
            first_ahead: if ahead { below.first_ahead.min(block.handler) } else { below.first_ahead },
            last_entered: if ahead {
                below.last_entered
            } else {
                below.last_entered.max(Some(block.handler))
            },
        });
        self.known.insert((outer, block), id);
        self.most = self.most.max(below.len + 1);
        id
    }

    fn node(&self, blocks: BlocksId) -> &Node {
        &self.nodes[blocks.0 as usize]
    }
}
