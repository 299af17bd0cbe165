//! What machine code and the rest of the JIT share at run time.
//!
//! One context serves all fragments, nested activations included: compiled code keeps nothing alive in it across a
//! call.

use std::mem::offset_of;

use vm::error::{R, Raise};
use vm::object::exception::Exception;
use vm::object::value::Value;
use vm::vm::Vm;

use std::rc::Weak;

use super::runner::{Activation, Resume};
use crate::events::Profile;
use crate::sample::Line;

/// Integer arguments that travel in registers.
pub const INT_REGS: usize = 5;
/// Float arguments that travel in registers.
pub const FLOAT_REGS: usize = 8;
/// Values that can travel in memory.
pub const SPILLS: usize = 512;
/// Most arguments of a call.
pub const ARGS: usize = 256;

/// Passed to every fragment.
#[repr(C)]
pub struct JitContext {
    /// What runs now, and whether transitions are recorded.
    pub line: Line,
    /// Slot 0 of the base frame.
    pub fp: *mut Value,
    pub vm: *mut Vm,
    /// The object that `alloc_stub` has made.
    pub fresh: u64,
    /// The guard that was left last.
    pub exit_id: u64,
    /// What `Finish` returned.
    pub result: u64,
    /// Integer registers at the exit; the parameters of the fragment to enter.
    pub iregs: [u64; INT_REGS],
    /// Float registers at the exit; the parameters of the fragment to enter.
    pub fregs: [f64; FLOAT_REGS],
    pub spill: [u64; SPILLS],
    /// The exception object that made a call return 0; 0 once taken.
    pub pending: u64,
    /// Told of transitions; null without a log.
    pub profile: *const Profile,
    /// The innermost activation; null if no machine code runs.
    pub activation: *const Activation,
    /// Goes on where machine code leaves a function that machine code has called.
    pub resume: Weak<dyn Resume>,
}

impl JitContext {
    /// A context without frame.
    pub fn new(vm: *mut Vm) -> JitContext {
        JitContext {
            line: Line::at_rest(),
            fp: std::ptr::null_mut(),
            vm,
            fresh: 0,
            exit_id: 0,
            result: 0,
            iregs: [0; INT_REGS],
            fregs: [0.0; FLOAT_REGS],
            spill: [0; SPILLS],
            pending: 0,
            profile: std::ptr::null(),
            activation: std::ptr::null(),
            resume: Weak::<NoEngine>::new(),
        }
    }
}

struct NoEngine;

impl Resume for NoEngine {
    fn resume(&self, vm: &mut Vm, _: u64) -> R {
        Err(vm.not_implemented("a call without engine"))
    }
}

impl JitContext {
    /// The exception that made the last call return 0.
    pub fn take_pending(&mut self) -> Option<Raise> {
        let bits = std::mem::take(&mut self.pending);
        Value::from_bits(bits).cast::<Exception>().map(Raise)
    }
}

// Where machine code finds the fields.

pub const LINE: i32 = offset_of!(JitContext, line) as i32;
pub const FP: i32 = offset_of!(JitContext, fp) as i32;
pub const VM: i32 = offset_of!(JitContext, vm) as i32;
pub const FRESH: i32 = offset_of!(JitContext, fresh) as i32;
pub const EXIT_ID: i32 = offset_of!(JitContext, exit_id) as i32;
pub const RESULT: i32 = offset_of!(JitContext, result) as i32;
pub const PENDING: i32 = offset_of!(JitContext, pending) as i32;

/// Saved register number `n`: integers, then floats.
pub const fn register(n: usize) -> i32 {
    (offset_of!(JitContext, iregs) + 8 * n) as i32
}

/// Value number `n` of the spill area.
pub const fn spill(n: usize) -> i32 {
    (offset_of!(JitContext, spill) + 8 * n) as i32
}

const _: () = assert!(offset_of!(JitContext, fregs) == offset_of!(JitContext, iregs) + 8 * INT_REGS);
