//! Lists, tuples, ranges, slices.
#![expect(unsafe_code, reason = "tuples hold their items inline")]

use std::cell::Cell;

use super::buffer::Buffer;
use super::heap::{Gc, Header};
use super::value::Value;
use crate::heap_object;

/// Items at byte 8: pointer, length, capacity.
#[repr(C)]
pub struct List {
    pub header: Header,
    pub items: Buffer<Value>,
}
heap_object!(List, List, drop: true, |this, marker| marker.values(this.items.iter()));

/// The length is the header's aux word; items start at byte 16. `class` is NULL but for namedtuples.
#[repr(C)]
pub struct Tuple {
    pub header: Header,
    pub class: Cell<Value>,
}
heap_object!(Tuple, Tuple, drop: false, |this, marker| {
    marker.value(this.class.get());
    marker.values(this.items().iter().copied());
});

impl Tuple {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.header.aux() as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        // SAFETY: `Vm::tuple` allocates `aux` values behind the struct and nobody changes them later.
        unsafe { std::slice::from_raw_parts((&raw const *self).add(1) as *const Value, self.len()) }
    }

    /// Fills a tuple that was just allocated.
    pub(crate) fn fill(tuple: Gc<Tuple>, items: impl Iterator<Item = Value>) {
        // SAFETY: the tuple is new (nobody holds its items) and has room for `len` values.
        let slots = unsafe {
            std::slice::from_raw_parts_mut((tuple.address() as *mut Tuple).add(1) as *mut Value, tuple.len())
        };
        slots.iter_mut().zip(items).for_each(|(slot, item)| *slot = item);
    }
}

/// Each part is between -2^60 and 2^60, so that stepping past the end stays a small int.
#[repr(C)]
pub struct Range {
    pub header: Header,
    pub start: i64,
    pub stop: i64,
    pub step: i64,
}
heap_object!(Range, Range, drop: false, |_this, _marker| ());

impl Range {
    /// Number of items.
    pub fn len(&self) -> usize {
        range_len(self.start, self.stop, self.step)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A range with parts that do not fit a [`Range`]: ints of any size.
#[repr(C)]
pub struct WideRange {
    pub header: Header,
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}
heap_object!(WideRange, WideRange, drop: false, |this, marker| marker.values([this.start, this.stop, this.step]));

/// Number of items of `range(start, stop, step)`; `step` is not 0.
pub fn range_len(start: i64, stop: i64, step: i64) -> usize {
    let (distance, step) = if step > 0 {
        (stop as i128 - start as i128, step as i128)
    } else {
        (start as i128 - stop as i128, -(step as i128))
    };
    if distance <= 0 { 0 } else { ((distance + step - 1) / step) as usize }
}

#[repr(C)]
pub struct Slice {
    pub header: Header,
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}
impl Slice {
    /// Its parts are small ints or None: reading them runs no code.
    pub fn is_plain(&self) -> bool {
        [self.start, self.stop, self.step].iter().all(|part| part.is_small() || part.is_none())
    }
}
heap_object!(Slice, Slice, drop: false, |this, marker| marker.values([this.start, this.stop, this.step]));
