//! Control flow: returns, exceptions, handlers, `finally` and `with`.
//!
//! A `finally` body runs in line. What follows it is decided by END_FINALLY from the top of the stack: None — go on; an
//! exception — raise it again; -1 — resume a return; n ≥ 0 — resume a jump that has n handlers to leave.

use super::frame::{Block, Frame, Regs, Ret};
use super::hooks::{Fact, Hooks, fact};
use super::residual::{self, Rt};
use super::run::{Flow, save_place, save_top, top_regs};
use super::tracing;
use crate::bytecode::op;
use crate::error::{R, Raise};
use crate::object::class::{Class, Instance};
use crate::object::exception::{Exception, TraceLine};
use crate::object::function::{Code, Generator, GeneratorState};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::attr::is_method;
use crate::runtime::cache::Found;
use crate::vm::Vm;

#[inline(always)]
pub fn return_value<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> R<Flow<H::Exit>> {
    if vm.frames[vm.frames.len() - 1].exc != 0 && r.aside(|r| unwind_return(vm, h, r, at)) {
        return Ok(Flow::Next);
    }
    leave(vm, h, r)
}

/// Runs `finally` handlers before a return; true if one was entered.
#[inline(never)]
fn unwind_return<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> bool {
    while let Some(block) = top_block(vm) {
        if block.is_finally {
            if block.handler >= r.offset_of(at) {
                let (value, from) = (r.peek(0), r.slot(0));
                r.sp = r.fp.wrapping_offset(block.sp as isize);
                r.push(value);
                fact!(h, vm, Fact::Move { to: r.slot(0), from });
                push_number(vm, h, r, -1);
                r.ip = r.code.ops.as_ptr().wrapping_add(block.handler as usize);
                return true;
            }
            cancel_active_finally(vm, h, r);
        }
        pop_block(vm);
    }
    if !H::TRACES && vm.frames[vm.frames.len() - 1].is_watched() {
        save_top(vm, r);
        tracing::retire(vm);
    }
    false
}

/// The return value is on top of a `finally` body that was running: drop what that body would have resumed.
fn cancel_active_finally<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    let (value, state) = (r.peek(0), r.peek(1));
    // A return value or jump target lies below a number; None and an exception stand for themselves.
    let below = if state.is_small() { 2 } else { 1 };
    if state.is_small() || state.is_none() {
        fact!(h, vm, Fact::Is { slot: r.slot(1), value: state });
    } else {
        fact!(h, vm, Fact::Kind { slot: r.slot(1), kind: state.kind() });
    }
    fact!(h, vm, Fact::Move { to: r.slot(below), from: r.slot(0) });
    r.poke(below, value);
    r.drop(below);
}

/// Leaves the top frame with the value on top of its stack.
#[inline(always)]
fn leave<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<Flow<H::Exit>> {
    let value = r.peek(0);
    let from = r.slot(0);
    let top = vm.frames.len() - 1;
    if H::TRACES {
        tell_of_return(vm, r, value)?;
    }
    let frame = vm.frames[top];
    match frame.ret {
        Ret::PushAndLook | Ret::ConstructAndLook => leave_and_look::<H>(vm, r, value),
        Ret::Push => {
            vm.frames.pop();
            *r = top_regs(vm);
            r.push(value);
            fact!(h, vm, Fact::Leave { from, to: r.slot(0) });
            Ok(Flow::Next)
        }
        Ret::Construct => {
            if !value.is_none() {
                return Err(vm.type_error("__init__() should return None"));
            }
            vm.frames.pop();
            *r = top_regs(vm);
            fact!(h, vm, Fact::Leave { from, to: std::ptr::null_mut() });
            Ok(Flow::Next)
        }
        Ret::Native => {
            fact!(h, vm, Fact::Opaque { what: "return to native code" });
            vm.frames.pop();
            finish_generator(frame);
            Ok(Flow::Done(value))
        }
        Ret::ForIter => {
            fact!(h, vm, Fact::GeneratorEnd);
            vm.frames.pop();
            finish_generator(frame);
            end_for_iter(vm, r);
            if H::TRACES {
                save_top(vm, r);
                tracing::generator_ended(vm, value)?;
            }
            Ok(Flow::Next)
        }
    }
}

/// As [`leave`], for a caller that may be run by another instantiation than when it called.
#[cold]
fn leave_and_look<H: Hooks>(vm: &mut Vm, r: &mut Regs, value: Value) -> R<Flow<H::Exit>> {
    let constructs = vm.frames[vm.frames.len() - 1].ret.constructs();
    if constructs && !value.is_none() {
        return Err(vm.type_error("__init__() should return None"));
    }
    vm.frames.pop();
    *r = top_regs(vm);
    if !constructs {
        r.push(value);
    }
    Ok(if vm.wants_switch(H::TRACES) { Flow::Exit(H::switch()) } else { Flow::Next })
}

#[inline(never)]
fn tell_of_return(vm: &mut Vm, r: &Regs, value: Value) -> R<()> {
    save_top(vm, r);
    tracing::leaving(vm, r.offset_of(r.ip) - 1, value)?;
    if vm.frames[vm.frames.len() - 1].is_watched() {
        tracing::retire(vm);
    }
    Ok(())
}

/// The generator under a FOR_ITER has returned: the loop ends.
#[inline(always)]
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
    let n = usize::from(frame.blocks()).checked_sub(1)?;
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
pub fn setup<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, handler: *const u8, is_finally: bool) {
    let block = Block { handler: r.offset_of(handler), sp: r.depth() as i32, is_finally };
    push_block(vm, h, block);
}

fn push_block<H: Hooks>(vm: &mut Vm, h: &mut H, block: Block) {
    let top = vm.frames.len() - 1;
    let frame = &mut vm.frames[top];
    let slot = block_slot(frame, frame.blocks().into());
    frame.exc += 1;
    let word = block.pack();
    fact!(h, vm, Fact::Const { to: vm.stack.pointer(slot), value: word });
    fact!(h, vm, Fact::Const { to: vm.stack.pointer(slot + 1), value: Value::NULL });
    vm.stack.set(slot, word);
    vm.stack.set(slot + 1, Value::NULL);
}

/// `manager` becomes `exit self`, and the result of `__enter__` is pushed.
pub fn setup_with<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, handler: *const u8) -> R<()> {
    let manager = r.peek(0);
    state_enter(vm, h, r);
    let (enter, enter_self) = context_method(vm, manager, vm.names.enter)?;
    let (exit, this) = context_method(vm, manager, vm.names.exit)?;
    let args = [enter_self];
    save_place(vm, r);
    let value = vm.call(enter, if enter_self.is_null() { &[] } else { &args })?;
    r.poke(0, exit);
    r.push(this);
    let block = Block { handler: r.offset_of(handler), sp: r.depth() as i32, is_finally: true };
    push_block(vm, h, block);
    r.push(value);
    Ok(())
}

/// A method of the manager's class; attributes of the manager itself do not count.
fn context_method(vm: &mut Vm, manager: Value, name: Gc<Str>) -> R<(Value, Value)> {
    let raw = match vm.special(manager, name) {
        Some(raw) => raw,
        None if has_own_methods(manager) => return Err(no_manager(vm, manager)),
        None => match vm.find_attr(manager, name)? {
            Some(_) => return vm.load_method(manager, name),
            None => return Err(no_manager(vm, manager)),
        },
    };
    if is_method(raw) {
        return Ok((raw, manager));
    }
    let class = vm.class_of(manager);
    Ok((vm.bind(raw, manager, class)?, Value::NULL))
}

fn has_own_methods(manager: Value) -> bool {
    matches!(manager.kind(), Kind::Instance | Kind::Class)
}

fn no_manager(vm: &mut Vm, manager: Value) -> Raise {
    let class = vm.type_name(manager);
    vm.type_error(format!("'{class}' object does not support the context manager protocol"))
}

/// The call of `__enter__`; its result and the bound `__exit__` take the three slots from the manager's up.
fn state_enter<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs) {
    if !H::OBSERVES {
        return;
    }
    let Some(instance) = r.peek(0).cast::<Instance>() else {
        return fact!(h, vm, Fact::Opaque { what: "SETUP_WITH" });
    };
    let shape = instance.shape();
    let class = vm.shapes.get(shape).class;
    let (exit, enter) = (vm.names.exit, vm.names.enter);
    let found = (vm.find_in_shape(shape, exit), vm.find_in_shape(shape, enter));
    let (Found::Class(exit), Found::Class(enter)) = found else {
        return fact!(h, vm, Fact::Opaque { what: "SETUP_WITH" });
    };
    if exit.kind() != Kind::Function || enter.kind() != Kind::Function {
        return fact!(h, vm, Fact::Opaque { what: "SETUP_WITH" });
    }
    let manager = r.slot(0);
    let (below, top) = (manager.wrapping_add(1), manager.wrapping_add(2));
    fact!(h, vm, Fact::Shape { slot: manager, shape });
    fact!(h, vm, Fact::Move { to: top, from: manager });
    fact!(h, vm, Fact::ClassAttr { to: below, class, value: enter });
    fact!(h, vm, Fact::Call { rt: Rt::Call, imm: 0, to: top, first: below, n: 2 });
    fact!(h, vm, Fact::Move { to: below, from: manager });
    fact!(h, vm, Fact::ClassAttr { to: manager, class, value: exit });
}

/// Calls `__exit__` as the state on top of the stack demands, and takes `exit self` out from below that state.
pub fn with_cleanup<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let top = r.peek(0);
    if top.is_none() || top.is_small() {
        fact!(h, vm, Fact::Is { slot: r.slot(0), value: top });
        let above = if top.is_none() { 1 } else { 2 };
        let exit = r.slot(above + 1);
        fact!(h, vm, Fact::Call { rt: Rt::CallExit, imm: 0, to: exit, first: exit, n: 2 });
        save_place(vm, r);
        residual::call(vm, Rt::CallExit, &[r.peek(above + 1), r.peek(above)], 0)?;
        for n in (0..above).rev() {
            fact!(h, vm, Fact::Move { to: r.slot(n + 2), from: r.slot(n) });
            r.poke(n + 2, r.peek(n));
        }
        r.drop(2);
        return Ok(());
    }
    fact!(h, vm, Fact::Kind { slot: r.slot(0), kind: Kind::Exception });
    super::access::residual(vm, h, r, Rt::ExitRaised, 3, 0)
}

#[inline(always)]
pub fn pop_except_jump<H: Hooks>(vm: &mut Vm, _h: &mut H, r: &mut Regs) {
    let target = r.forward_label();
    pop_block(vm);
    r.ip = target;
}

/// Leaves handlers (running the `finally` ones) and jumps.
pub fn unwind_jump<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) {
    let target = r.label();
    let count = r.byte();
    // The distance counts from before the byte.
    let target = r.offset_of(target);
    push_number(vm, h, r, target as i64);
    go_on_unwinding(vm, h, r, count);
}

fn push_number<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, n: i64) {
    r.push(Value::small(n));
    fact!(h, vm, Fact::Const { to: r.slot(0), value: Value::small(n) });
}

/// The jump's target is on top of the stack.
fn go_on_unwinding<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, mut count: u8) {
    while count & 0x7f > 0 {
        count -= 1;
        if let Some(block) = top_block(vm)
            && block.is_finally
        {
            if block.handler >= r.offset_of(r.ip) {
                push_number(vm, h, r, count as i64);
                r.ip = r.code.ops.as_ptr().wrapping_add(block.handler as usize);
                return;
            }
            cancel_active_finally(vm, h, r);
        }
        pop_block(vm);
    }
    fact!(h, vm, Fact::Is { slot: r.slot(0), value: r.peek(0) });
    let target = r.pop().as_small().unwrap_or(0);
    if H::TRACES {
        vm.tracing.jumps((target as u32) < r.offset_of(r.ip));
    }
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
        fact!(h, vm, Fact::Is { slot: r.slot(0), value: Value::NONE });
        r.drop(1);
        return Ok(Flow::Next);
    }
    if let Some(cause) = top.as_small() {
        fact!(h, vm, Fact::Is { slot: r.slot(0), value: top });
        r.drop(1);
        if cause < 0 {
            return return_value(vm, h, r, at);
        }
        go_on_unwinding(vm, h, r, cause as u8);
        return Ok(Flow::Next);
    }
    match top.cast::<Exception>() {
        Some(exception) => {
            fact!(h, vm, Fact::Kind { slot: r.slot(0), kind: Kind::Exception });
            fact!(h, vm, Fact::Raising { slot: r.slot(0) });
            Err(Raise(exception))
        }
        None => Err(vm.runtime_error("bad finally state")),
    }
}

pub fn raise_obj<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> Raise {
    let (slot, value) = (r.slot(0), r.peek(0));
    let class = value.cast::<Class>();
    let plain = value.kind() == Kind::Exception || class.is_some_and(|c| c.native == Some(Kind::Exception));
    let rt = if plain { Rt::RaisePlain } else { Rt::Raise };
    if let Some(class) = class {
        fact!(h, vm, Fact::Is { slot, value: class.into() });
    } else if plain {
        fact!(h, vm, Fact::Kind { slot, kind: Kind::Exception });
    }
    fact!(h, vm, Fact::Call { rt, imm: 0, to: slot, first: slot, n: 1 });
    save_place(vm, r);
    match residual::call(vm, rt, &[value], 0) {
        Ok(exception) => {
            fact!(h, vm, Fact::Raising { slot });
            r.drop(1);
            residual::raise_of(exception).unwrap_or_else(|| vm.runtime_error("not an exception"))
        }
        Err(raise) => raise,
    }
}

pub fn raise_from<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> Raise {
    fact!(h, vm, Fact::Opaque { what: "RAISE_FROM" });
    if !r.pop().is_none() {
        vm.host.write_stderr(
            b"Warning: exception chaining not supported
",
        );
    }
    raise_obj(vm, h, r)
}

/// The innermost exception that a frame is handling, and the slot that holds it.
fn handled_in(vm: &Vm, frame: &Frame) -> Option<(usize, Gc<Exception>)> {
    (0..usize::from(frame.blocks())).rev().find_map(|n| {
        let slot = block_slot(frame, n) + 1;
        vm.stack.get(slot).cast::<Exception>().map(|exception| (slot, exception))
    })
}

/// The innermost exception that is being handled anywhere.
pub fn handled(vm: &Vm) -> Option<Gc<Exception>> {
    vm.frames.iter().rev().find_map(|frame| handled_in(vm, frame)).map(|(_, exception)| exception)
}

/// Raises again what this frame is handling.
pub fn raise_last<H: Hooks>(vm: &mut Vm, h: &mut H) -> Raise {
    match handled_in(vm, &vm.frames[vm.frames.len() - 1]) {
        Some((slot, exception)) => {
            let slot = vm.stack.pointer(slot);
            fact!(h, vm, Fact::Kind { slot, kind: Kind::Exception });
            fact!(h, vm, Fact::Raising { slot });
            Raise(exception)
        }
        None => vm.runtime_error("no active exception to reraise"),
    }
}

#[inline(always)]
pub fn jump_or_pop<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, when: bool) -> R<()> {
    let target = r.forward_label();
    let truth = super::arith::test(vm, h, r)?;
    if decide(r, truth, when, true) {
        r.ip = target;
    }
    Ok(())
}

/// A conditional jump, once the truth of the top value is known; `keeps`: if it jumps, the value stays. True if it
/// jumps.
#[inline(always)]
pub(super) fn decide(r: &mut Regs, truth: bool, when: bool, keeps: bool) -> bool {
    let jumps = truth == when;
    if !(jumps && keeps) {
        r.drop(1);
    }
    jumps
}

/// The rest of a conditional jump that `r` stands at, once the truth of the top value is known.
pub(super) fn finish_test(r: &mut Regs, truth: bool) {
    let (when, keeps) = match r.byte() {
        op::POP_JUMP_IF_TRUE => (true, false),
        op::POP_JUMP_IF_FALSE => (false, false),
        op::JUMP_IF_TRUE_OR_POP => (true, true),
        // Nothing else tests and then goes on.
        _ => (false, true),
    };
    let target = if keeps { r.forward_label() } else { r.label() };
    if decide(r, truth, when, keeps) {
        r.ip = target;
    }
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
        let is_new = add_trace_line(vm, raise, at);
        if is_new && vm.tracing.is_on() {
            raise = tracing::raised(vm, raise, at);
        } else if vm.tracing.is_on() {
            tracing::raised_again(vm, raise, at);
        }
        if enter_handler(vm, raise, at) {
            count_catch(vm, raise, at);
            vm.tracing.look();
            return Ok(());
        }
        if vm.tracing.is_on() {
            raise = tracing::leaving(vm, at, Value::NULL).err().unwrap_or(raise);
        }
        if vm.frames[top].is_watched() {
            tracing::retire(vm);
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

/// For who wants to know; a StopIteration is nobody's handler's.
fn count_catch(vm: &mut Vm, raise: Raise, at: u32) {
    let code = vm.frames[vm.frames.len() - 1].code;
    if let Some(catches) = &mut vm.catches {
        let (class, seen) = (&*raise.0.class.name.text, catches.entry((code.id, at)).or_default());
        match seen.iter_mut().find(|(name, _)| **name == *class) {
            Some((_, times)) => *times += 1,
            None => seen.push((class.into(), 1)),
        }
    }
}

/// True if the exception was not here before.
fn add_trace_line(vm: &mut Vm, raise: Raise, at: u32) -> bool {
    let top = vm.frames.len() - 1;
    let frame = vm.frames[top];
    let leaves = leaves_trace_line(frame.code, at);
    if leaves {
        let is_seen = vm.tracing.is_on() || frame.is_watched();
        let object = is_seen.then(|| vm.frame_object(top));
        raise.0.traceback.borrow_mut().push(TraceLine::Code { code: frame.code, at, frame: object });
    }
    leaves
}

/// What the traceback says of the instruction around offset `at`.
pub fn trace_line(code: &'static Code, at: u32) -> TraceLine {
    TraceLine::Code { code, at, frame: None }
}

/// After `unwind`: says where the exception is now.
#[inline(always)]
pub fn state_caught<H: Hooks>(vm: &mut Vm, h: &mut H, r: &Regs) {
    if !H::OBSERVES {
        return;
    }
    let frame = vm.frames[vm.frames.len() - 1];
    let block = vm.stack.pointer(block_slot(&frame, usize::from(frame.blocks()) - 1) + 1);
    fact!(h, vm, Fact::Caught { value: r.slot(0), block });
}

/// The frame, in the instruction around offset `at`, has a handler for what is raised there.
pub fn has_handler(vm: &Vm, frame: &Frame, at: u32) -> bool {
    (0..usize::from(frame.blocks())).any(|n| Block::unpack(vm.stack.get(block_slot(frame, n))).handler > at)
}

/// A return from the frame runs a `finally` handler first.
pub fn runs_finally(vm: &Vm, frame: &Frame) -> bool {
    (0..usize::from(frame.blocks())).any(|n| Block::unpack(vm.stack.get(block_slot(frame, n))).is_finally)
}

/// An exception that passes the instruction at `at` of this function leaves a line in its traceback.
pub fn leaves_trace_line(code: &Code, at: u32) -> bool {
    let opcode = code.ops.get(at as usize).copied().unwrap_or(0);
    opcode != op::END_FINALLY && opcode != op::RAISE_LAST
}

fn enter_handler(vm: &mut Vm, raise: Raise, at: u32) -> bool {
    if vm.ending {
        let top = vm.frames.len() - 1;
        vm.frames[top].exc &= Frame::WATCHED;
        return false;
    }
    while let Some(block) = top_block(vm) {
        if block.handler > at {
            let top = vm.frames.len() - 1;
            let frame = &mut vm.frames[top];
            let slot = block_slot(frame, usize::from(frame.blocks()) - 1);
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
