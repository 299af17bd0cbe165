//! Generators giving values, and delegating to others.

use super::frame::{Regs, Ret};
use super::hooks::{Fact, Hooks, fact};
use super::run::{Flow, save_top, top_regs};
use super::tracing;
use crate::bytecode::op;
use crate::error::{R, Raise};
use crate::object::class::Class;
use crate::object::exception::Exception;
use crate::object::function::Generator;
use crate::object::value::Value;
use crate::runtime::generator::Resumed;
use crate::vm::Vm;

#[inline(always)]
pub fn yield_value<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<Flow<H::Exit>> {
    let value = r.peek(0);
    suspend(vm, h, r, value)
}

/// Suspends the top frame; `value` goes to whoever resumed it.
#[inline(always)]
fn suspend<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, value: Value) -> R<Flow<H::Exit>> {
    let from = r.slot(0);
    save_top(vm, r);
    if H::TRACES {
        tracing::leaving(vm, r.offset_of(r.ip) - 1, value)?;
    }
    let frame = vm.frames[vm.frames.len() - 1];
    let Some(generator) = frame.generator.cast::<Generator>() else {
        return Err(vm.runtime_error("yield outside a generator"));
    };
    if frame.ret != Ret::ForIter {
        fact!(h, vm, Fact::Opaque { what: "yield to native code" });
        vm.suspend_top(generator);
        return Ok(Flow::Done(value));
    }
    fact!(h, vm, Fact::Yield { from });
    vm.suspend_top(generator);
    *r = top_regs(vm);
    r.forward_label();
    if H::TRACES {
        tracing::next_round(vm);
    }
    r.push(value);
    fact!(h, vm, Fact::Move { to: r.slot(0), from });
    Ok(Flow::Next)
}

/// Operands: iterator, value to send. Stays at this instruction until the iterator ends.
pub fn yield_from<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> R<Flow<H::Exit>> {
    fact!(h, vm, Fact::Opaque { what: "YIELD_FROM" });
    save_top(vm, r);
    let (iterator, sent) = (r.peek(1), r.peek(0));
    match send_to(vm, iterator, sent)? {
        Resumed::Yielded(value) => {
            r.ip = at;
            suspend(vm, h, r, value)
        }
        Resumed::Returned(value) => {
            r.drop(1);
            r.poke(0, value);
            Ok(Flow::Next)
        }
    }
}

fn send_to(vm: &mut Vm, iterator: Value, sent: Value) -> R<Resumed> {
    if let Some(generator) = iterator.cast::<Generator>() {
        return vm.resume(generator, sent, Value::NULL);
    }
    let result = if sent.is_none() {
        vm.next_or_stop(iterator)
    } else {
        let send = vm.load_attr(iterator, vm.names.send)?;
        vm.call(send, &[sent])
    };
    match result {
        Ok(value) => Ok(Resumed::Yielded(value)),
        Err(raise) => stopped(vm, raise),
    }
}

/// StopIteration's value is the result of the delegation.
fn stopped(vm: &mut Vm, raise: Raise) -> R<Resumed> {
    if vm.matches(raise, vm.exceptions.StopIteration) {
        return Ok(Resumed::Returned(stop_value(raise)));
    }
    Err(raise)
}

fn stop_value(raise: Raise) -> Value {
    raise.0.args.get().items().first().copied().unwrap_or(Value::NONE)
}

/// An exception thrown into a generator that stands at YIELD_FROM goes to the inner iterator first. `None` if the top
/// frame is not one. `Ok` is a value yielded; the frame is then suspended again.
pub fn throw_to_inner(vm: &mut Vm, thrown: Value) -> Option<R> {
    let frame = vm.frames[vm.frames.len() - 1];
    if frame.code.ops.get(frame.ip as usize) != Some(&op::YIELD_FROM) || frame.sp < 1 {
        return None;
    }
    let iterator = vm.stack.get(frame.base + frame.sp as usize - 1);
    let generator = frame.generator.cast::<Generator>()?;
    let result = throw_to(vm, iterator, thrown)?;
    let top = vm.frames.len() - 1;
    Some(match result {
        Ok(Resumed::Yielded(value)) => {
            vm.suspend_top(generator);
            Ok(value)
        }
        Ok(Resumed::Returned(value)) => {
            let frame = &mut vm.frames[top];
            frame.ip += 1;
            frame.sp -= 1;
            let slot = frame.base + frame.sp as usize;
            vm.stack.set(slot, value);
            let executor = vm.executor.clone();
            executor.go_on(vm, top)
        }
        Err(raise) => {
            vm.frames[top].ip += 1;
            Err(raise)
        }
    })
}

/// `None` if the iterator has no way to take an exception.
fn throw_to(vm: &mut Vm, iterator: Value, thrown: Value) -> Option<R<Resumed>> {
    let closing = is_exit(vm, thrown);
    if let Some(generator) = iterator.cast::<Generator>() {
        if closing {
            // The inner generator is closed, then the outer one sees the exception itself.
            return match vm.resume(generator, Value::NONE, thrown) {
                Ok(Resumed::Yielded(_)) => Some(Err(vm.runtime_error("generator ignored GeneratorExit"))),
                _ => None,
            };
        }
        return Some(vm.resume(generator, Value::NONE, thrown));
    }
    if closing {
        let close = vm.find_attr(iterator, vm.names.close).ok()??;
        return vm.call(close, &[]).err().map(Err);
    }
    let throw = vm.find_attr(iterator, vm.names.throw).ok()??;
    Some(match vm.call(throw, &[thrown]) {
        Ok(value) => Ok(Resumed::Yielded(value)),
        Err(raise) => stopped(vm, raise),
    })
}

/// What is thrown is a GeneratorExit.
fn is_exit(vm: &Vm, thrown: Value) -> bool {
    let class = thrown.cast::<Exception>().map(|e| e.class).or_else(|| thrown.cast::<Class>());
    class.is_some_and(|class| Class::is_subclass(class, vm.exceptions.GeneratorExit))
}
