//! Resuming generators: their frame is copied onto the stack, runs, and is copied back at a yield.

use crate::error::R;
use crate::interp::frame::Ret;
use crate::object::function::{Generator, GeneratorState};
use crate::object::heap::Gc;
use crate::object::value::Value;
use crate::vm::Vm;

/// How a resumed generator came back.
#[derive(Clone, Copy, Debug)]
pub enum Resumed {
    Yielded(Value),
    /// Finished with this return value.
    Returned(Value),
}

impl Vm {
    /// `next()`, `send()` (with `value`), `throw()` (with `exception`).
    pub fn resume(&mut self, generator: Gc<Generator>, value: Value, exception: Value) -> R<Resumed> {
        match generator.state.get() {
            GeneratorState::Running => return Err(self.value_error("generator already executing")),
            GeneratorState::Finished => return self.resume_finished(exception),
            GeneratorState::Suspended => {}
        }
        if !generator.started.get() && !value.is_none() {
            return Err(self.type_error("can't send non-None value to a just-started generator"));
        }
        self.check_native_stack()?;
        self.push_generator(generator, value, Ret::Native)?;
        let result = if exception.is_null() { self.run_pushed() } else { self.throw_into_top(exception) };
        self.after_resume(generator, result)
    }

    fn resume_finished(&mut self, exception: Value) -> R<Resumed> {
        if exception.is_null() {
            return Ok(Resumed::Returned(Value::NONE));
        }
        Err(crate::error::Raise(self.make_exception(exception)?))
    }

    /// Copies the generator's frame onto the stack; `value` becomes the result of its yield.
    pub fn push_generator(&mut self, generator: Gc<Generator>, value: Value, ret: Ret) -> R<()> {
        self.push_frame(generator.code, generator.globals, ret)?;
        let top = self.frames.len() - 1;
        let frame = &mut self.frames[top];
        frame.ip = generator.ip.get();
        frame.sp = generator.sp.get();
        frame.exc = generator.exc.get();
        frame.generator = generator.into();
        let (base, sp) = (frame.base, frame.sp);
        for (i, slot) in generator.slots.borrow().iter().enumerate() {
            self.stack.set(base + i, *slot);
        }
        if generator.started.replace(true) {
            self.stack.set((base as i64 + sp as i64) as usize, value);
        }
        generator.state.set(GeneratorState::Running);
        Ok(())
    }

    /// Runs the pushed generator frame with `exception` raised at its yield.
    fn throw_into_top(&mut self, exception: Value) -> R {
        let depth = self.frames.len() - 1;
        let raise = match self.make_exception(exception) {
            Ok(exception) => crate::error::Raise(exception),
            Err(raise) => raise,
        };
        crate::interp::throw_into(self, depth, raise)
    }

    /// Copies the top frame back into its generator, suspended at a yield, and pops it.
    pub fn suspend_top(&mut self, generator: Gc<Generator>) {
        if let Some(frame) = self.frames.pop() {
            generator.ip.set(frame.ip);
            generator.sp.set(frame.sp);
            generator.exc.set(frame.exc);
            let live = self.stack.slice(frame.base, frame.end() - frame.base);
            generator.slots.borrow_mut().copy_from_slice(live);
            generator.state.set(GeneratorState::Suspended);
        }
    }

    fn after_resume(&mut self, generator: Gc<Generator>, result: R) -> R<Resumed> {
        match result {
            Ok(value) if generator.state.get() == GeneratorState::Suspended => Ok(Resumed::Yielded(value)),
            Ok(value) => {
                generator.state.set(GeneratorState::Finished);
                Ok(Resumed::Returned(value))
            }
            Err(raise) => {
                generator.state.set(GeneratorState::Finished);
                Err(self.leave_generator(raise))
            }
        }
    }

    /// A StopIteration that leaves a generator's body becomes RuntimeError (PEP 479).
    pub fn leave_generator(&mut self, raise: crate::error::Raise) -> crate::error::Raise {
        if self.matches(raise, self.exceptions.StopIteration) {
            return self.runtime_error("generator raised StopIteration");
        }
        raise
    }
}
