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
//! that calls itself, directly or through its own entry, records nothing; nor does a bridge, or one that goes back to the
//! loop it came from. A jump to an entry is an enter, also from that entry's own bridge.
//!
//! Recording costs a time stamp and a store; text is made of it when the ring is full or something else is written.
//! Outside of a [`Window`] nothing is recorded: machine code tests that, and so does the engine.

use std::cell::RefCell;
use std::sync::Arc;

use logs::event::EventKind;
use logs::section::Section;
use rustc_hash::FxHashMap;

use super::output::{Output, Shared};
use super::window::Window;
use super::{Kind, Text};
use crate::codegen::now;
use crate::sample::{Calibration, Mark};

/// Events between two drains. A killed process loses no more.
const RING: usize = 1 << 12;
/// Nanoseconds after which events are written at the next opportunity: somebody may be watching.
const PATIENCE: u64 = 250_000_000;

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
    output: Arc<Shared>,
    text: Text,
}

struct State {
    ring: Vec<Record>,
    window: Window,
    levels: Vec<Level>,
    /// What has called a function of the runtime that runs Python code, the outermost first. Kept also in a pause.
    callers: Vec<Mark>,
    numbers: Vec<Number>,
    /// Guard → the entry or loop that its bridge is a part of.
    parts: FxHashMap<u32, u32>,
    /// An event behind this stamp lets everything be written.
    due: u64,
}

/// An activation of machine code.
#[derive(Default)]
struct Level {
    /// What runs, once it has begun to.
    current: Option<u32>,
    /// What was recorded as running, if anything was.
    recorded: Option<u32>,
    /// Machine code called it, without the engine.
    direct: bool,
}

/// What is known of an entry or a loop.
#[derive(Clone, Copy)]
struct Number {
    /// An entry and its loop have the same.
    tree: u32,
    is_entry: bool,
}

impl Profile {
    pub fn new(output: Arc<Shared>, text: Text, all: bool) -> Profile {
        let started = output.lock().clock.started();
        Profile { state: RefCell::new(State::new(all, started)), output, text }
    }

    /// From now on no window is ever closed.
    pub fn record_all(&self) {
        self.state.borrow_mut().window.record_all();
    }

    /// Makes a trace known; `part` is what a bridge belongs to.
    pub fn add(&self, kind: Kind, part: u32) {
        let mut state = self.state.borrow_mut();
        let (number, tree, is_entry) = match kind {
            Kind::Bridge(guard) => {
                state.parts.insert(guard, part);
                return;
            }
            Kind::Loop(number) => (number, number, false),
            Kind::Entry { number, to } => (number, to.unwrap_or(number), true),
        };
        while state.numbers.len() <= number as usize {
            let tree = state.numbers.len() as u32;
            state.numbers.push(Number { tree, is_entry: false });
        }
        state.numbers[number as usize] = Number { tree, is_entry };
    }

    /// The interpreter is about to enter machine code.
    pub fn enter(&self, number: u32) {
        let mut state = self.state.borrow_mut();
        state.open(None);
        state.levels.push(Level::default());
        state.arrive(number);
        self.drain_if_full(state);
    }

    /// Code of that number is jumped to.
    pub fn jump(&self, number: u32) {
        let mut state = self.state.borrow_mut();
        state.open(Some(Level::default()));
        state.arrive(number);
        self.drain_if_full(state);
    }

    /// Machine code is about to call a function's machine code, if there is any.
    pub fn call(&self, part: u32, callee: Option<u32>) {
        let mut state = self.state.borrow_mut();
        if state.open(Some(Level::default())) {
            state.arrive(part);
        }
        state.levels.push(Level { direct: true, ..Level::default() });
        callee.into_iter().for_each(|callee| state.arrive(callee));
        self.drain_if_full(state);
    }

    /// That function has come back.
    pub fn come_back(&self, part: u32) {
        let mut state = self.state.borrow_mut();
        state.open(Some(Level::default()));
        if state.levels.last().is_some_and(|level| level.direct) {
            state.leave();
        } else {
            // It was called before the window opened.
            state.arrive(part);
        }
        self.drain_if_full(state);
    }

    /// Machine code has come back to the interpreter.
    pub fn leave(&self) {
        let mut state = self.state.borrow_mut();
        state.open(Some(Level::default()));
        state.leave();
        self.drain_if_full(state);
    }

    /// A function of the runtime that `caller` has called runs Python code.
    pub fn calls_out(&self, caller: Mark) {
        self.state.borrow_mut().callers.push(caller);
    }

    /// It no longer does.
    pub fn called_out(&self) {
        self.state.borrow_mut().callers.pop();
    }

    /// Leaves everything that runs, and writes what is left.
    pub fn finish(&self) {
        let mut state = self.state.borrow_mut();
        while !state.levels.is_empty() {
            state.leave();
        }
        let mut output = self.output.lock();
        output.events(&mut state.ring);
        let window = state.window.end();
        if state.window.pauses() {
            window.into_iter().for_each(|window| tell(window, now(), &mut output));
        }
    }

    /// How many there were.
    pub fn total(&self) -> u64 {
        self.state.borrow().window.total()
    }

    /// Writes the events collected so far: something else is about to be written.
    pub fn drain(&self) {
        let mut state = self.state.borrow_mut();
        if !state.ring.is_empty() {
            self.output.lock().events(&mut state.ring);
        }
    }

    #[inline(always)]
    fn drain_if_full(&self, state: std::cell::RefMut<'_, State>) {
        if state.window.is_due() || state.ring.len() + 2 > RING {
            drop(state);
            self.full();
        } else if state.ring.last().is_some_and(|last| last.at >= state.due) {
            drop(state);
            self.late();
        }
    }

    /// Writes what has waited for long.
    #[cold]
    fn late(&self) {
        let _making = self.text.making();
        let mut state = self.state.borrow_mut();
        let mut output = self.output.lock();
        state.due = now().saturating_add(output.clock.ticks(PATIENCE));
        output.events(&mut state.ring);
        output.flush();
    }

    /// Writes the ring; closes the window if that happens too often.
    #[cold]
    fn full(&self) {
        let _making = self.text.making();
        let mut state = self.state.borrow_mut();
        let mut output = self.output.lock();
        let at = now();
        if !(state.window.is_due() && state.window.is_too_fast(at, &output.clock)) {
            return output.events(&mut state.ring);
        }
        while !state.levels.is_empty() {
            state.leave_at(at);
        }
        output.events(&mut state.ring);
        let closed = state.window.close(at, &output.clock);
        closed.into_iter().for_each(|window| tell(window, at, &mut output));
    }
}

/// What it takes to record, where nothing else is done.
pub fn calibrate() -> Calibration {
    let mut state = State::new(true, now());
    let state = &mut state;
    Calibration::measure(|n| {
        if n == 0 {
            state.ring.clear();
            state.levels = vec![Level::default()];
        }
        state.arrive(n);
    })
}

/// Says when transitions were recorded.
fn tell((since, events): (u64, u64), until: u64, output: &mut Output) {
    output.section(until, Section::JitProfileWindow, |writer| writer.window(since, until, events));
}

impl State {
    fn new(all: bool, at: u64) -> State {
        State {
            ring: Vec::with_capacity(RING),
            window: Window::new(all, at),
            levels: Vec::new(),
            callers: Vec::new(),
            numbers: Vec::new(),
            parts: FxHashMap::default(),
            due: 0,
        }
    }

    /// Opens the window if it is not; then what has called out runs already, and `running` inside of it. True if so.
    #[inline(always)]
    fn open(&mut self, running: Option<Level>) -> bool {
        let opens = !self.window.is_open() && self.opened(running);
        self.window.pass();
        opens
    }

    #[cold]
    fn opened(&mut self, running: Option<Level>) -> bool {
        self.window.open(now());
        for n in 0..self.callers.len() {
            let caller = match self.callers[n].guard() {
                Some(guard) => self.parts.get(&guard).copied().unwrap_or_default(),
                None => self.callers[n].number(),
            };
            self.levels.push(Level::default());
            self.arrive(caller);
        }
        self.levels.extend(running);
        true
    }

    /// The innermost level has come to `number`.
    fn arrive(&mut self, number: u32) {
        let known = self.number(number);
        let Some((level, callers)) = self.levels.split_last_mut() else { return };
        if level.current.replace(number) == Some(number) && !known.is_entry {
            return;
        }
        let Some(caller) = callers.last() else {
            level.recorded = Some(number);
            return self.push(now(), number, EventKind::Enter);
        };
        let caller = caller.current;
        let inside = caller.is_some_and(|caller| self.number(caller).tree == known.tree);
        self.replace((!inside).then_some(number));
    }

    /// In a call, `number` runs now as far as the log knows.
    fn replace(&mut self, number: Option<u32>) {
        let Some(level) = self.levels.last_mut() else { return };
        let left = std::mem::replace(&mut level.recorded, number);
        if left.is_none() && number.is_none() {
            return;
        }
        let at = now();
        left.into_iter().for_each(|left| self.push(at, left, EventKind::Return));
        number.into_iter().for_each(|number| self.push(at, number, EventKind::Call));
    }

    fn leave(&mut self) {
        self.leave_at(now());
    }

    fn leave_at(&mut self, at: u64) {
        if let Some(number) = self.levels.pop().and_then(|level| level.recorded) {
            let kind = if self.levels.is_empty() { EventKind::Exit } else { EventKind::Return };
            self.push(at, number, kind);
        }
    }

    #[inline(always)]
    fn push(&mut self, at: u64, number: u32, kind: EventKind) {
        self.ring.push(Record { at, number, kind });
        self.window.count();
    }

    fn number(&self, number: u32) -> Number {
        let unknown = Number { tree: number, is_entry: false };
        self.numbers.get(number as usize).copied().unwrap_or(unknown)
    }
}
