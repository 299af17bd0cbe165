//! Strings (UTF-8) and byte strings.

use std::cell::Cell;

use super::buffer::Buffer;
use super::heap::{Gc, Header};
use super::places::Places;
use crate::heap_object;

/// An immutable string. Interned ones (all identifiers, short literals) are unique.
#[repr(C)]
pub struct Str {
    pub header: Header,
    hash: Cell<u32>,
    /// Length in characters; equal to the byte length for ASCII.
    pub chars: u32,
    pub text: Box<str>,
    pub interned: Cell<bool>,
    places: Places,
}
heap_object!(Str, Str, drop: true, |_this, _marker| ());

impl Str {
    /// Byte offsets of the address and the length of the text, in the order in which the compiler lays out a fat
    /// pointer; a test looks.
    pub const DATA: usize = std::mem::offset_of!(Str, text);
    pub const SIZE: usize = Str::DATA + 8;

    pub fn new(text: Box<str>) -> Str {
        let chars = if text.is_ascii() { text.len() } else { text.chars().count() };
        Str {
            header: Header::new(super::kind::Kind::Str),
            hash: Cell::new(0),
            chars: chars as u32,
            text,
            interned: Cell::new(false),
            places: Places::default(),
        }
    }

    pub fn is_ascii(&self) -> bool {
        self.chars as usize == self.text.len()
    }

    /// Byte offset of character `i`, or the end.
    #[inline]
    pub fn offset(&self, i: usize) -> usize {
        if self.is_ascii() { i.min(self.text.len()) } else { self.places.offset(&self.text, i) }
    }

    /// Number of the character at a byte offset.
    #[inline]
    pub fn index(&self, offset: usize) -> usize {
        if self.is_ascii() { offset } else { self.places.index(&self.text, offset) }
    }

    /// Never 0.
    #[inline]
    pub fn hash(&self) -> u32 {
        match self.hash.get() {
            0 => self.compute_hash(),
            hash => hash,
        }
    }

    fn compute_hash(&self) -> u32 {
        let hash = hash_bytes(self.text.as_bytes());
        self.hash.set(hash);
        hash
    }

    /// Equal text. Interned strings are equal only if they are the same.
    #[inline]
    pub fn same(a: Gc<Str>, b: Gc<Str>) -> bool {
        a == b || (!(a.interned.get() && b.interned.get()) && a.hash() == b.hash() && a.text == b.text)
    }
}

/// A hash of text or bytes that is never 0.
pub fn hash_bytes(bytes: &[u8]) -> u32 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(bytes);
    let hash = hasher.finish();
    ((hash ^ hash >> 32) as u32).max(1)
}

/// `bytes` (never changed) and `bytearray`. The bytes at byte 8: pointer, length, capacity.
#[repr(C)]
pub struct Bytes {
    pub header: Header,
    pub data: Buffer<u8>,
}
heap_object!(Bytes, Bytes | Bytearray, drop: true, |_this, _marker| ());
