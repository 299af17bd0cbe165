//! Ranges beyond what the interpreter counts with.
//!
//! A [`Range`](crate::object::sequence::Range) keeps its parts far enough from the ends of a machine word that
//! stepping never overflows and every item is a small int. Everything else is a `WideRange`: the same Python type, of
//! a kind of its own, that calculates with ints of any size.

use num_bigint::BigInt as Big;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::error::R;
use crate::object::heap::Gc;
use crate::object::sequence::{Range, Slice, WideRange};
use crate::object::value::Value;
use crate::runtime::number::{Num, number};
use crate::vm::Vm;

/// Parts of a plain range lie between this and its negative.
const PLAIN: i64 = 1 << 60;

/// `range(start, stop, step)` of any ints; `step` is not 0.
pub fn range_of(vm: &mut Vm, parts: [Big; 3]) -> Value {
    let plain = |n: &Big| n.to_i64().filter(|n| n.abs() <= PLAIN);
    if let (Some(start), Some(stop), Some(step)) = (plain(&parts[0]), plain(&parts[1]), plain(&parts[2])) {
        return vm.range(start, stop, step);
    }
    let [start, stop, step] = parts.map(|n| vm.big(n));
    vm.wide_range(start, stop, step)
}

fn big(value: Value) -> Big {
    number(value).map_or_else(Big::default, Num::into_big)
}

fn parts(range: Gc<WideRange>) -> [Big; 3] {
    [range.start, range.stop, range.step].map(big)
}

pub fn parts_of(range: Gc<Range>) -> [Big; 3] {
    [range.start, range.stop, range.step].map(Big::from)
}

/// `range[slice]`, where nothing needs to fit a machine word.
pub fn get_slice(vm: &mut Vm, range: [Big; 3], slice: Gc<Slice>) -> R {
    let by = if slice.step.is_none() { Big::one() } else { vm.whole(slice.step)? };
    if by.is_zero() {
        return Err(vm.value_error("slice step cannot be zero"));
    }
    let count = count_of(range.clone());
    let (low, high) = if by.is_positive() { (Big::zero(), count.clone()) } else { (-Big::one(), &count - 1) };
    let (first, last) = if by.is_positive() { (&low, &high) } else { (&high, &low) };
    let mut bound = |value: Value, default: &Big| -> R<Big> {
        if value.is_none() {
            return Ok(default.clone());
        }
        let n = vm.whole(value)?;
        Ok(if n.is_negative() { n + &count } else { n }.clamp(low.clone(), high.clone()))
    };
    let (from, to) = (bound(slice.start, first)?, bound(slice.stop, last)?);
    let [start, _, step] = range;
    Ok(range_of(vm, [&start + &step * from, &start + &step * to, step * by]))
}

/// Number of items.
pub fn count(range: Gc<WideRange>) -> Big {
    count_of(parts(range))
}

fn count_of([start, stop, step]: [Big; 3]) -> Big {
    let distance = if step.is_positive() { stop - start } else { start - stop };
    if distance.is_positive() { (distance - Big::one()) / step.abs() + Big::one() } else { Big::zero() }
}

/// The same as far as a machine word goes.
pub fn len(range: Gc<WideRange>) -> usize {
    count(range).to_i64().unwrap_or(i64::MAX) as usize
}

/// Item `i` of the infinite range.
pub fn at(vm: &mut Vm, range: Gc<WideRange>, i: &Big) -> Value {
    let [start, _, step] = parts(range);
    vm.big(start + step * i)
}

/// Item number `i` if there is one.
pub fn nth(vm: &mut Vm, range: Gc<WideRange>, i: i64) -> Option<Value> {
    let i = Big::from(i);
    (i < count(range)).then(|| at(vm, range, &i))
}

/// `range[index]`.
pub fn get_item(vm: &mut Vm, range: Gc<WideRange>, index: Value) -> R {
    if let Some(slice) = index.cast::<Slice>() {
        return get_slice(vm, parts(range), slice);
    }
    let (n, count) = (vm.big_arg(index)?, count(range));
    let n = if n.is_negative() { n + &count } else { n };
    if n.is_negative() || n >= count {
        return Err(vm.index_error("range object index out of range"));
    }
    Ok(at(vm, range, &n))
}

/// The position of an int.
pub fn position(range: Gc<WideRange>, item: Value) -> Option<Big> {
    let item = match number(item)? {
        Num::Float(f) if f.fract() != 0.0 || !f.is_finite() => return None,
        Num::Float(f) => num_traits::FromPrimitive::from_f64(f)?,
        n => n.into_big(),
    };
    let [start, _, step] = parts(range);
    let distance = item - start;
    let k = &distance / &step;
    ((distance % step).is_zero() && !k.is_negative() && k < count(range)).then_some(k)
}

/// What two ranges of any kind must have in common to be equal.
pub fn essence(value: Value) -> Option<(Big, Option<Big>, Option<Big>)> {
    let wide = value.cast::<WideRange>().map(parts);
    let parts = wide.or_else(|| value.cast::<Range>().map(parts_of))?;
    let n = count_of(parts.clone());
    let [start, _, step] = parts;
    let (start, step) = ((!n.is_zero()).then_some(start), (n > Big::one()).then_some(step));
    Some((n, start, step))
}

/// Equal ranges hash alike.
pub fn hash(vm: &mut Vm, value: Value) -> R<u32> {
    let Some((n, start, step)) = essence(value) else { return Ok(0) };
    let parts = [Some(n), start, step].map(|part| part.map_or(Value::NONE, |n| vm.big(n)));
    let parts = vm.tuple(&parts);
    vm.hash(parts)
}
