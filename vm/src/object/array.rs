//! Packed numbers, and views of them.
//!
//! ```text
//!   bytes, bytearray  [header | data]                      items are bytes
//!   array             [header | data | code | size]        items of `size` bytes, little-endian
//!   memoryview        [header | owner | start | len | …]   a part of one of the above
//! ```
//!
//! A [`Window`] is how everything else reads any of them: which object's bytes, from where to where, and of what
//! type. It names bytes, it does not borrow them, so an owner may change its size while windows on it exist; what
//! lies beyond its end then is simply not there any more.

use super::buffer::Buffer;
use super::heap::{Gc, Header, Marker};
use super::text::Bytes;
use super::value::Value;
use crate::heap_object;

/// Items of this type are references, not numbers.
pub fn is_reference(code: u8) -> bool {
    matches!(code, b'O' | b'S')
}

/// `array.array`.
#[repr(C)]
pub struct Array {
    pub header: Header,
    /// Items of `size` bytes each, little-endian.
    pub data: Buffer<u8>,
    /// As in `array('H')`.
    pub code: u8,
    /// Bytes of an item: 1, 2, 4 or 8.
    pub size: u8,
}
heap_object!(Array, Array, drop: true, |this, marker| trace_references(this, marker));

impl Array {
    /// Number of items.
    pub fn len(&self) -> usize {
        self.data.len() / self.size as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn trace_references(array: &Array, marker: &mut Marker) {
    if is_reference(array.code) {
        for word in array.data.slice().chunks_exact(8) {
            let bits = word.iter().rev().fold(0, |bits, byte| bits << 8 | *byte as u64);
            marker.value(Value::from_bits(bits));
        }
    }
}

/// `memoryview`: a window as an object.
#[repr(C)]
pub struct Memoryview {
    pub header: Header,
    pub window: Window,
}
heap_object!(Memoryview, Memoryview, drop: false, |this, marker| marker.value(this.window.owner));

/// Bytes of an object, and how to read them.
#[derive(Clone, Copy)]
pub struct Window {
    /// A bytes, bytearray or array.
    pub owner: Value,
    /// First byte.
    pub start: usize,
    /// Number of bytes.
    pub len: usize,
    /// The type code of items, `B` for bytes.
    pub code: u8,
    /// Bytes of an item.
    pub size: usize,
    pub read_only: bool,
}

impl Window {
    /// The whole of an object that has bytes to look at; `None` for any other, and for arrays of references.
    pub fn of(value: Value) -> Option<Window> {
        use super::kind::Kind;
        match value.kind() {
            Kind::Bytes | Kind::Bytearray => {
                let len = value.cast::<Bytes>()?.data.len();
                let read_only = value.kind() == Kind::Bytes;
                Some(Window { owner: value, start: 0, len, code: b'B', size: 1, read_only })
            }
            Kind::Array => {
                let array = value.cast::<Array>().filter(|a| !is_reference(a.code))?;
                let (len, size) = (array.data.len(), array.size as usize);
                Some(Window { owner: value, start: 0, len, code: array.code, size, read_only: false })
            }
            Kind::Memoryview => value.cast::<Memoryview>().map(|view| view.window),
            _ => None,
        }
    }

    fn buffer(&self) -> Option<&'static Buffer<u8>> {
        let bytes = self.owner.cast::<Bytes>().map(|b| &Gc::get(b).data);
        bytes.or_else(|| self.owner.cast::<Array>().map(|a| &Gc::get(a).data))
    }

    /// The bytes now. Do not hold them across anything that can change the owner (a call into Python).
    pub fn bytes(&self) -> &[u8] {
        let all = self.buffer().map_or(&[][..], Buffer::slice);
        &all[self.start.min(all.len())..(self.start + self.len).min(all.len())]
    }

    /// Overwrites bytes from number `at` on; false, and nothing is written, if they are not all inside.
    pub fn write(&self, at: usize, new: &[u8]) -> bool {
        let Some(buffer) = self.buffer() else { return false };
        let (from, to) = (self.start + at, self.start + at + new.len());
        if at + new.len() > self.len || to > buffer.len() {
            return false;
        }
        buffer.edit(|all| all[from..to].copy_from_slice(new));
        true
    }

    /// Number of items.
    pub fn count(&self) -> usize {
        self.bytes().len() / self.size
    }

    /// The bytes of item `i`, if there is one.
    pub fn item(&self, i: usize) -> Option<&[u8]> {
        self.bytes().get(i * self.size..(i + 1) * self.size)
    }

    /// The window of the items in `range`, which lies inside.
    pub fn part(&self, range: std::ops::Range<usize>) -> Window {
        Window { start: self.start + range.start * self.size, len: range.len() * self.size, ..*self }
    }
}
