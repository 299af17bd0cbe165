//! Attribution: every tick of a run gets exactly one owner.
//!
//! One pass over everything with a stamp, in the order of the log. Between two stamps the owner is
//!
//! 1. the innermost open section that means work on traces or collection (`jit-optimize` inside `jit-tracing` is
//!    optimising, not tracing), else
//! 2. the loop that runs: the one entered last and not left, in the innermost call, else
//! 3. the interpreter.
//!
//! So the parts add up to the run by construction. A stamp before its predecessor counts as equal to it.
//!
//! Calls nest. `jit-profile-call` names the loop that is entered inside a call of the running one, which goes on when
//! `jit-profile-return` comes; until then ticks are the inner loop's own, and both loops' total. Naming the running
//! loop itself says only that it calls out, and an enter must follow. Whatever is left over of inner calls when an
//! outer loop is left, an exception must have left: it is closed.

mod calls;
mod compile;
mod machine;
mod sampling;

use crate::histogram::Lengths;
use crate::report::{Compile, Other};
use crate::timeline::Owner;
use logs::Log;

/// What one pass found.
#[derive(Debug, Default)]
pub(crate) struct Attribution<'a> {
    pub total: u64,
    pub other: Other,
    /// Every loop an event names.
    pub loops: Vec<LoopTicks<'a>>,
    /// Cost of each of the log's traces.
    pub compile: Vec<Compile>,
    /// Cost of each of the log's attempts that was given up.
    pub wasted: Vec<(usize, u64)>,
    pub oddities: Oddities,
}

/// A loop, as the events show it.
#[derive(Debug, Default)]
pub(crate) struct LoopTicks<'a> {
    pub token: &'a [u8],
    /// The first comment behind its token.
    pub comment: &'a [u8],
    pub own: u64,
    pub total: u64,
    pub lengths: Lengths,
    pub exits: u64,
    /// One in how many of its nested visits is recorded.
    pub every: u64,
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

/// Attributes a log.
pub(crate) fn attribute<'a>(log: &Log<'a>) -> Attribution<'a> {
    attribute_watched(log, &mut |_, _, _| {})
}

/// Who is told of every span: from, to, whose it was.
pub(crate) type Watch<'w> = &'w mut dyn FnMut(u64, u64, Owner);

/// Attributes a log and tells of every span, in the order of time.
pub(crate) fn attribute_watched<'a>(log: &Log<'a>, watch: Watch<'_>) -> Attribution<'a> {
    machine::Machine::new(log, watch).run()
}
