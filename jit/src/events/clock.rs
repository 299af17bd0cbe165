//! How long a tick is.

use std::time::{Duration, Instant};

use crate::codegen::now;

/// How long the first measurement takes; a log whose process is killed has no better one.
const FIRST: Duration = Duration::from_millis(1);

/// Ticks measured against the system's clock.
#[derive(Clone, Debug)]
pub struct Clock {
    start: Instant,
    start_ticks: u64,
    hz: u64,
}

impl Clock {
    pub fn start() -> Clock {
        let mut clock = Clock { start: Instant::now(), start_ticks: now(), hz: 1 };
        while clock.start.elapsed() < FIRST {
            std::hint::spin_loop();
        }
        clock.measure();
        clock
    }

    /// Ticks per second, as measured last.
    pub fn hz(&self) -> u64 {
        self.hz
    }

    /// The stamp at which the clock was started.
    pub fn started(&self) -> u64 {
        self.start_ticks
    }

    /// Measures again, over all the time since the start.
    pub fn measure(&mut self) {
        let seconds = self.start.elapsed().as_secs_f64();
        let ticks = now().saturating_sub(self.start_ticks);
        self.hz = ((ticks as f64 / seconds) as u64).max(1);
    }

    pub fn seconds(&self, ticks: u64) -> f64 {
        ticks as f64 / self.hz as f64
    }

    pub fn nanoseconds(&self, ticks: u64) -> u64 {
        (u128::from(ticks) * 1_000_000_000 / u128::from(self.hz)) as u64
    }

    /// At least one.
    pub fn ticks(&self, nanoseconds: u64) -> u64 {
        (self.hz.saturating_mul(nanoseconds) / 1_000_000_000).max(1)
    }
}
