//! For which machine code is made: one without callbacks, or one whose callbacks are told of calls.
//!
//! While `sys.settrace` has a callback, a frame that has none of its own has nothing to tell but whom it calls. It is
//! compiled all the same, apart from what is compiled without callbacks: [`Mode::Telling`] follows no call, and before
//! each it leaves the frame in memory as the interpreter would have (locals and line), so that whoever is told of the
//! call finds it so. After each it polls, because it may have got a callback of its own.

use vm::interp::tracing::tells_calls_only;
use vm::vm::Vm;

/// See the module's description.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Mode {
    Plain,
    Telling,
}

impl Mode {
    /// The mode for a machine that is as `vm` is now.
    pub fn now(vm: &Vm) -> Mode {
        if vm.tracing.is_on() { Mode::Telling } else { Mode::Plain }
    }

    /// Code of this mode is right for the top frame.
    pub fn suits(self, vm: &Vm) -> bool {
        match self {
            Mode::Plain => !vm.tracing.is_on(),
            Mode::Telling => vm.tracing.is_on() && tells_calls_only(vm),
        }
    }
}
