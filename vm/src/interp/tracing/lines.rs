//! Line and opcode events: before an instruction that the current line's window does not hold.

use super::events::{fire, uninstall_on_error};
use super::frames::known;
use super::{Event, Reached};
use crate::error::R;
use crate::interp::frame::Regs;
use crate::interp::lines::{Again, Segment, Style, find, find_near};
use crate::interp::run::{save_top, top_regs};
use crate::object::frame::FrameObject;
use crate::object::heap::Gc;
use crate::object::value::Value;
use crate::vm::Vm;

/// How to go on after a look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tick {
    GoOn,
    /// Somebody else goes on.
    Switch,
    /// The top frame stands elsewhere now.
    Jumped,
}

/// Tells of the instruction that `r` stands at what there is to tell.
#[inline(never)]
pub fn tick(vm: &mut Vm, r: &Regs) -> R<Tick> {
    let reached = std::mem::replace(&mut vm.tracing.reached, Reached::FromBefore);
    if !vm.tracing.is_on() {
        return Ok(Tick::Switch);
    }
    let object = known(vm, vm.frames.len() - 1).filter(|object| !object.trace.get().is_null());
    let Some(object) = object.filter(|_| !vm.tracing.trace.is_null()) else {
        vm.tracing.look_at_nothing();
        return Ok(Tick::GoOn);
    };
    let at = r.offset_of(r.ip);
    let table = r.code.line_table().of(vm.tracing.style);
    let n = find_near(table, at, vm.tracing.segment);
    vm.tracing.segment = n;
    save_top(vm, r);
    if table[n].start == at {
        let empty = table[..n].iter().rev().take_while(|segment| segment.start == at).count();
        for segment in &table[n - empty..n] {
            if reached != Reached::ByJumpBack || segment.again != Again::Passed {
                visit(vm, object, segment, at, Reached::FromBefore)?;
                if std::mem::take(&mut vm.tracing.jumped) {
                    return Ok(arrive(vm, object));
                }
            }
        }
    }
    visit(vm, object, &table[n], at, reached)?;
    if std::mem::take(&mut vm.tracing.jumped) {
        return Ok(arrive(vm, object));
    }
    if object.opcodes.get() && vm.tracing.is_on() {
        tell(vm, object, Event::Opcode)?;
    }
    look_beyond(vm, r, object, &table[n]);
    Ok(if vm.tracing.is_on() { Tick::GoOn } else { Tick::Switch })
}

/// The top frame was made to go on elsewhere. Of the line there nothing is told.
fn arrive(vm: &mut Vm, object: Gc<FrameObject>) -> Tick {
    let r = top_regs(vm);
    let at = r.offset_of(r.ip);
    let table = r.code.line_table().of(vm.tracing.style);
    object.at.set(at);
    look_beyond(vm, &r, object, &table[find(table, at)]);
    Tick::Jumped
}

/// The next look is outside of this segment.
fn look_beyond(vm: &mut Vm, r: &Regs, object: Gc<FrameObject>, segment: &Segment) {
    let start = r.code.ops.as_ptr() as usize + segment.start as usize;
    vm.tracing.window_start = start;
    let all = (segment.end - segment.start) as usize;
    vm.tracing.window_len = if object.opcodes.get() || !vm.tracing.is_on() { 0 } else { all };
}

/// The frame is at an instruction of this segment.
fn visit(vm: &mut Vm, object: Gc<FrameObject>, segment: &Segment, at: u32, reached: Reached) -> R<()> {
    let again = segment.start == at
        && match segment.again {
            Again::Never | Again::Passed => false,
            Again::Back => reached == Reached::ByJumpBack,
            Again::Always => true,
        };
    let again = again && vm.tracing.style == Style::Python;
    object.at.set(at);
    if segment.line == 0 || (segment.line == object.line.get() && !again) || vm.tracing.trace.is_null() {
        return Ok(());
    }
    object.line.set(segment.line);
    if object.lines.get() && !object.trace.get().is_null() {
        return tell(vm, object, Event::Line);
    }
    Ok(())
}

fn tell(vm: &mut Vm, object: Gc<FrameObject>, event: Event) -> R<()> {
    let callback = object.trace.get();
    if callback.is_null() {
        return Ok(());
    }
    let result = fire(vm, callback, object, event, Value::NONE);
    let result = uninstall_on_error(vm, object, result)?;
    if !result.is_none() {
        object.trace.set(result);
    }
    Ok(())
}
