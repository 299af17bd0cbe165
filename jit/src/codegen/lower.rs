//! From the trace's operations to Cranelift's.
//!
//! An operation is lowered where it stands, except for pure ones that only exits need: each exit computes its own in
//! its cold block, from operands that the hot path has anyway.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types;
use cranelift_codegen::ir::{
    Block, BlockArg, InstBuilder, MemFlagsData, SigRef, Signature, SourceLoc, StackSlot, Type, Value,
};
use cranelift_frontend::FunctionBuilder;
use rustc_hash::{FxHashMap, FxHashSet};
use vm::object::heap::ATTENTION;

use super::arena::Slots;
use super::backend::{alloc_signature, event_signature, fragment_signature, root_signature};
use super::boxes::{Row, ends_row};
use super::exit::{Exit, Liveness, checked_places, is_sunk};
use super::passes::Passes;
use super::place::Place;
use super::{CodeAddr, CodegenError, ExitLayout, Job, context};
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Const, Op, Ref, Trace};

/// Our own memory: mapped and aligned.
pub const TRUSTED: MemFlagsData = MemFlagsData::trusted();

/// What an operation gives: nothing, or a value.
pub type Lowered = Result<Option<Value>, CodegenError>;

/// Addresses of code that all fragments share.
#[derive(Clone, Copy)]
pub struct Stubs {
    /// Where exits without bridge go.
    pub exit: usize,
    /// Allocates; see `backend::alloc_signature`.
    pub alloc: usize,
    /// `x ** 0.5`, in the same way; only where there is an instruction for multiplying and adding.
    pub root: Option<usize>,
    /// Tells the log of a transition.
    pub event: usize,
    /// Where the context lies.
    pub context: usize,
}

pub struct Lower<'t, 'b, 'f> {
    pub trace: &'t Trace,
    pub job: &'t Job<'t>,
    pub b: &'b mut FunctionBuilder<'f>,
    pub slots: &'b mut Slots,
    pub stubs: Stubs,
    pub exits: Vec<Exit>,
    pub ctx: Value,
    fp: Value,
    /// Start of the loop.
    header: Option<Block>,
    /// If a log wants to know.
    pub passes: Option<Passes>,
    /// By operation.
    values: Vec<Option<Value>>,
    /// Operations computed later than where they stand, or for one exit.
    sunk_here: Vec<usize>,
    /// By guard.
    live: Vec<Vec<(Ref, Ty, Place)>>,
    uses: Vec<Use>,
    signatures: FxHashMap<(usize, usize), SigRef>,
    pub helper_signature: Option<SigRef>,
    pub arg_room: Option<StackSlot>,
    /// Marks so far.
    pub marks: u32,
    alloc_signature: Option<SigRef>,
    /// Of floats.
    pub row: Option<Row>,
    /// Words that a guard has found not to be NULL.
    not_null: FxHashSet<Ref>,
}

/// Who needs an operation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Nobody,
    Exits,
    Hot,
}

impl<'t, 'b, 'f> Lower<'t, 'b, 'f> {
    /// The signature of the trace's fragment.
    pub fn signature(trace: &Trace) -> Result<Signature, CodegenError> {
        let places = checked_places(&trace.params)?;
        let ints = places.iter().filter(|p| matches!(p, Place::Int(_))).count();
        let floats = places.iter().filter(|p| matches!(p, Place::Float(_))).count();
        Ok(fragment_signature(ints, floats))
    }

    pub fn new(
        trace: &'t Trace,
        job: &'t Job<'t>,
        b: &'b mut FunctionBuilder<'f>,
        slots: &'b mut Slots,
        stubs: Stubs,
    ) -> Result<Self, CodegenError> {
        let live = live_values(trace)?;
        let uses = uses(trace, &live);
        let block = b.create_block();
        b.append_block_params_for_function_params(block);
        b.switch_to_block(block);
        let ctx = b.block_params(block)[0];
        let values = vec![None; trace.ops.len()];
        Ok(Lower {
            trace,
            job,
            b,
            slots,
            stubs,
            exits: Vec::new(),
            ctx,
            fp: ctx,
            header: None,
            passes: None,
            values,
            sunk_here: Vec::new(),
            live,
            uses,
            signatures: FxHashMap::default(),
            helper_signature: None,
            arg_room: None,
            marks: 0,
            alloc_signature: None,
            row: None,
            not_null: FxHashSet::default(),
        })
    }

    /// Lowers the trace; gives its exits, and the marks that its code sets.
    pub fn run(mut self) -> Result<(Vec<ExitLayout>, u32), CodegenError> {
        self.enter()?;
        let mut ended = false;
        for n in 0..self.trace.ops.len() {
            if ended {
                return Err(CodegenError::Malformed("operation behind the end"));
            }
            ended = self.trace.ops[n].code.flags().end;
            self.operation(n)?;
        }
        if !ended {
            return Err(CodegenError::Malformed("trace without end"));
        }
        Ok((self.finish_exits()?, self.marks))
    }

    /// Takes the parameters from where they travel, loads what the whole fragment needs, opens the loop.
    fn enter(&mut self) -> Result<(), CodegenError> {
        let mut params = self.arrivals()?;
        self.mark_itself();
        if self.trace.ops.iter().any(|op| matches!(op.code, OpCode::SlotLoad | OpCode::SlotStore)) {
            self.fp = self.b.ins().load(types::I64, TRUSTED, self.ctx, context::FP);
        }
        self.hoist_slots();
        if self.job.is_loop {
            params = self.open_loop(&params);
        }
        for n in 0..self.trace.ops.len() {
            let op = &self.trace.ops[n];
            if op.code == OpCode::Param {
                let param =
                    params.get(op.imm as usize).ok_or(CodegenError::Malformed("no such parameter"))?;
                self.values[n] = Some(*param);
            }
        }
        Ok(())
    }

    fn arrivals(&mut self) -> Result<Vec<Value>, CodegenError> {
        let places = checked_places(&self.trace.params)?;
        let ints = places.iter().filter(|p| matches!(p, Place::Int(_))).count();
        let block = self.b.current_block().ok_or(CodegenError::Malformed("no block"))?;
        let args = self.b.block_params(block).to_vec();
        let types = self.trace.params.iter();
        Ok(types.zip(places).map(|(ty, place)| self.arrival(*ty, place, &args, ints)).collect())
    }

    fn arrival(&mut self, ty: Ty, place: Place, args: &[Value], ints: usize) -> Value {
        let wide = if ty == Ty::Float { types::F64 } else { types::I64 };
        let value = match place {
            Place::Int(n) => args[1 + n],
            Place::Float(n) => args[1 + ints + n],
            Place::Spill(n) => self.b.ins().load(wide, TRUSTED, self.ctx, context::spill(n)),
        };
        if ty == Ty::Bool { self.b.ins().ireduce(types::I8, value) } else { value }
    }

    /// Loads, before anything is written, those slots that the fragment reads after writing (or in the next round).
    fn hoist_slots(&mut self) {
        for n in 0..self.trace.ops.len() {
            let op = &self.trace.ops[n];
            let load = op.code == OpCode::SlotLoad && self.uses[n] != Use::Nobody;
            if load && (self.job.is_loop || self.is_slot_written(op.imm)) {
                self.values[n] = Some(self.slot_load(op.imm));
            }
        }
    }

    fn is_slot_written(&self, slot: u64) -> bool {
        self.trace.ops.iter().any(|op| op.code == OpCode::SlotStore && op.imm == slot)
    }

    fn slot_load(&mut self, slot: u64) -> Value {
        self.b.ins().load(types::I64, TRUSTED, self.fp, slot as i32 * 8)
    }

    fn open_loop(&mut self, params: &[Value]) -> Vec<Value> {
        let header = self.b.create_block();
        for ty in &self.trace.params {
            self.b.append_block_param(header, clif_type(*ty));
        }
        let mut args: Vec<BlockArg> = params.iter().map(|v| BlockArg::Value(*v)).collect();
        let counted = self.trace.ops.iter().find(|op| op.code == OpCode::Count);
        if let Some(address) = counted.map(|count| count.imm) {
            self.passes = Some(if let Some((k, step)) = self.mover() {
                let now = self.b.block_params(header)[k];
                self.count_moves(address, now, params[k], step)
            } else {
                args.push(BlockArg::Value(self.b.ins().iconst(types::I64, 0)));
                Passes::counted(address, self.b.append_block_param(header, types::I64))
            });
        }
        self.b.ins().jump(header, &args);
        self.b.switch_to_block(header);
        self.header = Some(header);
        self.b.block_params(header)[..params.len()].to_vec()
    }

    /// Lowers operation `n` if the hot path needs it here.
    fn operation(&mut self, n: usize) -> Result<(), CodegenError> {
        let here = match self.uses[n] {
            _ if self.values[n].is_some() || is_sunk(self.trace, n) => false,
            Use::Nobody => false,
            Use::Exits => !self.can_sink(n),
            Use::Hot => true,
        };
        if here {
            self.at_op(n);
            self.row = self.row.filter(|_| !ends_row(&self.trace.ops[n]));
            if self.job.stress_guards && can_leave_at_any_time(self.trace.ops[n].code) {
                self.leave_once(n)?;
            }
            self.values[n] = self.lower(n)?;
        }
        Ok(())
    }

    /// The operation can wait for the exits: it depends only on what is there anyway.
    fn can_sink(&self, n: usize) -> bool {
        let op = &self.trace.ops[n];
        let flags = op.code.flags();
        let call = matches!(op.code, OpCode::FloatCall1 | OpCode::FloatCall2);
        let movable = op.code == OpCode::SlotLoad || (flags.pure && !flags.guard && !call);
        let ready = |r: &Ref| r.as_op().is_none_or(|n| self.values[n].is_some());
        movable && self.trace.operands(n).iter().all(ready)
    }

    /// What follows belongs to operation `n`.
    pub fn at_op(&mut self, n: usize) {
        self.b.set_srcloc(SourceLoc::new(n as u32));
    }

    /// What is live at guard `n`; asked once.
    pub fn live_at(&mut self, n: usize) -> Vec<(Ref, Ty, Place)> {
        std::mem::take(&mut self.live[n])
    }

    /// The value of a reference.
    pub fn value(&mut self, r: Ref) -> Result<Value, CodegenError> {
        if let Some(constant) = self.trace.const_of(r) {
            return Ok(self.constant(constant));
        }
        let n = r.as_op().ok_or(CodegenError::Malformed("operand missing"))?;
        match self.values.get(n).copied().flatten() {
            Some(value) => Ok(value),
            None => self.late(n),
        }
    }

    /// Computes a pure operation that was left out where it stood.
    fn late(&mut self, n: usize) -> Result<Value, CodegenError> {
        let code = self.trace.ops.get(n).map(|op| op.code);
        let pure = code.is_some_and(|c| c == OpCode::SlotLoad || (c.flags().pure && !c.flags().guard));
        if !pure || is_sunk(self.trace, n) {
            return Err(CodegenError::Malformed("use of a value that is not there"));
        }
        let value = self.lower(n)?.ok_or(CodegenError::Malformed("operand without value"))?;
        self.values[n] = Some(value);
        self.sunk_here.push(n);
        Ok(value)
    }

    /// An exit is filled: what it computed for itself is not there for others.
    pub fn forget_sunk(&mut self) {
        for n in self.sunk_here.drain(..) {
            self.values[n] = None;
        }
    }

    fn constant(&mut self, constant: Const) -> Value {
        match constant {
            Const::Int(n) => self.b.ins().iconst(types::I64, n << 1),
            Const::Ref(bits) => self.b.ins().iconst(types::I64, bits as i64),
            Const::Bool(b) => self.b.ins().iconst(types::I8, b as i64),
            Const::Float(bits) => self.b.ins().f64const(f64::from_bits(bits)),
        }
    }

    /// The number, if the operand is a constant int.
    pub fn const_int(&self, r: Ref) -> Option<i64> {
        match self.trace.const_of(r) {
            Some(Const::Int(n)) => Some(n),
            _ => None,
        }
    }

    /// A value as it travels between fragments.
    pub fn passed(&mut self, r: Ref) -> Result<Value, CodegenError> {
        let value = self.value(r)?;
        Ok(if self.trace.ty(r) == Ty::Bool { self.b.ins().uextend(types::I64, value) } else { value })
    }

    /// The operand as a value word, boxed if it is an int or bool.
    pub fn word(&mut self, r: Ref) -> Result<Value, CodegenError> {
        let value = self.value(r)?;
        match self.trace.ty(r) {
            Ty::Int => Ok(self.b.ins().bor_imm_s(value, 1)),
            Ty::Bool => Ok(self.box_bool(value)),
            Ty::Ref => Ok(value),
            _ => Err(CodegenError::Malformed("not a reference")),
        }
    }

    pub fn fragment_sig(&mut self, ints: usize, floats: usize) -> SigRef {
        let b = &mut *self.b;
        *self
            .signatures
            .entry((ints, floats))
            .or_insert_with(|| b.import_signature(fragment_signature(ints, floats)))
    }

    pub fn root_sig(&mut self) -> SigRef {
        self.b.import_signature(root_signature())
    }

    pub fn event_sig(&mut self) -> SigRef {
        self.b.import_signature(event_signature())
    }

    pub fn alloc_sig(&mut self) -> SigRef {
        let b = &mut *self.b;
        *self.alloc_signature.get_or_insert_with(|| b.import_signature(alloc_signature()))
    }

    pub fn address(&mut self, address: usize) -> Value {
        self.b.ins().iconst(types::I64, address as i64)
    }

    /// The same for access to what lies there: a value and a distance from it.
    pub fn reach(&mut self, address: usize) -> (Value, i32) {
        match i32::try_from(address.wrapping_sub(self.stubs.context) as i64) {
            Ok(distance) => (self.ctx, distance),
            Err(_) => (self.address(address), 0),
        }
    }

    /// Leaves at guard `n` if `condition` is true (or, with `expect`, if it is false).
    pub fn guard(&mut self, n: usize, condition: Value, expect: bool) -> Result<(), CodegenError> {
        let exit = self.exit_block(n)?;
        let next = self.b.create_block();
        let (yes, no) = if expect { (next, exit) } else { (exit, next) };
        self.b.ins().brif(condition, yes, &[], no, &[]);
        self.b.switch_to_block(next);
        Ok(())
    }

    /// Operation `n`, whatever it is.
    fn lower(&mut self, n: usize) -> Lowered {
        let op = self.trace.ops[n];
        match op.code {
            OpCode::Param => Ok(self.values[n]),
            OpCode::SlotLoad => Ok(Some(self.slot_load(op.imm))),
            OpCode::SlotStore => {
                let value = self.word(op.args[0])?;
                self.b.ins().store(TRUSTED, value, self.fp, op.imm as i32 * 8);
                Ok(None)
            }
            OpCode::FrameAt => {
                self.frame_at(op.imm);
                Ok(None)
            }
            OpCode::Count => {
                if self.passes.is_none() {
                    let one = self.b.ins().iconst(types::I64, 1);
                    self.count(op.imm, one);
                }
                Ok(None)
            }
            _ if op.code.flags().end => self.end(n, &op).map(|()| None),
            _ if op.code.flags().guard && op.ty == Ty::Void => self.check(n, &op).map(|()| None),
            _ if op.code.flags().call => self.call(n, &op).map(Some),
            _ if op.code.flags().alloc => self.allocate(n, &op).map(Some),
            _ => self.plain(n, &op),
        }
    }

    /// Operations that compute, load and store.
    fn plain(&mut self, n: usize, op: &Op) -> Lowered {
        if let Some(value) = self.int(n, op)? {
            return Ok(Some(value));
        }
        if let Some(value) = self.float(n, op)? {
            return Ok(Some(value));
        }
        if let Some(value) = self.between_types(op)? {
            return Ok(Some(value));
        }
        if let Some(value) = self.text_or_table(op)? {
            return Ok(Some(value));
        }
        self.memory(op)
    }

    fn check(&mut self, n: usize, op: &Op) -> Result<(), CodegenError> {
        match op.code {
            OpCode::GuardPoll => return self.check_byte(n, ATTENTION.as_ptr() as usize),
            OpCode::GuardNotInvalidated => return self.check_byte(n, op.imm as usize),
            _ => {}
        }
        let value = self.value(op.args[0])?;
        match op.code {
            OpCode::GuardTrue => self.guard(n, value, true),
            OpCode::GuardFalse => self.guard(n, value, false),
            OpCode::GuardInt => self.check_small(n, value),
            OpCode::GuardKind => {
                self.check_kind(n, value, op.imm, !self.is_not_null(op.args[0]))?;
                self.not_null.insert(op.args[0]);
                Ok(())
            }
            OpCode::GuardRaised => self.guard(n, value, false),
            OpCode::GuardNotNull | OpCode::GuardNoException => {
                self.not_null.insert(op.args[0]);
                self.guard(n, value, true)
            }
            OpCode::GuardValue => {
                let expected = self.value(op.args[1])?;
                let same = self.b.ins().icmp(IntCC::Equal, value, expected);
                self.guard(n, same, true)
            }
            OpCode::GuardShape | OpCode::GuardTupleLen | OpCode::GuardIter => {
                self.check_aux(n, value, op.imm)
            }
            OpCode::GuardCode => self.check_code(n, value, op.imm),
            _ => Err(CodegenError::Malformed("unknown guard")),
        }
    }

    /// What lies in a container is never NULL; only locals, cells and what calls return can be.
    fn is_not_null(&self, r: Ref) -> bool {
        use OpCode::{EntryGet, InstanceGet, ListGet, TupleAt, TupleGet};
        let code = r.as_op().map(|n| self.trace.ops[n].code);
        matches!(code, Some(EntryGet | InstanceGet | ListGet | TupleAt | TupleGet))
            || self.not_null.contains(&r)
    }

    fn check_byte(&mut self, n: usize, address: usize) -> Result<(), CodegenError> {
        let (base, offset) = self.reach(address);
        let byte = self.b.ins().load(types::I8, TRUSTED, base, offset);
        self.guard(n, byte, false)
    }

    fn end(&mut self, n: usize, op: &Op) -> Result<(), CodegenError> {
        match op.code {
            OpCode::GuardAlways => {
                let exit = self.exit_block(n)?;
                self.b.ins().jump(exit, &[]);
            }
            OpCode::Finish => {
                let result = self.word(op.args[0])?;
                self.b.ins().store(TRUSTED, result, self.ctx, context::RESULT);
                let finished = self.b.ins().iconst(types::I64, super::FINISHED as i64);
                self.b.ins().return_(&[finished]);
            }
            OpCode::JumpSelf if self.job.is_loop => self.jump_back(n)?,
            OpCode::JumpSelf => {
                let types: Vec<Ty> = self.trace.operands(n).iter().map(|r| self.trace.ty(*r)).collect();
                self.jump_to(n, self.job.self_loop, &types)?;
            }
            OpCode::JumpLoop => {
                let (code, types) =
                    (self.job.loops)(op.imm).ok_or(CodegenError::Malformed("no such loop"))?;
                self.jump_to(n, Some(code), &types)?;
            }
            OpCode::JumpEntry => self.jump_to(n, (self.job.entries)(op.imm), &[])?,
            _ => return Err(CodegenError::Malformed("unknown end")),
        }
        Ok(())
    }

    fn jump_back(&mut self, n: usize) -> Result<(), CodegenError> {
        let header = self.header.ok_or(CodegenError::Malformed("jump without loop"))?;
        self.check_types(n, &self.trace.params)?;
        let mut args = Vec::new();
        for r in self.trace.operands(n) {
            args.push(BlockArg::Value(self.value(*r)?));
        }
        args.extend(self.passes.and_then(|passes| passes.next(self)));
        self.b.ins().jump(header, &args);
        Ok(())
    }

    fn jump_to(&mut self, n: usize, code: Option<CodeAddr>, types: &[Ty]) -> Result<(), CodegenError> {
        let code = code.ok_or(CodegenError::Malformed("jump without target"))?;
        self.check_types(n, types)?;
        let places = checked_places(types)?;
        let mut values = Vec::new();
        for (r, place) in self.trace.operands(n).iter().zip(places) {
            values.push((self.passed(*r)?, place));
        }
        self.jumps();
        let target = self.address(code.0);
        self.tail_call(target, &values);
        Ok(())
    }

    /// The arguments of jump `n` have these types.
    fn check_types(&self, n: usize, types: &[Ty]) -> Result<(), CodegenError> {
        let args = self.trace.operands(n);
        let same =
            args.len() == types.len() && args.iter().zip(types).all(|(r, ty)| self.trace.ty(*r) == *ty);
        if same {
            Ok(())
        } else {
            Err(CodegenError::Malformed("arguments do not match the loop's parameters"))
        }
    }
}

/// A guard whose snapshot is right even if the guard holds; those of exceptions describe what the call did not do.
fn can_leave_at_any_time(code: OpCode) -> bool {
    let special = matches!(code, OpCode::GuardAlways | OpCode::GuardNoException | OpCode::GuardRaised);
    code.flags().guard && !special
}

pub fn clif_type(ty: Ty) -> Type {
    match ty {
        Ty::Float => types::F64,
        Ty::Bool => types::I8,
        _ => types::I64,
    }
}

/// What one exit leaves, and where.
type LiveValues = Vec<(Ref, Ty, Place)>;

/// The live values of every guard, by operation.
fn live_values(trace: &Trace) -> Result<Vec<LiveValues>, CodegenError> {
    let mut liveness = Liveness::new(trace);
    let guards = trace.ops.iter().enumerate();
    guards.map(|(n, op)| if op.code.flags().guard { liveness.at(n) } else { Ok(Vec::new()) }).collect()
}

/// Who needs which operation.
fn uses(trace: &Trace, live: &[Vec<(Ref, Ty, Place)>]) -> Vec<Use> {
    let mut uses = vec![Use::Nobody; trace.ops.len()];
    let note = |uses: &mut Vec<Use>, r: Ref, by: Use| {
        if let Some(known) = r.as_op().and_then(|n| uses.get_mut(n)) {
            *known = (*known).max(by);
        }
    };
    for (r, ..) in live.iter().flatten() {
        note(&mut uses, *r, Use::Exits);
    }
    for n in (0..trace.ops.len()).rev() {
        let flags = trace.ops[n].code.flags();
        let acts = flags.guard || flags.store || flags.call || flags.end || flags.alloc;
        if is_sunk(trace, n) {
            continue;
        }
        if acts {
            uses[n] = Use::Hot;
        }
        if uses[n] == Use::Hot || (uses[n] == Use::Exits && flags.load) {
            uses[n] = Use::Hot;
            trace.operands(n).iter().for_each(|r| note(&mut uses, *r, Use::Hot));
        }
    }
    uses
}
