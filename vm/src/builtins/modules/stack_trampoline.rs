//! `sys.activate_stack_trampoline` and its kin, as CPython has them: native frames for Python functions.

use std::rc::Rc;

use crate::error::R;
use crate::native_frames::NativeFrames;
use crate::object::function::{Args, BoundMethod, python_callee};
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

/// `sys.activate_stack_trampoline(backend)`
pub fn activate(vm: &mut Vm, args: Args<'_>) -> R {
    let Some(backend) = args.pos[0].cast::<Str>() else {
        let name = vm.type_name(args.pos[0]);
        return Err(vm.type_error(format!("activate_stack_trampoline() argument must be str, not {name}")));
    };
    provider(vm)?.activate(vm, &backend.text)?;
    Ok(Value::NONE)
}

/// `sys.deactivate_stack_trampoline()`
pub fn deactivate(vm: &mut Vm, _args: Args<'_>) -> R {
    if let Some(frames) = vm.native_frames.clone() {
        frames.deactivate(vm);
    }
    Ok(Value::NONE)
}

/// `sys.is_stack_trampoline_active()`
pub fn is_active(vm: &mut Vm, _args: Args<'_>) -> R {
    Ok(Value::bool(vm.has_native_frames()))
}

/// `sys._compile_perf_trampoline_entry(function)`, what CPython's `PyUnstable_PerfTrampoline_CompileCode` does.
pub fn compile_entry(vm: &mut Vm, args: Args<'_>) -> R {
    let callee = args.pos[0];
    let callee = callee.cast::<BoundMethod>().map_or(callee, |method| method.function);
    let Some((function, _)) = python_callee(callee) else {
        return Err(vm.type_error("a Python function is wanted"));
    };
    let made = provider(vm)?.prepare(vm, function.code);
    Ok(Value::small(if made { 0 } else { -1 }))
}

/// `sys._perf_trampoline_set_persist_after_fork(enable)`
pub fn persist_after_fork(vm: &mut Vm, args: Args<'_>) -> R {
    let enable = vm.truth(args.pos[0])?;
    provider(vm)?.persist_after_fork(enable);
    Ok(Value::small(i64::from(enable)))
}

fn provider(vm: &mut Vm) -> R<Rc<dyn NativeFrames>> {
    match vm.native_frames.clone() {
        Some(frames) => Ok(frames),
        None => Err(vm.value_error("perf trampoline not available")),
    }
}
