//! Generators resumed by a loop: their bodies are followed like calls.
//!
//! A suspended generator's slots are in its object. Resuming reads them (so the body's variables are boxed between
//! two items), suspending writes back those that changed. The frame in between exists only in snapshots.

use vm::interp::frame::Slot;
use vm::object::function::{Code, Generator, GeneratorState, Status};
use vm::vm::Vm;

use super::{Recorder, live_slots};
use crate::abort::Abort;
use crate::ir::field::Field;
use crate::ir::op::OpCode;
use crate::ir::trace::Ref;

/// A generator's body that the trace is in.
pub(super) struct Body {
    /// Index of its frame.
    depth: usize,
    pub(super) object: Ref,
    slots: Ref,
    /// What was read from each slot.
    loaded: Vec<Ref>,
}

impl Recorder<'_> {
    /// The generator whose body frame `depth` is, or `Ref::NONE`.
    pub(super) fn generator_at(&self, depth: usize) -> Ref {
        self.bodies.iter().find(|b| b.depth == depth).map_or(Ref::NONE, |b| b.object)
    }

    pub(super) fn resume(&mut self, vm: &Vm, slot: Slot, base: Slot, status: Status) {
        let depth = vm.frames.len() - 1;
        let code = vm.frames[depth].code;
        if !super::fits_snapshots(code) {
            return self.abort(Abort::Generator);
        }
        let object = self.get(slot);
        self.guard(OpCode::GuardCode, &[object], code as *const Code as u64);
        let found = self.emit(OpCode::GetField, &[object], Field::GeneratorStatus as u64);
        let expected = self.trace.value(status.pack());
        self.guard(OpCode::GuardValue, &[found, expected], 0);
        self.set_status(object, Status { state: GeneratorState::Running, started: true, ..status });
        self.enter(code, base);
        let slots = self.emit(OpCode::GetFieldRaw, &[object], Field::GeneratorSlots as u64);
        let mut loaded = vec![Ref::NONE; code.n_state + 2 * code.n_exc];
        for n in live_slots(code, status.sp, status.exc & (vm::interp::frame::Frame::WATCHED - 1)) {
            let index = self.trace.int(n as i64);
            loaded[n] = self.emit(OpCode::ListGet, &[slots, index], 0);
            self.set(base.wrapping_add(n), loaded[n]);
        }
        if status.started {
            self.set_const(base.wrapping_add(status.sp as usize), vm::object::value::Value::NONE);
        }
        self.bodies.push(Body { depth, object, slots, loaded });
    }

    /// A bridge starts inside a generator's body: its saved slots are as they were when it was resumed, unknown here.
    pub fn preset_generator(&mut self, depth: usize, object: Ref, code: &'static Code) {
        let slots = self.emit(OpCode::GetFieldRaw, &[object], Field::GeneratorSlots as u64);
        let loaded = vec![Ref::NONE; code.n_state + 2 * code.n_exc];
        self.bodies.push(Body { depth, object, slots, loaded });
    }

    fn set_status(&mut self, object: Ref, status: Status) {
        let status = self.trace.value(status.pack());
        self.emit(OpCode::SetField, &[object, status], Field::GeneratorStatus as u64);
    }

    /// The top frame is about to be suspended.
    pub(super) fn suspend(&mut self, vm: &Vm) {
        let depth = vm.frames.len() - 1;
        let frame = vm.frames[depth];
        let Some(body) = self.bodies.pop_if(|b| b.depth == depth) else {
            return self.abort(crate::abort::Abort::Generator);
        };
        let base = vm.stack.pointer(frame.base);
        for n in live_slots(frame.code, frame.sp, frame.blocks()) {
            let value = self.get_raw(base.wrapping_add(n));
            if value != body.loaded[n] {
                let value = self.boxed(value);
                let index = self.trace.int(n as i64);
                self.emit(OpCode::ListSet, &[body.slots, index, value], 0);
            }
        }
        let (ip, sp, exc) = (frame.ip, frame.sp, frame.blocks());
        self.set_status(body.object, Status { state: GeneratorState::Suspended, started: true, ip, sp, exc });
    }

    /// The top frame, a generator's, returns.
    pub(super) fn generator_ends(&mut self, vm: &Vm) {
        let depth = vm.frames.len() - 1;
        let status = vm.frames[depth].generator.cast::<Generator>().map(|g| g.status());
        match (self.bodies.pop_if(|b| b.depth == depth), status) {
            (Some(body), Some(status)) => {
                self.set_status(body.object, Status { state: GeneratorState::Finished, ..status });
            }
            _ => self.abort(crate::abort::Abort::Generator),
        }
    }
}
