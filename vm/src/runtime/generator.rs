//! Resuming generators: their frame is copied onto the stack, runs, and is copied back at a yield.

use crate::error::R;
use crate::interp::frame::{Frame, Ret};
use crate::object::function::{Generator, GeneratorState, Status};
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
    /// `next()`, `send()` (with `value`), `throw()` (with `exception`, which may still be a class).
    pub fn resume(&mut self, generator: Gc<Generator>, value: Value, exception: Value) -> R<Resumed> {
        let status = generator.status();
        match status.state {
            GeneratorState::Running => return Err(self.value_error("generator already executing")),
            GeneratorState::Finished => return self.resume_finished(exception),
            GeneratorState::Suspended => {}
        }
        if !status.started && !value.is_none() {
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
        let (status, base) = (generator.status(), self.frames.last().map_or(0, Frame::end));
        let frame = Frame {
            code: generator.code,
            globals: generator.globals,
            names: generator.globals,
            base,
            ip: status.ip,
            sp: status.sp,
            exc: status.exc,
            ret,
            generator: generator.into(),
        };
        if !self.stack.has_room(frame.end()) {
            return Err(self.recursion_error());
        }
        self.stack.write(base, generator.slots.slice());
        self.frames.push(frame);
        if status.started {
            self.stack.set((base as i64 + status.sp as i64) as usize, value);
        }
        generator.status.set(Status { state: GeneratorState::Running, started: true, ..status }.pack());
        Ok(())
    }

    /// Runs the pushed generator frame with `exception` raised at its yield.
    fn throw_into_top(&mut self, exception: Value) -> R {
        let depth = self.frames.len() - 1;
        crate::interp::throw_into(self, depth, exception)
    }

    /// Copies the top frame back into its generator, suspended at a yield, and pops it.
    pub fn suspend_top(&mut self, generator: Gc<Generator>) {
        if let Some(frame) = self.frames.pop() {
            let live = self.stack.slice(frame.base, frame.end() - frame.base);
            generator.slots.overwrite(live);
            let (ip, sp, exc) = (frame.ip, frame.sp, frame.blocks());
            let status = Status { state: GeneratorState::Suspended, started: true, ip, sp, exc };
            generator.status.set(status.pack());
        }
    }

    fn after_resume(&mut self, generator: Gc<Generator>, result: R) -> R<Resumed> {
        match result {
            Ok(value) if generator.state() == GeneratorState::Suspended => Ok(Resumed::Yielded(value)),
            Ok(value) => {
                generator.set_state(GeneratorState::Finished);
                Ok(Resumed::Returned(value))
            }
            Err(raise) => {
                generator.set_state(GeneratorState::Finished);
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
