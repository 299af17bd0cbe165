//! Memory for machine code, and the guards' slots.
//!
//! Code lies in one reserved range, many functions to a page. A page is never writable and executable at once: adding
//! code makes its pages writable and then executable again, which is sound because one thread runs and compiles.
#![expect(unsafe_code, reason = "maps and protects memory for machine code")]

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use super::{ExitId, near};

const RESERVE: usize = 64 << 20;
const PAGE: usize = 4096;
const ALIGN: usize = 16;

/// Bump-allocated code.
pub struct Arena {
    base: usize,
    used: usize,
    /// Bytes to leave behind a function.
    pub gap: fn(&[u8]) -> usize,
}

impl Arena {
    pub fn new() -> Option<Arena> {
        let (protection, flags) = (
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
        );
        // SAFETY: a fresh private mapping.
        let base = unsafe { libc::mmap(std::ptr::null_mut(), RESERVE, protection, flags, -1, 0) };
        (base != libc::MAP_FAILED).then_some(Arena { base: base as usize, used: 0, gap: |_| 0 })
    }

    /// Copies code in and gives its address; `None` when full.
    pub fn add(&mut self, code: &[u8]) -> Option<usize> {
        let start = self.base + self.used;
        let used = (self.used + code.len() + (self.gap)(code)).next_multiple_of(ALIGN);
        if used > RESERVE || !self.protect(start, code.len(), libc::PROT_WRITE) {
            return None;
        }
        // SAFETY: the range is ours, unused, and was just made writable.
        unsafe { std::ptr::copy_nonoverlapping(code.as_ptr(), start as *mut u8, code.len()) };
        self.used = used;
        flush_instructions(start, code.len());
        self.protect(start, code.len(), libc::PROT_EXEC).then_some(start)
    }

    /// Where code can lie.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.base..self.base + RESERVE
    }

    /// Bytes of code added so far.
    pub fn used(&self) -> usize {
        self.used
    }

    /// The bytes at an address inside the arena.
    pub fn bytes(&self, start: usize, len: usize) -> &[u8] {
        assert!(start >= self.base && start + len <= self.base + self.used, "not in the arena");
        // SAFETY: the range holds code that was added; code is never changed.
        unsafe { std::slice::from_raw_parts(start as *const u8, len) }
    }

    /// Makes the pages of a range readable and also writable or executable.
    fn protect(&self, start: usize, len: usize, also: i32) -> bool {
        let first = start & !(PAGE - 1);
        let end = (start + len).next_multiple_of(PAGE);
        // SAFETY: pages of our own mapping; no code runs on another thread meanwhile.
        unsafe { libc::mprotect(first as *mut libc::c_void, end - first, libc::PROT_READ | also) == 0 }
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`; code runs only through the backend that owns the arena.
        unsafe { libc::munmap(self.base as *mut libc::c_void, RESERVE) };
    }
}

#[cfg(not(target_arch = "aarch64"))]
pub fn flush_instructions(_start: usize, _len: usize) {}

#[cfg(target_arch = "aarch64")]
pub fn flush_instructions(start: usize, len: usize) {
    unsafe extern "C" {
        fn __clear_cache(start: *const u8, end: *const u8);
    }
    // SAFETY: the range is mapped.
    unsafe { __clear_cache(start as *const u8, (start + len) as *const u8) };
}

const CHUNK: usize = 512;

/// One stable cell per guard: where its exit goes on.
#[derive(Default)]
pub struct Slots {
    chunks: Vec<&'static [AtomicUsize; CHUNK]>,
    len: usize,
    /// Bytes that machine code clears; see [`Slots::add_flag`].
    #[expect(clippy::vec_box, reason = "machine code knows where each of them is")]
    flags: Vec<Box<AtomicU8>>,
}

impl Slots {
    /// A new exit that goes on at `target`, and the address of its cell.
    pub fn add(&mut self, target: usize) -> (ExitId, usize) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(near::keep([const { AtomicUsize::new(0) }; CHUNK]));
        }
        self.len += 1;
        let id = ExitId(self.len as u32);
        self.set(id, target);
        (id, self.cell(id) as *const AtomicUsize as usize)
    }

    pub fn set(&self, id: ExitId, target: usize) {
        self.cell(id).store(target, Ordering::Relaxed);
    }

    /// Address of a new byte that is 1 until machine code clears it.
    pub fn add_flag(&mut self) -> usize {
        let flag = Box::new(AtomicU8::new(1));
        let address = flag.as_ptr() as usize;
        self.flags.push(flag);
        address
    }

    fn cell(&self, id: ExitId) -> &AtomicUsize {
        let n = id.0 as usize - 1;
        &self.chunks[n / CHUNK][n % CHUNK]
    }
}
