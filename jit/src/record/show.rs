//! What callbacks, and readers of `f_locals`, see of a frame that runs compiled code: before each call that may be told
//! of, its locals and its place are written to memory, where the interpreter has them.
//!
//! A slot that was written counts as changed from then on, even if it gets back the value that it had when the trace was
//! entered: an exit must put that back.

use super::{Recorder, local_count};
use crate::ir::op::OpCode;
use crate::ir::trace::Ref;
use crate::mode::Mode;

impl Recorder<'_> {
    /// Frames must be found in memory whenever other Python code runs, so there is one for each function.
    pub(super) fn shows_frames(&self) -> bool {
        self.frames_are_read || self.mode == Mode::Telling
    }

    /// Something comes that may run Python code, or the frame is left.
    pub fn show_frame(&mut self) {
        let Some(base) = self.snapshot.frames.first().filter(|_| self.shows_frames()) else { return };
        let (code, next) = (base.code, u64::from(base.ip) + 1);
        let locals = code.n_state.saturating_sub(local_count(code))..code.n_state;
        let is_local = |slot: u16| locals.contains(&usize::from(slot));
        let changed: Vec<(u16, Ref)> =
            base.slots.iter().filter(|(slot, _)| is_local(*slot)).copied().collect();
        for (slot, value) in changed {
            if self.shown.insert(slot, value) != Some(value) {
                let word = self.boxed(value);
                self.emit(OpCode::SlotStore, &[word], u64::from(slot));
            }
        }
        self.emit(OpCode::FrameAt, &[], next);
    }
}
