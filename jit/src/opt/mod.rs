//! The optimiser: from one recorded iteration to an entry bridge and a loop.
//!
//! ```text
//!            ┌ fold → ranges → guards → cse → forward ┐        ┌ escape → dce ┐
//!   raw ops ─┤   one operation at a time, forwards    ├─ split ┤              ├─► entry, body
//!   (twice)  └────────────────────────────────────────┘        └──────────────┘
//! ```
//!
//! * Optimising *is* emitting: each recorded operation is copied into a new trace through a pipeline of passes, and
//!   each pass may replace it, answer it with a value already at hand, or let it through ([`emit`]).
//! * A loop is the recorded iteration emitted twice in a row ([`peel`]). The second time, whatever the pipeline can
//!   answer with a value of the first is invariant. No other analysis finds invariants, and none is needed.
//! * What looks at uses, not definitions, runs afterwards and backwards ([`escape`], [`dce`]).

pub mod config;
pub mod effects;

mod emit;

mod fold;
mod ranges;

mod facts;
mod guards;

mod cse;

mod alias;
mod forward;

mod peel;
mod split;

mod compact;
mod dce;
mod escape;

#[cfg(test)]
mod eval;
#[cfg(test)]
mod random;
#[cfg(test)]
mod testing;

pub use config::{Config, PASSES, Pass, PassInfo};
pub use effects::{AliasSet, effects, writes};

use vm::object::value::{SMALL_MAX, SMALL_MIN};

use crate::ir::trace::{Ref, Trace};
use crate::ir::verify::{must_hold, verify_open};

/// Where a recorded iteration leaves the base frame: the slots that differ from memory at its end.
#[derive(Clone, Debug, Default)]
pub struct LoopEnd {
    pub slots: Vec<(u16, Ref)>,
}

/// A compiled loop's two parts.
#[derive(Clone)]
pub struct LoopTraces {
    /// The peeled first iteration; ends with `JumpSelf`, one argument per entry of `params`.
    pub entry: Trace,
    /// Begins with its parameters, ends with `JumpSelf`.
    pub body: Trace,
    pub params: Vec<ParamSource>,
    /// For each parameter that is an `Int`, what the body takes for granted about it. Who jumps to the body from
    /// elsewhere must make sure of it.
    pub ranges: Vec<Range>,
    /// Slots that the entry read from memory and that the loop does not write: they must be unchanged in memory for a
    /// direct jump to the body.
    pub clean_reads: Vec<u16>,
    /// Memory classes that the body relies on without reading them again.
    pub hoisted: AliasSet,
    pub stats: Stats,
}

/// What a parameter of a loop's body is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamSource {
    /// A slot of the base frame that the loop changes.
    Slot(u16),
    /// A value that the entry computed, the same in all iterations.
    Invariant,
}

/// Both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub lo: i64,
    pub hi: i64,
}

impl Range {
    /// All small ints.
    pub const ALL: Range = Range { lo: SMALL_MIN, hi: SMALL_MAX };
}

/// For logs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    pub ops_recorded: u32,
    pub ops_entry: u32,
    pub ops_body: u32,
    pub guards_recorded: u32,
    pub guards_body: u32,
    /// How often the body was emitted anew because a guess about a parameter was wrong.
    pub retries: u32,
}

/// Why a trace cannot be compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OptAbort {
    /// The second iteration cannot go as the recorded one did: this recorded operation, a guard, is proven to fail.
    TypeUnstable { op: u32 },
    /// A guard of a linear trace is proven to fail.
    AlwaysFails { op: u32 },
}

/// A root loop.
pub fn optimise_loop(raw: &Trace, end: &LoopEnd, config: &Config) -> Result<LoopTraces, OptAbort> {
    check(raw, config);
    peel::optimise(raw, end, *config)
}

/// A bridge or any other trace that ends with its own terminator.
pub fn optimise_linear(raw: Trace, config: &Config) -> Result<Trace, OptAbort> {
    check(&raw, config);
    let mut emitter = emit::Emitter::new(&raw, *config);
    emitter.replay()?;
    emitter.out.keep = raw.keep.iter().map(|r| emitter.translate(*r)).collect();
    Ok(compact::finish(emitter.out, &emitter.dead, *config))
}

fn check(raw: &Trace, config: &Config) {
    if config.verify {
        must_hold(verify_open(raw), raw);
    }
}
