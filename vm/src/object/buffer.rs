//! A growable array with interior mutability and a fixed layout, for objects that machine code looks into.
//!
//! `Vec` hides its layout and a `RefCell` around it would cost a check at every access; this one is three
//! words at known places. It may be changed through `&self`: elements are `Copy` and handed out by value.
#![expect(unsafe_code, reason = "a vector with a layout that machine code knows")]

use std::cell::Cell;

/// `pointer` at byte 0, `len` at 8, `cap` at 16.
#[repr(C)]
pub struct Buffer<T: Copy> {
    pointer: Cell<*mut T>,
    len: Cell<usize>,
    cap: Cell<usize>,
}

impl<T: Copy> Default for Buffer<T> {
    fn default() -> Self {
        Buffer { pointer: Cell::new(std::ptr::dangling_mut()), len: Cell::new(0), cap: Cell::new(0) }
    }
}

impl<T: Copy> From<Vec<T>> for Buffer<T> {
    fn from(items: Vec<T>) -> Self {
        let mut items = std::mem::ManuallyDrop::new(items);
        Buffer {
            pointer: Cell::new(items.as_mut_ptr()),
            len: Cell::new(items.len()),
            cap: Cell::new(items.capacity()),
        }
    }
}

impl<T: Copy> Drop for Buffer<T> {
    fn drop(&mut self) {
        drop(self.take_vec());
    }
}

impl<T: Copy> Buffer<T> {
    /// Byte offsets of length and capacity.
    pub const LEN: usize = std::mem::offset_of!(Buffer<T>, len);
    pub const CAP: usize = std::mem::offset_of!(Buffer<T>, cap);

    pub fn capacity(&self) -> usize {
        self.cap.get()
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Panics when out of range, as slices do.
    #[inline(always)]
    pub fn at(&self, i: usize) -> T {
        assert!(i < self.len());
        // SAFETY: in range.
        unsafe { *self.pointer.get().add(i) }
    }

    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<T> {
        // SAFETY: in range when read.
        (i < self.len()).then(|| unsafe { *self.pointer.get().add(i) })
    }

    /// Panics when out of range.
    #[inline(always)]
    pub fn set(&self, i: usize, item: T) {
        assert!(i < self.len());
        // SAFETY: in range.
        unsafe { *self.pointer.get().add(i) = item }
    }

    #[inline(always)]
    pub fn push(&self, item: T) {
        if self.len() == self.cap.get() {
            self.edit(|v| v.reserve(1));
        }
        // SAFETY: there is room for one more.
        unsafe { self.pointer.get().add(self.len()).write(item) };
        self.len.set(self.len() + 1);
    }

    pub fn pop(&self) -> Option<T> {
        let last = self.len().checked_sub(1)?;
        self.len.set(last);
        // SAFETY: it was in range.
        Some(unsafe { *self.pointer.get().add(last) })
    }

    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        (0..).map_while(|i| self.get(i))
    }

    pub fn to_vec(&self) -> Vec<T> {
        self.slice().to_vec()
    }

    /// The elements now. Do not hold it across anything that can change this buffer (a call into Python).
    #[inline(always)]
    pub fn slice(&self) -> &[T] {
        // SAFETY: pointer and length describe initialised elements; by the contract above nobody changes them.
        unsafe { std::slice::from_raw_parts(self.pointer.get(), self.len()) }
    }

    /// Overwrites all elements; panics unless there are as many as `items`.
    #[inline(always)]
    pub fn overwrite(&self, items: &[T]) {
        assert!(items.len() == self.len());
        // SAFETY: as many elements; `items` borrows nothing of this buffer, whose elements are handed out by value.
        unsafe { std::ptr::copy(items.as_ptr(), self.pointer.get(), items.len()) };
    }

    /// Runs any `Vec` operation on the elements. The closure must not reach this buffer in another way.
    pub fn edit<R>(&self, change: impl FnOnce(&mut Vec<T>) -> R) -> R {
        let mut items = self.take_vec();
        let result = change(&mut items);
        self.put_vec(items);
        result
    }

    fn take_vec(&self) -> Vec<T> {
        let (len, cap) = (self.len.replace(0), self.cap.replace(0));
        let pointer = self.pointer.replace(std::ptr::dangling_mut());
        // SAFETY: the parts came from a `Vec`, or describe an empty one.
        unsafe { Vec::from_raw_parts(pointer, len, cap) }
    }

    fn put_vec(&self, items: Vec<T>) {
        let mut items = std::mem::ManuallyDrop::new(items);
        self.pointer.set(items.as_mut_ptr());
        self.len.set(items.len());
        self.cap.set(items.capacity());
    }
}
