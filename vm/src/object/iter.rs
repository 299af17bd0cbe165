//! Built-in iterators: one heap object, a table of what they walk over.

use std::cell::Cell;

use super::heap::Header;
use super::value::Value;
use crate::heap_object;

/// What an [`Iter`] steps through. `a`, `b` are its two values and `n`, `end` its two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IterKind {
    /// List `a` from index `n`.
    List,
    /// Tuple `a` from index `n`.
    Tuple,
    /// `n` towards `end` by `step` (in `b`).
    Range,
    /// Wide range `a` from item `n`.
    WideRange,
    /// String `a` from byte `n`.
    Str,
    /// bytes or bytearray `a` from `n`.
    Bytes,
    /// array or memoryview `a` from item `n`.
    Packed,
    /// Keys of dict or set `a` from entry `n`; `end` is its length at the start.
    Keys,
    Values,
    Items,
    /// Iterator `a`, counting from `n`.
    Enumerate,
    /// A tuple of iterators `a`.
    Zip,
    /// Function `a` over the iterators in tuple `b`.
    Map,
    /// Function `a` (or None) over iterator `b`.
    Filter,
    /// Sequence `a` from index `n - 1` down.
    Reversed,
    /// `a.__getitem__(n)` until IndexError.
    GetItem,
    /// `a()` until it returns `b`.
    Call,
    /// Deque `a` of version `end`, after `n` items; from the right if `b` is true.
    Deque,
}

/// `what` is also the header's aux word, where one comparison finds it.
#[repr(C)]
pub struct Iter {
    /// Its free word repeats `what`.
    pub header: Header,
    pub what: IterKind,
    pub a: Value,
    pub b: Value,
    pub n: Cell<i64>,
    pub end: i64,
}
heap_object!(Iter, Iter, drop: false, |this, marker| marker.values([this.a, this.b]));

/// `dict.keys()` and friends.
#[repr(C)]
pub struct DictView {
    pub header: Header,
    /// Keys, Values or Items.
    pub what: IterKind,
    pub dict: Value,
}
heap_object!(DictView, DictView, drop: false, |this, marker| marker.value(this.dict));
