//! Setting `f_lineno`: a debugger lets the frame that it was told a line of go on at another line.
//!
//! What must be on the stack there follows from the bytecode (`bytecode::Layouts`). What lies above what both places have
//! in common is dropped, handlers are set up that the other place has, and what cannot be made (an iterator, an exception)
//! is refused, in CPython's words.

use super::{Event, Place, first_line};
use crate::bytecode::{Jump, Layouts};
use crate::error::R;
use crate::interp::flow::block_slot;
use crate::interp::frame::{Block, Frame};
use crate::interp::lines::Segment;
use crate::object::frame::FrameObject;
use crate::object::heap::Gc;
use crate::object::value::Value;
use crate::vm::Vm;

/// `frame.f_lineno = new`
pub(crate) fn set_line(vm: &mut Vm, frame: Gc<FrameObject>, new: Value) -> R<()> {
    let Some(line) = new.as_small().and_then(|line| i32::try_from(line).ok()) else {
        return Err(vm.value_error("lineno must be an integer"));
    };
    if let Err(reason) = may_jump(vm, frame) {
        return Err(vm.value_error(reason));
    }
    match find_way(vm, frame, line) {
        Ok((depth, to, line, jump)) => {
            perform(vm, depth, to, &jump);
            frame.line.set(line);
            vm.tracing.jumped = true;
            Ok(())
        }
        Err(reason) => Err(vm.value_error(reason)),
    }
}

fn may_jump(vm: &Vm, frame: Gc<FrameObject>) -> Result<(), &'static str> {
    if !frame.telling.get() || frame.trace.get().is_null() && vm.tracing.event != Event::Call {
        return Err("f_lineno can only be set by a trace function");
    }
    match vm.tracing.event {
        Event::Line => Ok(()),
        Event::Call => Err("can't jump from the 'call' trace event of a new frame"),
        _ => Err("can only jump from a 'line' trace event"),
    }
}

/// The frame's index, offset and line to go on at, and how to get there.
fn find_way(vm: &Vm, frame: Gc<FrameObject>, line: i32) -> Result<(usize, u32, u32, Jump), String> {
    let Place::Stack(depth) = frame.place(vm) else { return Err("incompatible stacks".to_owned()) };
    let code = frame.code.get();
    if line < first_line(code) as i32 {
        return Err(format!("line {line} comes before the current code block"));
    }
    let table = code.line_table().of(vm.tracing.style);
    let starts = |segment: &&Segment| segment.line as i32 >= line && segment.start < segment.end;
    let Some(target) = table.iter().filter(starts).map(|segment| segment.line).min() else {
        return Err(format!("line {line} comes after the current code block"));
    };
    let children = code.children.iter().map(|child| child.n_pos as u32).collect();
    let Some(layouts) = Layouts::of(code.ops, children) else {
        return Err("f_lineno cannot be set in a function as large as this".to_owned());
    };
    let now = layouts.at(frame.at.get()).filter(|now| now.items.len() as i32 == vm.frames[depth].sp + 1);
    let mut reason = "incompatible stacks";
    for segment in table.iter().filter(|segment| segment.line == target && segment.start < segment.end) {
        let (Some(now), Some(then)) = (&now, layouts.at(segment.start)) else { continue };
        match now.jump_to(&then) {
            Ok(jump) => return Ok((depth, segment.start, target, jump)),
            Err(other) => reason = other,
        }
    }
    Err(reason.to_owned())
}

/// The frame at `depth` is to go on at offset `to`.
fn perform(vm: &mut Vm, depth: usize, to: u32, jump: &Jump) {
    let mut frame = vm.frames[depth];
    for n in 0..jump.nones {
        vm.stack.set(frame.base + jump.kept_items + n, Value::NONE);
    }
    for (n, (handler, depth, is_finally)) in jump.blocks.iter().enumerate() {
        let slot = block_slot(&frame, jump.kept_blocks + n);
        let block = Block { handler: *handler, sp: *depth as i32 - 1, is_finally: *is_finally };
        vm.stack.set(slot, block.pack());
        vm.stack.set(slot + 1, Value::NULL);
    }
    frame.ip = to;
    frame.sp = (jump.kept_items + jump.nones) as i32 - 1;
    frame.exc = frame.exc & Frame::WATCHED | (jump.kept_blocks + jump.blocks.len()) as u16;
    vm.frames[depth] = frame;
}
