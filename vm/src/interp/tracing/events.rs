//! Telling callbacks of calls, returns and exceptions, with CPython's arguments and rules.

use super::Event;
use super::frames::known;
use crate::bytecode::op;
use crate::error::{R, Raise};
use crate::interp::lines::Style;
use crate::object::frame::FrameObject;
use crate::object::heap::Gc;
use crate::object::value::Value;
use crate::vm::Vm;

/// Calls `callback(frame, event, arg)`. Meanwhile there are no events.
pub(super) fn fire(vm: &mut Vm, callback: Value, frame: Gc<FrameObject>, event: Event, arg: Value) -> R {
    let Some(inner) = vm.tracing.inner.clone() else { return Ok(Value::NONE) };
    vm.tracing.inside += 1;
    vm.tracing.begin_callback(vm.frames.len());
    (vm.tracing.event, vm.tracing.jumped) = (event, false);
    frame.telling.set(true);
    frame.touched.set(false);
    let args = [frame.into(), vm.tracing.events[event as usize], arg];
    let result = inner.call(vm, callback, &args);
    if frame.touched.get() {
        vm.write_back_locals(frame);
    }
    frame.telling.set(false);
    vm.tracing.inside -= 1;
    vm.tracing.look();
    result
}

/// A callback that raised is the last one.
pub(super) fn uninstall_on_error(vm: &mut Vm, frame: Gc<FrameObject>, result: R) -> R {
    if result.is_err() {
        frame.trace.set(Value::NULL);
        let profile = vm.tracing.profile;
        vm.set_callbacks(Value::NULL, profile);
    }
    result
}

fn tell_profiler(vm: &mut Vm, frame: Gc<FrameObject>, event: Event, arg: Value) -> R<()> {
    let callback = vm.tracing.profile;
    if callback.is_null() || vm.tracing.inside > 0 {
        return Ok(());
    }
    let result = fire(vm, callback, frame, event, arg);
    if result.is_err() {
        let trace = vm.tracing.trace;
        vm.set_callbacks(trace, Value::NULL);
    }
    result.map(|_| ())
}

/// Tells the frame's own callback.
fn tell_frame(vm: &mut Vm, frame: Gc<FrameObject>, event: Event, arg: Value) -> R<()> {
    let callback = frame.trace.get();
    if vm.tracing.trace.is_null() || callback.is_null() || vm.tracing.inside > 0 {
        return Ok(());
    }
    let result = fire(vm, callback, frame, event, arg);
    let result = uninstall_on_error(vm, frame, result)?;
    if !result.is_none() {
        frame.trace.set(result);
    }
    Ok(())
}

/// The top frame was entered, or is a generator's that goes on; it is saved.
#[inline(never)]
pub fn entered(vm: &mut Vm) -> R<()> {
    if !vm.tracing.is_on() {
        return Ok(());
    }
    let depth = vm.frames.len() - 1;
    let saved = vm.frames[depth];
    let is_new = !saved.is_watched() && saved.generator.is_null();
    let frame = vm.frame_object(depth);
    // Whoever asks for the line gets it from the place.
    frame.line.set(0);
    frame.at.set(saved.ip);
    let trace = vm.tracing.trace;
    if !trace.is_null() {
        let result = fire(vm, trace, frame, Event::Call, Value::NONE);
        let result = uninstall_on_error(vm, frame, result)?;
        if !result.is_none() {
            frame.trace.set(result);
        }
    }
    // A function's first line is still to come. That of a yield goes on, except for MicroPython.
    if saved.ip != 0 && vm.tracing.style != Style::MicroPython && !frame.trace.get().is_null() {
        frame.line.set(super::line_of(vm, &saved));
    }
    tell_profiler(vm, frame, Event::Call, Value::NONE)?;
    if frame.trace.get().is_null() && vm.tracing.is_on() {
        vm.tracing.look_at_nothing();
        if is_new {
            vm.spare_frame_object(depth, frame);
        }
    }
    Ok(())
}

/// The top frame, at offset `at`, is about to be left with `value`, or by an exception (NULL).
#[inline(never)]
pub fn leaving(vm: &mut Vm, at: u32, value: Value) -> R<()> {
    vm.tracing.look();
    if !vm.tracing.is_on() {
        return Ok(());
    }
    let depth = vm.frames.len() - 1;
    let frame = match known(vm, depth) {
        Some(frame) => frame,
        None if vm.tracing.profile.is_null() => return Ok(()),
        None => vm.frame_object(depth),
    };
    if frame.trace.get().is_null() && vm.tracing.profile.is_null() {
        frame.line.set(0);
        frame.at.set(at);
        return Ok(());
    }
    arrive(vm, frame, at);
    let arg = if value.is_null() { Value::NONE } else { value };
    tell_frame(vm, frame, Event::Return, arg)?;
    tell_profiler(vm, frame, Event::Return, arg)
}

/// `raise` was raised in the top frame at offset `at`. Gives what a callback raised instead.
#[cold]
pub fn raised(vm: &mut Vm, raise: Raise, at: u32) -> Raise {
    let depth = vm.frames.len() - 1;
    let Some(frame) = known(vm, depth).filter(|frame| !frame.trace.get().is_null()) else { return raise };
    arrive(vm, frame, at);
    let traceback = vm.traceback_of(raise.0);
    let arg = vm.tuple(&[raise.0.class.into(), raise.0.into(), traceback]);
    match tell_frame(vm, frame, Event::Exception, arg) {
        Ok(()) => raise,
        Err(other) => other,
    }
}

/// `raise` goes on at offset `at` of the top frame, after the end of a handler. Behind a `with` it is again where it was
/// raised.
#[cold]
pub fn raised_again(vm: &mut Vm, raise: Raise, at: u32) {
    let top = vm.frames.len() - 1;
    let code = vm.frames[top].code;
    let ends_with = at > 0 && code.ops[at as usize - 1] == op::WITH_CLEANUP;
    let place = raise.0.traceback.borrow().last().and_then(|line| line.place());
    if let (true, Some((of, before)), Some(frame)) = (ends_with, place, known(vm, top))
        && std::ptr::eq(of, code)
    {
        frame.line.set(super::line_at(vm, code, Some(before)));
    }
}

/// The `for` that the top frame is in, at offset `at`, has come to its end.
#[cold]
pub fn stopped(vm: &mut Vm, at: u32) -> R<()> {
    match vm.tracing.stop.take() {
        Some(raise) => stop_iteration(vm, raise, at),
        None => Ok(()),
    }
}

/// A generator returned `value` and so ended the `for` of the top frame.
#[cold]
pub fn generator_ended(vm: &mut Vm, value: Value) -> R<()> {
    if value.is_none() || !vm.tracing.is_on() {
        return Ok(());
    }
    let raise = vm.stop_iteration(value);
    let known = known(vm, vm.frames.len() - 1).map_or(0, |frame| frame.at.get());
    stop_iteration(vm, raise, known)
}

fn stop_iteration(vm: &mut Vm, raise: Raise, at: u32) -> R<()> {
    if vm.tracing.style == Style::MicroPython || !vm.tracing.is_on() {
        return Ok(());
    }
    let other = raised(vm, raise, at);
    if other.0 == raise.0 { Ok(()) } else { Err(other) }
}

/// A `for` has got its next item: MicroPython tells of the line even if it is the same.
pub fn next_round(vm: &mut Vm) {
    if vm.tracing.style == Style::MicroPython
        && let Some(frame) = known(vm, vm.frames.len() - 1)
    {
        frame.line.set(0);
        vm.tracing.look();
    }
}

/// The frame is at offset `at`, which is of the line it is at unless nobody looked.
fn arrive(vm: &mut Vm, frame: Gc<FrameObject>, at: u32) {
    frame.at.set(at);
    let looked = !vm.tracing.trace.is_null() && !frame.trace.get().is_null() && frame.line.get() != 0;
    if !looked {
        let table = frame.code.get().line_table().of(vm.tracing.style);
        frame.line.set(crate::interp::lines::line_at(table, at));
    }
}
