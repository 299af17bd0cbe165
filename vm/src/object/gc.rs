//! What every heap object is: a header, a type that can be traced, and a pointer to it.
#![expect(unsafe_code, reason = "pointers to heap objects")]

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;

use super::heap::Marker;
use super::kind::Kind;

/// What stands at the start of every heap object.
#[repr(C, align(8))]
pub struct Header {
    pub(super) kind: Cell<u8>,
    pub(super) mark: Cell<u8>,
    /// Free for the object's own use.
    pub flags: Cell<u16>,
    /// Shape of an instance, length of a tuple; machine code reads it at byte 4.
    aux: Cell<u32>,
}

impl Header {
    pub const fn new(kind: Kind) -> Header {
        Header::with_aux(kind, 0)
    }

    pub const fn with_aux(kind: Kind, aux: u32) -> Header {
        Header { kind: Cell::new(kind as u8), mark: Cell::new(0), flags: Cell::new(0), aux: Cell::new(aux) }
    }

    #[inline(always)]
    pub fn kind(&self) -> Kind {
        // SAFETY: only `Header::with_aux` and the zeroing of free cells write this byte.
        unsafe { std::mem::transmute::<u8, Kind>(self.kind.get()) }
    }

    #[inline(always)]
    pub fn aux(&self) -> u32 {
        self.aux.get()
    }

    pub fn set_aux(&self, aux: u32) {
        self.aux.set(aux);
    }
}

/// A type that lives on the heap; `repr(C)` with a [`Header`] first.
///
/// Implement it only through [`heap_object!`](crate::heap_object), on structs of that form, and give the header only
/// kinds for which `is` holds.
pub trait Object: 'static {
    /// The sweep must run the destructor.
    const NEEDS_DROP: bool;
    fn is(kind: Kind) -> bool;
    /// Reports every value the object holds.
    fn trace(&self, marker: &mut Marker);
}

/// Implements [`Object`] for a `repr(C)` struct whose first field is `header: Header`.
#[macro_export]
macro_rules! heap_object {
    ($type:ty, $($kind:ident)|+, drop: $drop:literal, |$this:ident, $marker:ident| $trace:expr) => {
        impl $crate::object::heap::Object for $type {
            const NEEDS_DROP: bool = $drop;
            #[inline(always)]
            fn is(kind: $crate::object::kind::Kind) -> bool {
                matches!(kind, $($crate::object::kind::Kind::$kind)|+)
            }
            fn trace(&self, $marker: &mut $crate::object::heap::Marker) {
                let $this = self;
                $trace
            }
        }
    };
}

/// A pointer to a heap object. Copying it is free; it stays valid while it is reachable: from another object,
/// from the VM, or from the native stack.
pub struct Gc<T> {
    pointer: *const T,
    marker: PhantomData<T>,
}

impl<T> Clone for Gc<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Gc<T> {}
impl<T> PartialEq for Gc<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.pointer, other.pointer)
    }
}
impl<T> Eq for Gc<T> {}
impl<T> std::fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gc({:p})", self.pointer)
    }
}

impl<T> Gc<T> {
    /// # Safety
    /// `pointer` must be a live heap object of type `T`.
    #[inline(always)]
    pub const unsafe fn from_raw(pointer: *const T) -> Gc<T> {
        Gc { pointer, marker: PhantomData }
    }

    /// The object, for as long as the caller keeps it reachable.
    #[inline(always)]
    pub fn get<'a>(self) -> &'a T {
        // SAFETY: as in `deref`.
        unsafe { &*self.pointer }
    }

    #[inline(always)]
    pub fn address(self) -> usize {
        self.pointer as usize
    }
}

impl<T> Deref for Gc<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: a `Gc` is made only from live objects, and reachable objects are not freed.
        unsafe { &*self.pointer }
    }
}
