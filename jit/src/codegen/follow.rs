//! What machine code tells of itself while it runs, if a log is kept: marks, and transitions.
//!
//! ```text
//!   start:        mark itself
//!   call:         mark the helper ─► helper ─► mark itself
//!   direct call:  if a window is open, event ─► the callee marks itself ─► mark itself; if open, event
//!   jump:         if that is an enter in the note's sense and a window is open, event
//! ```
//!
//! A mark is one store. An event is a call, but of a convention that clobbers no register and in a block that is cold:
//! while no window is open a transition costs a comparison beside its store.

use std::cell::RefCell;

use cranelift_codegen::ir::{InstBuilder, Value, types};

use super::context;
use super::lower::{Lower, TRUSTED};
use crate::sample::{DETAIL, Helpers, Mark, WINDOW, WORD};

/// What a fragment tells.
#[derive(Clone, Copy, Default)]
pub struct Follow<'a> {
    pub marks: Option<Marks<'a>>,
    pub events: Option<Label>,
}

/// What it is marked as.
#[derive(Clone, Copy)]
pub struct Marks<'a> {
    pub own: Mark,
    pub helpers: &'a RefCell<Helpers>,
}

/// What its events name.
#[derive(Clone, Copy)]
pub struct Label {
    /// What its last jump enters, if that is worth an event.
    pub enters: Option<u32>,
    /// The entry or loop that it is a part of.
    pub part: u32,
}

/// What an event says; the rest of the word is a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transition {
    /// Code with this number is jumped to.
    Jump,
    /// Code with this number is about to call the function that the second word leads to.
    Call,
    /// The function has come back, and code with this number goes on.
    Return,
}

impl Transition {
    fn word(self, number: u32) -> i64 {
        (self as i64) << 32 | i64::from(number)
    }

    /// The opposite of `word`.
    pub fn from_word(word: u64) -> (Transition, u32) {
        let transition = match word >> 32 {
            0 => Transition::Jump,
            1 => Transition::Call,
            _ => Transition::Return,
        };
        (transition, word as u32)
    }
}

impl Lower<'_, '_, '_> {
    /// It jumps somewhere else.
    pub fn jumps(&mut self) {
        if let Some(entered) = self.job.follow.events.and_then(|label| label.enters) {
            self.event(Transition::Jump, entered, None);
        }
    }

    /// The fragment's own code runs. Who left the word to it has cleared the detail.
    pub fn mark_itself(&mut self) {
        if let Some(marks) = self.job.follow.marks {
            self.mark_half(marks.own.owner(), WORD);
        }
    }

    /// A function of the runtime is about to be called.
    pub fn mark_helper(&mut self, name: &str) {
        if let Some(marks) = self.job.follow.marks {
            let number = marks.helpers.borrow_mut().number(name);
            self.mark_half(number, DETAIL);
        }
    }

    /// It has come back.
    pub fn unmark_helper(&mut self) {
        if self.job.follow.marks.is_some() {
            self.mark_half(0, DETAIL);
        }
    }

    /// Half a word fits into the instruction that stores it.
    pub fn mark_half(&mut self, number: u32, half: i32) {
        self.marks += 1;
        let number = self.b.ins().iconst(types::I32, i64::from(number));
        self.b.ins().store(TRUSTED, number, self.ctx, context::LINE + half);
    }

    /// A function's code is about to be called.
    pub fn call_begins(&mut self, target: Value) {
        if let Some(label) = self.job.follow.events {
            self.event(Transition::Call, label.part, Some(target));
        }
    }

    /// It has come back.
    pub fn call_ends(&mut self) {
        self.mark_itself();
        if let Some(label) = self.job.follow.events {
            self.event(Transition::Return, label.part, None);
        }
    }

    fn event(&mut self, transition: Transition, number: u32, target: Option<Value>) {
        let window = self.b.ins().load(types::I8, TRUSTED, self.ctx, context::LINE + WINDOW);
        let [open, done] = [(); 2].map(|()| self.b.create_block());
        self.b.set_cold_block(open);
        self.b.ins().brif(window, open, &[], done, &[]);
        self.b.switch_to_block(open);
        let signature = self.event_sig();
        let stub = self.address(self.stubs.event);
        let word = self.b.ins().iconst(types::I64, transition.word(number));
        let target = target.unwrap_or(word);
        self.b.ins().call_indirect(signature, stub, &[self.ctx, word, target]);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_travel_in_one_word() {
        for transition in [Transition::Jump, Transition::Call, Transition::Return] {
            assert_eq!(Transition::from_word(transition.word(7) as u64), (transition, 7));
        }
    }
}
