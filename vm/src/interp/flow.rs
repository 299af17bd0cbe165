//! Control flow: returns, exceptions, handlers, `finally` and `with`.
//!
//! A `finally` body runs in line. What follows it is decided by END_FINALLY from the top of the stack: None — go on; an
//! exception — raise it again; -1 — resume a return; n ≥ 0 — resume a jump that has n handlers to leave.

use super::frame::{Block, Frame, Regs, Ret};
use super::hooks::{Fact, Hooks};
use super::run::{Flow, top_regs};
use crate::bytecode::op;
use crate::error::{R, Raise};
use crate::object::exception::{Exception, TraceLine};
use crate::object::function::{Generator, GeneratorState};
use crate::object::heap::Gc;
use crate::object::value::Value;
use crate::vm::Vm;

#[inline(always)]
pub fn return_value<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> R<Flow<H::Exit>> {
    if vm.frames[vm.frames.len() - 1].exc != 0 && unwind_return(vm, h, r, at) {
        return Ok(Flow::Next);
    }
    leave(vm, h, r)
}

/// Runs `finally` handlers before a return; true if one was entered.
#[inline(never)]
fn unwind_return<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> bool {
    h.fact(vm, Fact::Opaque { what: "return through finally" });
    while let Some(block) = top_block(vm) {
        if block.is_finally {
            if block.handler >= r.offset_of(at) {
                let value = r.peek(0);
                r.sp = r.fp.wrapping_offset(block.sp as isize);
                r.push(value);
                r.push(Value::small(-1));
                r.ip = r.code.ops.as_ptr().wrapping_add(block.handler as usize);
                return true;
            }
            cancel_active_finally(r);
        }
        pop_block(vm);
    }
    false
}

/// The return value is on top of a `finally` body that was running: drop what that body would have resumed.
fn cancel_active_finally(r: &mut Regs) {
    let value = r.peek(0);
    if r.peek(1).is_small() {
        // A return value or jump target lies below the number.
        r.poke(2, value);
        r.drop(2);
    } else {
        // None or an exception.
        r.poke(1, value);
        r.drop(1);
    }
}

/// Leaves the top frame with the value on top of its stack.
#[inline(always)]
fn leave<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<Flow<H::Exit>> {
    let value = r.peek(0);
    let from = r.slot(0);
    let top = vm.frames.len() - 1;
    let frame = vm.frames[top];
    match frame.ret {
        Ret::Push => {
            vm.frames.pop();
            *r = top_regs(vm);
            r.push(value);
            h.fact(vm, Fact::Leave { from, to: r.slot(0) });
            Ok(Flow::Next)
        }
        Ret::Construct => {
            if !value.is_none() {
                return Err(vm.type_error("__init__() should return None"));
            }
            vm.frames.pop();
            *r = top_regs(vm);
            h.fact(vm, Fact::Leave { from, to: std::ptr::null_mut() });
            Ok(Flow::Next)
        }
        Ret::Native => {
            h.fact(vm, Fact::Opaque { what: "return to native code" });
            vm.frames.pop();
            finish_generator(frame);
            Ok(Flow::Done(value))
        }
        Ret::ForIter => {
            h.fact(vm, Fact::GeneratorEnd);
            vm.frames.pop();
            finish_generator(frame);
            end_for_iter(vm, r);
            Ok(Flow::Next)
        }
    }
}

/// The generator under a FOR_ITER has returned: the loop ends.
fn end_for_iter(vm: &mut Vm, r: &mut Regs) {
    *r = top_regs(vm);
    let end = r.forward_label();
    r.drop(4);
    r.ip = end;
}

fn finish_generator(frame: Frame) {
    frame.generator.cast::<Generator>().iter().for_each(|g| g.set_state(GeneratorState::Finished));
}

/// The innermost exception block of the top frame.
fn top_block(vm: &Vm) -> Option<Block> {
    let frame = vm.frames[vm.frames.len() - 1];
    let n = (frame.exc as usize).checked_sub(1)?;
    Some(Block::unpack(vm.stack.get(block_slot(&frame, n))))
}

/// Slot of block `n`'s word; its exception is in the next slot.
pub fn block_slot(frame: &Frame, n: usize) -> usize {
    frame.base + frame.code.n_state + 2 * n
}

fn pop_block(vm: &mut Vm) {
    let top = vm.frames.len() - 1;
    vm.frames[top].exc -= 1;
}

/// SETUP_EXCEPT and SETUP_FINALLY.
#[inline(always)]
pub fn setup<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, is_finally: bool) {
    let handler = r.forward_label();
    let block = Block { handler: r.offset_of(handler), sp: r.depth() as i32, is_finally };
    push_block(vm, h, block);
}

fn push_block<H: Hooks>(vm: &mut Vm, h: &mut H, block: Block) {
    let top = vm.frames.len() - 1;
    let frame = &mut vm.frames[top];
    let slot = block_slot(frame, frame.exc as usize);
    frame.exc += 1;
    let word = block.pack();
    h.fact(vm, Fact::Const { to: vm.stack.pointer(slot), value: word });
    h.fact(vm, Fact::Const { to: vm.stack.pointer(slot + 1), value: Value::NULL });
    vm.stack.set(slot, word);
    vm.stack.set(slot + 1, Value::NULL);
}

/// `manager` becomes `exit self`, and the result of `__enter__` is pushed.
pub fn setup_with<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    h.fact(vm, Fact::Opaque { what: "SETUP_WITH" });
    let handler = r.forward_label();
    let manager = r.peek(0);
    let (exit, this) = vm.load_method(manager, vm.names.exit)?;
    let (enter, enter_self) = vm.load_method(manager, vm.names.enter)?;
    let args = [enter_self];
    let value = vm.call(enter, if enter_self.is_null() { &[] } else { &args })?;
    r.poke(0, exit);
    r.push(this);
    let block = Block { handler: r.offset_of(handler), sp: r.depth() as i32, is_finally: true };
    push_block(vm, h, block);
    r.push(value);
    Ok(())
}

/// Calls `__exit__` as the state on top of the stack demands, and takes `exit self` out from below that state.
pub fn with_cleanup<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    h.fact(vm, Fact::Opaque { what: "WITH_CLEANUP" });
    let top = r.peek(0);
    if top.is_none() {
        call_exit(vm, r.peek(2), r.peek(1), [Value::NONE; 3])?;
        r.drop(2);
        r.poke(0, Value::NONE);
    } else if top.is_small() {
        let (data, cause) = (r.peek(1), top);
        call_exit(vm, r.peek(3), r.peek(2), [Value::NONE; 3])?;
        r.drop(2);
        r.poke(1, data);
        r.poke(0, cause);
    } else {
        let class = vm.class_of(top);
        let silence = call_exit(vm, r.peek(2), r.peek(1), [class.into(), top, Value::NONE])?;
        let silence = vm.truth(silence)?;
        r.drop(2);
        r.poke(0, if silence { Value::NONE } else { top });
    }
    Ok(())
}

fn call_exit(vm: &mut Vm, exit: Value, this: Value, args: [Value; 3]) -> R {
    if this.is_null() {
        return vm.call(exit, &args);
    }
    vm.call(exit, &[this, args[0], args[1], args[2]])
}

#[inline(always)]
pub fn pop_except_jump<H: Hooks>(vm: &mut Vm, _h: &mut H, r: &mut Regs) {
    let target = r.forward_label();
    pop_block(vm);
    r.ip = target;
}

/// Leaves handlers (running the `finally` ones) and jumps.
pub fn unwind_jump<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    h.fact(vm, Fact::Opaque { what: "UNWIND_JUMP" });
    let target = r.label();
    let count = r.byte();
    // The distance counts from before the byte.
    let target = r.offset_of(target);
    r.push(Value::small(target as i64));
    go_on_unwinding(vm, r, count);
}

/// The jump's target is on top of the stack.
fn go_on_unwinding(vm: &mut Vm, r: &mut Regs, mut count: u8) {
    while count & 0x7f > 0 {
        count -= 1;
        if let Some(block) = top_block(vm)
            && block.is_finally
        {
            if block.handler >= r.offset_of(r.ip) {
                r.push(Value::small(count as i64));
                r.ip = r.code.ops.as_ptr().wrapping_add(block.handler as usize);
                return;
            }
            cancel_active_finally(r);
        }
        pop_block(vm);
    }
    let target = r.pop().as_small().unwrap_or(0);
    if count != 0 {
        // The exhausted iterator of the loop that is left.
        r.drop(4);
    }
    r.ip = r.code.ops.as_ptr().wrapping_add(target as usize);
}

pub fn end_finally<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> R<Flow<H::Exit>> {
    let top = r.peek(0);
    pop_block(vm);
    if top.is_none() {
        h.fact(vm, Fact::Is { slot: r.slot(0), value: Value::NONE });
        r.drop(1);
        return Ok(Flow::Next);
    }
    h.fact(vm, Fact::Opaque { what: "END_FINALLY" });
    if let Some(cause) = top.as_small() {
        r.drop(1);
        if cause < 0 {
            return return_value(vm, h, r, at);
        }
        go_on_unwinding(vm, r, cause as u8);
        return Ok(Flow::Next);
    }
    match top.cast::<Exception>() {
        Some(exception) => Err(Raise(exception)),
        None => Err(vm.runtime_error("bad finally state")),
    }
}

pub fn raise_obj(vm: &mut Vm, r: &mut Regs) -> Raise {
    let value = r.pop();
    match vm.make_exception(value) {
        Ok(exception) => {
            exception.traceback.borrow_mut().clear();
            Raise(exception)
        }
        Err(raise) => raise,
    }
}

pub fn raise_from(vm: &mut Vm, r: &mut Regs) -> Raise {
    if !r.pop().is_none() {
        vm.host.write_stderr(b"Warning: exception chaining not supported\n");
    }
    raise_obj(vm, r)
}

/// The innermost exception that a frame is handling.
fn handled_in(vm: &Vm, frame: &Frame) -> Option<Gc<Exception>> {
    (0..frame.exc as usize).rev().find_map(|n| vm.stack.get(block_slot(frame, n) + 1).cast::<Exception>())
}

/// The innermost exception that is being handled anywhere.
pub fn handled(vm: &Vm) -> Option<Gc<Exception>> {
    vm.frames.iter().rev().find_map(|frame| handled_in(vm, frame))
}

pub fn raise_last(vm: &mut Vm) -> Raise {
    match handled_in(vm, &vm.frames[vm.frames.len() - 1]) {
        Some(exception) => Raise(exception),
        None => vm.runtime_error("no active exception to reraise"),
    }
}

#[inline(always)]
pub fn jump_or_pop<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, when: bool) -> R<()> {
    let target = r.forward_label();
    if super::arith::test(vm, h, r)? == when {
        r.ip = target;
    } else {
        r.drop(1);
    }
    Ok(())
}

/// Finds the handler for `raise`, raised at offset `at` of the top frame, no deeper than frame `depth`. On success the
/// frame that handles it is on top, ready to run.
#[cold]
#[inline(never)]
pub fn unwind(vm: &mut Vm, raise: Raise, at: u32, depth: usize) -> R<()> {
    let top = vm.frames.len() - 1;
    vm.frames[top].ip = at + 1;
    unwind_saved(vm, raise, depth)
}

/// As `unwind`; every frame's saved `ip` is behind the first byte of the instruction it is in.
pub fn unwind_saved(vm: &mut Vm, mut raise: Raise, depth: usize) -> R<()> {
    loop {
        let top = vm.frames.len() - 1;
        let at = vm.frames[top].ip - 1;
        add_trace_line(vm, raise, at);
        if enter_handler(vm, raise, at) {
            return Ok(());
        }
        let frame = vm.frames[top];
        vm.frames.pop();
        if !frame.generator.is_null() {
            finish_generator(frame);
            if frame.ret == Ret::ForIter {
                raise = vm.leave_generator(raise);
            }
        }
        if top == depth || frame.ret == Ret::Native {
            return Err(raise);
        }
    }
}

fn add_trace_line(vm: &mut Vm, raise: Raise, at: u32) {
    let code = vm.frames[vm.frames.len() - 1].code;
    let opcode = code.ops.get(at as usize).copied().unwrap_or(0);
    if opcode == op::END_FINALLY || opcode == op::RAISE_LAST {
        return;
    }
    let line = TraceLine { file: code.unit.file, line: code.line(at as usize), function: Some(code.name) };
    raise.0.traceback.borrow_mut().push(line);
}

fn enter_handler(vm: &mut Vm, raise: Raise, at: u32) -> bool {
    while let Some(block) = top_block(vm) {
        if block.handler > at {
            let top = vm.frames.len() - 1;
            let frame = &mut vm.frames[top];
            let slot = block_slot(frame, frame.exc as usize - 1);
            frame.ip = block.handler;
            frame.sp = block.sp + 1;
            let value_slot = (frame.base as i64 + block.sp as i64 + 1) as usize;
            vm.stack.set(slot + 1, raise.0.into());
            vm.stack.set(value_slot, raise.0.into());
            return true;
        }
        pop_block(vm);
    }
    false
}
