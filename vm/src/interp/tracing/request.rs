//! What needs the running frame saved, or changes who runs it.
//!
//! The run loops keep the running frame in registers and do not look, after each call of a native, whether everything
//! is still as before. So `sys.settrace`, `sys._getframe` and the like do not do their work at once: they *ask*, by
//! returning an error that is no exception. Errors are looked at anyway. A run loop that gets this one saves its frame,
//! does the instruction once more with the question granted, and then looks who is to go on. Native code that calls
//! natives grants without further ado, as does machine code.

use crate::bytecode::{BASE, op};
use crate::error::{R, Raise};
use crate::interp::frame::Regs;
use crate::interp::run::save_top;
use crate::object::function::{Args, NativeDef, NativeFn};
use crate::vm::Vm;

impl Vm {
    /// The error by which a native asks, unless it is granted what it wants.
    pub fn ask(&mut self) -> R<()> {
        if std::mem::take(&mut self.tracing.granted) {
            return Ok(());
        }
        let request = match self.tracing.request {
            Some(request) => request,
            None => {
                let request = self.new_exception(self.exceptions.BaseException, &[]);
                self.tracing.request = Some(request);
                request
            }
        };
        Err(Raise(request))
    }

    /// The error is a question.
    #[inline(always)]
    pub fn is_question(&self, raise: Raise) -> bool {
        self.tracing.request == Some(raise.0)
    }

    /// Does what asked.
    #[cold]
    pub fn granted<T>(&mut self, action: impl FnOnce(&mut Vm) -> T) -> T {
        let before = std::mem::replace(&mut self.tracing.granted, true);
        let result = action(self);
        self.tracing.granted = before;
        result
    }

    /// Does an instruction of the top frame once more: the one at `at`, whose operands `r` has read.
    #[cold]
    #[inline(never)]
    pub fn grant_instruction(&mut self, r: &mut Regs, at: *const u8) -> R<()> {
        save_top(self, r);
        let mut operands = *r;
        operands.ip = at;
        match BASE[operands.byte() as usize] {
            op::CALL_FUNCTION => {
                let n = operands.varuint();
                self.grant_call(r, n, 1)
            }
            op::CALL_METHOD => {
                let n = operands.varuint();
                self.grant_call(r, n, 2)
            }
            op::STORE_ATTR => {
                let name = operands.qstr();
                let (object, value) = (r.peek(0), r.peek(1));
                r.drop(2);
                self.granted(|vm| vm.store_attr(object, name, value))
            }
            _ => Err(self.runtime_error("frames cannot be looked at here")),
        }
    }

    /// Calls, with the operands of a CALL_FUNCTION, or with self or NULL between (`below` is 2).
    fn grant_call(&mut self, r: &mut Regs, operand: usize, below: usize) -> R<()> {
        let (n_pos, n_kw) = (operand & 0xff, operand >> 8);
        let n = n_pos + 2 * n_kw;
        let callee = r.peek(n + below - 1);
        let with_self = below == 2 && !r.peek(n).is_null();
        let values = r.top(n + usize::from(with_self));
        let (pos, kw) = values.split_at(values.len() - 2 * n_kw);
        let result = self.granted(|vm| vm.call_args(callee, Args { pos, kw }))?;
        r.drop(n + below);
        r.push(result);
        Ok(())
    }

    /// Calls a native, granting it what it asks for.
    pub fn call_native_granting(&mut self, def: &'static NativeDef, args: Args<'_>) -> R {
        match self.call_native(def, args) {
            Err(raise) if self.is_question(raise) => self.granted(|vm| (def.call as NativeFn)(vm, args)),
            result => result,
        }
    }

    /// Frames are to be run by another instantiation than one that traces or not.
    pub fn wants_switch(&self, traces: bool) -> bool {
        self.tracing.is_on() != traces
    }
}
