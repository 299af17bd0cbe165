//! How much a program may have, and when the next collection is due because of that.
//!
//! A limit is for cells and malloc memory together, beyond what the machine had when it was set. Two more are the
//! system's: addresses for cells, and those that are left for malloc. Near a limit collections become frequent; that
//! there is no room after a complete collection is what MemoryError says.
//!
//! ```text
//!  small: cells, short texts    counted ─► alarm ─► safepoint: collection ─► no room: MemoryError
//!  large: buffers, long ints    Vm::reserve before ───────────► collection ─► no room: MemoryError
//! ```

use super::heap::{GROWTH, Heap};
use crate::memory;

/// In bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Cells and malloc memory.
    all: usize,
    cells: usize,
    malloc: usize,
    /// What was there when the limits were set.
    first_cells: usize,
    first_malloc: usize,
}

/// Address space that is left for cells of natives between two safepoints, at most.
const LAST_CELLS: usize = 64 << 20;

impl Limits {
    /// No limits but the `reserve` of addresses for cells.
    pub(super) fn none(reserve: usize) -> Limits {
        let cells = reserve - (reserve / 8).min(LAST_CELLS);
        Limits { all: usize::MAX, cells, malloc: usize::MAX, first_cells: 0, first_malloc: 0 }
    }

    /// How near the limit it may come before it counts as reached.
    fn margin(&self) -> usize {
        (self.all.min(self.cells).min(self.malloc) / 64).min(GROWTH / 8)
    }
}

impl Heap {
    /// From now on the program may have `all` bytes, of them so many by `malloc`.
    pub fn set_limits(&mut self, all: usize, malloc: usize) {
        let (first_cells, first_malloc) = (self.allocated, memory::balance());
        self.limits = Limits { all, malloc, first_cells, first_malloc, ..self.limits };
        self.plan();
    }

    /// The machine itself needs so much more: compiled code and what describes it. That is not the program's.
    pub fn allow(&self, bytes: usize) {
        self.own.set(self.own.get() + bytes);
    }

    /// Bytes of cells and malloc memory in use.
    pub fn held_bytes(&self) -> usize {
        self.allocated + memory::balance()
    }

    fn room_for_cells(&self) -> usize {
        self.limits.cells.saturating_sub(self.allocated)
    }

    /// Bytes that the program may still ask malloc for.
    pub fn room(&self) -> usize {
        let limits = &self.limits;
        let malloc = memory::balance().saturating_sub(limits.first_malloc);
        let cells = self.allocated.saturating_sub(limits.first_cells);
        let all = limits.all.saturating_add(self.own.get()).saturating_sub(malloc + cells);
        all.min(limits.malloc.saturating_sub(malloc))
    }

    /// There is none left, or nearly.
    pub fn is_full(&self) -> bool {
        self.room().min(self.room_for_cells()) < self.limits.margin()
    }

    /// The next collection is due now.
    pub fn collect_soon(&mut self) {
        self.due_at = 0;
        self.rearm();
    }

    /// Decides when the next collection is due, and has malloc watched for that.
    pub(super) fn plan(&mut self) {
        let malloc = memory::balance();
        let wanted = GROWTH.max(self.allocated).max(malloc / 2);
        let room = self.room().min(self.room_for_cells());
        let growth = wanted.min(room / 2).max(self.limits.margin()).max(MIN_GROWTH);
        self.due_at = self.allocated + growth;
        self.malloc_due_at = malloc + growth;
        memory::set_alarm(self.malloc_due_at);
    }
}

/// No collection is worth less.
const MIN_GROWTH: usize = 32 << 10;
