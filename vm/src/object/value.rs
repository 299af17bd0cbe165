//! One 64-bit word for every Python value.
//!
//! ```text
//!   ...............................1   small int, 63 bits, two's complement, value = word >> 1
//!   ............................x010   immediate: None, False, True, Ellipsis, … (word = id << 3 | 2)
//!   ............................x000   pointer to a heap object (8-byte aligned); 0 is NULL, "no value"
//! ```
//!
//! Small ints and immediates never touch the heap; everything else is a [`Gc`] pointer whose header
//! says what it is. NULL never reaches Python code: it marks an unbound local or a missing argument.
#![expect(unsafe_code, reason = "reads the header behind a tagged pointer")]

use super::heap::{Gc, Header};
use super::kind::Kind;

/// A Python value, or NULL.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Value(u64);

/// The largest small int, 2^62 - 1.
pub const SMALL_MAX: i64 = (1 << 62) - 1;
/// The smallest small int, -2^62.
pub const SMALL_MIN: i64 = -(1 << 62);

const fn immediate(id: u64) -> Value {
    Value(id << 3 | 2)
}

impl Value {
    pub const NULL: Value = Value(0);
    pub const NONE: Value = immediate(1);
    pub const FALSE: Value = immediate(2);
    pub const TRUE: Value = immediate(3);
    pub const ELLIPSIS: Value = immediate(4);
    pub const NOT_IMPLEMENTED: Value = immediate(5);
    /// What an iterator step returns at its end; never seen by Python code.
    pub const STOP: Value = immediate(6);

    /// The raw word, as machine code sees it.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Rebuilds a value from its raw word; the inverse of [`Value::bits`].
    pub const fn from_bits(bits: u64) -> Value {
        Value(bits)
    }

    /// A small int; the caller knows that `n` fits 63 bits.
    #[inline(always)]
    pub const fn small(n: i64) -> Value {
        debug_assert!(n >= SMALL_MIN && n <= SMALL_MAX);
        Value((n as u64) << 1 | 1)
    }

    /// A small int if `n` fits 63 bits.
    #[inline(always)]
    pub fn try_small(n: i64) -> Option<Value> {
        n.checked_mul(2).map(|twice| Value(twice as u64 | 1))
    }

    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }

    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.0 == Value::NONE.0
    }

    #[inline(always)]
    pub const fn is_small(self) -> bool {
        self.0 & 1 != 0
    }

    /// Both are small ints.
    #[inline(always)]
    pub const fn both_small(self, other: Value) -> bool {
        self.0 & other.0 & 1 != 0
    }

    /// The number in a small int; meaningless for anything else.
    #[inline(always)]
    pub const fn small_unchecked(self) -> i64 {
        self.0 as i64 >> 1
    }

    #[inline(always)]
    pub fn as_small(self) -> Option<i64> {
        self.is_small().then(|| self.small_unchecked())
    }

    /// `Some` for the two singletons only.
    #[inline(always)]
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Value::TRUE => Some(true),
            Value::FALSE => Some(false),
            _ => None,
        }
    }

    #[inline(always)]
    pub const fn is_heap(self) -> bool {
        self.0 & 7 == 0 && self.0 != 0
    }

    /// The kind of any value but NULL.
    #[inline(always)]
    pub fn kind(self) -> Kind {
        if self.is_heap() {
            // SAFETY: a non-null word with three zero bits is only ever made from a live `Gc` pointer.
            unsafe { (*(self.0 as *const Header)).kind() }
        } else {
            self.immediate_kind()
        }
    }

    fn immediate_kind(self) -> Kind {
        match self {
            v if v.is_small() => Kind::Int,
            Value::NONE => Kind::None,
            Value::TRUE | Value::FALSE => Kind::Bool,
            Value::ELLIPSIS => Kind::Ellipsis,
            Value::NOT_IMPLEMENTED => Kind::NotImplemented,
            _ => Kind::Null,
        }
    }

    /// The heap object if it is of kind `T`.
    #[inline(always)]
    pub fn cast<T: super::heap::Object>(self) -> Option<Gc<T>> {
        if self.is_heap() && T::is(self.kind()) {
            // SAFETY: the header's kind is one of `T`'s.
            Some(unsafe { self.cast_unchecked() })
        } else {
            None
        }
    }

    /// # Safety
    /// The value must be a heap object of one of `T`'s kinds.
    #[inline(always)]
    pub unsafe fn cast_unchecked<T: super::heap::Object>(self) -> Gc<T> {
        // SAFETY: by contract the word is a live pointer to `T`.
        unsafe { Gc::from_raw(self.0 as *const T) }
    }

    #[inline(always)]
    pub fn as_float(self) -> Option<f64> {
        self.cast::<super::number::Float>().map(|f| f.value)
    }

    /// The shape or length word of a heap object's header.
    #[inline(always)]
    pub fn header_aux(self) -> Option<u32> {
        // SAFETY: as in `kind`.
        self.is_heap().then(|| unsafe { (*(self.0 as *const Header)).aux() })
    }
}

impl<T: super::heap::Object> From<Gc<T>> for Value {
    #[inline(always)]
    fn from(p: Gc<T>) -> Value {
        Value(p.address() as u64)
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.as_small() {
            Some(n) => write!(f, "{n}"),
            None if self.is_null() => f.write_str("NULL"),
            None => write!(f, "<{:?} {:#x}>", self.kind(), self.0),
        }
    }
}
