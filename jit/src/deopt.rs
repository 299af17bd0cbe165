//! From machine state back to interpreter frames.
//!
//! An exit has left its live values in the context. Its snapshot says which frames there are and which value is in
//! which slot; boxed ints, floats and bools, and sunk allocations, are made here.

use rustc_hash::FxHashMap;

use vm::interp::frame::Frame;
use vm::object::class::Instance;
use vm::object::value::Value;
use vm::vm::Vm;

use crate::codegen::{ExitLayout, JitContext, Place};
use crate::ir::op::{OpCode, Ty};
use crate::ir::snapshot::{Resume, SnapFrame, Snapshot};
use crate::ir::trace::{Const, Ref, Trace};

/// How an exit's values get into slots: worked out once, when its code is compiled.
pub struct Recipe {
    /// Per frame of the snapshot, its slots' sources in the snapshot's order.
    frames: Vec<Vec<Source>>,
    /// All live values, for those that have to be made.
    live: Vec<(Ref, Ty, Place)>,
}

/// [`Resume`], with values instead of references to them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GoOn {
    Execute,
    Raise,
    Iterated,
    Tested(bool),
}

#[derive(Clone, Copy)]
enum Source {
    Constant(Value),
    /// A live value.
    Live(Ty, Place),
    /// An object to make, or a constant that needs one.
    Make(Ref),
}

impl Recipe {
    pub fn new(layout: &ExitLayout, trace: &Trace, snapshot: &Snapshot) -> Recipe {
        let source = |r: Ref| match trace.const_of(r) {
            Some(Const::Int(n)) => Source::Constant(Value::small(n)),
            Some(Const::Ref(bits)) => Source::Constant(Value::from_bits(bits)),
            Some(Const::Bool(b)) => Source::Constant(Value::bool(b)),
            Some(Const::Float(_)) => Source::Make(r),
            None => match layout.live.iter().find(|(live, ..)| *live == r) {
                Some((_, ty, place)) => Source::Live(*ty, *place),
                None => Source::Make(r),
            },
        };
        let frames =
            snapshot.frames.iter().map(|f| f.slots.iter().map(|(_, r)| source(*r)).collect()).collect();
        Recipe { frames, live: layout.live.clone() }
    }

    /// Rebuilds the frames that `snapshot` describes: the top frame of `vm` is its base frame. Gives how to go on.
    pub fn rebuild(&self, vm: &mut Vm, ctx: &JitContext, trace: &Trace, snapshot: &Snapshot) -> GoOn {
        let mut values = Values { vm, trace, ctx, recipe: self, known: None };
        for (i, frame) in snapshot.frames.iter().enumerate() {
            values.frame(frame, &self.frames[i], i == 0);
        }
        match snapshot.resume {
            Resume::Execute => GoOn::Execute,
            Resume::Raise => GoOn::Raise,
            Resume::Iterated => GoOn::Iterated,
            Resume::Tested(truth) => GoOn::Tested(values.value(truth) == Value::TRUE),
        }
    }

    /// The words that an exit left, by reference.
    fn live_words(&self, ctx: &JitContext) -> FxHashMap<Ref, Held> {
        self.live.iter().map(|(r, ty, place)| (*r, Held::Word(*ty, read(ctx, *place)))).collect()
    }
}

fn read(ctx: &JitContext, place: Place) -> u64 {
    match place {
        Place::Int(n) => ctx.iregs[n],
        Place::Float(n) => ctx.fregs[n].to_bits(),
        Place::Spill(n) => ctx.spill[n],
    }
}

#[derive(Clone, Copy)]
enum Held {
    Word(Ty, u64),
    Made(Value),
}

struct Values<'a> {
    vm: &'a mut Vm,
    trace: &'a Trace,
    ctx: &'a JitContext,
    recipe: &'a Recipe,
    /// Filled when the first object has to be made; an object that is in several slots is made once.
    known: Option<FxHashMap<Ref, Held>>,
}

impl Values<'_> {
    fn frame(&mut self, snap: &SnapFrame, sources: &[Source], is_base: bool) {
        let generator = if snap.generator == Ref::NONE { Value::NULL } else { self.value(snap.generator) };
        if !is_base {
            let base = self.vm.frames.last().map_or(0, Frame::end);
            let frame = Frame {
                code: snap.code,
                globals: snap.globals,
                names: snap.globals,
                base,
                ip: 0,
                sp: -1,
                exc: 0,
                ret: snap.ret,
                generator,
            };
            self.vm.stack.clear(base, frame.end() - base);
            self.vm.frames.push(frame);
        }
        if let Some(frame) = self.vm.frames.last_mut() {
            frame.ip = snap.ip;
            frame.sp = snap.sp;
            frame.exc = frame.exc & Frame::WATCHED | snap.exc;
            let base = frame.base;
            for ((slot, _), source) in snap.slots.iter().zip(sources) {
                let value = self.sourced(*source);
                self.vm.stack.set(base + *slot as usize, value);
            }
        }
    }

    fn sourced(&mut self, source: Source) -> Value {
        match source {
            Source::Constant(value) => value,
            // A float in two slots is boxed twice: floats have no identity.
            Source::Live(ty, place) => self.boxed(ty, read(self.ctx, place)),
            Source::Make(r) => self.value(r),
        }
    }

    fn value(&mut self, r: Ref) -> Value {
        if let Some(constant) = self.trace.const_of(r) {
            return self.constant(constant);
        }
        let known = self.known.get_or_insert_with(|| self.recipe.live_words(self.ctx)).get(&r).copied();
        let value = match known {
            Some(Held::Made(value)) => return value,
            Some(Held::Word(ty, word)) => self.boxed(ty, word),
            None => self.make(r),
        };
        if let Some(known) = &mut self.known {
            known.insert(r, Held::Made(value));
        }
        value
    }

    fn constant(&mut self, constant: Const) -> Value {
        match constant {
            Const::Int(n) => Value::small(n),
            Const::Float(bits) => self.vm.float(f64::from_bits(bits)),
            Const::Ref(bits) => Value::from_bits(bits),
            Const::Bool(b) => Value::bool(b),
        }
    }

    fn boxed(&mut self, ty: Ty, word: u64) -> Value {
        match ty {
            Ty::Int => Value::from_bits(word | 1),
            Ty::Float => self.vm.float(f64::from_bits(word)),
            Ty::Bool => Value::bool(word & 1 != 0),
            _ => Value::from_bits(word),
        }
    }

    /// An operation that machine code did not do: its operands are live instead.
    fn make(&mut self, r: Ref) -> Value {
        let Some(n) = r.as_op() else { return Value::NULL };
        let op = self.trace.ops[n];
        let args: Vec<Ref> = self.trace.operands(n).to_vec();
        let args: Vec<Value> = args.into_iter().map(|a| self.value(a)).collect();
        match op.code {
            OpCode::NewTuple => self.vm.tuple(&args),
            OpCode::NewCell => self.vm.cell_box(args[0]),
            OpCode::NewBoundMethod => self.vm.bound_method(args[0], args[1]),
            OpCode::NewList => self.vm.list(args),
            OpCode::NewFunction => {
                let code = self.vm.codes.iter().copied().find(|c| std::ptr::from_ref(*c) as u64 == op.imm);
                match (code, args[0].cast()) {
                    (Some(code), Some(globals)) => {
                        self.vm.function_with_defaults(code, globals, args[1], args[2])
                    }
                    _ => Value::NULL,
                }
            }
            OpCode::NewClosure => match (args[0].cast(), args[1].cast()) {
                (Some(function), Some(cells)) => self.vm.closure(function, cells),
                _ => Value::NULL,
            },
            OpCode::NewRange => {
                let part = |n: usize| args[n].as_small().unwrap_or(1);
                self.vm.range(part(0), part(1), part(2))
            }
            OpCode::NewInstance => self.instance(&args, 0),
            OpCode::NewInstanceWith => self.instance(&args, op.imm as u32),
            // Boxes: the operand has been boxed already.
            _ => args.first().copied().unwrap_or(Value::NULL),
        }
    }

    /// An instance of class `args[0]` with the slots that follow and, if there are any, this shape.
    fn instance(&mut self, args: &[Value], shape: u32) -> Value {
        let Some(class) = args[0].cast() else { return Value::NULL };
        let instance: vm::object::heap::Gc<Instance> = self.vm.new_instance(class);
        for value in &args[1..] {
            instance.push_slot(shape, *value);
        }
        instance.into()
    }
}
