//! Follows a function's instructions along every path, with what is on the stack and which handlers are set up.
//!
//! Each instruction is looked at once for each state it is reached in; that is one, as compilers make code, and a few
//! only in the handler of an `async with`, which tells an exception from a return or jump by itself. So the check is
//! linear in the size of the code. What holds afterwards, whatever the objects do:
//!
//! * no instruction takes more than there is, or something else than it can use;
//! * the stack never grows over the locals, nor the list of handlers over its room;
//! * at each instruction the depth is the same on all paths (but for what a `finally` resumes);
//! * END_FINALLY finds what its own handler was entered with, so the jumps that it resumes are those of UNWIND_JUMPs;
//! * control leaves by a return, a yield or an exception.
//!
//! MicroPython has no such check; its files are trusted.

use super::super::{BASE, BinaryOp, Instr, MpyError, Prelude, RawCode, decode, op};
use super::blocks::{Block, Blocks, BlocksId, Purpose};
use super::layout::{Handler, Layout};
use super::stack::{Item, StackId, Stacks};

type Checked = Result<(), MpyError>;

/// States in which an instruction may be reached.
const MOST_STATES: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    stack: StackId,
    blocks: BlocksId,
}

pub(super) struct Flow<'a> {
    bytes: &'a [u8],
    /// Positional parameters of each child.
    children: Vec<u32>,
    stacks: Stacks,
    blocks: Blocks,
    /// By offset.
    seen: Vec<Vec<State>>,
    work: Vec<(usize, State)>,
    /// The stack is not to become shorter than this in the current instruction.
    floor: usize,
}

/// Checks a function whose instructions, indices and jump targets are known to be good. `n_locals`: how many locals
/// it names.
pub(super) fn verify_flow(code: &RawCode, prelude: &Prelude, n_locals: usize) -> Checked {
    let positional = |child: &RawCode| Prelude::decode(&child.bytes).map(|prelude| prelude.n_pos_args);
    let children = code.children.iter().map(positional).collect::<Result<_, _>>()?;
    let flow = follow(&code.bytes[prelude.code_start..], children)?;
    let fits = flow.stacks.most_slots + n_locals <= prelude.n_state as usize
        && flow.blocks.most <= prelude.n_exc_stack as usize;
    if fits { Ok(()) } else { Err(MpyError::Stack) }
}

/// Follows all paths through `bytes`. `children`: how many positional parameters each inner function has.
pub(super) fn follow(bytes: &[u8], children: Vec<u32>) -> Result<Flow<'_>, MpyError> {
    let mut flow = Flow {
        bytes,
        children,
        stacks: Stacks::new(),
        blocks: Blocks::new(),
        seen: vec![Vec::new(); bytes.len()],
        work: Vec::new(),
        floor: 0,
    };
    let start = State { stack: flow.stacks.empty(), blocks: flow.blocks.none() };
    flow.go(0, start)?;
    while let Some((at, state)) = flow.work.pop() {
        flow.step(decode(bytes, at)?, state)?;
    }
    Ok(flow)
}

fn must(holds: bool) -> Checked {
    if holds { Ok(()) } else { Err(MpyError::Stack) }
}

impl Flow<'_> {
    /// What is on the stack before the instruction at this offset, and which blocks there are; `None` if nothing gets there.
    pub(super) fn layout(&self, at: usize) -> Option<Layout> {
        let state = self.seen.get(at)?.first()?;
        let mut blocks = Vec::new();
        let mut rest = state.blocks;
        while let Ok((outer, block)) = self.blocks.pop(rest) {
            let Block { handler, purpose, entered, stack } = block;
            blocks.push(Handler { handler, purpose, entered, depth: self.stacks.len(stack) });
            rest = outer;
        }
        blocks.reverse();
        Some(Layout { items: self.stacks.items(state.stack), blocks })
    }

    /// Control passes to an instruction.
    fn go(&mut self, at: usize, state: State) -> Checked {
        let seen = self.seen.get_mut(at).ok_or(MpyError::Jump)?;
        must(self.blocks.are_in_place(state.blocks, at as u32))?;
        if !seen.contains(&state) {
            must(seen.len() < MOST_STATES)?;
            seen.push(state);
            self.work.push((at, state));
        }
        Ok(())
    }

    /// Control passes to the instruction behind: perhaps into the handler of a `finally`, with None on the stack.
    fn fall(&mut self, instr: Instr, state: State) -> Checked {
        let ahead = self.blocks.top(state.blocks).filter(|block| !block.entered);
        let into = |block: &Block| {
            block.handler as usize == instr.next && matches!(block.purpose, Purpose::Finally | Purpose::With)
        };
        match ahead.filter(into) {
            Some(block) if instr.op == op::LOAD_CONST_NONE => {
                let (below, _) = self.stacks.pop(state.stack)?;
                must(below == block.stack)?;
                self.enter(state.blocks)
            }
            _ => self.go(instr.next, state),
        }
    }

    /// The handler of the innermost of these blocks is entered.
    fn enter(&mut self, blocks: BlocksId) -> Checked {
        let (outer, block) = self.blocks.pop(blocks)?;
        let given =
            if block.purpose == Purpose::Except { Item::Raised } else { Item::Resumed(block.handler) };
        let stack = self.stacks.push(block.stack, given, 1);
        let blocks = self.blocks.push(outer, Block { entered: true, ..block });
        self.go(block.handler as usize, State { stack, blocks })
    }

    /// An exception, or a return: what runs it next.
    fn enter_if_any(&mut self, blocks: Option<BlocksId>) -> Checked {
        blocks.map_or(Ok(()), |blocks| self.enter(blocks))
    }

    fn pop(&mut self, stack: StackId) -> Result<(StackId, Item), MpyError> {
        let (stack, item) = self.stacks.pop(stack)?;
        must(self.stacks.len(stack) >= self.floor)?;
        Ok((stack, item))
    }

    fn take(&mut self, stack: StackId, count: usize) -> Result<StackId, MpyError> {
        let stack = self.stacks.take_objects(stack, count)?;
        must(self.stacks.len(stack) >= self.floor)?;
        Ok(stack)
    }

    /// Takes something that may be the null word.
    fn take_any(&mut self, stack: StackId) -> Result<StackId, MpyError> {
        let (stack, item) = self.pop(stack)?;
        must(matches!(item, Item::Object | Item::Raised | Item::Nothing | Item::Null | Item::MaybeNull))?;
        Ok(stack)
    }

    fn objects(&mut self, stack: StackId, count: usize) -> StackId {
        self.stacks.push(stack, Item::Object, count)
    }

    fn step(&mut self, instr: Instr, state: State) -> Checked {
        self.enter_if_any(self.blocks.catching(state.blocks))?;
        self.floor = self.blocks.top(state.blocks).map_or(0, |block| self.stacks.len(block.stack));
        if let Some((takes, gives)) = instr.info.stack {
            return self.plain(instr, state, usize::from(takes), usize::from(gives));
        }
        match BASE[usize::from(instr.op)] {
            op::JUMP_IF_TRUE_OR_POP | op::JUMP_IF_FALSE_OR_POP => self.jump_or_pop(instr, state),
            op::UNWIND_JUMP => self.unwind_jump(instr, state),
            op::POP_EXCEPT_JUMP => self.pop_except_jump(instr, state),
            op::FOR_ITER => self.for_iter(instr, state),
            op::SETUP_EXCEPT | op::SETUP_FINALLY => self.setup(instr, state),
            op::SETUP_WITH => self.setup_with(instr, state),
            op::WITH_CLEANUP => self.with_cleanup(instr, state),
            op::END_FINALLY => self.end_finally(instr, state),
            op::DUP_TOP if matches!(self.stacks.top(state.stack), Ok(Item::Resumed(_))) => {
                self.async_handler(instr, state)
            }
            code => {
                let stack = self.rearranged(code, instr, state.stack)?;
                self.fall(instr, State { stack, ..state })
            }
        }
    }

    /// Takes objects, gives objects; some of these instructions jump or do not go on.
    fn plain(&mut self, instr: Instr, state: State, takes: usize, gives: usize) -> Checked {
        let stack = self.take(state.stack, takes)?;
        let after = State { stack: self.objects(stack, gives), ..state };
        match instr.op {
            op::JUMP => self.go(instr.arg as usize, after),
            op::POP_JUMP_IF_TRUE | op::POP_JUMP_IF_FALSE => {
                self.go(instr.arg as usize, after)?;
                self.fall(instr, after)
            }
            op::RETURN_VALUE => self.enter_if_any(self.blocks.returning(state.blocks)),
            op::RAISE_LAST | op::RAISE_OBJ | op::RAISE_FROM => Ok(()),
            op::LOAD_CONST_NONE if self.leaves_async_with(instr, state) => {
                self.leave_async_with(instr, state)
            }
            op::LOAD_CONST_NONE if self.ends_async_with(instr) => {
                let stack = self.stacks.push(state.stack, Item::Nothing, 1);
                self.fall(instr, State { stack, ..state })
            }
            _ => self.fall(instr, after),
        }
    }

    /// Instructions that only change the stack, with counts in their operands or with null words.
    fn rearranged(&mut self, code: u8, instr: Instr, stack: StackId) -> Result<StackId, MpyError> {
        let n = instr.arg as usize;
        let taken = match code {
            op::BUILD_TUPLE | op::BUILD_LIST | op::BUILD_SET => self.take(stack, n)?,
            op::BUILD_SLICE if matches!(n, 2 | 3) => self.take(stack, n)?,
            op::CALL_FUNCTION | op::CALL_METHOD | op::CALL_FUNCTION_VAR_KW | op::CALL_METHOD_VAR_KW => {
                self.take_call(code, n, stack)?
            }
            op::MAKE_CLOSURE | op::MAKE_CLOSURE_DEFARGS | op::MAKE_FUNCTION_DEFARGS => {
                self.take_function(code, instr, stack)?
            }
            op::UNPACK_SEQUENCE => {
                let stack = self.take(stack, 1)?;
                return Ok(self.objects(stack, n));
            }
            op::UNPACK_EX => {
                let stack = self.take(stack, 1)?;
                return Ok(self.objects(stack, (n & 0xff) + (n >> 8) + 1));
            }
            op::STORE_ATTR | op::STORE_SUBSCR => {
                let stack = self.take(stack, if code == op::STORE_ATTR { 1 } else { 2 })?;
                return self.take_any(stack);
            }
            op::STORE_COMP => return self.store_comp(n, stack),
            _ => return self.shuffled(code, stack),
        };
        Ok(self.objects(taken, 1))
    }

    /// Instructions that know nothing of objects, and those that make words which are none.
    fn shuffled(&mut self, code: u8, stack: StackId) -> Result<StackId, MpyError> {
        match code {
            op::LOAD_NULL => Ok(self.stacks.push(stack, Item::Null, 1)),
            op::LOAD_METHOD | op::LOAD_SUPER_METHOD => {
                let stack = self.take(stack, if code == op::LOAD_METHOD { 1 } else { 3 })?;
                let stack = self.objects(stack, 1);
                Ok(self.stacks.push(stack, Item::MaybeNull, 1))
            }
            op::GET_ITER_STACK => {
                let stack = self.take(stack, 1)?;
                Ok((0..4).fold(stack, |stack, n| self.stacks.push(stack, Item::Iterator(n), 1)))
            }
            op::POP_TOP => {
                let (stack, item) = self.pop(stack)?;
                must(!matches!(item, Item::Resumed(_) | Item::Target(_) | Item::Number(_)))?;
                Ok(stack)
            }
            op::DUP_TOP => self.copied(stack, 1),
            op::DUP_TOP_TWO => self.copied(stack, 2),
            op::ROT_TWO => self.rotated(stack, 2),
            op::ROT_THREE => self.rotated(stack, 3),
            _ => Err(MpyError::Stack),
        }
    }

    /// The `n` items on top once more.
    fn copied(&mut self, stack: StackId, n: usize) -> Result<StackId, MpyError> {
        let mut copies = Vec::new();
        for depth in (0..n).rev() {
            copies.push(self.stacks.peek(stack, depth)?.copied().ok_or(MpyError::Stack)?);
        }
        Ok(copies.into_iter().fold(stack, |stack, item| self.stacks.push(stack, item, 1)))
    }

    /// The item on top goes below the `n - 1` others.
    fn rotated(&mut self, stack: StackId, n: usize) -> Result<StackId, MpyError> {
        let mut items = Vec::new();
        let mut rest = stack;
        for _ in 0..n {
            let (below, item) = self.pop(rest)?;
            must(item.is_movable())?;
            items.push(item);
            rest = below;
        }
        let rest = self.stacks.push(rest, items[0], 1);
        Ok(items[1..].iter().rev().fold(rest, |stack, item| self.stacks.push(stack, *item, 1)))
    }

    /// Arguments and what is called.
    fn take_call(&mut self, code: u8, n: usize, stack: StackId) -> Result<StackId, MpyError> {
        let (positional, pairs) = (n & 0xff, n >> 8);
        let starred = matches!(code, op::CALL_FUNCTION_VAR_KW | op::CALL_METHOD_VAR_KW);
        let mut stack = if starred {
            let stack = self.take(stack, 1)?;
            self.take_pairs(stack, pairs)?
        } else {
            self.take(stack, 2 * pairs)?
        };
        stack = self.take(stack, positional)?;
        if matches!(code, op::CALL_METHOD | op::CALL_METHOD_VAR_KW) {
            stack = self.take_any(stack)?;
        }
        self.take(stack, 1)
    }

    /// Names and values; the name of a starred dict is null.
    fn take_pairs(&mut self, mut stack: StackId, pairs: usize) -> Result<StackId, MpyError> {
        let mut left = 2 * pairs;
        while left > 0 {
            if self.stacks.top(stack)? == Item::Null {
                // Values are above their names.
                must(left % 2 == 1)?;
                stack = self.pop(stack)?.0;
                left -= 1;
            } else {
                let run = self.stacks.objects_on_top(stack).clamp(1, left);
                stack = self.take(stack, run)?;
                left -= run;
            }
        }
        Ok(stack)
    }

    /// Cells and defaults of a function.
    fn take_function(&mut self, code: u8, instr: Instr, mut stack: StackId) -> Result<StackId, MpyError> {
        if code != op::MAKE_FUNCTION_DEFARGS {
            let cells = instr.extra;
            must(cells <= self.children[instr.arg as usize])?;
            stack = self.take(stack, cells as usize)?;
        }
        if code != op::MAKE_CLOSURE {
            stack = self.take_any(stack)?;
            stack = self.take_any(stack)?;
        }
        Ok(stack)
    }

    fn store_comp(&mut self, operand: usize, stack: StackId) -> Result<StackId, MpyError> {
        let takes = match operand & 3 {
            1 => 2,
            0 | 2 => 1,
            _ => return Err(MpyError::Stack),
        };
        let depth = operand >> 2;
        must(depth >= takes && self.stacks.peek(stack, depth)? == Item::Object)?;
        self.take(stack, takes)
    }

    fn jump_or_pop(&mut self, instr: Instr, state: State) -> Checked {
        let stack = self.take(state.stack, 1)?;
        self.go(instr.arg as usize, state)?;
        self.fall(instr, State { stack, ..state })
    }

    /// The stack without the iterator on top; a generator expression makes its own of null words and an object.
    fn without_iterator(&mut self, mut stack: StackId) -> Result<StackId, MpyError> {
        let mut items = [Item::Null; 4];
        for item in items.iter_mut().rev() {
            (stack, *item) = self.pop(stack)?;
        }
        let made = [Item::Null, Item::Object, Item::Null, Item::Null];
        must(items == made || (0..4).all(|n| items[n] == Item::Iterator(n as u8)))?;
        Ok(stack)
    }

    fn for_iter(&mut self, instr: Instr, state: State) -> Checked {
        let stack = self.without_iterator(state.stack)?;
        self.go(instr.arg as usize, State { stack, ..state })?;
        let stack = self.objects(state.stack, 1);
        self.fall(instr, State { stack, ..state })
    }

    fn pop_except_jump(&mut self, instr: Instr, state: State) -> Checked {
        let (blocks, block) = self.blocks.pop(state.blocks)?;
        must(block.purpose == Purpose::Except)?;
        self.go(instr.arg as usize, State { blocks, ..state })
    }

    fn setup(&mut self, instr: Instr, state: State) -> Checked {
        let handler = instr.arg as usize;
        // Only the handler of an `async with` looks at what it was entered with.
        let purpose = match (instr.op, self.bytes[handler]) {
            (op::SETUP_EXCEPT, _) => Purpose::Except,
            (_, op::DUP_TOP) => Purpose::AsyncWith,
            _ => Purpose::Finally,
        };
        let block = Block { handler: handler as u32, purpose, entered: false, stack: state.stack };
        let blocks = self.blocks.push(state.blocks, block);
        self.fall(instr, State { blocks, ..state })
    }

    fn setup_with(&mut self, instr: Instr, state: State) -> Checked {
        let stack = self.take(state.stack, 1)?;
        let stack = self.objects(stack, 1);
        let stack = self.stacks.push(stack, Item::MaybeNull, 1);
        let block = Block { handler: instr.arg as u32, purpose: Purpose::With, entered: false, stack };
        let blocks = self.blocks.push(state.blocks, block);
        let stack = self.objects(stack, 1);
        self.fall(instr, State { stack, blocks })
    }

    /// `exit self` go from below what the handler was entered with.
    fn with_cleanup(&mut self, instr: Instr, state: State) -> Checked {
        let (outer, block) = self.blocks.pop(state.blocks)?;
        let (below, given) = self.stacks.pop(state.stack)?;
        let stands = block.purpose == Purpose::With && block.entered && below == block.stack;
        must(stands && given == Item::Resumed(block.handler))?;
        let below = self.resumed_with(block)?;
        let cleaned = Block { purpose: Purpose::CleanedWith, stack: below, ..block };
        let blocks = self.blocks.push(outer, cleaned);
        let stack = self.stacks.push(below, given, 1);
        self.fall(instr, State { stack, blocks })
    }

    /// The stack behind the handler of a block.
    fn resumed_with(&mut self, block: Block) -> Result<StackId, MpyError> {
        let drops = match block.purpose {
            Purpose::With => 2,
            Purpose::AsyncWith => 1,
            Purpose::Except | Purpose::Finally | Purpose::CleanedWith | Purpose::CleanedAsyncWith => 0,
        };
        (0..drops).try_fold(block.stack, |stack, _| Ok(self.stacks.pop(stack)?.0))
    }

    /// The top of the stack is what the innermost handler was entered with.
    fn end_finally(&mut self, instr: Instr, state: State) -> Checked {
        let (outer, block) = self.blocks.pop(state.blocks)?;
        must(block.entered)?;
        let (mut below, given) = self.stacks.pop(state.stack)?;
        let own = block.handler;
        let goes_on = match (block.purpose, given) {
            (Purpose::Except | Purpose::CleanedAsyncWith, Item::Raised) => return Ok(()),
            (Purpose::Finally | Purpose::CleanedWith, Item::Resumed(of)) => of == own,
            (Purpose::CleanedAsyncWith, Item::Nothing) => true,
            (Purpose::CleanedAsyncWith, Item::Number(of)) => {
                let (rest, target) = self.stacks.pop(below)?;
                below = rest;
                of == own && target == Item::Target(own)
            }
            _ => false,
        };
        must(goes_on && below == block.stack)?;
        self.enter_if_any(self.blocks.returning(outer))?;
        self.fall(instr, State { stack: below, blocks: outer })
    }

    /// Leaves handlers one after the other; those of `finally` that have not been entered run before the jump.
    fn unwind_jump(&mut self, instr: Instr, state: State) -> Checked {
        let State { mut stack, mut blocks } = state;
        for _ in 0..instr.extra & 0x7f {
            let (outer, block) = self.blocks.pop(blocks)?;
            stack = self.unwound(block, blocks, stack)?;
            blocks = outer;
        }
        self.floor = self.blocks.top(blocks).map_or(0, |block| self.stacks.len(block.stack));
        if instr.extra & 0x80 != 0 {
            stack = self.without_iterator(stack)?;
        }
        self.go(instr.arg as usize, State { stack, blocks })
    }

    /// The stack after the innermost block is left by a jump.
    fn unwound(&mut self, block: Block, blocks: BlocksId, stack: StackId) -> Result<StackId, MpyError> {
        match (block.purpose, block.entered) {
            (Purpose::Except, _) => Ok(stack),
            (_, false) => {
                must(stack == block.stack)?;
                self.enter(blocks)?;
                self.resumed_with(block)
            }
            (Purpose::Finally, true) => {
                // The jump's target lies above what the handler would have resumed, for a moment.
                self.objects(stack, 1);
                let (below, given) = self.stacks.pop(stack)?;
                must(given == Item::Resumed(block.handler))?;
                Ok(below)
            }
            (_, true) => Err(MpyError::Stack),
        }
    }

    /// The body of an `async with` has ended: `manager` becomes `None manager`, behind the start of the handler.
    fn leaves_async_with(&self, instr: Instr, state: State) -> bool {
        let block = self.blocks.top(state.blocks);
        let stands = |block: Block| {
            block.purpose == Purpose::AsyncWith && !block.entered && block.stack == state.stack
        };
        block.is_some_and(stands) && self.bytes.get(instr.next) == Some(&op::ROT_TWO)
    }

    fn leave_async_with(&mut self, instr: Instr, state: State) -> Checked {
        let jump = decode(self.bytes, instr.next + 1)?;
        must(jump.op == op::JUMP)?;
        let (stack, blocks) = self.cleaning(state.blocks)?;
        let stack = self.stacks.push(stack, Item::Nothing, 1);
        let stack = self.objects(stack, 1);
        self.go(jump.arg as usize, State { stack, blocks })
    }

    /// The None that stands for a swallowed exception.
    fn ends_async_with(&self, instr: Instr) -> bool {
        let jump = decode(self.bytes, instr.next).ok().filter(|jump| jump.op == op::JUMP);
        jump.is_some_and(|jump| self.bytes.get(jump.arg as usize) == Some(&op::END_FINALLY))
    }

    /// The innermost block's handler takes the manager from below what it was entered with: the stack without it.
    fn cleaning(&mut self, blocks: BlocksId) -> Result<(StackId, BlocksId), MpyError> {
        let (outer, block) = self.blocks.pop(blocks)?;
        must(block.purpose == Purpose::AsyncWith)?;
        let (stack, manager) = self.stacks.pop(block.stack)?;
        must(manager == Item::Object)?;
        let cleaning = Block { purpose: Purpose::CleanedAsyncWith, entered: true, stack, ..block };
        Ok((stack, self.blocks.push(outer, cleaning)))
    }

    /// The start of an `async with`'s handler: is it an exception? A return or jump is none, whatever the name of the
    /// class means, so it is always told right. An exception that is not (the name means something else) meets
    /// ROT_THREE, which looks at the depth at run time, and is raised again at the end.
    fn async_handler(&mut self, dup: Instr, state: State) -> Checked {
        let load = decode(self.bytes, dup.next)?;
        let test = decode(self.bytes, load.next)?;
        let branch = decode(self.bytes, test.next)?;
        let is_match = test.op == op::BINARY_OP_MULTI + BinaryOp::ExceptionMatch as u8;
        must(load.op == op::LOAD_GLOBAL && is_match && branch.op == op::POP_JUMP_IF_FALSE)?;
        let otherwise = branch.arg as usize;
        let rotates = |at: usize| self.bytes.get(at) == Some(&op::ROT_THREE);
        must(rotates(otherwise) && rotates(otherwise + 1))?;
        let (_, block) = self.blocks.pop(state.blocks)?;
        let (below, given) = self.stacks.pop(state.stack)?;
        must(given == Item::Resumed(block.handler) && below == block.stack)?;
        let (_, blocks) = self.cleaning(state.blocks)?;
        // The copy, and the class.
        self.objects(state.stack, 2);
        let raised = self.stacks.push(below, Item::Raised, 1);
        self.go(branch.next, State { stack: raised, blocks })?;
        let target = self.stacks.push(below, Item::Target(block.handler), 1);
        let jumping = self.stacks.push(target, Item::Number(block.handler), 1);
        self.go(otherwise, State { stack: jumping, blocks })
    }
}
