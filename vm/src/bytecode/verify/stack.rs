//! Value stacks as the verifier sees them: what is in each slot, not which object.
//!
//! A stack is a chain of runs of equal items, each chain made once, so that two stacks are equal if their numbers are,
//! and pushing or dropping any number of objects is one step. That keeps the whole check linear in the code's size.
//!
//! ```text
//!   Objects×3 ◄── Iterator(0)×1 ◄── … ◄── Iterator(3)×1 ◄── Object×1
//! ```

use rustc_hash::FxHashMap;

use super::super::MpyError;

/// What a slot of the value stack holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Item {
    /// An object.
    Object,
    /// The null word.
    Null,
    /// The self of a method that may not have one: an object or the null word.
    MaybeNull,
    /// Slot 0 to 3 of an iterator.
    Iterator(u8),
    /// The exception that a handler was entered with, or a copy of it.
    Raised,
    /// What the `finally` handler at this offset resumes at its end: one slot (None, or an exception), or two (a
    /// return or a jump).
    Resumed(u32),
    /// The same, known to be None …
    Nothing,
    /// … or the two slots of a return or a jump: the value or target, and the number above it.
    Target(u32),
    Number(u32),
}

impl Item {
    /// Slots that it takes at most.
    fn width(self) -> usize {
        if matches!(self, Item::Resumed(_)) { 2 } else { 1 }
    }

    fn is_object(self) -> bool {
        matches!(self, Item::Object | Item::Raised | Item::Nothing)
    }

    /// It may change places with others.
    pub fn is_movable(self) -> bool {
        !matches!(self, Item::Iterator(_) | Item::Resumed(_))
    }

    /// What a copy of it is.
    pub fn copied(self) -> Option<Item> {
        match self {
            Item::Object | Item::Nothing => Some(Item::Object),
            Item::Raised | Item::Null | Item::MaybeNull => Some(self),
            Item::Iterator(_) | Item::Resumed(_) | Item::Target(_) | Item::Number(_) => None,
        }
    }
}

/// Number of a stack in its [`Stacks`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StackId(u32);

/// Items of one kind on top of a stack.
#[derive(Clone, Copy)]
struct Run {
    below: StackId,
    item: Item,
    count: usize,
    /// Items of the whole stack.
    len: usize,
    /// Slots of the whole stack at most.
    slots: usize,
}

/// Every stack that occurs in a function.
pub struct Stacks {
    runs: Vec<Run>,
    known: FxHashMap<(StackId, Item, usize), StackId>,
    /// Slots of the highest stack that was made.
    pub most_slots: usize,
}

const EMPTY: StackId = StackId(0);

impl Stacks {
    /// With the empty stack, number 0.
    pub fn new() -> Stacks {
        let empty = Run { below: EMPTY, item: Item::Null, count: 0, len: 0, slots: 0 };
        Stacks { runs: vec![empty], known: FxHashMap::default(), most_slots: 0 }
    }

    pub fn empty(&self) -> StackId {
        EMPTY
    }

    /// How many items a stack has.
    pub fn len(&self, stack: StackId) -> usize {
        self.run(stack).len
    }

    /// The item on top.
    pub fn top(&self, stack: StackId) -> Result<Item, MpyError> {
        let run = self.run(stack);
        if run.count == 0 { Err(MpyError::Stack) } else { Ok(run.item) }
    }

    /// The stack with `count` more items.
    pub fn push(&mut self, stack: StackId, item: Item, count: usize) -> StackId {
        if count == 0 {
            return stack;
        }
        let top = *self.run(stack);
        let joins = top.count > 0 && top.item == item;
        let (below, count) = if joins { (top.below, top.count + count) } else { (stack, count) };
        self.make(below, item, count)
    }

    /// The stack without its top item, and that item.
    pub fn pop(&mut self, stack: StackId) -> Result<(StackId, Item), MpyError> {
        let item = self.top(stack)?;
        Ok((self.cut(stack, 1), item))
    }

    /// The stack without its `count` top items, which must be objects.
    pub fn take_objects(&mut self, mut stack: StackId, mut count: usize) -> Result<StackId, MpyError> {
        while count > 0 {
            if !self.top(stack)?.is_object() {
                return Err(MpyError::Stack);
            }
            let step = count.min(self.run(stack).count);
            stack = self.cut(stack, step);
            count -= step;
        }
        Ok(stack)
    }

    /// How many objects of one kind lie on top.
    pub fn objects_on_top(&self, stack: StackId) -> usize {
        let run = self.run(stack);
        if run.item.is_object() { run.count } else { 0 }
    }

    /// The item `depth` below the top.
    pub fn peek(&self, mut stack: StackId, mut depth: usize) -> Result<Item, MpyError> {
        loop {
            let item = self.top(stack)?;
            let run = self.run(stack);
            if depth < run.count {
                return Ok(item);
            }
            depth -= run.count;
            stack = run.below;
        }
    }

    /// All items, the lowest first.
    pub fn items(&self, mut stack: StackId) -> Vec<Item> {
        let mut items = Vec::new();
        while self.run(stack).count > 0 {
            let run = self.run(stack);
            items.extend(std::iter::repeat_n(run.item, run.count));
            stack = run.below;
        }
        items.reverse();
        items
    }

    fn run(&self, stack: StackId) -> &Run {
        &self.runs[stack.0 as usize]
    }

    /// Drops `count` items of the top run, which has that many.
    fn cut(&mut self, stack: StackId, count: usize) -> StackId {
        let top = *self.run(stack);
        if top.count == count { top.below } else { self.make(top.below, top.item, top.count - count) }
    }

    fn make(&mut self, below: StackId, item: Item, count: usize) -> StackId {
        if let Some(known) = self.known.get(&(below, item, count)) {
            return *known;
        }
        let id = StackId(self.runs.len() as u32);
        let (len, slots) = (self.len(below) + count, self.run(below).slots + count * item.width());
        self.runs.push(Run { below, item, count, len, slots });
        self.known.insert((below, item, count), id);
        self.most_slots = self.most_slots.max(slots);
        id
    }
}
