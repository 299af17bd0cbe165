//! The functions of `sys` that watch a program run.

use crate::error::R;
use crate::object::frame::FrameObject;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::value::Value;
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::any("settrace", settrace, 1, 1).of_frames(),
    NativeDef::any("gettrace", |vm, _| Ok(or_none(vm.tracing.trace)), 0, 0),
    NativeDef::any("setprofile", setprofile, 1, 1).of_frames(),
    NativeDef::any("getprofile", |vm, _| Ok(or_none(vm.tracing.profile)), 0, 0),
    NativeDef::any("_getframe", getframe, 0, 1).of_frames(),
];

fn or_none(value: Value) -> Value {
    if value.is_null() { Value::NONE } else { value }
}

fn or_null(value: Value) -> Value {
    if value.is_none() { Value::NULL } else { value }
}

fn settrace(vm: &mut Vm, args: Args<'_>) -> R {
    vm.ask_run_loop()?;
    let profile = vm.tracing.profile;
    vm.set_callbacks(or_null(args.pos[0]), profile);
    Ok(Value::NONE)
}

fn setprofile(vm: &mut Vm, args: Args<'_>) -> R {
    vm.ask_run_loop()?;
    let trace = vm.tracing.trace;
    vm.set_callbacks(trace, or_null(args.pos[0]));
    Ok(Value::NONE)
}

/// The frame `up` frames below the top one, inlined ones counted.
fn frame_above(vm: &mut Vm, up: usize) -> Option<Gc<FrameObject>> {
    let inlined: Vec<(usize, usize)> =
        vm.executor.standing().iter().map(|(depth, frames)| (*depth, frames.len() - 1)).collect();
    let mut up = up;
    for depth in (0..vm.frames.len()).rev() {
        let above = inlined.iter().find(|(known, _)| *known == depth).map_or(0, |(_, inlined)| *inlined);
        if up <= above {
            let mut frame = vm.innermost_frame(depth);
            while up > 0 {
                frame = frame.back.get().cast()?;
                up -= 1;
            }
            return Some(frame);
        }
        up -= 1 + above;
    }
    None
}

fn getframe(vm: &mut Vm, args: Args<'_>) -> R {
    vm.ask_run_loop()?;
    let up = match args.get(0) {
        Some(up) => vm.index_value(up)?.max(0) as usize,
        None => 0,
    };
    match frame_above(vm, up) {
        Some(frame) => Ok(frame.into()),
        None => Err(vm.value_error("call stack is not deep enough")),
    }
}
