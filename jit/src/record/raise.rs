//! Exceptions that are raised and caught inside the trace.
//!
//! A call that raised while the trace was recorded is guarded to raise; if it does not, the interpreter goes on behind
//! its instruction. The exception becomes a value of the trace, each frame that it passes adds its line to the
//! traceback, and recording goes on in the handler. Only a handler in the base frame or above it is followed.

use vm::bytecode::{decode, op};
use vm::interp::flow::{has_handler, leaves_trace_line};
use vm::interp::frame::Slot;
use vm::interp::residual::{Rt, trace_line_imm};
use vm::object::class::Class;
use vm::object::function::Code;
use vm::object::heap::Gc;
use vm::object::kind::Kind;
use vm::vm::Vm;

use super::Recorder;
use crate::abort::Abort;
use crate::ir::field::Field;
use crate::ir::op::OpCode;
use crate::ir::snapshot::Snapshot;
use crate::ir::trace::{Op, Ref};

/// The call recorded last.
#[derive(Clone, Copy)]
pub(super) struct LastCall {
    pub result: Ref,
    /// Where the result goes.
    pub to: Slot,
    /// Number of operations of the trace when the call was recorded, its guard included.
    pub ops: usize,
}

impl Recorder<'_> {
    pub(super) fn raising(&mut self, slot: Slot) {
        self.raising = Some(self.get(slot));
    }

    pub(super) fn raised(&mut self, vm: &Vm) {
        let exception = self.raising.take().or_else(|| self.raised_by_call(vm));
        match exception {
            Some(exception) => self.pass_frames(vm, exception),
            None => self.abort(Abort::Exception),
        }
    }

    /// The last call raised: its guard is turned around.
    fn raised_by_call(&mut self, vm: &Vm) -> Option<Ref> {
        let call = self.last_call.filter(|call| call.ops == self.trace.ops.len())?;
        let snapshot = self.after_instruction(vm, call)?;
        self.trace.ops.pop();
        let snap = self.add_snapshot(snapshot);
        self.not_null.remove(&call.result);
        self.trace.push(Op { snap, ..Op::new(OpCode::GuardRaised, &[call.result], 0) });
        let exception = self.emit(OpCode::TakeException, &[], 0);
        self.set_kind(exception, Kind::Exception);
        self.not_null.insert(exception);
        Some(exception)
    }

    /// The state behind the current instruction, had its call not raised; `None` if it has more to do.
    fn after_instruction(&self, vm: &Vm, call: LastCall) -> Option<Snapshot> {
        let frame = self.snapshot.frames.last()?;
        let (code, at, sp) = (frame.code, frame.ip as usize, frame.sp);
        let instruction = decode(code.ops, at).ok()?;
        if instruction.op == op::FOR_ITER {
            return Some(self.iterated(call.result));
        }
        let base = vm.frames.last()?.base;
        let to = self.offset(call.to) + vm.frames[self.base_depth].base - base;
        let gives = gives_result(instruction.op)?;
        let mut snapshot = self.snapshot.clone();
        let frame = snapshot.frames.last_mut()?;
        frame.slots.retain(|(slot, _)| !(to..=sp.max(0) as usize).contains(&(*slot as usize)));
        frame.ip = instruction.next as u32;
        frame.sp = to as i32 - i32::from(!gives);
        if gives {
            frame.slots.push((to as u16, call.result));
        }
        Some(snapshot)
    }

    /// The exception leaves frames until one has a handler.
    fn pass_frames(&mut self, vm: &Vm, exception: Ref) {
        let mut at = self.snapshot.frames.last().map_or(0, |frame| frame.ip);
        for depth in (self.base_depth..vm.frames.len()).rev() {
            let frame = vm.frames[depth];
            self.add_trace_line(exception, frame.code, at);
            if has_handler(vm, &frame, at) {
                self.caught = Some(exception);
                return;
            }
            if depth == self.base_depth || !frame.generator.is_null() {
                break;
            }
            at = vm.frames[depth - 1].ip - 1;
        }
        self.abort(Abort::Exception);
    }

    fn add_trace_line(&mut self, exception: Ref, code: &'static Code, at: u32) {
        if leaves_trace_line(code, at) {
            let imm = Rt::TraceLine as u64 | trace_line_imm(code, at) << 8;
            self.emit_pooled(OpCode::CallRt, &[exception], imm);
        }
    }

    pub(super) fn caught(&mut self, value: Slot, block: Slot) {
        if let Some(exception) = self.caught.take() {
            self.set(value, exception);
            self.set(block, exception);
        }
    }

    pub(super) fn exception_class(&mut self, slot: Slot, class: Gc<Class>) {
        let exception = self.get(slot);
        let found = self.emit(OpCode::GetField, &[exception], Field::ExceptionClass as u64);
        let expected = self.trace.value(class.into());
        self.guard(OpCode::GuardValue, &[found, expected], 0);
    }
}

/// Whether the instruction ends with its call's result on top of the stack; `Some(false)` if it drops it.
fn gives_result(opcode: u8) -> Option<bool> {
    match opcode {
        op::CALL_FUNCTION
        | op::CALL_METHOD
        | op::CALL_FUNCTION_VAR_KW
        | op::CALL_METHOD_VAR_KW
        | op::LOAD_SUBSCR
        | op::LOAD_ATTR
        | op::GET_ITER => Some(true),
        op::STORE_SUBSCR | op::STORE_ATTR => Some(false),
        op::UNARY_OP_MULTI..=0xf9 => Some(true),
        _ => None,
    }
}
