//! What a guard needs to turn machine state back into interpreter frames.
//!
//! A snapshot describes the base frame (already on the frame stack: only the slots that differ from memory) and the
//! frames inlined above it (not on the stack: all their non-NULL slots), outermost first. Values are references of
//! the trace: an `Int`, `Float` or `Bool` is boxed on the way out, a sunk allocation is made then.

use vm::interp::frame::Ret;
use vm::object::dict::Dict;
use vm::object::function::Code;
use vm::object::heap::Gc;

use super::trace::Ref;

/// How the interpreter goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resume {
    /// Execute the instruction at the innermost frame's `ip`.
    Execute,
    /// An exception is pending, raised by the instruction at the innermost frame's `ip`: unwind.
    Raise,
    /// The step of an iteration at the innermost frame's `ip` (a FOR_ITER) has given the value on top of the stack:
    /// an item, or the end.
    Iterated,
    /// The test of the conditional jump at the innermost frame's `ip` has given this value, True or False.
    Tested(Ref),
}

#[derive(Clone, Debug)]
pub struct Snapshot {
    pub frames: Vec<SnapFrame>,
    pub resume: Resume,
}

#[derive(Clone, Debug)]
pub struct SnapFrame {
    pub code: &'static Code,
    pub globals: Gc<Dict>,
    pub ip: u32,
    /// Slot of the top of the value stack; -1 when empty.
    pub sp: i32,
    pub exc: u16,
    pub ret: Ret,
    /// The generator whose body it is, or `Ref::NONE`.
    pub generator: Ref,
    /// Slot number in the frame, and its value.
    pub slots: Vec<(u16, Ref)>,
}

impl Snapshot {
    /// Every reference, with repetitions.
    pub fn refs(&self) -> impl Iterator<Item = Ref> + '_ {
        let tested = match self.resume {
            Resume::Tested(truth) => Some(truth),
            Resume::Execute | Resume::Raise | Resume::Iterated => None,
        };
        let frames = self.frames.iter().flat_map(|f| {
            f.slots.iter().map(|(_, r)| *r).chain((f.generator != Ref::NONE).then_some(f.generator))
        });
        frames.chain(tested)
    }

    /// Replaces every reference.
    pub fn map(&mut self, mut replace: impl FnMut(Ref) -> Ref) {
        if let Resume::Tested(truth) = &mut self.resume {
            *truth = replace(*truth);
        }
        for frame in &mut self.frames {
            frame.slots.iter_mut().for_each(|(_, r)| *r = replace(*r));
            if frame.generator != Ref::NONE {
                frame.generator = replace(frame.generator);
            }
        }
    }
}
