//! The processor's clock beside the kernel's: both run evenly, so two looks at both tell one from the other.

use crate::os;
use rustix::time::{ClockId, clock_gettime};

/// Two looks at both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    first: (u64, u64),
    last: (u64, u64),
}

impl Clock {
    pub(crate) fn start() -> Clock {
        let now = both();
        Clock { first: now, last: now }
    }

    pub(crate) fn stop(&mut self) {
        self.last = both();
    }

    /// Ticks at the first look.
    pub fn first(&self) -> u64 {
        self.first.0
    }

    /// Ticks at the last one.
    pub fn last(&self) -> u64 {
        self.last.0
    }

    /// Ticks in a second.
    pub fn hz(&self) -> u64 {
        (self.rate() * 1e9).round() as u64
    }

    /// The stamp at a time of the kernel's clock.
    pub(crate) fn stamp(&self, nanoseconds: u64) -> u64 {
        let since = nanoseconds as f64 - self.first.1 as f64;
        (self.first.0 as f64 + since * self.rate()).max(0.0) as u64
    }

    /// A length of time, in ticks.
    pub(crate) fn ticks(&self, nanoseconds: u64) -> u64 {
        (nanoseconds as f64 * self.rate()) as u64
    }

    fn rate(&self) -> f64 {
        let (ticks, nanoseconds) = (self.last.0 - self.first.0, self.last.1 - self.first.1);
        if nanoseconds == 0 { 1.0 } else { ticks as f64 / nanoseconds as f64 }
    }
}

/// The kernel's clock that nobody adjusts.
pub(crate) fn nanoseconds() -> u64 {
    let now = clock_gettime(ClockId::MonotonicRaw);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// Both at the same time: of several looks, the one that took least.
fn both() -> (u64, u64) {
    let look = |_| {
        let (before, nanoseconds, after) = (os::ticks(), nanoseconds(), os::ticks());
        (after.wrapping_sub(before), (before / 2 + after / 2, nanoseconds))
    };
    (0..8).map(look).min_by_key(|(took, _)| *took).map_or((0, 0), |(_, both)| both)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_lie_on_the_line_through_both_looks() {
        let clock = Clock { first: (1000, 500), last: (4000, 1500) };
        assert_eq!((clock.hz(), clock.ticks(10)), (3_000_000_000, 30));
        assert_eq!([500, 501, 1500, 0].map(|at| clock.stamp(at)), [1000, 1003, 4000, 0]);
    }
}
