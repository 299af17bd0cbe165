//! What Linux's `perf` saw of a program's machine code: the text of `perf script`, joined with the log of the same
//! run. It gives a log without profile events, as stock PyPy writes it, ticks for each loop and bridge.
//!
//! ```text
//! log        jit-backend-addr: loop 7 lies at 0x7f20..0x7f48, from stamp 1000 on ─┐ space: whose is an address,
//! perf       at 12.000250 s, pid 41, address 0x7f31 ─────────────► clock ─────────┤        at that time?
//!                                                     stamps                      ▼
//!                                              slots: until stamp 1800 loop 7 ran ──► attribution
//! ```
//!
//! * **Addresses** are given to new code when old code is freed, so each is looked up as it was at the sample's time.
//! * **Clocks** differ: the log's counts cycles from no particular time on, perf's counts nanoseconds. The log's
//!   summary tells how fast its clock is; that no code ran before it was made tells how the two lie to each other
//!   ([`clock`]). So any of perf's clocks will do.
//! * **Calls.** A loop's time includes what its code calls: allocation, dictionaries, strings. Such a sample has the
//!   loop among its callers, if call chains were recorded that can cross machine code (`--call-graph dwarf`). Without
//!   them it is given to a loop if the samples before and after it lie in the same one; that is marked as an estimate.
//! * **Time**, not counts: a sample stands for the time since the one before, up to one and a half periods. What no
//!   sample stands for is waiting: the program slept, or others had the processor.
//!
//! `loopscope record` puts samples into the log itself, in the log's clock, with the one caller in machine code that
//! matters and with how long exactly the thread has run ([`recorded`]); the rest is the same.

mod clock;
mod join;
mod recorded;
mod script;
mod space;

use crate::looks::Looked;
pub(crate) use clock::{Clock, hz_of};

pub(crate) use join::{join, join_recorded};
use logs::section::Phase;
pub use script::Samples;
pub(crate) use space::{CodeParents, Space, extent};

/// How to record what [`Samples::parse`] reads.
pub const RECORD: &str = "\
PYPYLOG=jit,gc:out.pypylog perf record -k mono --call-graph dwarf,4096 -o perf.data pypy3 prog.py
perf script -i perf.data > perf.txt";

/// A span of time of which the owner is known; what lies between two is the interpreter's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Stamps.
    pub from: u64,
    pub to: u64,
    pub what: Ran,
    /// The address in machine code that ran or called; 0 if nobody knows.
    pub at: u64,
}

/// What a span of time was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// Machine code, by index.
    Code(u32),
    /// A function that it called.
    Called(u32),
    /// A trace's code, by index among those that were looked at.
    Trace(u32),
    /// A helper that it called.
    Helper(u32, u32),
    /// Work on traces, a collection, or the interpreter.
    Phase(Phase),
    /// Making the log.
    Recording,
    /// Nothing: the program waited.
    Waiting,
    /// Nothing, or nobody knows what; no part of the run.
    Idle,
}

/// The samples of a run, joined with its log.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    pub slots: Vec<Slot>,
    /// Ticks per second.
    pub hz: u64,
    /// How perf's clock lies to the log's.
    pub clock: Option<Clock>,
    pub report: crate::report::SamplesReport,
    /// What to know.
    pub notes: Vec<String>,
    /// Looks at the running program; then the slots are theirs, and perf's samples are not used.
    pub looked: Option<Looked>,
    /// Are events alone to be believed?
    pub by_events: bool,
    /// Ticks in which others kept it from running, if samples tell these from waiting.
    pub preempted: Option<u64>,
}
