//! Dead code: an operation stays if it acts on the world, if it can leave the trace, or if someone uses its result.
//!
//! An arithmetic operation that only leaves on overflow goes too: if nothing uses its result, nothing depends on it
//! being small. Whoever has used that it is small without using it has marked it (`Op::RELIED_ON`).

use crate::ir::trace::{Op, Ref, Trace};

/// Which operations are needed, given that these values are needed at the end.
pub fn live(trace: &Trace, roots: &[Ref]) -> Vec<bool> {
    let mut live = vec![false; trace.ops.len()];
    let mut seen = vec![false; trace.snapshots.len()];
    mark(&mut live, roots.iter().chain(&trace.keep).copied());
    for n in (0..trace.ops.len()).rev() {
        let op = &trace.ops[n];
        if !(live[n] || acts(op)) {
            continue;
        }
        live[n] = true;
        mark(&mut live, trace.operands(n).iter().copied());
        if let Some(snapshot) = trace.snapshots.get(op.snap.0 as usize)
            && !std::mem::replace(&mut seen[op.snap.0 as usize], true)
        {
            mark(&mut live, snapshot.refs());
        }
    }
    live
}

fn mark(live: &mut [bool], refs: impl Iterator<Item = Ref>) {
    refs.filter_map(Ref::as_op).for_each(|n| live[n] = true);
}

/// Parameters count as acts: their numbers are the interface.
fn acts(op: &Op) -> bool {
    let flags = op.code.flags();
    let relied_on = op.is_checked() && op.imm == Op::RELIED_ON;
    let effect =
        relied_on || (flags.guard && !flags.pure) || (flags.store && !flags.alloc) || flags.call || flags.end;
    effect || op.code == crate::ir::op::OpCode::Param
}
