//! `range` objects.

use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{Range, Slice};
use crate::object::value::Value;
use crate::runtime::number::{Num, number};
use crate::vm::Vm;

use super::TypeDef;

pub const TYPES: &[TypeDef] = &[TypeDef {
    kind: Kind::Range,
    constructor: Some(new),
    methods: &[NativeDef::any("index", index, 2, 2), NativeDef::any("count", count, 2, 2)],
}];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("range", args, 1, 3)?;
    let mut parts = [0, 0, 1];
    let first = if args.pos.len() == 1 { 1 } else { 0 };
    for (part, value) in parts[first..].iter_mut().zip(args.pos) {
        *part = vm.index_value(*value)?;
    }
    let [start, stop, step] = parts;
    if step == 0 {
        return Err(vm.value_error("zero step"));
    }
    Ok(vm.range(start, stop, step))
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

fn index(vm: &mut Vm, args: Args<'_>) -> R {
    let range = vm.receiver::<Range>(args.pos[0])?;
    match position(range, args.pos[1]) {
        Some(k) => Ok(Value::small(k)),
        None => Err(vm.value_error("object not in sequence")),
    }
}

fn count(vm: &mut Vm, args: Args<'_>) -> R {
    let range = vm.receiver::<Range>(args.pos[0])?;
    Ok(Value::small(position(range, args.pos[1]).is_some() as i64))
}

/// `range[slice]`.
pub fn get_slice(vm: &mut Vm, range: Gc<Range>, slice: Gc<Slice>) -> R {
    let span = vm.span(slice, range.len())?;
    let at = |i: i64| range.start + i * range.step;
    Ok(vm.range(at(span.start), at(span.stop), range.step * span.step))
}

/// The same sequence of numbers.
pub fn equal(a: Gc<Range>, b: Gc<Range>) -> bool {
    let n = a.len();
    n == b.len() && (n == 0 || (a.start == b.start && (n == 1 || a.step == b.step)))
}
