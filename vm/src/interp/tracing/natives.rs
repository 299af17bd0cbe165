//! `sys.setprofile` is told of native functions too.

use super::Event;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

/// Native calls are to be told of.
pub fn is_profiled(vm: &Vm) -> bool {
    !vm.tracing.profile.is_null() && vm.tracing.is_on()
}

/// Calls the native in `function` for the top frame, which is saved.
#[inline(never)]
pub fn call_native_traced(vm: &mut Vm, function: Value, def: &'static NativeDef, args: Args<'_>) -> R {
    if !is_profiled(vm) {
        return vm.call_native_granting(def, args);
    }
    tell(vm, Event::NativeCall, function)?;
    let result = vm.call_native_granting(def, args);
    let event = if result.is_ok() { Event::NativeReturn } else { Event::NativeException };
    if is_profiled(vm) {
        tell(vm, event, function)?;
    }
    result
}

fn tell(vm: &mut Vm, event: Event, function: Value) -> R<()> {
    let frame = vm.frame_object(vm.frames.len() - 1);
    let callback = vm.tracing.profile;
    let result = super::events::fire(vm, callback, frame, event, function);
    if result.is_err() {
        let trace = vm.tracing.trace;
        vm.set_callbacks(trace, Value::NULL);
    }
    result.map(|_| ())
}
