//! Slice objects, and what a slice selects from a sequence.

use num_traits::ToPrimitive;

use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{Slice, range_len};
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;

pub const TYPES: &[TypeDef] = &[TypeDef {
    kind: Kind::Slice,
    constructor: Some(new),
    methods: &[NativeDef::any("indices", indices, 2, 2)],
}];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("slice", args, 1, 3)?;
    let none = Value::NONE;
    Ok(match *args.pos {
        [stop] => vm.slice(none, stop, none),
        [start, stop] => vm.slice(start, stop, none),
        _ => vm.slice(args.pos[0], args.pos[1], args.pos[2]),
    })
}

fn indices(vm: &mut Vm, args: Args<'_>) -> R {
    let slice = vm.receiver::<Slice>(args.pos[0])?;
    let len = vm.index_value(args.pos[1])?;
    let Ok(len) = usize::try_from(len) else { return Err(vm.value_error("length should not be negative")) };
    let span = vm.slice_parts(slice)?.fit(len);
    Ok(vm.tuple(&[Value::small(span.start), Value::small(span.stop), Value::small(span.step)]))
}

/// What a slice says, as plain numbers: reading them from the object may run code of the program's, so this comes
/// before anybody looks at the sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    start: Option<i64>,
    stop: Option<i64>,
    step: i64,
}

impl Parts {
    /// What the slice selects from `len` items.
    pub fn fit(self, len: usize) -> Span {
        let len = len as i64;
        let (low, high) = if self.step > 0 { (0, len) } else { (-1, len - 1) };
        let (first, last) = if self.step > 0 { (low, high) } else { (high, low) };
        let bound = |n: Option<i64>, default: i64| match n {
            Some(n) if n < 0 => n.saturating_add(len).clamp(low, high),
            Some(n) => n.clamp(low, high),
            None => default,
        };
        Span { start: bound(self.start, first), stop: bound(self.stop, last), step: self.step }
    }
}

/// A slice with its bounds made to fit a sequence of known length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
}

impl Span {
    /// Number of selected items.
    pub fn len(&self) -> usize {
        range_len(self.start, self.stop, self.step)
    }

    /// The same for a sequence that has become shorter meanwhile.
    pub fn clamp(self, len: usize) -> Span {
        let len = len as i64;
        Span { start: self.start.min(len), stop: self.stop.min(len), step: self.step }
    }

    /// The selected indices, in the slice's order.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..self.len() as i64).map(move |k| (self.start + k * self.step) as usize)
    }

    /// The selected range if the step is 1.
    pub fn contiguous(&self) -> Option<std::ops::Range<usize>> {
        (self.step == 1).then(|| self.start as usize..self.stop.max(self.start) as usize)
    }

    /// The selected items of `items`.
    pub fn select<T: Copy>(self, items: &[T]) -> Vec<T> {
        match self.contiguous() {
            Some(range) => items[range].to_vec(),
            None if self.step == -1 => {
                let (first, n) = (self.start as usize, self.len());
                let mut picked = if n == 0 { Vec::new() } else { items[first + 1 - n..=first].to_vec() };
                picked.reverse();
                picked
            }
            None => self.indices().map(|i| items[i]).collect(),
        }
    }
}

impl Vm {
    /// The numbers in a slice.
    pub(crate) fn slice_parts(&mut self, slice: Gc<Slice>) -> R<Parts> {
        let step = self.slice_part(slice.step)?.unwrap_or(1);
        if step == 0 {
            return Err(self.value_error("slice step cannot be zero"));
        }
        Ok(Parts { start: self.slice_part(slice.start)?, stop: self.slice_part(slice.stop)?, step })
    }

    fn slice_part(&mut self, value: Value) -> R<Option<i64>> {
        if value.is_none() { Ok(None) } else { self.slice_index(value).map(Some) }
    }

    /// An int, clamped to what a word holds (and a bit less, so that sums cannot overflow).
    pub(crate) fn slice_index(&mut self, value: Value) -> R<i64> {
        const MOST: i64 = 1 << 60;
        if let Some(n) = value.as_small() {
            return Ok(n.clamp(-MOST, MOST));
        }
        let big = self.big_arg(value)?;
        let most = if big.sign() == num_bigint::Sign::Minus { -MOST } else { MOST };
        Ok(big.to_i64().map_or(most, |n| n.clamp(-MOST, MOST)))
    }
}
