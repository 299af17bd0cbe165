//! What is live at a guard's exit, and the cold block that puts it where the outside expects it.

use cranelift_codegen::ir::{Block, InstBuilder, Value, types};

use super::homes::Homes;
use super::lower::{Lower, TRUSTED};
use super::place::{Place, places};
use super::{CodegenError, ExitLayout, SPILLS, context};
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Ref, Trace};

/// An exit whose cold block is yet to be filled.
pub struct Exit {
    pub block: Block,
    /// Address of its slot.
    pub slot: usize,
    pub layout: ExitLayout,
}

/// Finds the live values of guards; one for all guards of a trace.
pub struct Liveness<'t> {
    trace: &'t Trace,
    /// The guard for which an operation was last visited.
    seen: Vec<u32>,
    found: Vec<Ref>,
    homes: Homes,
}

impl<'t> Liveness<'t> {
    pub fn new(trace: &'t Trace) -> Liveness<'t> {
        Liveness { trace, seen: vec![u32::MAX; trace.ops.len()], found: Vec::new(), homes: Homes::of(trace) }
    }

    /// The values, in the order of their homes, with their types and places.
    pub fn at(&mut self, guard: usize) -> Result<Vec<(Ref, Ty, Place)>, CodegenError> {
        self.found.clear();
        let trace = self.trace;
        let snapshot = trace.snapshots.get(trace.ops[guard].snap.0 as usize);
        for r in snapshot.iter().flat_map(|s| s.refs()) {
            self.visit(guard, r)?;
        }
        // What is kept for the way back is of no use before it exists.
        for r in trace.keep.iter().filter(|r| r.as_op().is_some_and(|n| n < guard)) {
            self.visit(guard, *r)?;
        }
        self.homes.arrange(trace, &mut self.found);
        let types: Vec<Ty> = self.found.iter().map(|r| trace.ty(*r)).collect();
        let places = checked_places(&types)?;
        Ok(self.found.iter().zip(types).zip(places).map(|((r, ty), place)| (*r, ty, place)).collect())
    }

    fn visit(&mut self, guard: usize, r: Ref) -> Result<(), CodegenError> {
        let Some(n) = r.as_op() else { return Ok(()) };
        if n >= guard {
            return Err(CodegenError::Malformed("snapshot refers to a later operation"));
        }
        if std::mem::replace(&mut self.seen[n], guard as u32) == guard as u32 {
            return Ok(());
        }
        let trace = self.trace;
        if is_rebuilt(trace, n) {
            trace.operands(n).iter().try_for_each(|operand| self.visit(guard, *operand))
        } else {
            self.found.push(r);
            Ok(())
        }
    }
}

/// The exit rebuilds this value from its operands.
fn is_rebuilt(trace: &Trace, n: usize) -> bool {
    is_sunk(trace, n) || matches!(trace.ops[n].code, OpCode::BoxInt | OpCode::BoxBool)
}

pub fn is_sunk(trace: &Trace, n: usize) -> bool {
    trace.sunk.get(n).copied().unwrap_or(false)
}

/// [`places`], if the context has room for them.
pub fn checked_places(types: &[Ty]) -> Result<Vec<Place>, CodegenError> {
    let places = places(types);
    let fits = |place: &Place| !matches!(place, Place::Spill(n) if *n >= SPILLS);
    if places.iter().all(fits) { Ok(places) } else { Err(CodegenError::TooManyValues) }
}

impl Lower<'_, '_, '_> {
    /// The cold block of guard `n`.
    pub fn exit_block(&mut self, n: usize) -> Result<Block, CodegenError> {
        if let Some(exit) = self.exits.last().filter(|exit| exit.layout.op == n as u32) {
            return Ok(exit.block);
        }
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        let (id, slot) = self.slots.add(self.stubs.exit);
        let live = self.live_at(n);
        let layout = ExitLayout { id, op: n as u32, snap: self.trace.ops[n].snap, live };
        self.exits.push(Exit { block, slot, layout });
        Ok(block)
    }

    /// Fills the cold blocks.
    pub fn finish_exits(&mut self) -> Result<Vec<ExitLayout>, CodegenError> {
        // What the hot path computed late is not there yet for earlier exits.
        self.forget_sunk();
        let exits = std::mem::take(&mut self.exits);
        for exit in &exits {
            self.fill_exit(exit)?;
        }
        Ok(exits.into_iter().map(|exit| exit.layout).collect())
    }

    fn fill_exit(&mut self, exit: &Exit) -> Result<(), CodegenError> {
        self.b.switch_to_block(exit.block);
        self.at_op(exit.layout.op as usize);
        if let Some(passes) = self.passes {
            self.note_passes(passes);
        }
        let mut values = Vec::with_capacity(exit.layout.live.len());
        for (r, _, place) in &exit.layout.live {
            let value = match self.known_at_exit(exit.layout.op as usize, *r) {
                Some(truth) => self.b.ins().iconst(types::I64, i64::from(truth)),
                None => self.passed(*r)?,
            };
            values.push((value, *place));
        }
        self.forget_sunk();
        let id = self.b.ins().iconst(types::I64, exit.layout.id.0 as i64);
        self.b.ins().store(TRUSTED, id, self.ctx, context::EXIT_ID);
        let (slot, offset) = self.reach(exit.slot);
        let target = self.b.ins().load(types::I64, TRUSTED, slot, offset);
        self.tail_call(target, &values);
        Ok(())
    }

    /// Whoever leaves at a guard on a truth knows it, so the hot path need not keep it. Not so if guards are made to leave.
    fn known_at_exit(&self, guard: usize, r: Ref) -> Option<bool> {
        let op = &self.trace.ops[guard];
        let asked = op.args[0] == r && self.trace.ty(r) == Ty::Bool && !self.job.stress_guards;
        match op.code {
            OpCode::GuardTrue if asked => Some(false),
            OpCode::GuardFalse if asked => Some(true),
            _ => None,
        }
    }

    /// Leaves at guard `n` the first time it is reached, whatever it asks.
    pub fn leave_once(&mut self, n: usize) -> Result<(), CodegenError> {
        let exit = self.exit_block(n)?;
        let (leave, stay) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(leave);
        let flag = self.slots.add_flag();
        let (flag, at) = self.reach(flag);
        let first = self.b.ins().load(types::I8, TRUSTED, flag, at);
        self.b.ins().brif(first, leave, &[], stay, &[]);
        self.b.switch_to_block(leave);
        let zero = self.b.ins().iconst(types::I8, 0);
        self.b.ins().store(TRUSTED, zero, flag, at);
        self.b.ins().jump(exit, &[]);
        self.b.switch_to_block(stay);
        Ok(())
    }

    /// Puts values into their places and goes to `target`.
    pub fn tail_call(&mut self, target: Value, values: &[(Value, Place)]) {
        let (mut ints, mut floats) = (vec![self.ctx], Vec::new());
        for (value, place) in values {
            match place {
                Place::Int(_) => ints.push(*value),
                Place::Float(_) => floats.push(*value),
                Place::Spill(n) => {
                    self.b.ins().store(TRUSTED, *value, self.ctx, context::spill(*n));
                }
            }
        }
        let signature = self.fragment_sig(ints.len() - 1, floats.len());
        ints.append(&mut floats);
        self.b.ins().return_call_indirect(signature, target, &ints);
    }
}
