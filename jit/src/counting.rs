//! The interpreter's instantiation while the JIT is on: counts back-edges and function entries.
//!
//! ```text
//!            below threshold            compiled
//!   Cold ───────────────────► Hot ───────────────► Compiled ──► (invalidated) ──► Cold
//!    ▲                         ├── aborted: waits twice as long as the last time
//!    └─────────────────────────┘   aborted too often ──► Dead
//! ```
//!
//! Counters are found by bytecode address in a direct-mapped table; a place that collides with another one evicts
//! it, unless that one is compiled.

use std::cell::Cell;

use vm::interp::frame::Regs;
use vm::interp::hooks::Hooks;
use vm::interp::tracing::tells_calls_only;
use vm::vm::Vm;

use crate::sample::is_at;

const SIZE: usize = 1 << 13;

/// Why the counting interpreter stopped.
#[derive(Clone, Copy, Debug)]
pub enum Hot {
    /// This place (a loop header, or a function's first instruction) reached the threshold.
    Record { place: *const u8, is_function: bool },
    /// Compiled code for this place exists: its entry's number.
    Enter { entry: u32 },
    /// There is something to trace.
    Trace,
}

#[derive(Clone, Copy)]
struct Line {
    place: *const u8,
    /// Below 0 where a place has to wait longer than usual.
    count: i32,
    /// Number of the entry plus 1; 0 if there is none.
    entry: u32,
}

/// The table of counters.
pub struct Counters {
    lines: Box<[Cell<Line>]>,
    /// At most `i32::MAX`.
    threshold: u32,
}

const DEAD: i32 = i32::MIN;

impl Counters {
    pub fn new(threshold: u32) -> Counters {
        let empty = Cell::new(Line { place: std::ptr::null(), count: 0, entry: 0 });
        Counters {
            lines: vec![empty; SIZE].into_boxed_slice(),
            threshold: threshold.min(i32::MAX as u32 - 1),
        }
    }

    #[inline(always)]
    fn line(&self, place: *const u8) -> &Cell<Line> {
        let hash = (place as usize).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        &self.lines[hash & (SIZE - 1)]
    }

    #[inline(always)]
    fn count(&self, place: *const u8, is_function: bool) -> Option<Hot> {
        let cell = self.line(place);
        let mut line = cell.get();
        if line.place != place {
            if line.entry == 0 {
                cell.set(Line { place, count: 1, entry: 0 });
            }
            return None;
        }
        if line.entry != 0 {
            return Some(Hot::Enter { entry: line.entry - 1 });
        }
        if line.count == DEAD {
            return None;
        }
        line.count += 1;
        cell.set(line);
        (line.count > self.threshold as i32).then_some(Hot::Record { place, is_function })
    }

    /// The entry of this place, if it has compiled code.
    #[inline(always)]
    pub fn entry(&self, place: *const u8) -> Option<u32> {
        let line = self.line(place).get();
        (line.place == place).then(|| line.entry.checked_sub(1)).flatten()
    }

    /// From now on this place has compiled code.
    pub fn set_entry(&self, place: *const u8, entry: u32) {
        self.line(place).set(Line { place, count: 0, entry: entry + 1 });
    }

    /// Starts counting anew, `remaining` back-edges before the threshold.
    pub fn reset(&self, place: *const u8, remaining: u32) {
        let count = (i64::from(self.threshold) - i64::from(remaining)).max(i64::from(DEAD) + 1) as i32;
        self.line(place).set(Line { place, count, entry: 0 });
    }

    /// Never again.
    pub fn kill(&self, place: *const u8) {
        self.line(place).set(Line { place, count: DEAD, entry: 0 });
    }

    /// [`Counters::kill`] was called for it.
    pub fn is_dead(&self, place: *const u8) -> bool {
        let line = self.line(place).get();
        line.place == place && line.count == DEAD
    }

    /// A function is about to run its first instruction, without an `entered` observation.
    pub fn function_entry(&self, place: *const u8) -> Option<Hot> {
        self.count(place, true)
    }
}

/// The hooks. With `FOLLOW`, whoever samples the program sees where it is.
pub struct Counting<'a, const FOLLOW: bool> {
    pub counters: &'a Counters,
}

impl<const FOLLOW: bool> Hooks for Counting<'_, FOLLOW> {
    type Exit = Hot;
    const OBSERVES: bool = false;
    const FOLLOWS: bool = FOLLOW;

    #[inline(always)]
    fn at(&mut self, ip: *const u8) {
        is_at(ip);
    }

    fn switch() -> Hot {
        Hot::Trace
    }

    #[inline(always)]
    fn back_edge(&mut self, _vm: &mut Vm, _regs: &Regs, target: *const u8) -> Option<Hot> {
        self.counters.count(target, false)
    }

    #[inline(always)]
    fn entered(&mut self, _vm: &mut Vm, regs: &Regs) -> Option<Hot> {
        self.counters.count(regs.ip, true)
    }
}

/// The hooks while callbacks are told what happens. What has nothing to tell but calls is counted, and compiled: see
/// `Engine::run_traced`.
pub struct Telling<'a> {
    pub counters: &'a Counters,
}

impl Hooks for Telling<'_> {
    type Exit = Hot;
    const OBSERVES: bool = false;
    const TRACES: bool = true;

    fn switch() -> Hot {
        Hot::Trace
    }

    #[inline(always)]
    fn back_edge(&mut self, vm: &mut Vm, _regs: &Regs, target: *const u8) -> Option<Hot> {
        if tells_calls_only(vm) { self.counters.count(target, false) } else { None }
    }

    #[inline(always)]
    fn entered(&mut self, vm: &mut Vm, regs: &Regs) -> Option<Hot> {
        if tells_calls_only(vm) { self.counters.count(regs.ip, true) } else { None }
    }
}
