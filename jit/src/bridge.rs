//! Bridges: what follows a guard that fails often.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use vm::interp::frame::read;
use vm::object::kind::Kind as ValueKind;
use vm::vm::Vm;

use crate::abort::Abort;
use crate::codegen::ExitId;
use crate::engine::{After, Engine};
use crate::events::Kind;
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Op, Ref, Trace};
use crate::mode::Mode;
use crate::opt::{AliasSet, ParamSource, Range, effects, optimise_linear};
use crate::record::{End, Recorder};
use crate::sample::{Phase, during};
use crate::store::{ExitState, LoopInfo, Root, Store};

impl Engine {
    /// Records from the exit whose frames have just been rebuilt, and attaches the compiled trace to it.
    pub(crate) fn record_bridge(&self, vm: &mut Vm, exit: u32, depth: usize) -> After {
        self.check_assumptions();
        let Some(start) = self.start_bridge(vm, exit) else {
            self.set_exit_state(exit, ExitState::Dead);
            return After::Continue;
        };
        let _mark = during(Phase::Tracing);
        let base = vm.frames.len() - start.frames;
        self.events.borrow_mut().tracing_starts();
        let mut recorder =
            Recorder::new(vm, base, std::ptr::null(), start.is_function, &self.options, self, start.flag);
        recorder.mode = start.mode;
        start.fill(vm, base, &mut recorder);
        let recorded = self.run_recorder(vm, recorder, depth);
        self.events.borrow_mut().tracing_ends(&recorded.recorder.trace);
        self.registry.recorded(&recorded.recorder.trace);
        if let (End::Reached(root), After::Continue) = (recorded.end, &recorded.after)
            && self.wants_version(&recorded.recorder, root as usize, &start)
        {
            drop(recorded);
            return self.record_version(vm, root as usize, exit, depth);
        }
        self.prefer_inner(recorded.end, &recorded.recorder);
        match self.compile_bridge(vm, recorded.recorder, recorded.end, exit, &start) {
            Ok(()) => self.set_exit_state(exit, ExitState::Bridged),
            Err(reason) => {
                self.log_abort(reason);
                self.retry_later(exit, reason);
            }
        }
        self.events.borrow_mut().attempt_ends(vm);
        recorded.after
    }

    /// None of the loop's versions takes the types that are here now.
    fn wants_version(&self, recorder: &Recorder<'_>, root: usize, start: &Start) -> bool {
        let store = self.store.borrow();
        store.roots[root].retraces < self.options.retrace_limit
            && start.suiting_version(recorder, &store, root).is_none()
    }

    /// Compiles the loop for what its variables are now, instead of a bridge; that will be recorded when the guard is
    /// hot again, and find the new version.
    fn record_version(&self, vm: &mut Vm, root: usize, exit: u32, depth: usize) -> After {
        self.log_abort(Abort::OtherTypes);
        self.events.borrow_mut().attempt_ends(vm);
        let place = {
            let mut store = self.store.borrow_mut();
            store.roots[root].retraces += 1;
            if let Some(exit) = store.exits.get_mut(&exit) {
                exit.count /= 2;
            }
            store.roots[root].place
        };
        self.record_root(vm, place, false, depth)
    }

    fn set_exit_state(&self, exit: u32, state: ExitState) {
        if let Some(exit) = self.store.borrow_mut().exits.get_mut(&exit) {
            exit.state = state;
        }
    }

    /// Another attempt after twice as many exits; none after a few.
    fn retry_later(&self, exit: u32, reason: Abort) {
        let mut aborts = self.aborts.borrow_mut();
        // Exit numbers are small, bytecode addresses are not: one table serves both.
        let count = aborts.entry(exit as usize).or_insert(0);
        *count += u32::from(reason != Abort::InnerLoop);
        let dead = *count >= self.options.bridge_abort_limit;
        drop(aborts);
        if let Some(exit) = self.store.borrow_mut().exits.get_mut(&exit) {
            exit.count = 0;
            if dead {
                exit.state = ExitState::Dead;
            }
        }
    }

    fn start_bridge(&self, vm: &Vm, exit: u32) -> Option<Start> {
        let store = self.store.borrow();
        let from = store.exits.get(&exit)?;
        let root = &store.roots[from.root];
        let snapshot = &from.trace.snapshots[from.layout.snap.0 as usize];
        let usable = root.bridges < self.options.bridge_limit
            && root.invalid.load(std::sync::atomic::Ordering::Relaxed) == 0
            && vm.frames.len() >= snapshot.frames.len();
        usable.then(|| Start {
            frames: snapshot.frames.len(),
            is_function: root.is_function,
            mode: root.mode,
            flag: &raw const *root.invalid as u64,
            trace: from.trace.clone(),
            live: from.layout.live.iter().map(|(r, ty, _)| (*r, *ty)).collect(),
            snap: from.layout.snap.0 as usize,
            root: from.root,
            part: from.part,
            effects: from.effects,
            refused_by_entry: from.part == root.entry_number
                && is_about_type(from.trace.ops[from.layout.op as usize].code),
        })
    }

    fn compile_bridge(
        &self,
        vm: &Vm,
        mut recorder: Recorder<'_>,
        end: End,
        exit: u32,
        start: &Start,
    ) -> Result<(), Abort> {
        let mut after = start.effects.union(effects(&recorder.trace));
        match end {
            End::Reached(root) => self.end_in_loop(&mut recorder, root as usize, start, &mut after),
            End::Exit => recorder.emit_exit(),
            End::Return(value) => {
                recorder.show_frame();
                recorder.trace.push(Op::new(OpCode::Finish, &[value], 0));
            }
            End::Closed => return Err(Abort::LeftFrame),
            End::Abort(reason) => return Err(reason),
        }
        let deps = recorder.deps;
        let raw = recorder.trace;
        let mut trace = self.optimise(|config| optimise_linear(raw, config))?;
        let code =
            self.compile(vm, &mut trace, start.mode, false, None, Kind::Bridge(exit), Some(start.part))?;
        self.backend.borrow_mut().attach(ExitId(exit), code.code);
        let mut store = self.store.borrow_mut();
        store.add_exits(&Rc::new(trace), code.exits, start.root, start.part, after);
        store.add_dependencies(&deps, start.root);
        store.roots[start.root].bridges += 1;
        Ok(())
    }

    /// The bridge stands at the header of a compiled loop: into its body if everything the body relies on still
    /// holds, else through the frame into the entry of a version that takes these types.
    fn end_in_loop(&self, recorder: &mut Recorder<'_>, root: usize, start: &Start, after: &mut AliasSet) {
        let store = self.store.borrow();
        let own = start.root;
        // A bridge from the entry has not passed the entry's other guards, on which the body relies.
        let from_body = start.part == store.roots[own].loop_number;
        let body = store.roots[own]
            .body
            .as_ref()
            .filter(|_| from_body && store.versions_beside(root).any(|version| version == own));
        match body.filter(|body| joins(recorder, body, *after)) {
            Some(body) => {
                let args = join_args(recorder, body);
                let pooled = recorder.trace.pool_args(&args);
                recorder.trace.push(Op { args: pooled, ..Op::new(OpCode::JumpLoop, &[], own as u64) });
            }
            None => {
                let target = start.suiting_version(recorder, &store, root).unwrap_or(root);
                recorder.flush_dirty();
                recorder.trace.push(Op::new(OpCode::JumpEntry, &[], target as u64));
            }
        }
    }
}

/// What a bridge starts from.
pub(crate) struct Start {
    /// Frames in the snapshot.
    frames: usize,
    is_function: bool,
    mode: Mode,
    flag: u64,
    trace: Rc<Trace>,
    live: Vec<(Ref, Ty)>,
    snap: usize,
    root: usize,
    part: u32,
    effects: AliasSet,
    /// The guard found a type or a value that the tree's entry insists on.
    refused_by_entry: bool,
}

impl Start {
    /// The version's entry takes what the base frame holds now.
    fn suits(&self, recorder: &Recorder<'_>, version: &Root, number: usize) -> bool {
        let fitting = version.body.as_ref().is_some_and(|body| takes_types(recorder, body));
        fitting && !(self.refused_by_entry && number == self.root)
    }

    /// The oldest version of that root's loop that suits.
    fn suiting_version(&self, recorder: &Recorder<'_>, store: &Store, root: usize) -> Option<usize> {
        let mut versions = store.versions_beside(root);
        versions.find(|version| self.suits(recorder, &store.roots[*version], *version))
    }

    /// The bridge's parameters are the exit's live values; the slots hold what the snapshot says.
    fn fill(&self, vm: &Vm, base: usize, recorder: &mut Recorder<'_>) {
        let mut known: FxHashMap<Ref, Ref> = FxHashMap::default();
        for (r, ty) in &self.live {
            let param = recorder.trace.param(*ty);
            known.insert(*r, param);
        }
        let snapshot = &self.trace.snapshots[self.snap];
        for (i, snap) in snapshot.frames.iter().enumerate() {
            let offset = recorder.frame_offset(&vm.frames[base + i], vm);
            if snap.generator != Ref::NONE {
                let object = rebuild(&self.trace, snap.generator, recorder, &mut known);
                recorder.preset_generator(base + i, object, vm.frames[base + i].code);
            }
            for (slot, r) in &snap.slots {
                let value = rebuild(&self.trace, *r, recorder, &mut known);
                recorder.preset(offset + *slot as usize, value);
            }
        }
        recorder.trace.keep =
            self.trace.keep.iter().map(|r| rebuild(&self.trace, *r, recorder, &mut known)).collect();
    }
}

/// The bridge's value for a value of the parent trace.
fn rebuild(parent: &Trace, r: Ref, recorder: &mut Recorder<'_>, known: &mut FxHashMap<Ref, Ref>) -> Ref {
    if let Some(constant) = parent.const_of(r) {
        return recorder.trace.constant(constant);
    }
    if let Some(value) = known.get(&r) {
        return *value;
    }
    let Some(n) = r.as_op() else { return r };
    let args: Vec<Ref> = parent.operands(n).iter().map(|a| rebuild(parent, *a, recorder, known)).collect();
    let op = parent.ops[n];
    let value = match op.code {
        // A box of what is already unboxed: the recorder wants it unboxed.
        OpCode::BoxInt | OpCode::BoxFloat | OpCode::BoxBool => args[0],
        code => {
            // A sunk object may hold unboxed values; one that is made holds words.
            let wants_ints = code.operands().starts_with('i');
            let words: Vec<Ref> =
                args.into_iter().map(|r| if wants_ints { r } else { recorder.boxed(r) }).collect();
            recorder.make(code, &words, op.imm)
        }
    };
    if let Some(kind) = made_kind(op.code) {
        recorder.set_kind(value, kind);
    }
    known.insert(r, value);
    value
}

fn is_about_type(code: OpCode) -> bool {
    use OpCode::*;
    matches!(code, GuardInt | GuardKind | GuardShape | GuardCode | GuardTupleLen | GuardIter)
}

fn made_kind(code: OpCode) -> Option<ValueKind> {
    match code {
        OpCode::NewTuple => Some(ValueKind::Tuple),
        OpCode::NewList => Some(ValueKind::List),
        OpCode::NewInstance | OpCode::NewInstanceWith => Some(ValueKind::Instance),
        OpCode::NewCell => Some(ValueKind::Cell),
        OpCode::NewBoundMethod => Some(ValueKind::BoundMethod),
        OpCode::NewRange => Some(ValueKind::Range),
        OpCode::NewFunction => Some(ValueKind::Function),
        OpCode::NewClosure => Some(ValueKind::Closure),
        _ => None,
    }
}

/// The loop's body may be entered from here.
fn joins(recorder: &mut Recorder<'_>, body: &LoopInfo, after: AliasSet) -> bool {
    let dirty = recorder.dirty_slots();
    let touched = |slot: &u16| dirty.iter().any(|(s, _)| s == slot);
    let invariants = body.params.iter().filter(|p| **p == ParamSource::Invariant).count();
    !after.intersects(body.hoisted)
        && !body.clean_reads.iter().any(touched)
        && invariants == recorder.trace.keep.len()
        && takes_types(recorder, body)
}

/// The slots now hold values of the types that the loop wants.
fn takes_types(recorder: &Recorder<'_>, body: &LoopInfo) -> bool {
    body.params.iter().zip(&body.types).all(|(param, ty)| match param {
        ParamSource::Slot(slot) => fits(recorder, *slot, *ty),
        ParamSource::Invariant => true,
    })
}

/// The value in the slot now has the type that the loop wants.
fn fits(recorder: &Recorder<'_>, slot: u16, ty: Ty) -> bool {
    let value = read(recorder.base_slot(slot));
    match ty {
        Ty::Int => value.kind() == ValueKind::Int,
        Ty::Float => value.kind() == ValueKind::Float,
        Ty::Bool => value.kind() == ValueKind::Bool && recorder.holds_bool(slot),
        _ => true,
    }
}

fn join_args(recorder: &mut Recorder<'_>, body: &LoopInfo) -> Vec<Ref> {
    let keep = recorder.trace.keep.clone();
    let mut keep = keep.into_iter();
    let mut args = Vec::with_capacity(body.params.len());
    for ((param, ty), range) in body.params.iter().zip(&body.types).zip(&body.ranges) {
        args.push(match param {
            ParamSource::Slot(slot) => {
                let value = recorder.slot_as(*slot, *ty);
                if *ty == Ty::Int {
                    recorder.guard_range(value, *range == Range::ALL, range.lo, range.hi);
                }
                value
            }
            ParamSource::Invariant => keep.next().unwrap_or(Ref::NONE),
        });
    }
    let slots: Vec<u16> = body
        .params
        .iter()
        .filter_map(|p| match p {
            ParamSource::Slot(slot) => Some(*slot),
            ParamSource::Invariant => None,
        })
        .collect();
    recorder.flush_others(&slots);
    recorder.show_frame();
    args
}
