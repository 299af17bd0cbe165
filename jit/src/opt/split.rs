//! Cuts the double copy in two: the entry bridge and the loop.

use crate::ir::op::OpCode;
use crate::ir::trace::{Ref, Trace};

use super::compact::{self, Rebuild};
use super::config::Pass;
use super::dce;
use super::emit::Emitter;
use super::{LoopTraces, ParamSource, Range, Stats};

/// Where and how the two copies meet.
pub struct Halves {
    /// The body's first operation (its first parameter).
    pub boundary: usize,
    /// Slots carried, one per parameter.
    pub slots: Vec<u16>,
    /// What the body takes for granted about them.
    pub ranges: Vec<Range>,
    /// What the entry passes.
    pub entry_args: Vec<Ref>,
    /// What the body passes to itself.
    pub body_args: Vec<Ref>,
}

pub fn split(emitter: Emitter, halves: Halves) -> LoopTraces {
    let Emitter { raw, config, out, dead, .. } = emitter;
    let mut live = if config.has(Pass::Dce) {
        let roots: Vec<Ref> = halves.entry_args.iter().chain(&halves.body_args).copied().collect();
        dce::live(&out, &roots)
    } else {
        vec![true; out.ops.len()]
    };
    live.iter_mut().zip(&dead).for_each(|(live, dead)| *live &= !dead);
    let invariants = invariants(&out, &halves, &live);
    let entry = compact::finish(entry(&out, &halves, &invariants, &live), &[], config);
    let body = compact::finish(body(&out, &halves, &invariants, &live), &[], config);
    let slots = halves.slots.iter().map(|s| ParamSource::Slot(*s));
    let params: Vec<ParamSource> = slots.chain(invariants.iter().map(|_| ParamSource::Invariant)).collect();
    LoopTraces {
        ranges: halves.ranges.iter().copied().chain(invariants.iter().map(|_| Range::ALL)).collect(),
        params,
        clean_reads: clean_reads(&entry, &halves, config.has(Pass::Peel)),
        hoisted: emitter.hoisted,
        stats: stats(raw, &entry, &body),
        entry,
        body,
    }
}

/// Values of the entry that the body uses.
fn invariants(out: &Trace, halves: &Halves, live: &[bool]) -> Vec<Ref> {
    let mut used = vec![false; halves.boundary];
    let mut mark = |r: Ref| {
        if let Some(used) = r.as_op().and_then(|n| used.get_mut(n)) {
            *used = true;
        }
    };
    halves.body_args.iter().copied().for_each(&mut mark);
    for n in (halves.boundary..out.ops.len()).filter(|n| live[*n]) {
        out.operands(n).iter().copied().for_each(&mut mark);
        if let Some(snapshot) = out.snapshots.get(out.ops[n].snap.0 as usize) {
            snapshot.refs().for_each(&mut mark);
        }
    }
    (0..halves.boundary).filter(|n| used[*n]).map(Ref::op).collect()
}

fn entry(out: &Trace, halves: &Halves, invariants: &[Ref], live: &[bool]) -> Trace {
    let mut rebuild = Rebuild::new(out);
    rebuild.copy(0..halves.boundary, live);
    let args: Vec<Ref> = halves.entry_args.iter().chain(invariants).copied().collect();
    rebuild.jump_self(&args, &[]);
    rebuild.to
}

fn body(out: &Trace, halves: &Halves, invariants: &[Ref], live: &[bool]) -> Trace {
    let mut rebuild = Rebuild::new(out);
    let first = halves.boundary + halves.slots.len();
    for n in halves.boundary..first {
        let param = rebuild.to.param(out.ops[n].ty);
        rebuild.bind(Ref::op(n), param);
    }
    for old in invariants {
        let param = rebuild.to.param(out.ty(*old));
        rebuild.bind(*old, param);
        rebuild.to.keep.push(param);
    }
    rebuild.copy(first..out.ops.len(), live);
    let passed = rebuild.to.keep.clone();
    rebuild.jump_self(&halves.body_args, &passed);
    rebuild.to
}

fn clean_reads(entry: &Trace, halves: &Halves, peel: bool) -> Vec<u16> {
    let reads = entry.ops.iter().filter(|op| peel && op.code == OpCode::SlotLoad).map(|op| op.imm as u16);
    let mut clean: Vec<u16> = reads.filter(|slot| !halves.slots.contains(slot)).collect();
    clean.sort_unstable();
    clean.dedup();
    clean
}

fn stats(raw: &Trace, entry: &Trace, body: &Trace) -> Stats {
    let guards = |t: &Trace| t.ops.iter().filter(|op| op.code.flags().guard).count() as u32;
    Stats {
        ops_recorded: raw.ops.len() as u32,
        ops_entry: entry.ops.len() as u32,
        ops_body: body.ops.len() as u32,
        guards_recorded: guards(raw),
        guards_body: guards(body),
        retries: 0,
    }
}
