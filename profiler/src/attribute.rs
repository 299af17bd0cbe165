//! Attribution: every tick of a run gets exactly one owner.
//!
//! One pass over everything with a stamp, in the order of the log. Between two stamps the owner is
//!
//! 1. the innermost open section that means work on traces or collection (`jit-optimize` inside `jit-tracing` is
//!    optimising, not tracing), else
//! 2. the loop that runs: the one entered last and not left, in the innermost call; in a log without profile events,
//!    the one whose machine code a profiler's sample met ([`crate::perf`]), else
//! 3. the interpreter.
//!
//! Where somebody looked at the running program ([`crate::looks`]), the looks say it instead, and events only tell how
//! often and how long loops were visited. What lies between slices of looks, or between windows of events if these are
//! all there is to go by, was not observed, and is no part of the run.
//!
//! So the parts add up to the run by construction. A stamp before its predecessor counts as equal to it.
//!
//! ```text
//! stamps   ──┬────────┬──────────────┬───────┬─────────┬──►     machine: one interval after the other
//! phase      │ tracing│              │ gc    │         │
//! loop       │        │ loop3        │ loop3 │ loop3   │
//! owner      │ tracing│ loop3        │ gc    │ loop3   │     each interval has one node of the tree,
//!            ▼        ▼              ▼       ▼         ▼     and is handed to a sink, in order
//! tree       program ─┬─ tracing
//!                     └─ loop3 ── gc
//! ```
//!
//! Calls nest. `jit-profile-call` names the loop that is entered inside a call of the running one, which goes on when
//! `jit-profile-return` comes; until then ticks are the inner loop's own, and both loops' total. Naming the running
//! loop itself says only that it calls out, and an enter must follow. Whatever is left over of inner calls when an
//! outer loop is left, an exception must have left: it is closed.

mod calls;
mod compile;
mod machine;
mod tree;

use crate::histogram::Lengths;
use crate::perf::Joined;
use crate::report::{Compile, Other};
use logs::Log;
use logs::trace::Identity;
pub(crate) use machine::span_of;
use rustc_hash::FxHashMap;
pub(crate) use tree::{NodeId, Owner, Tree};

/// What one pass found.
#[derive(Debug, Default)]
pub(crate) struct Attribution<'a> {
    /// The stamp the run started with.
    pub start: u64,
    pub total: u64,
    /// Ticks that are no part of the run: others had the processor, or nobody looked.
    pub idle: u64,
    pub other: Other,
    /// Every loop an event names, and every piece of machine code that a sample met.
    pub loops: Vec<LoopTicks<'a>>,
    /// Ticks by machine code and address in it, by samples.
    pub addresses: FxHashMap<(u32, u64), u64>,
    /// Who called whom, with the ticks of each.
    pub tree: Tree,
    /// Does what owns ticks rest on looks?
    pub looked: bool,
    /// The names of helpers that loops called, as owners number them.
    pub helpers: Vec<String>,
    /// Cost of each of the log's traces.
    pub compile: Vec<Compile>,
    /// Cost of each of the log's attempts that was given up.
    pub wasted: Vec<(usize, u64)>,
    pub oddities: Oddities,
}

/// A loop, as the events show it, or machine code, as samples do.
#[derive(Debug, Default)]
pub(crate) struct LoopTicks<'a> {
    pub token: &'a [u8],
    /// The first comment behind its token.
    pub comment: &'a [u8],
    /// Index of the machine code among the log's, if samples met it.
    pub code: Option<u32>,
    pub own: u64,
    /// Those of its own ticks that samples found in functions its code called.
    pub called_ticks: u64,
    pub total: u64,
    pub lengths: Lengths,
    pub exits: u64,
    /// The trace, if looks met it.
    pub looked: Option<Identity>,
    /// Ticks of helpers that it called, by owners' numbers.
    pub helpers: FxHashMap<u32, u64>,
    /// How many visits of it are going on.
    active: u32,
    /// How many calls that named it have not returned.
    called: u32,
}

/// What did not fit, counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Oddities {
    pub backwards: u64,
    pub stray_exits: u64,
    pub stray_returns: u64,
}

/// Who is told of every interval, in order, and without gaps but where nothing ran.
pub(crate) trait Sink {
    /// The ticks `from..to` belong to that node.
    fn span(&mut self, tree: &Tree, node: NodeId, from: u64, to: u64);
}

/// Tells nobody.
impl Sink for () {
    fn span(&mut self, _: &Tree, _: NodeId, _: u64, _: u64) {}
}

/// Attributes a log, with the help of what samples say.
pub(crate) fn attribute<'a>(log: &Log<'a>, joined: &Joined, sink: &mut dyn Sink) -> Attribution<'a> {
    machine::Machine::new(log, joined, sink).run()
}
