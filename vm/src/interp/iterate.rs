//! Loops over iterables.
//!
//! A `for` loop's iterator takes four stack slots. Lists, tuples and ranges are walked in place, without an object:
//!
//! ```text
//!   slot:       0          1        2      3
//!   list/tuple  sequence   index    NULL   NULL
//!   range       range      next     stop   step
//!   other       NULL       iterator NULL   NULL
//! ```
//!
//! The last form is MicroPython's own: generator expressions build it in bytecode.

use super::access::residual;
use super::frame::{Regs, Ret, Slot};
use super::hooks::{Fact, Hooks, fact};
use super::residual::{self as rt, Rt};
use super::run::{Flow, save_place, save_top, top_regs};
use super::tracing;
use crate::error::R;
use crate::object::function::{Generator, GeneratorState};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{List, Range, Tuple};
use crate::object::value::{SMALL_MAX, SMALL_MIN, Value};
use crate::vm::Vm;

#[inline(always)]
pub fn get_iter<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    residual(vm, h, r, Rt::Iter, 1, 0)
}

#[inline(always)]
pub fn get_iter_stack<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let (value, slot) = (r.peek(0), r.slot(0));
    let kind = value.kind();
    let state = match kind {
        Kind::List | Kind::Tuple => {
            fact!(h, vm, Fact::Kind { slot, kind });
            [Value::small(0), Value::NULL, Value::NULL]
        }
        Kind::Range => return range_iter(vm, h, r),
        _ => return any_iter(vm, h, r),
    };
    push_consts(vm, h, r, state);
    Ok(())
}

#[inline(always)]
fn push_consts<H: Hooks, const N: usize>(vm: &mut Vm, h: &mut H, r: &mut Regs, values: [Value; N]) {
    for value in values {
        r.push(value);
        fact!(h, vm, Fact::Const { to: r.slot(0), value });
    }
}

#[inline(always)]
fn any_iter<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let slot = r.slot(0);
    let kind = r.peek(0).kind();
    if matches!(kind, Kind::Generator | Kind::Iter) {
        fact!(h, vm, Fact::Kind { slot, kind });
    } else if H::OBSERVES && is_container(kind) {
        fact!(h, vm, Fact::Kind { slot, kind });
        residual(vm, h, r, Rt::IterPlain, 1, 0)?;
    } else {
        residual(vm, h, r, Rt::Iter, 1, 0)?;
    }
    r.push(r.peek(0));
    fact!(h, vm, Fact::Move { to: r.slot(0), from: slot });
    fact!(h, vm, Fact::Const { to: slot, value: Value::NULL });
    r.poke(1, Value::NULL);
    push_consts(vm, h, r, [Value::NULL; 2]);
    Ok(())
}

/// Making its iterator runs no Python code.
fn is_container(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Str
            | Kind::Bytes
            | Kind::Bytearray
            | Kind::Dict
            | Kind::OrderedDict
            | Kind::Set
            | Kind::Frozenset
            | Kind::DictView
    )
}

#[inline(always)]
fn range_iter<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<()> {
    let slot = r.slot(0);
    let Some(range) = r.peek(0).cast::<Range>() else { return Ok(()) };
    fact!(h, vm, Fact::Kind { slot, kind: Kind::Range });
    fact!(h, vm, Fact::RangeInit { state: slot.wrapping_add(1), range: slot });
    let clamp = |n: i64| Value::small(n.clamp(SMALL_MIN, SMALL_MAX));
    r.push(clamp(range.start));
    r.push(clamp(range.stop));
    r.push(clamp(range.step));
    Ok(())
}

#[inline(always)]
pub fn for_iter<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, at: *const u8) -> R<Flow<H::Exit>> {
    let end = r.forward_label();
    let (sequence, index) = (r.peek(3), r.peek(2));
    let item = if let Some(n) = index.as_small().filter(|_| !sequence.is_null()) {
        fact!(h, vm, Fact::Kind { slot: r.slot(2), kind: Kind::Int });
        if let Some(list) = sequence.cast::<List>() {
            fact!(h, vm, Fact::Kind { slot: r.slot(3), kind: Kind::List });
            list_next(vm, h, r, list, n)
        } else if let Some(tuple) = sequence.cast::<Tuple>() {
            fact!(h, vm, Fact::Kind { slot: r.slot(3), kind: Kind::Tuple });
            tuple_next(vm, h, r, tuple, n)
        } else {
            fact!(h, vm, Fact::Kind { slot: r.slot(3), kind: Kind::Range });
            range_next(vm, h, r, n)
        }
    } else {
        fact!(h, vm, Fact::Is { slot: r.slot(3), value: Value::NULL });
        if let Some(generator) = index.cast::<Generator>()
            && generator.state() == GeneratorState::Suspended
            && (if H::OBSERVES { h.follow_body() } else { generator.code.resumes.get() })
        {
            return resume_generator(vm, h, r, at, generator);
        }
        if H::TRACES {
            tracing::save(vm, r);
        }
        let item = any_next(vm, h, r)?;
        if H::TRACES && item.is_none() {
            tracing::stopped(vm, r.offset_of(at))?;
        }
        item
    };
    match item {
        Some(value) => {
            if H::TRACES {
                tracing::next_round(vm);
            }
            r.push(value);
        }
        None => {
            r.drop(4);
            r.ip = end;
        }
    }
    Ok(Flow::Next)
}

#[inline(always)]
fn list_next<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, list: Gc<List>, n: i64) -> Option<Value> {
    let (list_slot, state, to) = (r.slot(3), r.slot(2), above(r));
    match list.items.get(n as usize) {
        Some(value) => {
            fact!(h, vm, Fact::ListNext { to, list: list_slot, state });
            r.poke(2, Value::small(n + 1));
            Some(value)
        }
        None => {
            fact!(h, vm, Fact::ListEnd { list: list_slot, state });
            None
        }
    }
}

#[inline(always)]
fn tuple_next<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, tuple: Gc<Tuple>, n: i64) -> Option<Value> {
    let (slot, state, to) = (r.slot(3), r.slot(2), above(r));
    match tuple.items().get(n as usize).copied() {
        Some(value) => {
            fact!(h, vm, Fact::TupleNext { to, tuple: slot, state });
            r.poke(2, Value::small(n + 1));
            Some(value)
        }
        None => {
            fact!(h, vm, Fact::TupleEnd { tuple: slot, state });
            None
        }
    }
}

#[inline(always)]
fn range_next<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs, n: i64) -> Option<Value> {
    let (stop, step) = (r.peek(1).small_unchecked(), r.peek(0).small_unchecked());
    let (state, to) = (r.slot(2), above(r));
    if (step > 0 && n < stop) || (step < 0 && n > stop) {
        fact!(h, vm, Fact::RangeNext { to, state, step });
        r.poke(2, Value::small((n + step).clamp(SMALL_MIN, SMALL_MAX)));
        Some(Value::small(n))
    } else {
        fact!(h, vm, Fact::RangeEnd { state, step });
        None
    }
}

/// The slot that the next push fills.
#[inline(always)]
fn above(r: &Regs) -> Slot {
    r.slot(0).wrapping_add(1)
}

#[inline(always)]
fn any_next<H: Hooks>(vm: &mut Vm, h: &mut H, r: &mut Regs) -> R<Option<Value>> {
    let (to, slot) = (above(r), r.slot(2));
    fact!(h, vm, Fact::Call { rt: Rt::Next, imm: 0, to, first: slot, n: 1 });
    save_place(vm, r);
    let value = rt::call(vm, Rt::Next, &[r.peek(2)], 0)?;
    let stopped = value == Value::STOP;
    fact!(h, vm, Fact::Stopped { slot: to, stopped });
    Ok((!stopped).then_some(value))
}

/// Runs the generator's body as a frame above this one, which waits at its FOR_ITER.
#[inline(always)]
fn resume_generator<H: Hooks>(
    vm: &mut Vm,
    h: &mut H,
    r: &mut Regs,
    at: *const u8,
    generator: Gc<Generator>,
) -> R<Flow<H::Exit>> {
    let slot = r.slot(2);
    fact!(h, vm, Fact::Kind { slot, kind: Kind::Generator });
    // One past the opcode: `flow` finds the operand there again.
    r.ip = at.wrapping_add(1);
    save_top(vm, r);
    let status = generator.status();
    vm.push_generator(generator, Value::NONE, Ret::ForIter)?;
    *r = top_regs(vm);
    fact!(h, vm, Fact::Resume { slot, base: r.fp, status });
    if H::TRACES
        && let Err(raise) = tracing::entered(vm)
    {
        return Ok(Flow::RaisedBefore(raise));
    }
    Ok(Flow::Next)
}
