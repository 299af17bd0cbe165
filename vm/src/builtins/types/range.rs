//! `range` objects.

use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{Range, Slice, WideRange};
use crate::object::value::Value;
use crate::runtime::number::{Num, number};
use crate::vm::Vm;

use crate::builtins::TypeDef;
use crate::builtins::types::wide_range;

pub const TYPES: &[TypeDef] = &[TypeDef {
    kind: Kind::Range,
    constructor: Some(new),
    methods: &[NativeDef::any("index", index, 2, 2), NativeDef::any("count", count, 2, 2)],
}];

/// Parts of a plain range lie between this and its negative.
const PLAIN: i64 = 1 << 60;

impl Vm {
    /// An int argument of any size; floats are refused.
    pub(in crate::builtins) fn whole(&mut self, value: Value) -> R<num_bigint::BigInt> {
        match number(value) {
            Some(Num::Small(n)) => Ok(n.into()),
            _ => self.big_arg(value),
        }
    }
}

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("range", args, 1, 3)?;
    let mut parts = [Value::small(0), Value::small(0), Value::small(1)];
    let first = if args.pos.len() == 1 { 1 } else { 0 };
    parts[first..first + args.pos.len()].copy_from_slice(args.pos);
    let plain = |part: Value| part.as_small().filter(|n| (-PLAIN..=PLAIN).contains(n));
    if let [Some(start), Some(stop), Some(step)] = parts.map(plain)
        && step != 0
    {
        return Ok(vm.range(start, stop, step));
    }
    let [start, stop, step] = parts;
    let parts = [vm.whole(start)?, vm.whole(stop)?, vm.whole(step)?];
    if parts[2] == num_bigint::BigInt::ZERO {
        return Err(vm.value_error("range() arg 3 must not be zero"));
    }
    Ok(wide_range::range_of(vm, parts))
}

/// The position of an int in a range.
fn position(range: Gc<Range>, item: Value) -> Option<i64> {
    let n = match number(item)? {
        Num::Small(n) => n,
        Num::Float(f) if f.fract() == 0.0 && f.abs() < 9e15 => f as i64,
        _ => return None,
    };
    let distance = n.checked_sub(range.start)?;
    let k = distance.checked_div(range.step)?;
    (distance % range.step == 0 && k >= 0 && (k as usize) < range.len()).then_some(k)
}

/// Item `i`, for who compares them one by one.
fn nth(range: Gc<Range>, i: usize) -> Option<Value> {
    (i < range.len()).then(|| Value::small(range.start + i as i64 * range.step))
}

/// The range, if the item to look for decides itself what it is equal to.
fn to_compare(args: Args<'_>) -> Option<Gc<Range>> {
    args.pos[0].cast::<Range>().filter(|_| args.pos[1].kind() == Kind::Instance)
}

fn index(vm: &mut Vm, args: Args<'_>) -> R {
    if let Some(range) = to_compare(args) {
        return vm
            .find_item(args, Some("sequence.index(x): x not in sequence"), || range.len(), |i| nth(range, i))
            .map(|i| Value::small(i as i64));
    }
    match place(vm, args)? {
        Some(k) => Ok(vm.big(k)),
        None => {
            let shown = vm.repr(args.pos[1])?;
            Err(vm.value_error(shown + " is not in range"))
        }
    }
}

fn count(vm: &mut Vm, args: Args<'_>) -> R {
    if let Some(range) = to_compare(args) {
        return vm.count_items(args.pos[1], |i| nth(range, i));
    }
    Ok(Value::small(place(vm, args)?.is_some() as i64))
}

fn place(vm: &mut Vm, args: Args<'_>) -> R<Option<num_bigint::BigInt>> {
    if let Some(wide) = args.pos[0].cast::<WideRange>() {
        return Ok(wide_range::position(wide, args.pos[1]));
    }
    let range = vm.receiver::<Range>(args.pos[0])?;
    Ok(position(range, args.pos[1]).map(num_bigint::BigInt::from))
}

/// `item in range`.
pub fn contains(vm: &mut Vm, range: Value, item: Value) -> R<bool> {
    if number(item).is_none() && vm.special(item, vm.names.eq).is_some() {
        return vm.contains_by_iteration(range, item);
    }
    place(vm, Args::positional(&[range, item])).map(|place| place.is_some())
}

/// `range[slice]`.
pub fn get_slice(vm: &mut Vm, range: Gc<Range>, slice: Gc<Slice>) -> R {
    if !(slice.is_plain() && range.len() < PLAIN as usize) {
        return wide_range::get_slice(vm, wide_range::parts_of(range), slice);
    }
    let span = vm.slice_parts(slice)?.fit(range.len());
    let at = |i: i64| num_bigint::BigInt::from(range.start as i128 + i as i128 * range.step as i128);
    let step = num_bigint::BigInt::from(range.step as i128 * span.step as i128);
    Ok(wide_range::range_of(vm, [at(span.start), at(span.stop), step]))
}

/// The same sequence of numbers.
pub fn equal(a: Gc<Range>, b: Gc<Range>) -> bool {
    let n = a.len();
    n == b.len() && (n == 0 || (a.start == b.start && (n == 1 || a.step == b.step)))
}
