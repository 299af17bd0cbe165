//! Collection: mark from the roots and the native stack, then free block by block as the allocator comes to them.
//!
//! ```text
//!  begin_collection ── roots into the Marker ── finish_collection ── … allocation: sweep(block) when it looks for a hole
//!        │                                            │
//!   what is left of the last sweep                conservative scan of the native stack
//! ```
#![expect(unsafe_code, reason = "follows raw headers, reads the native stack")]

use super::gc::{Gc, Header, Object};
use super::heap::{BLOCK, BLOCK_SHIFT, Block, CLASSES, FREE, GROWTH, Heap, Hole, LARGE, LARGE_TAIL};
use super::value::Value;
use crate::memory;

/// The objects marked so far and those still to be looked into.
pub struct Marker {
    queue: Vec<*const Header>,
    base: usize,
    /// Marked cells per block.
    live: Vec<u32>,
}

impl Marker {
    #[inline]
    pub fn value(&mut self, value: Value) {
        if value.is_heap() {
            self.header(value.bits() as *const Header);
        }
    }

    #[inline]
    pub fn object<T: Object>(&mut self, object: Gc<T>) {
        self.header(object.address() as *const Header);
    }

    pub fn values(&mut self, values: impl IntoIterator<Item = Value>) {
        values.into_iter().for_each(|v| self.value(v));
    }

    fn header(&mut self, header: *const Header) {
        // SAFETY: only live objects are reported.
        let mark = unsafe { &(*header).mark };
        if mark.get() == 0 {
            mark.set(1);
            self.live[(header as usize - self.base) >> BLOCK_SHIFT] += 1;
            self.queue.push(header);
        }
    }
}

/// What one collection did.
#[derive(Clone, Copy, Default, Debug)]
pub struct Collection {
    /// Live bytes after the collection (cells, without malloc memory).
    pub live_bytes: usize,
}

impl Heap {
    /// Starts a collection. The caller reports its roots to the marker, then calls [`Heap::finish_collection`].
    pub fn begin_collection(&mut self) -> Marker {
        self.finish_sweep();
        self.holes.iter().for_each(Hole::clear);
        Marker { queue: Vec::with_capacity(1024), base: self.base, live: vec![0; self.blocks.len()] }
    }

    /// Marks what the roots and the native stack above this frame reach; the allocator sweeps the rest later.
    pub fn finish_collection(&mut self, mut marker: Marker, stack_base: usize) -> Collection {
        self.scan_native_stack(stack_base, &mut marker);
        self.drain(&mut marker);
        self.begin_sweep(&marker.live);
        self.collections += 1;
        // What dead objects hold of malloc memory is given back by the sweep, which can wait only if that is little.
        if self.stress || memory::balance() > GROWTH / 2 {
            self.finish_sweep();
        }
        self.plan();
        Collection { live_bytes: self.allocated }
    }

    fn drain(&mut self, marker: &mut Marker) {
        while let Some(header) = marker.queue.pop() {
            // SAFETY: queued headers are live objects, whose kinds are registered at allocation.
            unsafe {
                let vtable = self.vtables[(*header).kind.get() as usize];
                if let Some(vtable) = vtable {
                    (vtable.trace)(header, marker);
                }
            }
        }
    }

    /// Marks what `words` may point to, if it is an object of this heap.
    pub fn mark_conservatively(&self, word: usize, marker: &mut Marker) {
        let Some(offset) = word.checked_sub(self.base) else { return };
        let mut index = offset >> BLOCK_SHIFT;
        let Some(mut block) = self.blocks.get(index).copied() else { return };
        if block.class == LARGE_TAIL {
            index -= block.span as usize;
            block = self.blocks[index];
        }
        let start = self.address(index);
        let cell = match block.class {
            LARGE => start,
            FREE | LARGE_TAIL => return,
            _ if block.is_stale() => return,
            class => {
                let size = CLASSES[class as usize];
                let n = (word - start) / size;
                if n >= BLOCK / size {
                    return;
                }
                start + n * size
            }
        };
        if self.is_live_cell(cell) {
            marker.header(cell as *const Header);
        }
    }

    #[inline(never)]
    fn scan_native_stack(&self, stack_base: usize, marker: &mut Marker) {
        let registers = callee_saved_registers();
        let mut at = (&raw const registers as usize) & !7;
        while at < stack_base {
            // SAFETY: between this frame and the recorded base lies our own thread's stack.
            let word = unsafe { std::ptr::read_volatile(at as *const usize) };
            self.mark_conservatively(word, marker);
            at += 8;
        }
        std::hint::black_box(&registers);
    }

    fn begin_sweep(&mut self, counts: &[u32]) {
        let mut live = 0;
        for (index, count) in counts.iter().enumerate() {
            match self.blocks[index].class {
                LARGE => live += self.sweep_large(index),
                FREE | LARGE_TAIL => {}
                class => {
                    let block = &mut self.blocks[index];
                    block.swept = false;
                    block.span = *count;
                    live += *count as usize * CLASSES[class as usize];
                }
            }
        }
        self.allocated = live;
        self.holes = [Hole::NONE; CLASSES.len()];
        self.scan_from = [0; CLASSES.len()];
    }

    fn sweep_large(&mut self, index: usize) -> usize {
        let span = self.blocks[index].span as usize;
        let header = self.address(index) as *mut Header;
        // SAFETY: the head of a large object is a live header.
        unsafe {
            if (*header).mark.get() != 0 {
                (*header).mark.set(0);
                return span << BLOCK_SHIFT;
            }
            self.free_cell(header);
        }
        self.blocks[index..index + span].fill(Block { class: FREE, swept: true, span: 1 });
        0
    }

    /// Frees all that the last collection has not reached.
    pub fn sweep_all(&mut self) {
        self.finish_sweep();
        self.plan();
    }

    pub(super) fn finish_sweep(&mut self) {
        for index in 0..self.blocks.len() {
            if (self.blocks[index].class as usize) < CLASSES.len() {
                self.sweep(index);
            }
        }
    }

    pub(super) fn sweep(&mut self, index: usize) {
        // Nothing of the smallest class has a destructor: stale blocks stay as they are.
        if self.blocks[index].swept || self.blocks[index].is_stale() {
            return;
        }
        self.blocks[index].swept = true;
        let size = CLASSES[self.blocks[index].class as usize];
        let start = self.address(index);
        for n in 0..BLOCK / size {
            let header = (start + n * size) as *mut Header;
            // SAFETY: cells of a committed block start with a header.
            unsafe {
                if (*header).mark.get() != 0 {
                    (*header).mark.set(0);
                } else if (*header).kind.get() != 0 {
                    self.free_cell(header);
                }
            }
        }
    }

    /// # Safety
    /// `header` must be an unmarked, unreachable object.
    unsafe fn free_cell(&self, header: *mut Header) {
        // SAFETY: by contract; the kind was registered when the object was allocated.
        unsafe {
            if let Some(drop) = self.vtables[(*header).kind.get() as usize].and_then(|v| v.drop) {
                drop(header);
            }
            (*header).kind.set(0);
        }
    }
}

/// The registers a callee must preserve: what a caller may still hold only there.
#[inline(always)]
fn callee_saved_registers() -> [usize; 12] {
    let mut saved = [0usize; 12];
    #[cfg(target_arch = "x86_64")]
    // SAFETY: only reads registers.
    unsafe {
        std::arch::asm!(
            "mov [{0}], rbx", "mov [{0} + 8], rbp", "mov [{0} + 16], r12",
            "mov [{0} + 24], r13", "mov [{0} + 32], r14", "mov [{0} + 40], r15",
            in(reg) saved.as_mut_ptr(), options(nostack, preserves_flags)
        );
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: only reads registers.
    unsafe {
        std::arch::asm!(
            "stp x19, x20, [{0}]", "stp x21, x22, [{0}, 16]", "stp x23, x24, [{0}, 32]",
            "stp x25, x26, [{0}, 48]", "stp x27, x28, [{0}, 64]", "str x29, [{0}, 80]",
            in(reg) saved.as_mut_ptr(), options(nostack, preserves_flags)
        );
    }
    saved
}
