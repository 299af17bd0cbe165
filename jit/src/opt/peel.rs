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

use vm::object::kind::Kind;
use vm::object::value::Value;

use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Op, Ref, Trace};

use super::config::{Config, Pass};
use super::emit::Emitter;
use super::split::{self, Halves};
use super::{LoopEnd, LoopTraces, OptAbort, Range};

/// What turned out wrong about slots.
#[derive(Default)]
struct Weakened {
    /// Carried as words.
    refs: Vec<u16>,
    /// Carried with any range.
    ranges: Vec<u16>,
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
    let ranges = assume_ranges(&mut emitter, &carried, &entry_args, weak);
    replay_body(&mut emitter, &carried)?;
    let Some(body_args) = end_of_body(&mut emitter, end, &carried, weak)? else { return Ok(Outcome::Retry) };
    if !ranges_hold(&emitter, &carried, &ranges, &body_args, weak) {
        return Ok(Outcome::Retry);
    }
    let slots = carried.iter().map(|(slot, _)| *slot).collect();
    let halves = Halves { boundary, slots, ranges, entry_args, body_args };
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
    args.iter().for_each(|r| emitter.let_escape(*r));
    emitter.begin_body(carried.clone());
    carried
}

/// The ints' ranges at the end of the first copy, taken for granted in the second. A constant says little about other
/// iterations, so it counts as any int.
fn assume_ranges(emitter: &mut Emitter, carried: &[(u16, Ref)], args: &[Ref], weak: &Weakened) -> Vec<Range> {
    let guess = |emitter: &Emitter, slot: u16, value: Ref| {
        let open = weak.ranges.contains(&slot) || value.is_const() || emitter.ty(value) != Ty::Int;
        if open || !emitter.config.has(Pass::Peel) { Range::ALL } else { emitter.range(value) }
    };
    let mut ranges = Vec::with_capacity(args.len());
    for ((slot, param), value) in carried.iter().zip(args) {
        let range = guess(emitter, *slot, *value);
        emitter.narrow(*param, range);
        ranges.push(range);
    }
    ranges
}

/// Whether the second copy ends with what it began with.
fn ranges_hold(
    emitter: &Emitter,
    carried: &[(u16, Ref)],
    ranges: &[Range],
    args: &[Ref],
    weak: &mut Weakened,
) -> bool {
    let before = weak.ranges.len();
    for ((slot, _), (range, value)) in carried.iter().zip(ranges.iter().zip(args)) {
        if *range != Range::ALL && !range.contains(emitter.range(*value)) {
            weak.ranges.push(*slot);
        }
    }
    weak.ranges.len() == before
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
    if emitter.ty(value) == ty {
        return Ok(Some(value));
    }
    match (emitter.ty(value), ty, emitter.kind(value)) {
        (Ty::Ref, Ty::Int, Some(Kind::Int)) => emitter.emit(Op::new(OpCode::UnboxInt, &[value], 0)).map(Some),
        (Ty::Ref, Ty::Float, Some(Kind::Float)) => {
            emitter.emit(Op::new(OpCode::UnboxFloat, &[value], 0)).map(Some)
        }
        _ => Ok(None),
    }
}

/// The unboxed form of a value, if there is one.
fn natural(emitter: &mut Emitter, value: Ref) -> Ref {
    let inner = emitter.unboxed(value);
    let inner = emitter.resolve(inner);
    if emitter.ty(inner) != Ty::Ref {
        return inner;
    }
    if let Some(n) = emitter.const_value(inner).and_then(Value::as_small) {
        return emitter.out.int(n);
    }
    let unboxed = match emitter.kind(inner) {
        Some(Kind::Int) => emitter.available(OpCode::UnboxInt, &[inner]),
        Some(Kind::Float) => emitter.available(OpCode::UnboxFloat, &[inner]),
        _ => None,
    };
    unboxed.unwrap_or(inner)
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

#[cfg(test)]
mod tests {
    use crate::opt::testing::{check_loop, run_loop};
    use crate::opt::{OptAbort, ParamSource, Range};

    /// `while i < n: s += i; i += 1`
    const SUM: &str = "%n = getslot(1)
        %i = getslot(2)
        guard_int(%i) @3[]
        guard_int(%n) @3[]
        %1 = unbox_int(%i)
        %2 = unbox_int(%n)
        %3 = int_lt(%1, %2)
        guard_true(%3) @3[]
        %s = getslot(3)
        guard_int(%s) @5[]
        %4 = unbox_int(%s)
        %5 = int_add_ovf(%4, %1) @5[]
        %6 = int_add_ovf(%1, 1) @7[3=%5]
        guard_poll() @9[2=%6, 3=%5]
        end(2=%6, 3=%5)";

    #[test]
    fn sum_of_ints() {
        check_loop(
            "all",
            SUM,
            "%n = getslot(1)
            %i = getslot(2)
            guard_int(%i) @3[]
            guard_int(%n) @3[]
            %1 = unbox_int(%i)
            %2 = unbox_int(%n)
            %3 = int_lt(%1, %2)
            guard_true(%3) @3[]
            %s = getslot(3)
            guard_int(%s) @5[]
            %4 = unbox_int(%s)
            %5 = int_add_ovf(%1, %4) @5[]
            %6 = int_add(%1, 1)
            guard_poll() @9[2=%6, 3=%5]
            jump_self(%6, %5, %2)",
            "[%i:int, %s:int, %n:int]
            %3 = int_lt(%i, %n)
            guard_true(%3) @3[2=%i, 3=%s]
            %5 = int_add_ovf(%i, %s) @5[2=%i, 3=%s]
            %6 = int_add(%i, 1)
            guard_poll() @9[2=%6, 3=%5]
            jump_self(%6, %5, %n)",
        );
        let traces = run_loop("all", SUM).unwrap();
        assert_eq!(traces.params, [ParamSource::Slot(2), ParamSource::Slot(3), ParamSource::Invariant]);
        assert_eq!(traces.clean_reads, [1]);
        assert_eq!(traces.body.keep.len(), 1);
        assert_eq!(traces.ranges[1], Range::ALL);
        assert!(traces.hoisted.is_empty());
    }

    #[test]
    fn without_passes_the_body_reads_the_frame() {
        let traces = run_loop("none", SUM).unwrap();
        assert_eq!(traces.params, [ParamSource::Slot(2), ParamSource::Slot(3)]);
        assert!(traces.clean_reads.is_empty());
        assert!(traces.body.to_string().contains("getslot(1)"));
    }

    #[test]
    fn a_float_that_was_an_int() {
        let aborted = run_loop(
            "all",
            "%x = getslot(0)
            guard_int(%x) @0[]
            %1 = unbox_int(%x)
            %2 = cast_int_to_float(%1)
            %3 = float_add(%2, 0.5)
            end(0=%3)",
        );
        assert_eq!(aborted.err(), Some(OptAbort::TypeUnstable { op: 1 }));
    }

    #[test]
    fn slots_that_change_places() {
        check_loop(
            "all",
            "%a = getslot(0)
            guard_int(%a) @0[]
            %b = getslot(1)
            guard_int(%b) @0[]
            %1 = unbox_int(%a)
            %2 = unbox_int(%b)
            %3 = int_add_ovf(%1, %2) @0[]
            end(0=%b, 1=%3)",
            "%a = getslot(0)
            guard_int(%a) @0[]
            %b = getslot(1)
            guard_int(%b) @0[]
            %1 = unbox_int(%a)
            %2 = unbox_int(%b)
            %3 = int_add_ovf(%1, %2) @0[]
            jump_self(%2, %3)",
            "[%a:int, %b:int]
            %3 = int_add_ovf(%a, %b) @0[0=%a, 1=%b]
            jump_self(%b, %3)",
        );
    }

    #[test]
    fn floats_stay_unboxed() {
        check_loop(
            "all",
            "%x = getslot(0)
            guard_class(%x, Float) @0[]
            %1 = unbox_float(%x)
            %2 = float_mul(%1, 0.5)
            %3 = box_float(%2)
            guard_poll() @2[0=%3]
            end(0=%3)",
            "%x = getslot(0)
            guard_class(%x, Float) @0[]
            %1 = unbox_float(%x)
            %2 = float_mul(%1, 0.5)
            guard_poll() @2[0=%2]
            jump_self(%2)",
            "[%x:float]
            %2 = float_mul(%x, 0.5)
            guard_poll() @2[0=%2]
            jump_self(%2)",
        );
    }

    /// The list and its length do not change in the loop; its items do.
    #[test]
    fn invariant_loads() {
        let text = "%l = getslot(0)
            guard_class(%l, List) @0[]
            %i = getslot(1)
            guard_int(%i) @0[]
            %1 = unbox_int(%i)
            %2 = getfield_i(%l, list.len)
            %3 = uint_lt(%1, %2)
            guard_true(%3) @0[]
            %4 = getfield_raw(%l, list.items)
            %5 = getlistitem(%4, %1)
            %6 = getlistitem(%4, 0)
            setlistitem(%4, %1, %6)
            %7 = int_add_ovf(%1, 1) @1[]
            end(1=%7)";
        check_loop(
            "all",
            text,
            "%l = getslot(0)
            guard_class(%l, List) @0[]
            %i = getslot(1)
            guard_int(%i) @0[]
            %1 = unbox_int(%i)
            %2 = getfield_i(%l, list.len)
            %3 = uint_lt(%1, %2)
            guard_true(%3) @0[]
            %4 = getfield_raw(%l, list.items)
            %6 = getlistitem(%4, 0)
            setlistitem(%4, %1, %6)
            %7 = int_add(%1, 1)
            jump_self(%7, %2, %4)",
            "[%i:int, %len:int, %p:raw]
            %3 = int_lt(%i, %len)
            guard_true(%3) @0[1=%i]
            %6 = getlistitem(%p, 0)
            setlistitem(%p, %i, %6)
            %7 = int_add(%i, 1)
            jump_self(%7, %len, %p)",
        );
        let traces = run_loop("all", text).unwrap();
        assert_eq!(traces.ranges[0], Range { lo: 1, hi: 1 << 40 });
        assert!(traces.hoisted.contains(crate::ir::field::Alias::ListHeader));
        assert!(!traces.hoisted.contains(crate::ir::field::Alias::ListItem));
    }
}
