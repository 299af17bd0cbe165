//! Copies operations from one trace into another: drops what is dead, renumbers the rest.

use std::ops::Range;

use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Ref, SnapId, Trace};
use crate::ir::verify::{must_hold, verify};

use super::config::{Config, Pass};
use super::{dce, escape};

/// The backward passes over a finished trace.
pub fn finish(trace: Trace, dead: &[bool], config: Config) -> Trace {
    let mut live = alive(&trace, config);
    live.iter_mut().zip(dead).for_each(|(live, dead)| *live &= !dead);
    let sunk = if config.has(Pass::Escape) { escape::sink(&trace, &live) } else { None };
    let done = match sunk {
        Some(sunk) => compact(&sunk, &alive(&sunk, config)),
        None => compact(&trace, &live),
    };
    if config.verify {
        must_hold(verify(&done), &done);
    }
    done
}

fn alive(trace: &Trace, config: Config) -> Vec<bool> {
    if config.has(Pass::Dce) { dce::live(trace, &[]) } else { vec![true; trace.ops.len()] }
}

/// The trace without the operations that are not live.
fn compact(trace: &Trace, live: &[bool]) -> Trace {
    let mut rebuild = Rebuild::new(trace);
    rebuild.to.params.clone_from(&trace.params);
    rebuild.copy(0..trace.ops.len(), live);
    rebuild.finish();
    rebuild.to
}

/// A trace in the making.
pub struct Rebuild<'a> {
    from: &'a Trace,
    pub to: Trace,
    map: Vec<Ref>,
    snaps: Vec<SnapId>,
    next_point: usize,
}

impl<'a> Rebuild<'a> {
    pub fn new(from: &'a Trace) -> Rebuild<'a> {
        let map = vec![Ref::NONE; from.ops.len()];
        let snaps = vec![SnapId::NONE; from.snapshots.len()];
        Rebuild { from, to: Trace::default(), map, snaps, next_point: 0 }
    }

    /// `new` stands for the old operation `old`.
    pub fn bind(&mut self, old: Ref, new: Ref) {
        if let Some(n) = old.as_op() {
            self.map[n] = new;
        }
    }

    pub fn translate(&mut self, old: Ref) -> Ref {
        match (self.from.const_of(old), old.as_op()) {
            (Some(constant), _) => self.to.constant(constant),
            (None, Some(n)) => self.map[n],
            _ => old,
        }
    }

    /// Copies the live operations of a stretch.
    pub fn copy(&mut self, range: Range<usize>, live: &[bool]) {
        self.next_point = self.from.merge_points.partition_point(|(at, _)| (*at as usize) < range.start);
        for n in range {
            self.copy_points(n);
            if live[n] {
                self.copy_op(n);
            }
        }
    }

    /// Copies the merge points before operation `n`.
    pub fn copy_points(&mut self, n: usize) {
        while let Some((_, point)) =
            self.from.merge_points.get(self.next_point).filter(|(at, _)| *at as usize <= n)
        {
            self.to.merge_points.push((self.to.ops.len() as u32, *point));
            self.next_point += 1;
        }
    }

    /// What the old trace keeps alive, the new one does.
    pub fn finish(&mut self) {
        self.to.keep = self.from.keep.iter().map(|r| self.translate(*r)).collect();
    }

    /// Snapshots are to be translated anew.
    pub fn forget_snapshots(&mut self) {
        self.snaps.fill(SnapId::NONE);
    }

    /// Appends a sunk operation on new operands.
    pub fn push_sunk(&mut self, op: Op) -> Ref {
        self.to.sunk.resize(self.to.ops.len(), false);
        self.to.sunk.push(true);
        self.to.push(op)
    }

    pub fn copy_op(&mut self, n: usize) {
        let mut op = self.from.ops[n];
        if op.code.operands() == "*" {
            let args: Vec<Ref> = self.from.operands(n).iter().map(|r| self.translate(*r)).collect();
            op.args = self.to.pool_args(&args);
        } else {
            op.args = op.args.map(|r| self.translate(r));
        }
        op.snap = self.copy_snapshot(op.snap);
        let sunk = self.from.sunk.get(n) == Some(&true);
        self.map[n] = if sunk { self.push_sunk(op) } else { self.to.push(op) };
    }

    fn copy_snapshot(&mut self, old: SnapId) -> SnapId {
        if old == SnapId::NONE {
            return old;
        }
        let n = old.0 as usize;
        if self.snaps[n] == SnapId::NONE {
            let mut snapshot = self.from.snapshots[n].clone();
            snapshot.map(|r| self.translate(r));
            self.snaps[n] = SnapId(self.to.snapshots.len() as u32);
            self.to.snapshots.push(snapshot);
        }
        self.snaps[n]
    }

    /// Ends the trace with a jump that passes these old values, then these new ones.
    pub fn jump_self(&mut self, old: &[Ref], new: &[Ref]) {
        let mut args: Vec<Ref> = old.iter().map(|r| self.translate(*r)).collect();
        args.extend_from_slice(new);
        let args = self.to.pool_args(&args);
        self.to.push(Op { args, ..Op::new(OpCode::JumpSelf, &[], 0) });
    }
}
