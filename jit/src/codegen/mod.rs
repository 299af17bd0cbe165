//! Traces to machine code.
//!
//! ```text
//!   fragment: fn(ctx, i0..i4, f0..f7) -> exit id, tail calling convention
//!     entry ─► hot path ─► hot path … ─► jump to its start | tail call of another fragment | return
//!                │ guard
//!                └─► own cold block: live values to their places, ctx.exit_id = id, tail call through the guard's slot
//!                                                              └─► the common exit stub, or a bridge
//! ```
//!
//! * `Int` values are held shifted left by one: the word of a small int without its tag. So the overflow of a
//!   63-bit operation is the overflow of the machine operation.
//! * Nothing is relocated: other code is reached through addresses in constants, guards through slots.
//! * A guard's slot is a stable cell; attaching a bridge stores its address there.

mod arena;
mod backend;
mod boxes;
mod call;
mod clock;
mod context;
mod direct;
mod exit;
mod float;
mod follow;
mod helpers;
mod homes;
mod int;
mod lower;
pub mod near;
mod object;
mod passes;
mod place;
mod root;
mod runner;
mod table;
#[cfg(test)]
mod tests;

pub use arena::flush_instructions;
pub use backend::Backend;
pub use clock::now;
pub use context::{ARGS, FLOAT_REGS, INT_REGS, JitContext, SPILLS};
pub use direct::{NOT_COMPILED, Target};
pub use follow::{Follow, Label, Marks};
pub use place::{Place, places};
pub use runner::{Resume, Runner};

use crate::ir::op::Ty;
use crate::ir::trace::{Ref, SnapId};
use vm::object::function::Code;
use vm::vm::Vm;

/// Address of a fragment's code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CodeAddr(pub usize);

/// Number of a guard's exit, unique in its backend, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ExitId(pub u32);

/// What a fragment returns when it ended with `Finish`.
pub const FINISHED: u64 = 0;

/// What a trace's jumps lead to.
pub struct Job<'a> {
    /// `JumpSelf` goes back to the start.
    pub is_loop: bool,
    /// Where `JumpSelf` of an entry bridge goes.
    pub self_loop: Option<CodeAddr>,
    /// Code and parameter types of a loop.
    pub loops: &'a dyn Fn(u64) -> Option<(CodeAddr, Vec<Ty>)>,
    /// Code of an entry bridge.
    pub entries: &'a dyn Fn(u64) -> Option<CodeAddr>,
    /// Where direct calls of a function go, and how many local variables it has.
    pub target: &'a dyn Fn(&'static Code) -> Option<(*const Target, usize)>,
    /// What the code tells the log.
    pub follow: Follow<'a>,
    /// Each guard leaves once although it holds; see `Options::stress_guards`.
    pub stress_guards: bool,
    pub vm: &'a Vm,
}

/// Compiled code of one trace.
#[derive(Clone, Debug)]
pub struct Fragment {
    pub code: CodeAddr,
    pub start: usize,
    pub len: usize,
    pub exits: Vec<ExitLayout>,
    /// Marks that its code sets in one pass, if it takes all its calls.
    pub marks: u32,
    /// Operation and offset of a stretch of its code, by offset; guards have a second stretch, their cold block.
    pub op_offsets: Vec<(u32, u32)>,
}

/// Where a guard's exit leaves the values that its snapshot (and `Trace::keep`) needs.
///
/// Listed are no constants, and instead of a boxed int or bool or a sunk allocation its operands (transitively).
#[derive(Clone, Debug)]
pub struct ExitLayout {
    pub id: ExitId,
    /// The guard.
    pub op: u32,
    pub snap: SnapId,
    pub live: Vec<(Ref, Ty, Place)>,
}

/// Why a trace could not be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodegenError {
    /// More live values at an exit or jump than the context has room for.
    TooManyValues,
    /// More arguments in a call than the context has room for.
    TooManyArguments,
    /// The trace breaks a rule of the IR (an error of the recorder or the optimiser).
    Malformed(&'static str),
    /// The code arena is full.
    OutOfMemory,
    /// Cranelift refused, or cannot compile for this machine.
    Cranelift(String),
}

impl std::fmt::Display for CodegenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CodegenError::TooManyValues => f.write_str("too many live values"),
            CodegenError::TooManyArguments => f.write_str("too many arguments"),
            CodegenError::Malformed(what) => write!(f, "malformed trace: {what}"),
            CodegenError::OutOfMemory => f.write_str("out of code memory"),
            CodegenError::Cranelift(message) => write!(f, "code generator: {message}"),
        }
    }
}

impl std::error::Error for CodegenError {}
