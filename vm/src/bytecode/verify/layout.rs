//! What a frame holds at an instruction, and how one that stands elsewhere gets to hold it: for who jumps in a debugger.

use super::blocks::Purpose;
use super::flow::{Flow, follow};
use super::stack::Item;

/// An exception block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handler {
    pub handler: u32,
    pub purpose: Purpose,
    pub entered: bool,
    /// Items on the stack at its beginning.
    pub depth: usize,
}

/// The value stack and the exception blocks before an instruction, outermost first.
#[derive(Debug)]
pub struct Layout {
    pub items: Vec<Item>,
    pub blocks: Vec<Handler>,
}

/// The layouts of a function's instructions.
pub struct Layouts<'a>(Flow<'a>);

/// What to do to a frame so that it may go on elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub struct Jump {
    /// Items and blocks that stay as they are.
    pub kept_items: usize,
    pub kept_blocks: usize,
    /// How many times None goes on top: what a `finally` finds that is reached without exception.
    pub nones: usize,
    /// Blocks to add: handler, items at its beginning, and whether returns run it too.
    pub blocks: Vec<(u32, usize, bool)>,
}

impl<'a> Layouts<'a> {
    /// Of the function with these instructions, whose inner functions have so many positional parameters. `None` if it has
    /// instructions that the verifier does not know.
    pub fn of(ops: &'a [u8], children: Vec<u32>) -> Option<Layouts<'a>> {
        follow(ops, children).ok().map(Layouts)
    }

    /// Before the instruction at this offset; `None` if nothing gets there.
    pub fn at(&self, offset: u32) -> Option<Layout> {
        self.0.layout(offset as usize)
    }
}

impl Layout {
    /// How a frame with this layout gets to have another one, or why it cannot; in CPython's words.
    pub fn jump_to(&self, to: &Layout) -> Result<Jump, &'static str> {
        let kept_items = common(&self.items, &to.items);
        let kept_blocks = common(&self.blocks, &to.blocks);
        let blocks = to.blocks[kept_blocks..].iter().map(made_block).collect::<Result<Vec<_>, _>>()?;
        let made = &to.items[kept_items..];
        made.iter().try_for_each(made_item)?;
        Ok(Jump { kept_items, kept_blocks, nones: made.len(), blocks })
    }
}

fn common<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn made_block(block: &Handler) -> Result<(u32, usize, bool), &'static str> {
    match (block.purpose, block.entered) {
        (Purpose::Except, true) => Err("can't jump into an 'except' block as there's no exception"),
        (Purpose::Except, false) => Ok((block.handler, block.depth, false)),
        (Purpose::Finally, _) => Ok((block.handler, block.depth, true)),
        (Purpose::With | Purpose::CleanedWith | Purpose::AsyncWith | Purpose::CleanedAsyncWith, _) => {
            Err("can't jump into the body of a with statement")
        }
    }
}

fn made_item(item: &Item) -> Result<(), &'static str> {
    match item {
        Item::Resumed(_) => Ok(()),
        // At the beginning of a line, objects are the counters of a loop over a range.
        Item::Iterator(_) | Item::Object => Err("can't jump into the body of a for loop"),
        Item::Raised => Err("can't jump into an 'except' block as there's no exception"),
        Item::Null | Item::MaybeNull | Item::Nothing | Item::Target(_) | Item::Number(_) => {
            Err("incompatible stacks")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(items: &[Item], blocks: &[(u32, Purpose, bool)]) -> Layout {
        let handler = |&(handler, purpose, entered)| Handler { handler, purpose, entered, depth: 0 };
        Layout { items: items.to_vec(), blocks: blocks.iter().map(handler).collect() }
    }

    #[test]
    fn loops_are_left_and_not_entered() {
        let iterator = [0, 1, 2, 3].map(Item::Iterator);
        let (inside, outside) = (layout(&iterator, &[]), layout(&[], &[]));
        let left = Jump { kept_items: 0, kept_blocks: 0, nones: 0, blocks: Vec::new() };
        assert_eq!(inside.jump_to(&outside), Ok(left));
        assert_eq!(outside.jump_to(&inside), Err("can't jump into the body of a for loop"));
    }

    #[test]
    fn a_body_is_entered_with_its_handler_and_a_finally_with_none() {
        let outside = layout(&[], &[]);
        let body = layout(&[], &[(9, Purpose::Finally, false)]);
        let handler = layout(&[Item::Resumed(9)], &[(9, Purpose::Finally, true)]);
        let jump = |nones| Jump { kept_items: 0, kept_blocks: 0, nones, blocks: vec![(9, 0, true)] };
        assert_eq!(outside.jump_to(&body), Ok(jump(0)));
        assert_eq!(body.jump_to(&handler), Ok(jump(1)));
        let except = layout(&[], &[(9, Purpose::Except, true)]);
        assert!(outside.jump_to(&except).unwrap_err().contains("'except'"));
    }
}
