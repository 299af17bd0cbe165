//! What runs, as seen from outside: a word that says it, and a thread that reads that word.
//!
//! ```text
//!   machine code, runtime calls, interpreter, recorder, optimiser, backend, collector
//!        │ one store where each begins, and where it goes on
//!        ▼
//!     marker ◄── 4,000 times a second ─── poller ──► sums per slice of time ──► log
//!                                           ▲
//!   timer signal: addresses ──► ring ───────┘
//! ```
//!
//! A stamp at each transition changes what it measures, because a transition may be 5 ns from the next. A store does
//! not, and who reads it runs on another core. So time comes from samples, and each number has an error that can be
//! computed. Whether the program runs or waits is no sample: its thread's CPU clock tells.

mod cost;
mod helper;
mod marker;
mod os;
mod poller;
mod queue;
mod sums;

use std::ops::Range;
use std::sync::{Arc, PoisonError};

use rustc_hash::FxHashMap;

pub use cost::Calibration;
pub use helper::{Helpers, is_named_by_operands, name_of_native, name_of_operation, number_of_operation};
pub use marker::{
    DETAIL, During, Line, Mark, Phase, WINDOW, WORD, during, is_at, is_window_open, mark, mark_detail,
    move_to, of_bridge, of_loop, open_window, open_window_at, resumed_after,
};
pub use os::{CpuClock, own_nanoseconds};
pub use poller::Account;
pub use sums::{Place, Seen};

use crate::codegen::now;
use crate::events::Shared;
use os::{Timer, note_processor};
use poller::{AtWork, Looker, Places};
use sums::{Method, Sums};

/// Microseconds of CPU time between two samples of the program counter: a tick of most schedulers.
const TIMER: u64 = 4000;

/// Samples the thread that started it until it is dropped.
pub struct Sampler {
    /// Stopped first.
    timer: Option<Timer>,
    at_work: Option<AtWork>,
    places: Places,
}

impl Sampler {
    /// For a program whose machine code lies in that range. None where a thread has no clock.
    pub fn start(output: &Arc<Shared>, range: Range<usize>) -> Option<Sampler> {
        let thread = CpuClock::of_this_thread()?;
        note_processor();
        let places = Places::default();
        let timer = Timer::start(thread, TIMER);
        let sums = Sums::new(now(), thread.nanoseconds(), range, timer.is_some().then_some(TIMER));
        let looker = Looker::new(thread, output.clone(), sums, TIMER, places.clone());
        let at_work = AtWork::start(looker, Method::Signal(TIMER))?;
        Some(Sampler { timer, at_work: Some(at_work), places })
    }

    /// The program's thread is about to write a log.
    pub fn tend(&mut self) {
        self.at_work.iter_mut().for_each(AtWork::tend);
    }

    /// Where the interpreter was seen since the last time somebody asked.
    pub fn take_places(&self) -> FxHashMap<Place, Seen> {
        std::mem::take(&mut self.places.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Ends it.
    pub fn finish(&mut self) -> Account {
        self.timer = None;
        self.at_work.take().map(AtWork::finish).unwrap_or_default()
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        self.finish();
    }
}
