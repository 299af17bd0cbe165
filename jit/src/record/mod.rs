//! The recording instantiation of the interpreter: facts become trace operations.
//!
//! The recorder knows, for every slot of the base frame and of the frames inlined above it, which value of the trace
//! it holds (its *shadow*). Ints, floats and bools are held unboxed. A slot of the base frame that has not been
//! touched is read from memory when it is first needed. The recorder optimises nothing: that is `opt`'s work.
//!
//! A snapshot of the frames is taken at the start of each instruction; all guards of the instruction resume there.
//! What must be guarded after an effect (an exception, the end of an iteration, a broken assumption) has its own way
//! of resuming or waits for the next instruction.

mod arith;
mod calls;
mod check;
mod finish;
mod generator;
mod heap;
mod intrinsic;
mod iterate;
mod locals;
mod raise;
mod show;
mod slots;
mod snapshot;
mod surroundings;
mod text;

use rustc_hash::{FxHashMap, FxHashSet};

use vm::interp::flow::runs_finally;
use vm::interp::frame::{Frame, Regs, Slot};
use vm::interp::hooks::{Fact, Hooks};
use vm::object::function::Code;
use vm::object::kind::Kind;
use vm::object::value::Value;
use vm::vm::Vm;

use crate::abort::Abort;
use crate::ir::op::{OpCode, Ty};
use crate::ir::snapshot::{Resume, Snapshot};
use crate::ir::trace::{MergePoint, Op, Ref, SnapId, Trace};
use crate::mode::Mode;
use crate::options::Options;
use crate::store::Dependencies;
pub use locals::{fits_snapshots, has_loop, live_slots, local_count, yields_in_loop};
pub use surroundings::Surroundings;

/// How a recording ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// Back at the place where it began, in the same frame.
    Closed,
    /// At the header of another compiled loop of the base frame: its number.
    Reached(u64),
    /// At a place that only the interpreter can go on from; the trace ends with an exit.
    Exit,
    /// The base frame returns this value.
    Return(Ref),
    Abort(Abort),
}

/// Times that the body of a generator may come round before it has an item.
const GENERATOR_STEPS: usize = 3;

/// See the module's description.
pub struct Recorder<'a> {
    pub trace: Trace,
    pub deps: Dependencies,
    /// Bytecode executed, for the log.
    pub visited: Vec<MergePoint>,
    options: &'a Options,
    surroundings: &'a dyn Surroundings,
    /// Where a loop closes; null for bridges.
    header: *const u8,
    /// Depth of the base frame's stack there.
    pub header_depth: i32,
    /// A return of the base frame ends the trace usefully.
    is_function: bool,
    base_depth: usize,
    base: *mut Value,
    /// Trace value of each slot from the base frame's slot 0 up; `Ref::NONE` is "as in memory".
    shadow: Vec<Ref>,
    /// What was read from each base slot, if anything.
    initial: Vec<Ref>,
    /// Kinds of Refs, from guards and from the operations that made them.
    kinds: FxHashMap<Ref, Kind>,
    not_null: FxHashSet<Ref>,
    /// Another reference to the same value that says more: a constant, an unboxed int.
    better: FxHashMap<Ref, Ref>,
    shapes: FxHashMap<Ref, u32>,
    /// Bodies of generators that the trace is in, innermost last.
    bodies: Vec<generator::Body>,
    /// The snapshot of the current instruction, and its number once a guard has used it.
    snapshot: Snapshot,
    snap_id: SnapId,
    /// Number of operations when the current instruction began.
    started_at: usize,
    end: Option<End>,
    /// A call may have broken an assumption: guard at the next instruction.
    check_assumptions: bool,
    /// Headers of loops without code that the trace has passed, in their order.
    pub passed: Vec<*const u8>,
    /// For which machine the trace is made.
    pub mode: Mode,
    /// Others look at the locals of functions that wait for them.
    frames_are_read: bool,
    /// Slots of the base frame that the trace has written to memory while it runs, and what.
    shown: FxHashMap<u16, Ref>,
    /// What the truth of the top value was found to be.
    pending_truth: Option<Ref>,
    /// The function that the last bound method was taken apart for.
    unbound: Option<Ref>,
    last_call: Option<raise::LastCall>,
    /// The exception object about to be raised.
    raising: Option<Ref>,
    /// The exception for which a handler was found.
    caught: Option<Ref>,
    /// The step of an iteration just recorded is guarded to have an item.
    has_item: bool,
    steps: usize,
    /// Address of the byte that tells whether the fragment is still valid.
    valid_flag: u64,
}

impl<'a> Recorder<'a> {
    /// A recorder for the top frame of `vm`, which stands at `header` (or anywhere, for a bridge: null).
    pub fn new(
        vm: &Vm,
        base_depth: usize,
        header: *const u8,
        is_function: bool,
        options: &'a Options,
        surroundings: &'a dyn Surroundings,
        valid_flag: u64,
    ) -> Recorder<'a> {
        let frame = vm.frames[base_depth];
        Recorder {
            trace: Trace::default(),
            deps: Dependencies { dicts: Vec::new(), codes: vec![frame.code] },
            visited: Vec::new(),
            options,
            surroundings,
            header,
            header_depth: frame.sp,
            is_function,
            base_depth,
            base: vm.stack.pointer(frame.base),
            shadow: vec![Ref::NONE; frame.end() - frame.base],
            initial: vec![Ref::NONE; frame.end() - frame.base],
            kinds: FxHashMap::default(),
            not_null: FxHashSet::default(),
            better: FxHashMap::default(),
            shapes: FxHashMap::default(),
            bodies: Vec::new(),
            snapshot: Snapshot { frames: Vec::new(), resume: Resume::Execute },
            snap_id: SnapId::NONE,
            started_at: 0,
            end: None,
            check_assumptions: false,
            passed: Vec::new(),
            mode: Mode::Plain,
            frames_are_read: vm.tracing.frames_are_read.get(),
            shown: FxHashMap::default(),
            pending_truth: None,
            unbound: None,
            last_call: None,
            raising: None,
            caught: None,
            has_item: false,
            steps: 0,
            valid_flag,
        }
    }

    /// Sets what a slot holds before recording starts: a parameter of a bridge.
    pub fn preset(&mut self, offset: usize, value: Ref) {
        if offset >= self.shadow.len() {
            self.shadow.resize(offset + 1, Ref::NONE);
        }
        self.shadow[offset] = value;
    }

    /// The offset of frame `depth`'s slot 0 from the base frame's.
    pub fn frame_offset(&self, frame: &Frame, vm: &Vm) -> usize {
        frame.base - vm.frames[self.base_depth].base
    }

    pub fn set_kind(&mut self, r: Ref, kind: Kind) {
        self.kinds.insert(r, kind);
    }

    fn abort(&mut self, reason: Abort) {
        self.end.get_or_insert(End::Abort(reason));
    }

    /// Emits an operation without snapshot.
    fn emit(&mut self, code: OpCode, args: &[Ref], imm: u64) -> Ref {
        self.trace.push(Op::new(code, args, imm))
    }

    fn emit_pooled(&mut self, code: OpCode, args: &[Ref], imm: u64) -> Ref {
        let pooled = self.trace.pool_args(args);
        self.trace.push(Op { code, ty: code.ty(), args: pooled, imm, snap: SnapId::NONE })
    }

    /// Emits a guard that resumes at the current instruction.
    fn guard(&mut self, code: OpCode, args: &[Ref], imm: u64) -> Ref {
        let snap = self.current_snapshot();
        self.trace.push(Op { snap, ..Op::new(code, args, imm) })
    }

    fn guard_with(&mut self, code: OpCode, args: &[Ref], imm: u64, snapshot: Snapshot) {
        let snap = self.add_snapshot(snapshot);
        self.trace.push(Op { snap, ..Op::new(code, args, imm) });
    }

    fn add_snapshot(&mut self, snapshot: Snapshot) -> SnapId {
        self.trace.snapshots.push(snapshot);
        SnapId(self.trace.snapshots.len() as u32 - 1)
    }

    fn current_snapshot(&mut self) -> SnapId {
        self.check_nothing_is_done();
        if self.snap_id == SnapId::NONE {
            self.snap_id = self.add_snapshot(self.snapshot.clone());
        }
        self.snap_id
    }

    /// Emits the final exit of a trace that cannot go on.
    pub fn emit_exit(&mut self) {
        self.guard(OpCode::GuardAlways, &[], 0);
    }

    fn begin_instruction(&mut self, vm: &Vm, regs: &Regs) {
        let depth = vm.frames.len() - 1;
        self.snapshot = self.take_snapshot(vm, regs);
        self.snap_id = SnapId::NONE;
        self.started_at = self.trace.ops.len();
        let point = MergePoint {
            code: regs.code,
            ip: regs.offset_of(regs.ip),
            depth: (depth - self.base_depth) as u32,
        };
        self.trace.merge_points.push((self.trace.ops.len() as u32, point));
        if self.steps == 0 && !self.header.is_null() {
            self.guard(OpCode::GuardPoll, &[], 0);
        }
        self.steps += 1;
        if std::mem::take(&mut self.check_assumptions) {
            self.guard(OpCode::GuardNotInvalidated, &[], self.valid_flag);
            if self.shows_frames() {
                self.guard(OpCode::GuardPoll, &[], 0);
            }
        }
    }

    /// The base frame is about to return.
    fn returns_from_base(&self, vm: &Vm, regs: &Regs) -> bool {
        let top = vm.frames.len() - 1;
        top == self.base_depth
            && !runs_finally(vm, &vm.frames[top])
            && regs.peek_byte(0) == vm::bytecode::op::RETURN_VALUE
    }
}

impl Hooks for Recorder<'_> {
    type Exit = End;
    const OBSERVES: bool = true;

    fn switch() -> End {
        End::Abort(Abort::Traced)
    }

    fn is_traced(&self) -> bool {
        self.mode == Mode::Telling
    }

    fn follow_body(&self) -> bool {
        !self.shows_frames()
    }

    fn instruction(&mut self, vm: &mut Vm, regs: &Regs) -> Option<End> {
        if self.end.is_none() && vm.frames.len() <= self.base_depth {
            self.abort(Abort::LeftFrame);
        }
        if self.mode == Mode::Telling && !self.mode.suits(vm) {
            self.abort(Abort::Traced);
        }
        if let Some(end) = self.end {
            return Some(end);
        }
        self.begin_instruction(vm, regs);
        if self.returns_from_base(vm, regs) {
            let can_finish = (self.is_function || self.header.is_null()) && !regs.code.is_generator;
            let value = can_finish.then(|| self.reference(regs.slot(0)));
            self.end = Some(value.map_or(End::Exit, End::Return));
        } else if self.trace.ops.len() > self.options.trace_limit || self.steps > self.options.trace_limit * 4
        {
            self.abort(Abort::TooLong);
        }
        self.end
    }

    fn back_edge(&mut self, vm: &mut Vm, regs: &Regs, target: *const u8) -> Option<End> {
        if self.end.is_some() {
            return self.end;
        }
        let at_base = vm.frames.len() - 1 == self.base_depth;
        let depth = regs.depth() as i32;
        self.end = if at_base && target == self.header && depth == self.header_depth {
            Some(End::Closed)
        } else {
            // Above the base only generators have loops; their code is for a frame at the base.
            match self.surroundings.loop_at(target, depth, self.mode).filter(|_| at_base) {
                Some(number) => Some(End::Reached(number)),
                None => self.pass_header(target, at_base),
            }
        };
        if self.end.is_some() {
            // What follows the trace resumes at the target.
            self.begin_instruction(vm, regs);
        }
        self.end
    }

    fn follow(&mut self, vm: &mut Vm, code: &'static Code) -> bool {
        let depth = vm.frames.len() - self.base_depth;
        let active = vm.frames[self.base_depth..].iter().filter(|f| std::ptr::eq(f.code, code)).count();
        !self.shows_frames()
            && depth < self.options.inline_limit
            && active < 2
            && !code.roams.get()
            && fits_snapshots(code)
            && !has_loop(code)
    }

    fn fact(&mut self, vm: &mut Vm, fact: Fact) {
        if matches!(fact, Fact::Enter { .. } | Fact::Resume { .. }) {
            vm.announce_top();
        }
        if self.end.is_none() {
            let before = self.trace.ops.len();
            self.record(vm, fact);
            self.check_state_is_asked(fact, before);
        }
    }
}

impl Recorder<'_> {
    /// Goes on over a loop header without code, but not often: unrolled loops end in bridges without end.
    fn pass_header(&mut self, target: *const u8, at_base: bool) -> Option<End> {
        let before = self.passed.iter().filter(|passed| **passed == target).count();
        self.passed.push(target);
        let reason = if at_base { Abort::InnerLoop } else { Abort::Generator };
        let most = if at_base { 1 } else { GENERATOR_STEPS };
        (before >= most && !self.surroundings.is_given_up(target, self.mode)).then_some(End::Abort(reason))
    }

    fn record(&mut self, vm: &mut Vm, fact: Fact) {
        match fact {
            Fact::Move { to, from } => self.copy(to, from),
            Fact::Swap { a, b } => self.swap(a, b),
            Fact::Const { to, value } => self.set_const(to, value),
            Fact::Kind { slot, kind } => self.kind(slot, kind),
            Fact::Is { slot, value } => self.is(slot, value),
            Fact::Bound { slot } => self.bound(slot),
            Fact::Truth { slot, kind, result } => self.truth(slot, kind, result),
            Fact::TruthOf { slot } => self.truth_of(slot),
            Fact::Tested { result } => self.tested(result),
            Fact::IntOp { op, to, a, b } => self.int_op(op, to, a, b),
            Fact::IntCompare { op, to, a, b } => self.int_compare(op, to, a, b),
            Fact::FloatOp { op, to, a, b } => self.float_op(op, to, a, b),
            Fact::FloatCompare { op, to, a, b } => self.float_compare(op, to, a, b),
            Fact::Same { to, a, b } => self.same(to, a, b),
            Fact::IntNegate { to, from } => self.int_negate(to, from),
            Fact::IntInvert { to, from } => self.int_invert(to, from),
            Fact::FloatNegate { to, from } => self.float_negate(to, from),
            Fact::BoolNot { to, from } => self.bool_not(to, from),
            _ => self.record_heap(vm, fact),
        }
    }

    fn record_heap(&mut self, vm: &mut Vm, fact: Fact) {
        match fact {
            Fact::Entry { to, dict, entry, value } => self.entry(to, dict, entry, value),
            Fact::NoEntry { dict } => self.depend_on_keys(dict),
            Fact::SetEntry { dict, entry, from } => self.set_entry(dict, entry, from),
            Fact::CellGet { to, cell } => self.cell_get(to, cell),
            Fact::CellSet { cell, from } => self.cell_set(cell, from),
            Fact::NewCell { to, from } => self.new_cell(to, from),
            Fact::Shape { slot, shape } => self.shape(slot, shape),
            Fact::AttrGet { to, object, index } => self.attr_get(vm, to, object, index),
            Fact::ClassAttr { to, class, value } => self.class_attr(to, class, value),
            Fact::ClassUsed { class } => self.depend_on_class(class),
            Fact::AttrSet { object, index, from } => self.attr_set(vm, object, index, from),
            Fact::AttrAdd { object, index, shape, from } => self.attr_add(vm, object, index, shape, from),
            Fact::ListGet { to, list, index, negative } => self.list_get(to, list, index, negative),
            Fact::ListSet { list, index, negative, from } => self.list_set(list, index, negative, from),
            Fact::TupleGet { to, tuple, index, negative } => self.tuple_get(to, tuple, index, negative),
            Fact::ByteGet { to, bytes, index, negative } => self.byte_get(to, bytes, index, negative),
            Fact::ByteSet { bytes, index, negative, from } => self.byte_set(bytes, index, negative, from),
            Fact::CharGet { to, text, index, negative } => self.char_get(to, text, index, negative),
            Fact::StrCompare { op, to, a, b } => self.str_compare(op, to, a, b),
            Fact::DictGet { to, dict, key } => self.dict_get(to, dict, key),
            Fact::DictHas { to, dict, key } => self.dict_has(to, dict, key),
            Fact::DictSet { dict, key, from, found } => self.dict_set(dict, key, from, found),
            Fact::TupleLen { tuple, len } => self.tuple_len(tuple, len),
            Fact::TupleItem { to, tuple, index } => self.tuple_item(to, tuple, index),
            Fact::ListLen { list, len } => self.list_len(list, len),
            Fact::ListItem { to, list, index } => self.list_item(to, list, index),
            Fact::NewTuple { to, first, n } => self.new_sequence(OpCode::NewTuple, Kind::Tuple, to, first, n),
            Fact::NewList { to, first, n } => self.new_sequence(OpCode::NewList, Kind::List, to, first, n),
            Fact::ListNext { to, list, state } => self.list_next(to, list, state),
            Fact::ListEnd { list, state } => self.list_end(list, state),
            Fact::TupleNext { to, tuple, state } => self.tuple_next(to, tuple, state),
            Fact::TupleEnd { tuple, state } => self.tuple_end(tuple, state),
            Fact::RangeInit { state, range } => self.range_init(state, range),
            Fact::RangeNext { to, state, step } => self.range_next(to, state, step),
            Fact::RangeEnd { state, step } => self.range_end(state, step),
            _ => self.record_call(vm, fact),
        }
    }

    fn record_call(&mut self, vm: &mut Vm, fact: Fact) {
        match fact {
            Fact::Call { rt, imm, to, first, n } => self.call(rt, imm, to, first, n),
            Fact::StoreComp { rt, collection, first, n } => self.store_comp(rt, collection, first, n),
            Fact::Stopped { slot, stopped } => self.stopped(slot, stopped),
            Fact::Native { def, to, function, first, n } => {
                self.native(vm, def, to, function, first, n);
            }
            Fact::Function { slot, code, closure } => self.function(slot, code, closure),
            Fact::ClosureCell { to, closure, index } => self.closure_cell(to, closure, index),
            Fact::Default { to, function, closure, index, value } => {
                self.default(to, function, closure, index, value);
            }
            Fact::MakeFunction { to, code, globals, defaults, cells, n_cells } => {
                self.make_function(to, code, globals, defaults, (cells, n_cells));
            }
            Fact::BoundMethod { to, class, function, this } => {
                self.depend_on_class(class);
                self.bound_method(to, function, this);
            }
            Fact::Unbind { slot, function } => self.unbind(slot, function),
            Fact::NewInstance { to, class } => self.new_instance(to, class),
            Fact::Enter { code, base, .. } => self.enter(code, base),
            Fact::Leave { from, to } => self.leave(vm, from, to),
            Fact::Resume { slot, base, status } => self.resume(vm, slot, base, status),
            Fact::Yield { .. } => self.suspend(vm),
            Fact::GeneratorEnd => self.generator_ends(vm),
            Fact::Raising { slot } => self.raising(slot),
            Fact::Raised => self.raised(vm),
            Fact::Caught { value, block } => self.caught(value, block),
            Fact::ExceptionClass { slot, class } => self.exception_class(slot, class),
            Fact::Opaque { .. } => self.abort(Abort::Opaque),
            _ => {}
        }
    }

    /// The value that a slot holds when the trace goes on elsewhere.
    pub fn reference(&mut self, slot: Slot) -> Ref {
        self.as_ref(slot)
    }

    /// The type of a trace value.
    pub fn ty(&self, r: Ref) -> Ty {
        self.trace.ty(r)
    }
}
