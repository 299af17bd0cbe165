//! The only place that turns what the JIT does into the events and sections of a log.
//!
//! Sections come in PyPy's order and nesting. Whatever is written goes behind the profile events that happened before
//! it, so a log's stamps never go back. Without a log every method is one test, and traces hold no event.

mod attempt;
mod clock;
mod compiled;
mod end;
mod evidence;
mod ops;
mod output;
mod place;
mod places;
mod profile;
mod window;
mod words;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use logs::event::EventKind;
use logs::filter::Selection;
use logs::section::Section;
use vm::object::function::Code;

use crate::abort::Abort;
use crate::codegen::{Follow, Label, Marks, now};
use crate::ir::op::OpCode;
use crate::ir::trace::Trace;
use crate::sample::{
    Calibration, During, Helpers, Mark, Phase, Sampler, during, of_bridge, of_loop, open_window,
    own_nanoseconds,
};
use crate::store::Store;
use attempt::Attempt;
pub use clock::Clock;
use compiled::Compiled;
pub use output::{Output, Shared};
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

    /// What the marker shows while it runs.
    fn mark(self) -> Mark {
        match self {
            Kind::Loop(number) | Kind::Entry { number, .. } => of_loop(number),
            Kind::Bridge(guard) => of_bridge(guard),
        }
    }
}

/// What the log says about the run.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    pub program: String,
    pub pid: u32,
    /// The machine it runs on; empty if it has no name.
    pub host: String,
    /// When it started, in seconds since 1970.
    pub time: u64,
}

/// The log of one run, or nothing.
#[derive(Default)]
pub struct Events {
    log: Option<Box<Log>>,
}

struct Log {
    output: Arc<Shared>,
    /// Drained before anything else is written, even if it records nothing.
    profile: Rc<Profile>,
    records_events: bool,
    counts: bool,
    /// What the program runs is sampled; the sampler is there from the installation on.
    samples: bool,
    sampler: Option<Sampler>,
    /// When places were told last.
    places_told: u64,
    helpers: RefCell<Helpers>,
    calibration: Calibration,
    text: Text,
    /// What runs while no collection does.
    collecting: Option<During>,
    attempt: Attempt,
    compiled: Vec<Compiled>,
    /// Every function of which a trace holds a piece, or in which the interpreter was seen, in the order of its first
    /// appearance.
    codes: Vec<&'static Code>,
    /// Shapes that traces were made for.
    shapes: BTreeSet<u32>,
    totals: Totals,
}

/// CPU time in which the program's thread made text, in nanoseconds.
#[derive(Clone, Default)]
pub struct Text(Rc<Cell<u64>>);

/// Text is made until it is dropped.
#[must_use]
pub struct Making {
    _mark: During,
    since: u64,
    text: Text,
}

impl Text {
    fn making(&self) -> Making {
        Making { _mark: during(Phase::Log), since: own_nanoseconds(), text: self.clone() }
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        let Text(taken) = &self.text;
        taken.set(taken.get() + own_nanoseconds().saturating_sub(self.since));
    }
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
    /// Logs to `out` what `selection` selects. Without samples transitions are all that tells the time, so that all of
    /// them are recorded.
    pub fn new(out: Box<dyn Write + Send>, selection: Selection, meta: Meta) -> Events {
        let records_events =
            EventKind::ALL.iter().any(|kind| selection.marks(kind.section().name().as_bytes()));
        let counts = selection.is_active(Section::JitBackendCounts.name().as_bytes());
        let samples = selection.is_active(Section::LoopscopeSamples.name().as_bytes());
        let output = Arc::new(Shared::new(Output::new(out, selection)));
        output.lock().begin(&meta);
        let text = Text::default();
        let calibration = profile::calibrate();
        let profile = Rc::new(Profile::new(output.clone(), text.clone(), !samples));
        let log = Log {
            output,
            profile,
            records_events,
            counts,
            samples,
            sampler: None,
            places_told: 0,
            helpers: RefCell::default(),
            calibration,
            text,
            collecting: None,
            attempt: Attempt::default(),
            compiled: Vec::new(),
            codes: Vec::new(),
            shapes: BTreeSet::new(),
            totals: Totals::default(),
        };
        Events { log: Some(Box::new(log)) }
    }

    /// Every transition is recorded, whatever that costs.
    pub fn with_all_events(self) -> Events {
        self.log.iter().for_each(|log| log.profile.record_all());
        self
    }

    /// The program is about to run on this thread, its machine code in that range.
    pub fn program_starts(&mut self, code: Range<usize>) {
        if let Some(log) = &mut self.log
            && log.samples
        {
            log.sampler = Sampler::start(&log.output, code);
        }
    }

    /// What machine code reports to, if anybody wants to know.
    pub fn profile(&self) -> Option<&Rc<Profile>> {
        self.log.as_ref().filter(|log| log.records_events).map(|log| &log.profile)
    }

    /// Is there a log?
    pub fn is_on(&self) -> bool {
        self.log.is_some()
    }

    /// Is what the program runs sampled?
    pub fn samples(&self) -> bool {
        self.log.as_ref().is_some_and(|log| log.samples)
    }

    /// What a trace's code is to tell. `part` is the entry or loop that a bridge belongs to. A jump to an entry is an enter
    /// whoever jumps, one to a loop only if that is not where the jump comes from.
    pub fn follow(&self, trace: &Trace, kind: Kind, part: Option<u32>, store: &Store) -> Follow<'_> {
        let Some(log) = &self.log else { return Follow::default() };
        let marks = log.samples.then(|| Marks { own: kind.mark(), helpers: &log.helpers });
        let part = kind.label().or(part).unwrap_or_default();
        let end = trace.ops.last();
        let target = end.and_then(|end| log.target(kind, end, store));
        let to_entry = end.is_some_and(|end| end.code == OpCode::JumpEntry);
        let enters = target.filter(|target| to_entry || *target != part);
        let events = log.records_events.then_some(Label { enters, part });
        Follow { marks, events }
    }

    /// This process is a copy of the one that writes the log: nothing more is written here.
    pub fn abandon(&mut self) {
        // Not even looked at: the thread that takes samples may have held it when the process was copied.
        std::mem::forget(self.log.take());
        open_window(false);
    }

    /// A collection starts or ends.
    pub fn collecting(&mut self, starts: bool) {
        if let Some(log) = &mut self.log {
            log.collecting(starts);
        }
    }
}

impl Log {
    /// Writing is no part of the collection: the writer may have to wait for its thread.
    fn collecting(&mut self, starts: bool) {
        if !starts {
            let at = now();
            self.collecting = None;
            let _making = self.text.making();
            return self.output.lock().stop(at, Section::GcCollect);
        }
        {
            let _making = self.text.making();
            self.profile.drain();
            self.output.lock().start(now(), Section::GcCollect);
        }
        self.collecting = Some(during(Phase::Gc));
    }

    fn start(&mut self, section: Section) -> u64 {
        let _making = self.text.making();
        self.profile.drain();
        let at = now();
        self.output.lock().start(at, section);
        at
    }

    fn stop(&mut self, section: Section) -> u64 {
        let at = now();
        let _making = self.text.making();
        self.profile.drain();
        self.output.lock().stop(at, section);
        at
    }

    fn see(&mut self, code: &'static Code) {
        if !self.codes.iter().any(|known| std::ptr::eq(*known, code)) {
            self.codes.push(code);
        }
    }

    /// The label that a trace's end jumps to.
    fn target(&self, kind: Kind, end: &crate::ir::trace::Op, store: &Store) -> Option<u32> {
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
