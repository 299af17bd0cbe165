//! Snapshots of the frames as the trace sees them.

use vm::interp::frame::{Frame, Regs};
use vm::vm::Vm;

use super::{Recorder, live_slots};
use crate::ir::snapshot::{Resume, SnapFrame, Snapshot};
use crate::ir::trace::Ref;
use vm::object::value::Value;

impl Recorder<'_> {
    /// The frames now, to be resumed at the instruction that `regs` stands at.
    pub(super) fn take_snapshot(&mut self, vm: &Vm, regs: &Regs) -> Snapshot {
        let top = vm.frames.len() - 1;
        let mut frames = Vec::with_capacity(top - self.base_depth + 1);
        for depth in self.base_depth..=top {
            let mut frame = vm.frames[depth];
            if depth == top {
                frame.ip = regs.offset_of(regs.ip);
                frame.sp = regs.depth() as i32;
            }
            let mut snap = self.snap_frame(vm, &frame, depth == self.base_depth);
            snap.generator = self.generator_at(depth);
            frames.push(snap);
        }
        Snapshot { frames, resume: Resume::Execute }
    }

    fn snap_frame(&mut self, vm: &Vm, frame: &Frame, is_base: bool) -> SnapFrame {
        let offset = self.frame_offset(frame, vm);
        let mut slots = Vec::new();
        for slot in live_slots(frame.code, frame.sp, frame.blocks()) {
            let value = self.shadow.get(offset + slot).copied().unwrap_or(Ref::NONE);
            let kept = is_base && value == self.initial[slot] && !self.shown.contains_key(&(slot as u16));
            let unchanged = value == Ref::NONE || kept;
            let is_null = self.const_value(value) == Some(Value::NULL);
            if !unchanged && (is_base || !is_null) {
                slots.push((slot as u16, value));
            }
        }
        SnapFrame {
            code: frame.code,
            globals: frame.globals,
            ip: frame.ip,
            sp: frame.sp,
            exc: frame.blocks(),
            ret: frame.ret,
            generator: Ref::NONE,
            slots,
        }
    }

    /// Slots of the base frame that differ from memory at the current snapshot.
    pub fn dirty_slots(&self) -> Vec<(u16, Ref)> {
        self.snapshot.frames.first().map_or(Vec::new(), |f| f.slots.clone())
    }

    /// The current snapshot, to be resumed by unwinding.
    pub(super) fn unwinding(&self) -> Snapshot {
        Snapshot { resume: Resume::Raise, ..self.snapshot.clone() }
    }

    /// The current snapshot with `item` pushed, to be resumed by ending or going on with the iteration.
    pub(super) fn iterated(&self, item: Ref) -> Snapshot {
        let mut snapshot = Snapshot { resume: Resume::Iterated, ..self.snapshot.clone() };
        if let Some(frame) = snapshot.frames.last_mut() {
            frame.sp += 1;
            let slot = frame.sp as u16;
            frame.slots.retain(|(s, _)| *s != slot);
            frame.slots.push((slot, item));
        }
        snapshot
    }
}
