//! Frame objects: made, found, and told how their frame ended.

use crate::interp::frame::Frame;
use crate::object::dict::Dict;
use crate::object::frame::FrameObject;
use crate::object::function::{Code, Generator, GeneratorState};
use crate::object::heap::Gc;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::{Standing, Vm};

/// Where a frame object's frame is.
pub(crate) enum Place {
    /// On the stack, with this index.
    Stack(usize),
    /// In its generator.
    Generator(Gc<Generator>),
    Gone,
}

impl FrameObject {
    /// Where its frame is now.
    pub(crate) fn place(&self, vm: &Vm) -> Place {
        if self.ended.get() {
            return Place::Gone;
        }
        if let Some(generator) = self.generator.cast::<Generator>() {
            return match generator.state() {
                GeneratorState::Suspended => Place::Generator(generator),
                GeneratorState::Finished => Place::Gone,
                GeneratorState::Running => {
                    let at = vm.frames.iter().rposition(|frame| frame.generator == self.generator);
                    at.map_or(Place::Gone, Place::Stack)
                }
            };
        }
        let depth = self.depth.get();
        let known = known(vm, depth);
        match known.filter(|known| std::ptr::eq(known.get(), self)) {
            Some(_) => Place::Stack(depth),
            None => Place::Gone,
        }
    }
}

/// The object of the frame at `depth`, if it has one.
pub(super) fn known(vm: &Vm, depth: usize) -> Option<Gc<FrameObject>> {
    let frame = vm.frames.get(depth)?;
    if let Some(generator) = frame.generator.cast::<Generator>() {
        return generator.frame.get().cast();
    }
    if !frame.is_watched() {
        return None;
    }
    let objects = &vm.tracing.objects;
    let at = objects.iter().rposition(|object| object.depth.get() <= depth)?;
    Some(objects[at]).filter(|object| object.depth.get() == depth)
}

impl Vm {
    /// The object of the frame at `depth`.
    pub fn frame_object(&mut self, depth: usize) -> Gc<FrameObject> {
        match known(self, depth) {
            Some(object) => {
                // A generator's frame does not know any more.
                self.frames[depth].exc |= Frame::WATCHED;
                object
            }
            None => self.new_frame_object(depth),
        }
    }

    fn new_frame_object(&mut self, depth: usize) -> Gc<FrameObject> {
        let frame = self.frames[depth];
        self.tracing.object_made(depth);
        let spare = if frame.generator.is_null() { self.tracing.spare.take() } else { None };
        let object = match spare {
            Some(spare) => {
                spare.stand_for(frame.code, frame.globals, frame.names, depth);
                spare
            }
            None => {
                let new = FrameObject::new(frame.code, frame.globals, frame.names, frame.generator, depth);
                self.heap.alloc(new)
            }
        };
        self.frames[depth].exc |= Frame::WATCHED;
        match frame.generator.cast::<Generator>() {
            Some(generator) => generator.frame.set(object.into()),
            None => self.note_object(depth, object),
        }
        object
    }

    /// The object of the frame at `depth`, made for a callback that has kept nothing of it, serves the next one.
    pub(super) fn spare_frame_object(&mut self, depth: usize, object: Gc<FrameObject>) {
        let is_last = self.tracing.objects.last() == Some(&object);
        if is_last && self.tracing.was_forgotten() && self.tracing.profile.is_null() {
            self.tracing.objects.pop();
            self.frames[depth].exc &= !Frame::WATCHED;
            self.tracing.spare = Some(object);
        }
    }

    /// Objects are in the order of their frames; those of frames that nobody saw end make room.
    fn note_object(&mut self, depth: usize, object: Gc<FrameObject>) {
        let stale = |vm: &Vm, known: &Gc<FrameObject>| {
            let depth = known.depth.get();
            vm.frames.get(depth).is_none_or(|frame| !frame.is_watched() || !frame.generator.is_null())
        };
        while let Some(last) = self.tracing.objects.last().copied()
            && (last.depth.get() == depth || stale(self, &last))
        {
            last.ended.set(true);
            self.tracing.objects.pop();
        }
        let objects = &self.tracing.objects;
        let at = objects.iter().rposition(|known| known.depth.get() < depth).map_or(0, |at| at + 1);
        if objects.get(at).is_some_and(|known| known.depth.get() == depth) {
            let before = std::mem::replace(&mut self.tracing.objects[at], object);
            before.ended.set(true);
        } else {
            self.tracing.objects.insert(at, object);
        }
    }

    /// The frames inlined above the one at `depth`, which waits for a call; outermost first.
    pub(crate) fn inlined_above(&self, depth: usize) -> Vec<Standing> {
        self.standing_at(depth).map_or(Vec::new(), |standing| standing[1..].to_vec())
    }

    /// The offset that the frame at `depth` stands at: of the instruction that it waits in, or of the next one. None before
    /// the first.
    pub(crate) fn offset_at(&self, depth: usize) -> Option<u32> {
        match self.standing_at(depth) {
            Some(standing) => Some(standing[0].at),
            None => self.frames[depth].ip.checked_sub(1),
        }
    }

    fn standing_at(&self, depth: usize) -> Option<Vec<Standing>> {
        let found = self.executor.standing().into_iter().find(|(known, _)| *known == depth);
        found.map(|(_, standing)| standing).filter(|standing| !standing.is_empty())
    }

    /// The object of the frame that waits for the one at `depth`, inlined ones included.
    pub(crate) fn frame_below(&mut self, depth: usize) -> Option<Gc<FrameObject>> {
        let below = depth.checked_sub(1)?;
        Some(self.innermost_frame(below))
    }

    /// The object of the frame at `depth`, or of the innermost one that is inlined above it.
    pub(crate) fn innermost_frame(&mut self, depth: usize) -> Gc<FrameObject> {
        let inlined = self.inlined_above(depth);
        let base = self.frame_object(depth);
        inlined.into_iter().fold(base, |back, standing| self.inlined_frame(standing, back))
    }

    /// An object for a frame that is not in memory: of its locals nothing is known.
    fn inlined_frame(
        &mut self,
        Standing { code, globals, at }: Standing,
        back: Gc<FrameObject>,
    ) -> Gc<FrameObject> {
        let frame = FrameObject::new(code, globals, globals, Value::NULL, 0);
        frame.ended.set(true);
        frame.line.set(super::line_at(self, code, Some(at)));
        frame.at.set(at);
        frame.back.set(back.into());
        self.heap.alloc(frame)
    }

    /// The frame object of a place in a traceback whose frame is gone.
    pub fn past_frame(&mut self, code: &'static Code, at: u32, line: u32) -> Gc<FrameObject> {
        let nothing: Gc<Dict> = self.new_dict();
        let past = FrameObject::new(code, nothing, nothing, Value::NULL, 0);
        past.ended.set(true);
        past.line.set(line);
        past.at.set(at);
        self.heap.alloc(past)
    }

    /// The slots of a frame's locals, or NULLs, in the order of their numbers.
    pub(crate) fn slots_of(&self, object: &FrameObject) -> Vec<Value> {
        let (n, n_state) = (named(object.code.get()), object.code.get().n_state);
        match object.place(self) {
            Place::Stack(depth) => {
                let first = self.frames[depth].base + n_state - 1;
                (0..n).map(|local| self.stack.get(first - local)).collect()
            }
            Place::Generator(generator) => {
                let slots = generator.slots.slice();
                (0..n).map(|local| slots[n_state - 1 - local]).collect()
            }
            Place::Gone => object.kept.get().cast::<Tuple>().map_or(Vec::new(), |kept| kept.items().to_vec()),
        }
    }
}

/// How many locals have names.
fn named(code: &Code) -> usize {
    match &code.debug {
        Some(debug) => debug.locals.len().min(code.n_state),
        None => code.arg_names.len().min(code.n_state),
    }
}

/// The top frame ends: its object, if it has one, keeps what can be asked of it later.
#[cold]
#[inline(never)]
pub fn retire(vm: &mut Vm) {
    let depth = vm.frames.len() - 1;
    vm.frames[depth].exc &= !Frame::WATCHED;
    let generator = vm.frames[depth].generator.cast::<Generator>();
    let object = match generator {
        Some(generator) => generator.frame.get().cast::<FrameObject>(),
        None => vm.tracing.objects.pop_if(|last| last.depth.get() == depth),
    };
    let Some(object) = object else { return };
    let frame = vm.frames[depth];
    let first = frame.base + frame.code.n_state;
    let n = named(frame.code);
    // The last local lies lowest.
    let slots = vm.stack.slice(first - n, n);
    let kept = vm.new_tuple(slots);
    Tuple::fill(kept, slots.iter().rev().copied());
    object.kept.set(kept.into());
    if object.line.get() == 0 {
        object.at.set(frame.ip.saturating_sub(1));
    }
    if object.back.get().is_null() || generator.is_some() {
        let back = depth.checked_sub(1).and_then(|below| known(vm, below));
        object.back.set(back.map_or(Value::NONE, Value::from));
    }
    object.ended.set(true);
}
