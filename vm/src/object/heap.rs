//! The heap: non-moving, segregated by size, mark–sweep, with hole-bump allocation and lazy sweep.
//!
//! ```text
//!  reserved address range ──┬── block 32 KiB ──┬── block ──┬── block ──…
//!                           │ 16-byte cells    │ 48-byte   │ head of a large object
//! ```
//!
//! * Every block holds cells of one size class; an object bigger than the largest class owns a run of blocks.
//! * Allocation bumps a cursor inside the current *hole* (a run of free cells); at its end the allocator
//!   looks for the next hole, sweeping a block when it first comes to it.
//! * A free cell has a zero header. So a conservative scan can tell an object from a hole. Two places are free whatever
//!   their headers say: what lies ahead of a cursor in its hole, and *stale* blocks, those of the smallest class in
//!   which nothing was reached and which nobody has allocated from since. So nothing zeroes a block that is filled
//!   with new objects anyway.
//! * Collection happens only at *safepoints* that the interpreter chooses (`Vm::safepoint`), never inside an
//!   allocation: native code may keep values in Rust locals and vectors as long as it does not call back
//!   into Python. What is on the native stack and in registers is found conservatively.
//! * Objects that own malloc memory are dropped by the sweep (`Object::NEEDS_DROP`).
#![expect(unsafe_code, reason = "this file is the memory manager")]

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

pub use super::collect::Marker;
pub use super::gc::{Gc, Header, Object};
use super::limits::Limits;
use super::reserve::{SLACK, reserve};
use crate::memory;

/// The interpreter should look up at its next safepoint: a collection is due, or a signal has come. Machine code
/// tests this byte at back-edges.
pub static ATTENTION: AtomicBool = AtomicBool::new(false);

pub(super) const BLOCK_SHIFT: usize = 15;
pub(super) const BLOCK: usize = 1 << BLOCK_SHIFT;
const _: () = assert!(SLACK >= BLOCK);
/// Address space asked for at first; where that is refused, a half, a quarter …
const RESERVE: usize = 64 << 30;
/// A heap grows at least by so much between collections, if it may.
pub(super) const GROWTH: usize = 32 << 20;
/// Cell sizes in bytes; all multiples of 16.
pub(super) const CLASSES: [usize; 14] = [16, 32, 48, 64, 80, 96, 128, 160, 192, 256, 384, 512, 1024, 2048];
pub(super) const LARGE: u8 = 254;
pub(super) const LARGE_TAIL: u8 = 255;
pub(super) const FREE: u8 = 253;

/// Size class of an object of `size` bytes; `None` for large ones.
const fn class_of(size: usize) -> Option<usize> {
    let mut i = 0;
    while i < CLASSES.len() {
        if size <= CLASSES[i] {
            return Some(i);
        }
        i += 1;
    }
    None
}

#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) class: u8,
    pub(super) swept: bool,
    /// Blocks of a large object, or distance back to its head; of other blocks, the cells marked last.
    pub(super) span: u32,
}

impl Block {
    /// Nothing in it was reached by the last collection, and nobody has looked at it since.
    fn is_unmarked(self) -> bool {
        !self.swept && self.span == 0
    }

    /// All its cells are free, whatever is in them.
    pub(super) fn is_stale(self) -> bool {
        self.is_unmarked() && self.class == 0
    }
}

/// The bump region of one size class; machine code for allocation reads it.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Hole {
    pub cursor: usize,
    pub limit: usize,
    block: usize,
}

impl Hole {
    pub(super) const NONE: Hole = Hole { cursor: 0, limit: 0, block: 0 };

    /// Makes what is left of it look free.
    pub(super) fn clear(&self) {
        // SAFETY: from the cursor to the limit lies memory that the heap has committed and no object uses.
        unsafe { std::ptr::write_bytes(self.cursor as *mut u8, 0, self.limit - self.cursor) };
    }
}

/// Per-kind behaviour the collector needs: trace and drop.
#[derive(Clone, Copy)]
pub(super) struct Vtable {
    pub(super) trace: unsafe fn(*const Header, &mut Marker),
    pub(super) drop: Option<unsafe fn(*mut Header)>,
}

pub struct Heap {
    pub(super) base: usize,
    /// Where the reserved addresses begin, and how many there are (and a block more).
    mapping: usize,
    reserve: usize,
    pub(super) blocks: Vec<Block>,
    pub(super) holes: [Hole; CLASSES.len()],
    /// Per class, the next block index to look for a hole in.
    pub(super) scan_from: [usize; CLASSES.len()],
    pub(super) vtables: [Option<Vtable>; 256],
    pub(super) allocated: usize,
    /// A collection is due when there are so many bytes of cells, or of malloc memory.
    pub(super) due_at: usize,
    pub(super) malloc_due_at: usize,
    pub(super) limits: Limits,
    /// What the machine has needed for itself since the limits were set.
    pub(super) own: Cell<usize>,
    pub(super) stress: bool,
    pub collections: u64,
}

impl Heap {
    /// A heap that asks for a collection when it has doubled, and at least grown by 32 MiB; earlier where it comes near
    /// its limits.
    pub fn new() -> Heap {
        let sizes = (0..11).map(|halvings| RESERVE >> halvings);
        let Some((mapping, reserve)) = sizes.filter_map(|size| Some((reserve(size)?, size))).next() else {
            panic!("cannot reserve address space for the heap");
        };
        Heap {
            base: (mapping + BLOCK - 1) & !(BLOCK - 1),
            mapping,
            reserve,
            blocks: Vec::new(),
            holes: [Hole::NONE; CLASSES.len()],
            scan_from: [0; CLASSES.len()],
            vtables: [None; 256],
            allocated: 0,
            due_at: GROWTH,
            malloc_due_at: usize::MAX,
            limits: Limits::none(reserve),
            own: Cell::new(0),
            stress: false,
            collections: 0,
        }
    }

    /// Collect at every safepoint.
    pub fn set_stress(&mut self, on: bool) {
        self.stress = on;
        self.rearm();
    }

    pub fn is_stress(&self) -> bool {
        self.stress
    }

    /// A collection is due at the next safepoint.
    #[inline(always)]
    pub fn wants_collection(&self) -> bool {
        self.allocated >= self.due_at || memory::balance() >= self.malloc_due_at || self.stress
    }

    /// Sets [`ATTENTION`] if a collection is due.
    pub fn rearm(&self) {
        if self.wants_collection() {
            ATTENTION.store(true, Ordering::Relaxed);
        }
    }

    /// Puts `object` on the heap.
    #[inline]
    pub fn alloc<T: Object>(&mut self, object: T) -> Gc<T> {
        const { assert!(!T::NEEDS_DROP || size_of::<T>() > CLASSES[0]) };
        let size = size_of::<T>();
        let cell = self.cell(size) as *mut T;
        self.note_type::<T>(&object);
        // SAFETY: the cell is free, big enough and 16-byte aligned.
        unsafe {
            cell.write(object);
            Gc::from_raw(cell)
        }
    }

    /// Puts `object` on the heap with `extra` bytes behind it, zeroed.
    #[inline]
    pub fn alloc_with_tail<T: Object>(&mut self, object: T, extra: usize) -> Gc<T> {
        let size = size_of::<T>() + extra;
        let cell = self.cell(size) as *mut T;
        self.note_type::<T>(&object);
        // SAFETY: the cell is free and holds `size` bytes.
        unsafe {
            std::ptr::write_bytes((cell as *mut u8).add(size_of::<T>()), 0, extra);
            cell.write(object);
            Gc::from_raw(cell)
        }
    }

    #[inline(always)]
    fn note_type<T: Object>(&mut self, object: &T) {
        // SAFETY: by `Object`'s contract a header comes first.
        let kind = unsafe { (*(object as *const T as *const Header)).kind.get() };
        if self.vtables[kind as usize].is_none() {
            self.register::<T>(kind);
        }
    }

    #[cold]
    fn register<T: Object>(&mut self, kind: u8) {
        unsafe fn trace<T: Object>(header: *const Header, marker: &mut Marker) {
            // SAFETY: the vtable is looked up by the object's own kind.
            unsafe { (*(header as *const T)).trace(marker) }
        }
        unsafe fn drop<T>(header: *mut Header) {
            // SAFETY: as above; the sweep drops an object once.
            unsafe { std::ptr::drop_in_place(header as *mut T) }
        }
        self.vtables[kind as usize] = Some(Vtable {
            trace: trace::<T>,
            drop: T::NEEDS_DROP.then_some(drop::<T> as unsafe fn(*mut Header)),
        });
    }

    #[inline(always)]
    fn cell(&mut self, size: usize) -> usize {
        match class_of(size) {
            Some(class) => {
                let hole = &mut self.holes[class];
                let cell = hole.cursor;
                let next = cell + CLASSES[class];
                if next <= hole.limit {
                    hole.cursor = next;
                    cell
                } else {
                    self.refill(class)
                }
            }
            None => self.large(size),
        }
    }

    #[cold]
    fn refill(&mut self, class: usize) -> usize {
        self.take_hole(class);
        let hole = &mut self.holes[class];
        let cell = hole.cursor;
        hole.cursor += CLASSES[class];
        cell
    }

    /// Makes the next hole of `class` the current one.
    fn take_hole(&mut self, class: usize) {
        while !self.next_hole(class) {}
        let hole = self.holes[class];
        // A hole counts as used once it is taken, so that bumping needs no counter.
        self.allocated += hole.limit - hole.cursor;
        self.rearm();
    }

    /// Address of `n` free cells in a row, for objects of `size` bytes each; `None` if that is no cell's size, or too
    /// many for a block. The caller makes all of them objects before anything else happens. What is left of a hole
    /// that is too small is not used before the next collection.
    pub fn row(&mut self, size: usize, n: usize) -> Option<usize> {
        let class = class_of(size)?;
        let bytes = n * CLASSES[class];
        if bytes > BLOCK {
            return None;
        }
        while self.holes[class].limit - self.holes[class].cursor < bytes {
            self.holes[class].clear();
            self.take_hole(class);
        }
        let cell = self.holes[class].cursor;
        self.holes[class].cursor += bytes;
        Some(cell)
    }

    /// Moves to the next hole of `class`; true when it has one. May add a block.
    fn next_hole(&mut self, class: usize) -> bool {
        let size = CLASSES[class];
        let hole = self.holes[class];
        if hole.limit != 0 && self.hole_in(class, hole.block, hole.limit) {
            return true;
        }
        let mut index = self.scan_from[class];
        while index < self.blocks.len() {
            if self.blocks[index].class == class as u8 {
                let is_empty = self.blocks[index].is_unmarked();
                self.sweep(index);
                self.blocks[index].swept = true;
                self.scan_from[class] = index + 1;
                if is_empty {
                    let start = self.address(index);
                    self.holes[class] =
                        Hole { cursor: start, limit: start + BLOCK / size * size, block: index };
                    return true;
                }
                if self.hole_in(class, index, self.address(index)) {
                    return true;
                }
            }
            index += 1;
        }
        self.scan_from[class] = index;
        let block = self.take_blocks(1);
        self.blocks[block] = Block { class: class as u8, swept: true, span: 1 };
        self.scan_from[class] = self.scan_from[class].max(block + 1);
        let start = self.address(block);
        self.holes[class] = Hole { cursor: start, limit: start + BLOCK / size * size, block };
        true
    }

    /// Looks for a free run in block `index` from address `from`.
    fn hole_in(&mut self, class: usize, index: usize, from: usize) -> bool {
        let size = CLASSES[class];
        let end = self.address(index) + BLOCK / size * size;
        let mut at = from;
        while at < end && self.is_live_cell(at) {
            at += size;
        }
        let start = at;
        while at < end && !self.is_live_cell(at) {
            at += size;
        }
        self.holes[class] = Hole { cursor: start, limit: at, block: index };
        start < at
    }

    pub(super) fn is_live_cell(&self, address: usize) -> bool {
        // SAFETY: the address is a cell of a committed block.
        unsafe { (*(address as *const Header)).kind.get() != 0 }
    }

    pub(super) fn address(&self, block: usize) -> usize {
        self.base + (block << BLOCK_SHIFT)
    }

    /// `n` adjacent blocks, from the free ones or fresh.
    fn take_blocks(&mut self, n: usize) -> usize {
        if n == 1
            && let Some(i) = self.blocks.iter().position(|b| b.class == FREE)
        {
            return i;
        }
        let start = self.blocks.len();
        assert!((start + n) << BLOCK_SHIFT <= self.reserve, "out of heap address space");
        self.blocks.extend(std::iter::repeat_n(Block { class: FREE, swept: true, span: 1 }, n));
        start
    }

    #[cold]
    fn large(&mut self, size: usize) -> usize {
        let n = size.div_ceil(BLOCK);
        let start = self.free_run(n).unwrap_or_else(|| self.take_fresh(n));
        for (distance, block) in self.blocks[start..start + n].iter_mut().enumerate() {
            let class = if distance == 0 { LARGE } else { LARGE_TAIL };
            *block =
                Block { class, swept: true, span: if distance == 0 { n as u32 } else { distance as u32 } };
        }
        self.allocated += n << BLOCK_SHIFT;
        self.rearm();
        self.address(start)
    }

    fn take_fresh(&mut self, n: usize) -> usize {
        let start = self.blocks.len();
        assert!((start + n) << BLOCK_SHIFT <= self.reserve, "out of heap address space");
        self.blocks.extend(std::iter::repeat_n(Block { class: FREE, swept: true, span: 1 }, n));
        start
    }

    fn free_run(&self, n: usize) -> Option<usize> {
        let mut run = 0;
        for (i, block) in self.blocks.iter().enumerate() {
            run = if block.class == FREE { run + 1 } else { 0 };
            if run == n {
                return Some(i + 1 - n);
            }
        }
        None
    }

    /// The bump region for objects of `size` bytes, and the cell size; for machine code.
    pub fn hole(&self, size: usize) -> Option<(*const Hole, usize)> {
        class_of(size).map(|class| (&raw const self.holes[class], CLASSES[class]))
    }
}

impl Default for Heap {
    fn default() -> Self {
        Heap::new()
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`; no object outlives its heap.
        unsafe { libc::munmap(self.mapping as *mut libc::c_void, self.reserve + SLACK) };
    }
}
