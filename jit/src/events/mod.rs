//! The only place that turns what the JIT does into the events and sections of a log.
//!
//! Sections come in PyPy's order and nesting. Whatever is written goes behind the profile events that happened before
//! it, so a log's stamps never go back. Without a log every method is one test, and traces hold no event.

mod attempt;
mod clock;
mod compiled;
mod end;
mod ops;
mod output;
mod pause;
mod place;
mod profile;
mod words;

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use logs::event::EventKind;
use logs::filter::Selection;
use logs::section::Section;
use vm::object::function::Code;

use crate::abort::Abort;
use crate::codegen::now;
use crate::store::Store;
use attempt::Attempt;
pub use clock::Clock;
use compiled::Compiled;
use output::Output;
pub use profile::Profile;

/// What was compiled.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Loop(u32),
    Entry {
        number: u32,
        /// The loop behind it, if there is one.
        to: Option<u32>,
    },
    /// From the guard with this exit number.
    Bridge(u32),
}

impl Kind {
    /// The label at its start, by which others jump to it.
    pub fn label(self) -> Option<u32> {
        match self {
            Kind::Loop(number) | Kind::Entry { number, .. } => Some(number),
            Kind::Bridge(_) => None,
        }
    }
}

/// What the log says about the run.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    pub program: String,
    pub pid: u32,
}

/// The log of one run, or nothing.
#[derive(Default)]
pub struct Events {
    log: Option<Box<Log>>,
}

struct Log {
    output: Rc<RefCell<Output>>,
    /// Drained before anything else is written, even if it records nothing.
    profile: Rc<Profile>,
    records_events: bool,
    counts: bool,
    /// When the last collection started.
    collecting_since: u64,
    attempt: Attempt,
    compiled: Vec<Compiled>,
    /// Every function of which a trace holds a piece, in the order of its first appearance.
    codes: Vec<&'static Code>,
    totals: Totals,
}

/// For `jit-summary`.
#[derive(Default)]
struct Totals {
    attempts: u64,
    tracing: u64,
    compilations: u64,
    backend: u64,
    ops: u64,
    calls: u64,
    guards: u64,
    opt_ops: u64,
    opt_guards: u64,
    aborts: Vec<Abort>,
}

impl Events {
    /// Logs to `out` what `selection` selects.
    pub fn new(out: Box<dyn Write + Send>, selection: Selection, meta: Meta) -> Events {
        let records_events =
            EventKind::ALL.iter().any(|kind| selection.marks(kind.section().name().as_bytes()));
        let counts = selection.is_active(Section::JitBackendCounts.name().as_bytes());
        let output = Rc::new(RefCell::new(Output::new(out, selection)));
        output.borrow_mut().begin(&meta);
        let profile = Rc::new(Profile::new(output.clone()));
        let log = Log {
            output,
            profile,
            records_events,
            counts,
            collecting_since: 0,
            attempt: Attempt::default(),
            compiled: Vec::new(),
            codes: Vec::new(),
            totals: Totals::default(),
        };
        Events { log: Some(Box::new(log)) }
    }

    /// What machine code reports to, if anybody wants to know.
    pub fn profile(&self) -> Option<&Rc<Profile>> {
        self.log.as_ref().filter(|log| log.records_events).map(|log| &log.profile)
    }

    /// Machine code is entered.
    #[inline]
    pub fn enter(&self, number: u32) {
        if let Some(profile) = self.profile() {
            profile.enter(number);
        }
    }

    /// Machine code was left for the interpreter.
    #[inline]
    pub fn exit(&self) {
        if let Some(profile) = self.profile() {
            profile.leave();
        }
    }

    /// This process is a copy of the one that writes the log: nothing more is written here.
    pub fn abandon(&mut self) {
        self.log.iter().for_each(|log| log.output.borrow_mut().abandon());
    }

    /// A collection starts or ends.
    pub fn collecting(&mut self, starts: bool) {
        if let Some(log) = &mut self.log {
            log.collecting(starts);
        }
    }
}

impl Log {
    /// A collection does not end a pause of the profile.
    fn collecting(&mut self, starts: bool) {
        let at = now();
        self.profile.drain_ring();
        let output = &mut *self.output.borrow_mut();
        if starts {
            output.start(at, Section::GcCollect);
            self.collecting_since = at;
        } else {
            output.stop(at, Section::GcCollect);
            self.profile.lose(at.saturating_sub(self.collecting_since));
        }
    }

    fn start(&mut self, section: Section) -> u64 {
        let at = now();
        self.profile.drain();
        self.output.borrow_mut().start(at, section);
        at
    }

    fn stop(&mut self, section: Section) -> u64 {
        let at = now();
        self.profile.drain();
        self.output.borrow_mut().stop(at, section);
        at
    }

    fn see(&mut self, code: &'static Code) {
        if !self.codes.iter().any(|known| std::ptr::eq(*known, code)) {
            self.codes.push(code);
        }
    }

    /// The label that a trace's end jumps to.
    fn target(&self, kind: Kind, end: &crate::ir::trace::Op, store: &Store) -> Option<u32> {
        use crate::ir::op::OpCode;
        let root = || store.roots.get(end.imm as usize);
        match (end.code, kind) {
            (OpCode::JumpSelf, Kind::Loop(number)) => Some(number),
            (OpCode::JumpSelf, Kind::Entry { to, .. }) => to,
            (OpCode::JumpLoop, _) => root().map(|root| root.loop_number),
            (OpCode::JumpEntry, _) => root().map(|root| root.entry_number),
            _ => None,
        }
    }
}
