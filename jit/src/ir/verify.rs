//! Checks that a trace is well formed: as recorded, after each pass that rebuilds it, and before it is compiled, in
//! debug builds and wherever `Options::verify` asks for it.
//!
//! 1. Operands are constants or results of earlier operations; pool slices are inside the pool.
//! 2. Operands have the types of the table; jumps may pass any types, and sunk operations unboxed values.
//! 3. Parameters come first, in order, with the types of the parameter list.
//! 4. Guards own a snapshot, no other operation does; what it names is defined earlier and is a Python value.
//! 5. Exactly the last operation is an end (a recorded loop has none).
//! 6. Sunk operations allocate, and only sunk operations and snapshots use them.
//! 7. Merge points are in order; what is kept is defined.

use super::op::{OpCode, Ty};
use super::trace::{Op, Ref, Trace};

/// Checks a finished trace. The error names the operation and the rule.
pub fn verify(trace: &Trace) -> Result<(), String> {
    verify_open(trace)?;
    match trace.ops.last() {
        Some(op) if op.code.flags().end => Ok(()),
        _ => Err("rule 5: the trace has no end".into()),
    }
}

/// Checks a trace that may lack its end.
pub fn verify_open(trace: &Trace) -> Result<(), String> {
    for (n, op) in trace.ops.iter().enumerate() {
        check_op(trace, n, op).map_err(|rule| format!("%{n} {}: {rule}", op.code.mnemonic()))?;
    }
    let ordered = trace.merge_points.is_sorted_by_key(|(at, _)| *at);
    let kept = trace.keep.iter().all(|r| defined(trace, trace.ops.len(), *r));
    if ordered && kept { Ok(()) } else { Err("rule 7: merge points or kept values".into()) }
}

/// A broken trace is a bug of ours; going on would run nonsense.
pub fn must_hold(checked: Result<(), String>, trace: &Trace) {
    if let Err(rule) = checked {
        panic!("broken trace: {rule}\n{trace}");
    }
}

fn check_op(trace: &Trace, n: usize, op: &Op) -> Result<(), &'static str> {
    check_pool(trace, op)?;
    let operands = trace.operands_of(op);
    if !operands.iter().all(|r| defined(trace, n, *r)) {
        return Err("rule 1: an operand is not defined");
    }
    if !types_match(trace, n, op, operands) {
        return Err("rule 2: an operand has the wrong type");
    }
    check_param(trace, n, op)?;
    check_snapshot(trace, n, op)?;
    if op.code.flags().end && n + 1 != trace.ops.len() {
        return Err("rule 5: an end in the middle");
    }
    check_sunk(trace, n, op, operands)
}

fn check_pool(trace: &Trace, op: &Op) -> Result<(), &'static str> {
    let inside = op.code.operands() != "*" || (op.args[0].0 + op.args[1].0) as usize <= trace.pool.len();
    if inside { Ok(()) } else { Err("rule 1: outside the pool") }
}

fn defined(trace: &Trace, before: usize, r: Ref) -> bool {
    match (r.as_op(), r.as_const()) {
        (Some(n), _) => n < before && trace.ops[n].ty != Ty::Void,
        (_, Some(n)) => n < trace.consts.len(),
        _ => false,
    }
}

fn types_match(trace: &Trace, n: usize, op: &Op, operands: &[Ref]) -> bool {
    if matches!(op.code, OpCode::JumpSelf | OpCode::JumpLoop) {
        return true;
    }
    let (letters, sunk) = (op.code.operands(), trace.sunk.get(n) == Some(&true));
    operands.iter().enumerate().all(|(n, r)| {
        let letter = if letters == "*" { 'r' } else { letters.as_bytes()[n] as char };
        matches!(
            (letter, trace.ty(*r)),
            ('r', Ty::Ref)
                | ('i', Ty::Int)
                | ('f', Ty::Float)
                | ('b', Ty::Bool)
                | ('p', Ty::Raw | Ty::Ref)
                | ('x', _)
        ) || sunk && matches!(trace.ty(*r), Ty::Int | Ty::Float | Ty::Bool)
    })
}

fn check_param(trace: &Trace, n: usize, op: &Op) -> Result<(), &'static str> {
    let fits = match op.code {
        OpCode::Param => op.imm as usize == n && trace.params.get(n) == Some(&op.ty),
        _ => n >= trace.params.len() && op.ty == op.code.ty(),
    };
    if fits { Ok(()) } else { Err("rule 3: parameters come first, in order") }
}

fn check_snapshot(trace: &Trace, n: usize, op: &Op) -> Result<(), &'static str> {
    match trace.snapshots.get(op.snap.0 as usize) {
        None if op.code.flags().guard => Err("rule 4: a guard needs a snapshot"),
        Some(_) if !op.code.flags().guard => Err("rule 4: only guards have snapshots"),
        Some(s) if !s.refs().all(|r| defined(trace, n, r) && trace.ty(r) != Ty::Raw) => {
            Err("rule 4: the snapshot names what is not there")
        }
        _ => Ok(()),
    }
}

fn check_sunk(trace: &Trace, n: usize, op: &Op, operands: &[Ref]) -> Result<(), &'static str> {
    let sunk = |n: usize| trace.sunk.get(n) == Some(&true);
    if sunk(n) {
        return if op.code.flags().alloc { Ok(()) } else { Err("rule 6: only allocations sink") };
    }
    match operands.iter().filter_map(|r| r.as_op()).any(sunk) {
        true => Err("rule 6: a sunk object is used"),
        false => Ok(()),
    }
}
