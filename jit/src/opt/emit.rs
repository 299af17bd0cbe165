//! The pipeline through which every operation flows into the new trace.
//!
//! The emitter reads a recorded trace and writes another. `map` says which new value stands for each recorded one;
//! `equal` says what a new value is now known to be (a guard has shown it to be a constant, say). Operands are
//! resolved through both before a pass sees the operation, so passes only compare references.

use crate::ir::op::{OpCode, Ty};
use crate::ir::snapshot::Snapshot;
use crate::ir::trace::{Op, Ref, SnapId, Trace};

use super::OptAbort;
use super::alias::Objects;
use super::config::{Config, Pass};
use super::cse::{self, Cse};
use super::effects::AliasSet;
use super::facts::{self, Facts};
use super::fold;
use super::forward::{self, Memory};
use super::guards::{self, Asked};
use super::ranges::{self, Ranges};

/// What a pass decides about an operation.
pub enum Step {
    /// On to the next pass, perhaps changed.
    Next(Op),
    /// Start again with another operation.
    Again(Op),
    /// Its value is already here.
    Is(Ref),
    /// It has no result and is not needed.
    Gone,
    /// It is a guard that cannot pass.
    Fails,
}

type Before = fn(&mut Emitter, Op) -> Step;
type After = fn(&mut Emitter, &Op, Ref);

/// Passes in the order of the pipeline: what each does before an operation is emitted, and what it learns after.
const PIPELINE: &[(Pass, Before, After)] = &[
    (Pass::Fold, fold::before, fold::after),
    (Pass::Ranges, ranges::before, ranges::after),
    (Pass::Guards, facts::before, facts::after),
    (Pass::Guards, guards::before, guards::after),
    (Pass::Cse, cse::before, cse::after),
    (Pass::Forward, forward::before, forward::after),
];

/// Copies a recorded trace through the pipeline.
pub struct Emitter<'a> {
    pub raw: &'a Trace,
    pub config: Config,
    pub out: Trace,
    /// Operations of `out` that turned out to be superfluous after they were emitted.
    pub dead: Vec<bool>,
    /// New value of each recorded operation.
    map: Vec<Ref>,
    /// New number of each recorded snapshot.
    snaps: Vec<SnapId>,
    /// What each operation of `out` is known to equal.
    equal: Vec<Ref>,
    /// In the body of a loop: the slots it carries, which are stale in memory.
    carried: Vec<(u16, Ref)>,
    /// Memory classes of what the body took from loads of the entry.
    pub hoisted: AliasSet,
    pub facts: Facts,
    pub cse: Cse,
    pub asked: Asked,
    pub memory: Memory,
    pub ranges: Ranges,
    pub objects: Objects,
    /// The recorded operation being copied.
    at: u32,
}

impl<'a> Emitter<'a> {
    pub fn new(raw: &'a Trace, config: Config) -> Emitter<'a> {
        let mut out = Trace::default();
        out.params.clone_from(&raw.params);
        Emitter {
            raw,
            config,
            out,
            dead: Vec::new(),
            map: vec![Ref::NONE; raw.ops.len()],
            snaps: vec![SnapId::NONE; raw.snapshots.len()],
            equal: Vec::new(),
            carried: Vec::new(),
            hoisted: AliasSet::NONE,
            facts: Facts::default(),
            cse: Cse::default(),
            asked: Asked::default(),
            memory: Memory::default(),
            ranges: Ranges::default(),
            objects: Objects::default(),
            at: 0,
        }
    }

    /// Copies the whole recorded trace.
    pub fn replay(&mut self) -> Result<(), OptAbort> {
        self.replay_with(|_, _, _| None)
    }

    /// Copies the whole recorded trace; `given` may name values for recorded operations.
    pub fn replay_with(
        &mut self,
        mut given: impl FnMut(&mut Self, usize, &Op) -> Option<Ref>,
    ) -> Result<(), OptAbort> {
        let mut points = self.raw.merge_points.iter().peekable();
        for (n, op) in self.raw.ops.iter().enumerate() {
            self.at = n as u32;
            while let Some((_, point)) = points.next_if(|(at, _)| *at <= n as u32) {
                self.out.merge_points.push((self.out.ops.len() as u32, *point));
            }
            self.map[n] = match given(self, n, op) {
                Some(value) => value,
                None => self.copy(op)?,
            };
        }
        Ok(())
    }

    /// The new value of each recorded operation.
    pub fn values(&self) -> Vec<Ref> {
        self.map.clone()
    }

    /// The second iteration begins: from now on these slots are carried in registers.
    pub fn begin_body(&mut self, carried: Vec<(u16, Ref)>) {
        self.snaps.fill(SnapId::NONE);
        self.carried = carried;
        self.asked = Asked::default();
        if self.config.has(Pass::Peel) {
            forward::begin_body(self);
            self.facts.mark_entry();
        } else {
            self.facts = Facts::default();
            self.cse = Cse::default();
            self.ranges = Ranges::default();
            self.memory = Memory::default();
            (0..self.equal.len()).for_each(|n| self.equal[n] = Ref::op(n));
        }
    }

    fn copy(&mut self, op: &Op) -> Result<Ref, OptAbort> {
        let mut op = *op;
        if op.code.operands() == "*" {
            let args: Vec<Ref> = self.raw.operands_of(&op).iter().map(|r| self.translate(*r)).collect();
            op.args = self.out.pool_args(&args);
        } else {
            op.args = op.args.map(|r| if r == Ref::NONE { r } else { self.translate(r) });
        }
        self.emit(op)
    }

    /// The new reference for a recorded one.
    pub fn translate(&mut self, raw: Ref) -> Ref {
        match self.raw.const_of(raw) {
            Some(constant) => self.out.constant(constant),
            None => self.resolve(self.map[raw.0 as usize]),
        }
    }

    /// What a new reference is known to be.
    pub fn resolve(&self, mut r: Ref) -> Ref {
        while let Some(n) = r.as_op() {
            if self.equal[n] == r {
                break;
            }
            r = self.equal[n];
        }
        r
    }

    /// From now on `r` is `other`.
    pub fn equate(&mut self, r: Ref, other: Ref) {
        if let Some(n) = r.as_op()
            && self.resolve(other) != r
        {
            self.equal[n] = other;
        }
    }

    /// Sends an operation on new references (but with a recorded snapshot) through the pipeline.
    pub fn emit(&mut self, mut op: Op) -> Result<Ref, OptAbort> {
        let mut next = 0;
        while let Some((pass, before, _)) = PIPELINE.get(next) {
            next += 1;
            if !self.config.has(*pass) {
                continue;
            }
            match before(self, op) {
                Step::Next(same) => op = same,
                Step::Again(other) => (op, next) = (other, 0),
                Step::Is(value) => return Ok(value),
                Step::Gone => return Ok(Ref::NONE),
                Step::Fails => return Err(OptAbort::AlwaysFails { op: self.at }),
            }
        }
        Ok(self.push(op))
    }

    /// Emits an operation that has no snapshot and cannot fail.
    pub fn emit_plain(&mut self, code: OpCode, args: &[Ref]) -> Ref {
        let op = Op::new(code, args, 0);
        self.emit(op).unwrap_or(Ref::NONE)
    }

    fn push(&mut self, mut op: Op) -> Ref {
        let recorded = op.snap;
        op.snap = self.import_snapshot(recorded);
        let r = self.push_raw(op);
        self.note_objects(&op, r);
        for (pass, _, after) in PIPELINE {
            if self.config.has(*pass) {
                after(self, &op, r);
            }
        }
        r
    }

    /// Appends without any pass looking at it.
    pub fn push_raw(&mut self, op: Op) -> Ref {
        let r = self.out.push(op);
        self.equal.push(r);
        self.dead.push(false);
        r
    }

    fn import_snapshot(&mut self, recorded: SnapId) -> SnapId {
        if recorded == SnapId::NONE {
            return recorded;
        }
        let n = recorded.0 as usize;
        if self.snaps[n] == SnapId::NONE {
            let snapshot = self.translate_snapshot(n);
            self.snaps[n] = SnapId(self.out.snapshots.len() as u32);
            self.out.snapshots.push(snapshot);
        }
        self.snaps[n]
    }

    fn translate_snapshot(&mut self, n: usize) -> Snapshot {
        let mut snapshot = self.raw.snapshots[n].clone();
        snapshot.map(|r| {
            let r = self.translate(r);
            self.unboxed(r)
        });
        if let Some(base) = snapshot.frames.first_mut() {
            let listed = base.slots.len();
            for (slot, value) in &self.carried {
                if !base.slots[..listed].iter().any(|(s, _)| s == slot) {
                    base.slots.push((*slot, self.resolve(*value)));
                }
            }
        }
        snapshot
    }

    /// What is in a box: an exit boxes again what it needs.
    pub fn unboxed(&self, r: Ref) -> Ref {
        match r.as_op().map(|n| &self.out.ops[n]) {
            Some(op) if matches!(op.code, OpCode::BoxInt | OpCode::BoxFloat | OpCode::BoxBool) => {
                self.resolve(op.args[0])
            }
            _ => r,
        }
    }

    pub fn ty(&self, r: Ref) -> Ty {
        self.out.ty(r)
    }

    /// Two indices that are known to be different.
    pub fn differ(&self, a: Ref, b: Ref) -> bool {
        let ((x, i), (y, j)) = (self.offset(a), self.offset(b));
        a != b && (a.is_const() && b.is_const() || x == y && i != j)
    }

    /// The operation that computes `r`.
    pub fn def(&self, r: Ref) -> Option<&Op> {
        r.as_op().map(|n| &self.out.ops[n])
    }
}
