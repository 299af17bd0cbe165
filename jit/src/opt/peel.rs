//! Loops: the recorded iteration twice in a row.
//!
//! ```text
//!   entry:  %0 = getslot(3) …            first copy, reads the frame
//!           ── boundary ──
//!   body:   p0, p1 …                     one parameter per slot that the loop changes
//!           second copy, with p0 for getslot(3)
//! ```
//!
//! Both copies go through one emitter into one trace. Classic loop-invariant code motion is of little use here:
//! guards are everywhere and nothing may move above the guard it depends on. Emitting the iteration again instead lets
//! every pass use what the first one has established. What the second copy then takes from the first is invariant;
//! [`split`] makes it a parameter too.
//!
//! A parameter has the type and the range its slot has at the end of the first copy. The second copy must end with
//! the same; if it does not, the guess is dropped (the slot is carried as a `Ref`, or with any range) and the loop
//! is emitted anew. Each retry weakens a guess, so this ends.

use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Op, Ref, Trace};

use super::config::{Config, Pass};
use super::emit::Emitter;
use super::split::{self, Halves};
use super::{LoopEnd, LoopTraces, OptAbort};

/// What turned out wrong about slots.
#[derive(Default)]
struct Weakened {
    refs: Vec<u16>,
    retries: u32,
}

/// The loop is to be emitted anew.
enum Outcome {
    Done(Box<LoopTraces>),
    Retry,
}

pub fn optimise(raw: &Trace, end: &LoopEnd, config: Config) -> Result<LoopTraces, OptAbort> {
    let mut weakened = Weakened::default();
    loop {
        match attempt(raw, end, config, &mut weakened)? {
            Outcome::Done(mut traces) => {
                traces.stats.retries = weakened.retries;
                return Ok(*traces);
            }
            Outcome::Retry => weakened.retries += 1,
        }
    }
}

fn attempt(raw: &Trace, end: &LoopEnd, config: Config, weak: &mut Weakened) -> Result<Outcome, OptAbort> {
    let mut emitter = Emitter::new(raw, config);
    emitter.replay()?;
    let entry_args = end_of_entry(&mut emitter, end, weak)?;
    let boundary = emitter.out.ops.len();
    let carried = begin_body(&mut emitter, end, &entry_args);
    replay_body(&mut emitter, &carried)?;
    let Some(body_args) = end_of_body(&mut emitter, end, &carried, weak)? else { return Ok(Outcome::Retry) };
    let slots = carried.iter().map(|(slot, _)| *slot).collect();
    let halves = Halves { boundary, slots, entry_args, body_args };
    Ok(Outcome::Done(Box::new(split::split(emitter, halves))))
}

/// What the entry passes to the body: each slot's value, unboxed if it can be.
fn end_of_entry(emitter: &mut Emitter, end: &LoopEnd, weak: &Weakened) -> Result<Vec<Ref>, OptAbort> {
    let mut args = Vec::with_capacity(end.slots.len());
    for (slot, value) in &end.slots {
        let value = emitter.translate(*value);
        args.push(if weak.refs.contains(slot) { boxed(emitter, value)? } else { natural(emitter, value) });
    }
    Ok(args)
}

/// The parameters, by slot.
fn begin_body(emitter: &mut Emitter, end: &LoopEnd, args: &[Ref]) -> Vec<(u16, Ref)> {
    let types: Vec<Ty> = args.iter().map(|r| emitter.ty(*r)).collect();
    let mut carried = Vec::with_capacity(types.len());
    for ((slot, _), ty) in end.slots.iter().zip(types) {
        let param = Op { ty, ..Op::new(OpCode::Param, &[], carried.len() as u64) };
        carried.push((*slot, emitter.push_raw(param)));
    }
    emitter.begin_body(carried.clone());
    carried
}

/// The second copy. Slots that the loop does not change are what they were in the first.
fn replay_body(emitter: &mut Emitter, carried: &[(u16, Ref)]) -> Result<(), OptAbort> {
    let peel = emitter.config.has(Pass::Peel);
    let reads: Vec<Ref> = if peel { emitter.values() } else { Vec::new() };
    let replayed = emitter.replay_with(|emitter, n, op| {
        if op.code != OpCode::SlotLoad {
            return None;
        }
        match carried.iter().find(|(slot, _)| u64::from(*slot) == op.imm) {
            Some((_, param)) => boxed(emitter, *param).ok(),
            None => reads.get(n).copied(),
        }
    });
    replayed.map_err(|abort| match abort {
        OptAbort::AlwaysFails { op } | OptAbort::TypeUnstable { op } => OptAbort::TypeUnstable { op },
    })
}

/// What the body passes to its next iteration; `None` if a parameter's type was a wrong guess.
fn end_of_body(
    emitter: &mut Emitter,
    end: &LoopEnd,
    carried: &[(u16, Ref)],
    weak: &mut Weakened,
) -> Result<Option<Vec<Ref>>, OptAbort> {
    let mut args = Vec::with_capacity(carried.len());
    for ((slot, param), (_, value)) in carried.iter().zip(&end.slots) {
        let (value, ty) = (emitter.translate(*value), emitter.ty(*param));
        match convert(emitter, value, ty)? {
            Some(value) => args.push(value),
            None => weak.refs.push(*slot),
        }
    }
    Ok((args.len() == carried.len()).then_some(args))
}

/// `value` as the parameter wants it, if it is known to fit.
fn convert(emitter: &mut Emitter, value: Ref, ty: Ty) -> Result<Option<Ref>, OptAbort> {
    if ty == Ty::Ref {
        return boxed(emitter, value).map(Some);
    }
    let value = natural(emitter, value);
    Ok((emitter.ty(value) == ty).then_some(value))
}

/// The unboxed form of a value, if its type is known.
fn natural(emitter: &mut Emitter, value: Ref) -> Ref {
    let inner = emitter.unboxed(value);
    emitter.resolve(inner)
}

/// The value as a word.
fn boxed(emitter: &mut Emitter, value: Ref) -> Result<Ref, OptAbort> {
    let code = match emitter.ty(value) {
        Ty::Int => OpCode::BoxInt,
        Ty::Float => OpCode::BoxFloat,
        Ty::Bool => OpCode::BoxBool,
        Ty::Ref | Ty::Raw | Ty::Void => return Ok(value),
    };
    emitter.emit(Op::new(code, &[value], 0))
}
