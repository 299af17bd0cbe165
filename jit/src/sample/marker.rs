//! The marker: one word that says what runs now.
//!
//! ```text
//!   31..0   owner: a loop's or an entry's number, a bridge's guard with the top bit set, or a phase
//!   63..32  detail: of a trace, the runtime function it has called; of the interpreter, the guard that was left; with the
//!           top bit set, of a trace that waits for the interpreter, which it has called, the guard that was left there
//! ```
//!
//! There is one marker in the process, as there is one request for the interpreter's attention: one machine runs at a
//! time. Storing is relaxed, because a reader that sees it some nanoseconds late sees as much of the next as it misses of
//! this one. The marker lies in the context of machine code, which has that in a register.
#![expect(unsafe_code, reason = "the marker may lie in memory that machine code shares")]

use std::fmt;
use std::mem::offset_of;
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, Ordering};

use super::helper::INTERPRETER;

/// A cache line of its own: whoever reads it costs the writer one miss, and nothing else.
#[repr(C, align(64))]
pub struct Line {
    word: AtomicU64,
    /// Not 0 while transitions are recorded; machine code tests it.
    window: AtomicU8,
    /// When it is to be opened again.
    opens_at: AtomicU64,
}

/// Where the marker is while no machine code is there that has one at hand.
static REST: Line = Line::at_rest();
static LINE: AtomicPtr<Line> = AtomicPtr::new((&raw const REST).cast_mut());

impl Line {
    pub const fn at_rest() -> Line {
        Line {
            word: AtomicU64::new(Phase::Interpreter.word()),
            window: AtomicU8::new(0),
            opens_at: AtomicU64::new(u64::MAX),
        }
    }
}

/// From now on the marker is here, where machine code finds it without an address.
pub fn move_to(to: &'static Line) {
    let from = line();
    to.word.store(from.word.load(Ordering::Relaxed), Ordering::Relaxed);
    to.window.store(from.window.load(Ordering::Relaxed), Ordering::Relaxed);
    to.opens_at.store(from.opens_at.load(Ordering::Relaxed), Ordering::Relaxed);
    LINE.store((&raw const *to).cast_mut(), Ordering::Release);
}

#[inline(always)]
fn line() -> &'static Line {
    // SAFETY: it points to a static, or to what was handed over as such.
    unsafe { &*LINE.load(Ordering::Relaxed) }
}

/// The instruction that the interpreter runs, where it is followed; a line of its own, because it changes all the time.
#[repr(align(64))]
struct Here(AtomicPtr<u8>);

static HERE: Here = Here(AtomicPtr::new(std::ptr::null_mut()));

/// The interpreter comes to this instruction.
#[inline(always)]
pub fn is_at(ip: *const u8) {
    HERE.0.store(ip.cast_mut(), Ordering::Relaxed);
}

/// Address of the instruction that the interpreter ran last.
pub fn here() -> usize {
    HERE.0.load(Ordering::Relaxed).addr()
}

/// Where in the line machine code finds the word, its upper half, and the switch.
pub const WORD: i32 = offset_of!(Line, word) as i32;
pub const DETAIL: i32 = WORD + 4;
pub const WINDOW: i32 = offset_of!(Line, window) as i32;

/// Are transitions recorded?
#[inline(always)]
pub fn is_window_open() -> bool {
    line().window.load(Ordering::Relaxed) != 0
}

/// Opens or closes the window, for good.
pub fn open_window(open: bool) {
    line().opens_at.store(u64::MAX, Ordering::Relaxed);
    line().window.store(u8::from(open), Ordering::Relaxed);
}

/// Lets [`open_if_due`] open the window, from then on.
pub fn open_window_at(at: u64) {
    line().opens_at.store(at, Ordering::Relaxed);
}

/// Opens the window if it is time.
pub fn open_if_due(now: u64) {
    if now >= line().opens_at.load(Ordering::Relaxed) {
        open_window(true);
    }
}

/// Bridges are told from loops by this bit of the owner.
const BRIDGE: u32 = 1 << 31;
/// Owners from here on are phases; guards are never so many.
const PHASES: u32 = u32::MAX - 15;

/// In a trace's detail: the interpreter runs, because the trace's code, or something that it called, has called it.
const INTERPRETED: u32 = 1 << 31;

/// What runs if it is no trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Phase {
    Interpreter,
    Tracing,
    Optimize,
    Backend,
    Gc,
    /// Text is made for the log.
    Log,
}

impl Phase {
    const ALL: [Phase; 6] =
        [Phase::Interpreter, Phase::Tracing, Phase::Optimize, Phase::Backend, Phase::Gc, Phase::Log];

    const fn word(self) -> u64 {
        (PHASES + self as u32) as u64
    }

    fn name(self) -> &'static str {
        match self {
            Phase::Interpreter => "interpreter",
            Phase::Tracing => "tracing",
            Phase::Optimize => "optimize",
            Phase::Backend => "backend",
            Phase::Gc => "gc",
            Phase::Log => "log",
        }
    }
}

/// A value of the marker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Mark(pub u64);

/// Machine code of the loop or entry with this number.
pub fn of_loop(number: u32) -> Mark {
    Mark(u64::from(number))
}

/// Machine code of the bridge from the guard with this number.
pub fn of_bridge(guard: u32) -> Mark {
    Mark(u64::from(guard | BRIDGE))
}

/// The interpreter, which goes on where guard `guard` has left machine code; 0 if none has. Machine code of `caller`, if
/// there is one, waits for it: what code calls is a part of its time.
pub fn resumed_after(guard: u32, caller: Option<u32>) -> Mark {
    match caller {
        None => Mark(Phase::Interpreter.word() | u64::from(guard) << 32),
        Some(owner) => Mark(u64::from(owner) | u64::from(guard | INTERPRETED) << 32),
    }
}

impl Mark {
    pub fn now() -> Mark {
        Mark(line().word.load(Ordering::Relaxed))
    }

    pub fn is_interpreter(self) -> bool {
        self.owner() == Phase::Interpreter.word() as u32 || self.waits_for_interpreter()
    }

    /// A trace's code runs, or a runtime function that it has called.
    pub fn is_code(self) -> bool {
        self.owner() < PHASES && !self.waits_for_interpreter()
    }

    /// The trace whose code runs or waits.
    pub fn trace(self) -> Option<u32> {
        Some(self.owner()).filter(|owner| *owner < PHASES)
    }

    /// Of the interpreter, the guard that was left; 0 if none was.
    pub fn left(self) -> u32 {
        self.detail() & !INTERPRETED
    }

    /// The same as a sum has it: the interpreter is one more function that a trace has called.
    pub fn summed(self) -> Mark {
        let called = Mark(u64::from(self.owner()) | u64::from(INTERPRETER) << 32);
        if self.waits_for_interpreter() { called } else { self }
    }

    fn waits_for_interpreter(self) -> bool {
        self.owner() < PHASES && self.detail() & INTERPRETED != 0
    }

    /// Of a bridge, the guard.
    pub fn guard(self) -> Option<u32> {
        (BRIDGE..PHASES).contains(&self.owner()).then_some(self.owner() & !BRIDGE)
    }

    /// Of a loop or an entry, its number.
    pub fn number(self) -> u32 {
        self.owner()
    }

    /// Its lower half.
    pub fn owner(self) -> u32 {
        self.0 as u32
    }

    /// What it says beyond the owner; 0 if nothing.
    pub fn detail(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// As logs write it.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (owner, detail) = (self.owner(), self.detail());
        match owner {
            PHASES.. => {
                f.write_str(Phase::ALL.get((owner - PHASES) as usize).map_or("?", |phase| phase.name()))?
            }
            BRIDGE.. => write!(f, "bridge0x{:x}", owner & !BRIDGE)?,
            _ => write!(f, "loop{owner}")?,
        }
        match detail {
            0 => Ok(()),
            _ if self.is_code() => write!(f, "/h{detail}"),
            _ => write!(f, "/0x{detail:x}"),
        }
    }
}

/// From now on this runs.
#[inline(always)]
pub fn mark(what: Mark) {
    line().word.store(what.0, Ordering::Relaxed);
}

/// Of what runs, this detail.
#[inline(always)]
pub fn mark_detail(number: u32) {
    let owner = line().word.load(Ordering::Relaxed) as u32;
    mark(Mark(u64::from(owner) | u64::from(number) << 32));
}

/// Puts the marker back when it is dropped.
#[must_use]
pub struct During(Mark);

/// Something runs until the value is dropped; then what ran before goes on.
#[inline(always)]
pub fn during(phase: Phase) -> During {
    let before = Mark::now();
    mark(Mark(phase.word()));
    During(before)
}

impl Drop for During {
    #[inline(always)]
    fn drop(&mut self) {
        mark(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_as_the_log_names_them() {
        let helper = |mark: Mark, number: u64| Mark(mark.0 | number << 32);
        let said = [
            (of_loop(3), "loop3"),
            (helper(of_loop(3), 12), "loop3/h12"),
            (of_bridge(0x1f), "bridge0x1f"),
            (helper(of_bridge(0x1f), 2), "bridge0x1f/h2"),
            (resumed_after(0, None), "interpreter"),
            (resumed_after(0x1f, None), "interpreter/0x1f"),
            (Mark(Phase::Gc.word()), "gc"),
            (Mark(Phase::Log.word()), "log"),
        ];
        for (mark, text) in said {
            assert_eq!(mark.to_string(), text);
        }
        assert!(resumed_after(9, None).is_interpreter() && !of_bridge(9).is_interpreter());
    }

    #[test]
    fn what_code_calls_is_its_own() {
        let mark = resumed_after(0x1f, of_bridge(3).trace());
        assert!(mark.is_interpreter() && !mark.is_code());
        assert_eq!((mark.trace(), mark.left()), (of_bridge(3).trace(), 0x1f));
        assert!(mark.summed().is_code() && mark.summed().detail() == INTERPRETER);
        assert_eq!(resumed_after(0, None).trace(), None);
    }
}
