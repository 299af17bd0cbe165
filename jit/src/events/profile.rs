//! Which compiled loop runs: enters and exits, collected in a ring.
//!
//! ```text
//!   interpreter ─ enter ─► entry ─ jump ─► loop ─ leave ─► interpreter         enter, enter, exit
//!                                           │ runtime call
//!                                           └► interpreter ─ enter ─► another   call … return
//! ```
//!
//! One level per activation of machine code. The outermost level records what the design note says. Inner levels
//! record calls and returns, which a reader of plain events skips: the time then belongs to the calling loop. A loop
//! that calls itself, directly or through its own entry, records nothing; nor does a jump to the loop that runs.
//!
//! Recording costs a time stamp and a store; text is made of it when the ring is full or something else is written.
//! Where calls come so fast that recording them would show, one in N is recorded, and the log says so. Where the
//! outermost level changes so fast, all of it is counted for a while instead of recorded ([`super::pause`]).

use std::cell::RefCell;
use std::rc::Rc;

use logs::event::EventKind;
use logs::section::Section;

use super::output::Output;
use super::pause::{Patience, Pause, Rates};
use crate::codegen::now;

/// Events between two drains. A killed process loses no more.
const RING: usize = 1 << 12;
/// Nanoseconds after which events are written at the next opportunity: somebody may be watching.
const PATIENCE: u64 = 250_000_000;
/// Share of the run that recording calls may cost: one in that many ticks.
const SHARE: u64 = 50;
/// Rates stop growing here.
const RAREST: u32 = 1 << 20;
/// What an event costs all in all, in nanoseconds, rather too much than too little.
const EVENT_COST: u64 = 80;

/// Nanoseconds; outermost events that follow one another faster are not all recorded.
const BRIEF: u64 = 200;

/// An event that has not been written yet.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    pub at: u64,
    pub number: u32,
    pub kind: EventKind,
}

/// The events of one run.
pub struct Profile {
    state: RefCell<State>,
    output: Rc<RefCell<Output>>,
}

#[derive(Default)]
struct State {
    ring: Vec<Record>,
    levels: Vec<Level>,
    numbers: Vec<Number>,
    /// An event behind this stamp lets everything be written.
    due: u64,
    /// Visits are counted, and not recorded.
    pause: Option<Pause>,
    /// The pause has lasted long enough.
    is_over: bool,
    patience: Patience,
}

/// An activation of machine code.
struct Level {
    /// What runs.
    current: u32,
    /// What was recorded as running, if anything was.
    recorded: Option<u32>,
}

/// What is known of an entry or a loop.
#[derive(Clone, Copy)]
struct Number {
    /// An entry and its loop have the same.
    tree: u32,
    /// One in how many calls is recorded.
    every: u32,
    /// Calls until the next one that is.
    skip: u32,
}

impl Profile {
    pub fn new(output: Rc<RefCell<Output>>) -> Profile {
        let state = State { ring: Vec::with_capacity(RING), ..State::default() };
        Profile { state: RefCell::new(state), output }
    }

    /// Makes an entry or a loop known.
    pub fn add(&self, number: u32, tree: u32) {
        let mut state = self.state.borrow_mut();
        while state.numbers.len() <= number as usize {
            let tree = state.numbers.len() as u32;
            state.numbers.push(Number { tree, every: 1, skip: 0 });
        }
        state.numbers[number as usize].tree = tree;
    }

    /// The interpreter enters machine code.
    pub fn enter(&self, number: u32) {
        let mut state = self.state.borrow_mut();
        state.levels.push(Level { current: number, recorded: None });
        state.arrive(number);
        self.drain_if_full(state);
    }

    /// Machine code goes on in another trace.
    pub fn jump(&self, number: u32) {
        let mut state = self.state.borrow_mut();
        let Some(level) = state.levels.last_mut().filter(|level| level.current != number) else { return };
        level.current = number;
        state.arrive(number);
        self.drain_if_full(state);
    }

    /// Machine code comes back to the interpreter.
    pub fn leave(&self) {
        let mut state = self.state.borrow_mut();
        state.leave();
        self.drain_if_full(state);
    }

    /// Leaves everything that runs, and writes what is left.
    pub fn finish(&self) {
        self.resume();
        while !self.state.borrow().levels.is_empty() {
            self.state.borrow_mut().leave();
        }
        self.drain();
    }

    /// Writes the events collected so far, and ends a pause: something else is about to be written.
    pub fn drain(&self) {
        self.resume();
        self.drain_ring();
    }

    /// Writes the events collected so far. What is written next stands inside of a pause, if there is one.
    pub fn drain_ring(&self) {
        let mut state = self.state.borrow_mut();
        self.output.borrow_mut().events(&mut state.ring);
    }

    fn resume(&self) {
        let mut state = self.state.borrow_mut();
        let Some(pause) = state.pause.take() else { return };
        let mut output = self.output.borrow_mut();
        let at = now();
        for (number, visits, ticks) in pause.shares(at) {
            output.unrecorded(number, visits, ticks);
        }
        output.stop(at, Section::JitProfileUnrecorded);
        state.is_over = false;
        state.go_on(at);
    }

    /// Something else took so many ticks.
    pub fn lose(&self, ticks: u64) {
        if let Some(pause) = &mut self.state.borrow_mut().pause {
            pause.lose(ticks);
        }
    }

    #[inline(always)]
    fn drain_if_full(&self, state: std::cell::RefMut<'_, State>) {
        if state.is_over || state.ring.len() + 2 > RING {
            let is_over = state.is_over;
            drop(state);
            if is_over { self.resume() } else { self.full() }
        } else if state.ring.last().is_some_and(|last| last.at >= state.due) {
            drop(state);
            self.late();
        }
    }

    /// Writes what has waited for long.
    #[cold]
    fn late(&self) {
        let mut state = self.state.borrow_mut();
        let mut output = self.output.borrow_mut();
        state.due = now().saturating_add(output.clock.ticks(PATIENCE));
        output.events(&mut state.ring);
        output.flush();
    }

    /// Writes the ring; what fills it too fast is recorded more rarely from now on.
    #[cold]
    fn full(&self) {
        let mut state = self.state.borrow_mut();
        let mut output = self.output.borrow_mut();
        let cost = output.clock.ticks(EVENT_COST);
        let rarer = state.too_frequent(cost);
        let brief = output.clock.ticks(BRIEF);
        let rates = state.is_too_fast(brief).then(|| Rates::of(&state.ring, state.numbers.len()));
        output.events(&mut state.ring);
        for number in rarer {
            let line = &mut state.numbers[number as usize];
            line.every = (line.every * 2).min(RAREST);
            output.sampling(number, line.every);
        }
        match rates.filter(|_| output.wants(Section::JitProfileUnrecorded)) {
            Some(rates) => {
                let length = state.patience.next(cost * SHARE * RING as u64);
                state.pause(rates, length, &mut output);
            }
            None => state.patience.rest(),
        }
    }
}

impl State {
    /// The innermost level has come to `number`.
    fn arrive(&mut self, number: u32) {
        let depth = self.levels.len();
        if self.pause.is_some() {
            return self.count(number);
        }
        if depth == 1 {
            self.levels[0].recorded = Some(number);
            self.push(now(), number, EventKind::Enter);
            return;
        }
        let same = self.tree(self.levels[depth - 2].current) == self.tree(number);
        let wanted = !same && self.is_sampled(number);
        let left = std::mem::replace(&mut self.levels[depth - 1].recorded, wanted.then_some(number));
        if left.is_none() && !wanted {
            return;
        }
        let at = now();
        if let Some(left) = left {
            self.push(at, left, EventKind::Return);
        }
        if wanted {
            self.push(at, number, EventKind::Call);
        }
    }

    fn leave(&mut self) {
        let left = self.levels.pop().and_then(|level| level.recorded);
        if self.levels.is_empty()
            && let Some(pause) = &mut self.pause
        {
            pause.count(None);
        }
        if let Some(number) = left {
            let kind = if self.levels.is_empty() { EventKind::Exit } else { EventKind::Return };
            self.push(now(), number, kind);
        }
    }

    /// Counts a visit instead of recording it.
    #[inline]
    fn count(&mut self, number: u32) {
        let caller = self.levels.len().checked_sub(2).map(|caller| self.levels[caller].current);
        if caller.is_some_and(|caller| self.tree(caller) == self.tree(number)) {
            return;
        }
        if let Some(pause) = &mut self.pause
            && pause.count(Some(number))
        {
            self.is_over = pause.is_over(now());
        }
    }

    /// Leaves everything that runs, as far as the log knows, and counts from now on.
    fn pause(&mut self, rates: Rates, length: u64, output: &mut Output) {
        let at = now();
        for depth in (0..self.levels.len()).rev() {
            if let Some(number) = self.levels[depth].recorded.take() {
                let kind = if depth == 0 { EventKind::Exit } else { EventKind::Return };
                self.push(at, number, kind);
            }
        }
        output.events(&mut self.ring);
        output.start(at, Section::JitProfileUnrecorded);
        self.pause = Some(Pause::new(at, length, rates));
    }

    /// Records again, from what runs now.
    fn go_on(&mut self, at: u64) {
        if let Some(level) = self.levels.first_mut() {
            level.recorded = Some(level.current);
            let number = level.current;
            self.push(at, number, EventKind::Enter);
        }
    }

    /// Does the outermost level change so fast that recording it would be most of what happens?
    fn is_too_fast(&self, brief: u64) -> bool {
        let (Some(first), Some(last)) = (self.ring.first(), self.ring.last()) else { return false };
        let outermost =
            self.ring.iter().filter(|record| matches!(record.kind, EventKind::Enter | EventKind::Exit));
        outermost.count() as u64 * brief > last.at.saturating_sub(first.at)
    }

    #[inline(always)]
    fn push(&mut self, at: u64, number: u32, kind: EventKind) {
        self.ring.push(Record { at, number, kind });
    }

    fn tree(&self, number: u32) -> u32 {
        self.numbers.get(number as usize).map_or(number, |n| n.tree)
    }

    /// Is this call of `number` one to record?
    fn is_sampled(&mut self, number: u32) -> bool {
        let Some(line) = self.numbers.get_mut(number as usize) else { return true };
        if line.skip > 0 {
            line.skip -= 1;
            return false;
        }
        line.skip = line.every - 1;
        true
    }

    /// The loops whose calls fill a good part of the ring, if all calls in it cost too much.
    fn too_frequent(&self, cost: u64) -> Vec<u32> {
        let (Some(first), Some(last)) = (self.ring.first(), self.ring.last()) else { return Vec::new() };
        let window = last.at.saturating_sub(first.at);
        let mut calls = vec![0u64; self.numbers.len()];
        let of_calls = self.ring.iter().filter(|record| record.kind == EventKind::Call);
        of_calls.for_each(|record| calls[record.number as usize] += 1);
        let total: u64 = calls.iter().sum();
        if total * 2 * cost * SHARE <= window {
            return Vec::new();
        }
        let many = calls.iter().enumerate().filter(|(_, count)| **count * 8 > total);
        many.map(|(number, _)| number as u32).collect()
    }
}
