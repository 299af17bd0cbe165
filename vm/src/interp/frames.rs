//! The active functions, outermost first.
//!
//! A reserved mapping instead of a `Vec`: frames never move, and machine code that calls a function pushes its frame
//! with a few stores. As many fit as there are slots for their values, so who checks [`Stack::has_room`] before
//! pushing need not check here; `push` does all the same.
//!
//! [`Stack::has_room`]: super::frame::Stack::has_room
#![expect(unsafe_code, reason = "a fixed mapping that machine code writes to")]

use std::mem::offset_of;
use std::ops::{Deref, DerefMut};

use super::frame::{Frame, SLOTS};

/// See the module's description.
#[repr(C)]
pub struct Frames {
    items: *mut Frame,
    len: usize,
}

impl Frames {
    /// Where machine code finds the first frame's address, and their number.
    pub const ITEMS: usize = offset_of!(Frames, items);
    pub const LEN: usize = offset_of!(Frames, len);

    pub fn new() -> Frames {
        // SAFETY: a fresh private mapping.
        let items = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                SLOTS * size_of::<Frame>(),
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        assert!(items != libc::MAP_FAILED, "cannot reserve the frames");
        Frames { items: items as *mut Frame, len: 0 }
    }

    #[inline(always)]
    pub fn push(&mut self, frame: Frame) {
        assert!(self.len < SLOTS, "more frames than slots");
        // SAFETY: within the mapping.
        unsafe { self.items.add(self.len).write(frame) };
        self.len += 1;
    }

    #[inline(always)]
    pub fn pop(&mut self) -> Option<Frame> {
        let frame = self.last().copied()?;
        self.len -= 1;
        Some(frame)
    }
}

impl Deref for Frames {
    type Target = [Frame];

    #[inline(always)]
    fn deref(&self) -> &[Frame] {
        // SAFETY: `push`, here or in machine code, has written the first `len` frames.
        unsafe { std::slice::from_raw_parts(self.items, self.len) }
    }
}

impl DerefMut for Frames {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [Frame] {
        // SAFETY: as above, and this is the only reference.
        unsafe { std::slice::from_raw_parts_mut(self.items, self.len) }
    }
}

impl Default for Frames {
    fn default() -> Self {
        Frames::new()
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`.
        unsafe { libc::munmap(self.items as *mut libc::c_void, SLOTS * size_of::<Frame>()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_empty() {
        let mut frames = Frames::new();
        assert!(frames.is_empty() && frames.pop().is_none());
    }
}
