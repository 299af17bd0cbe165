//! Native frames for Python functions, so that profilers which look at the native stack see them.
//!
//! Python calls do not recurse natively, so a profiler of native code sees one run loop, whatever runs in it. While
//! native frames are on, every call takes the long way through [`Executor::run`], and whoever gives the frames puts an
//! executor of its own in front: one that enters each function through code of its own. The run loop pays nothing for
//! it while they are off: which way a call takes stands in the function ([`Code::enters`], [`Code::resumes`]).
//!
//! [`Executor::run`]: crate::vm::Executor::run

use crate::error::R;
use crate::object::function::Code;
use crate::vm::Vm;

/// Who can give functions native frames; what `sys.activate_stack_trampoline` and its kin speak to.
pub trait NativeFrames {
    /// From now on functions that are called have frames of their own, announced as `backend` wants it.
    fn activate(&self, vm: &mut Vm, backend: &str) -> R<()>;
    /// Functions that are called from now on have none.
    fn deactivate(&self, vm: &mut Vm);
    fn is_active(&self) -> bool;
    /// Makes and announces a function's native code before its first call; false if there is none.
    fn prepare(&self, vm: &mut Vm, code: &'static Code) -> bool;
    /// Whether a copy of this process keeps what was announced.
    fn persist_after_fork(&self, persist: bool);
    /// This process is a copy.
    fn after_fork_in_child(&self, vm: &mut Vm);
}

impl Vm {
    /// Functions that are called have native frames of their own.
    pub fn has_native_frames(&self) -> bool {
        self.native_frames.as_ref().is_some_and(|frames| frames.is_active())
    }

    /// The top frame has just been entered by somebody who does not recurse: a function is announced all the same.
    pub fn announce_top(&mut self) {
        let Some(frames) = self.native_frames.clone().filter(|frames| frames.is_active()) else { return };
        let code = self.frames[self.frames.len() - 1].code;
        if code.native_entry.get() == 0 {
            frames.prepare(self, code);
        }
    }

    /// Every call recurses natively, or none.
    pub fn nest_calls(&mut self, nested: bool) {
        self.codes.iter().for_each(|code| code.nest(nested));
    }
}

impl Code {
    /// Calls of it recurse natively, or stay in the run loop as far as they can.
    pub fn nest(&self, nested: bool) {
        self.enters.set(self.is_simple && !nested);
        self.resumes.set(self.is_generator && !nested);
    }
}
