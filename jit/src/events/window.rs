//! When transitions are recorded.
//!
//! ```text
//!   window        pause                        window   pause
//!  ├─────────────┼────────────────────────────┼────────┼─────────────── …
//!   enter … exit                               enter … exit
//! ```
//!
//! Recording a transition takes some 20 ns and a hundred bytes of log. Where they are slow enough nobody notices, and the
//! window stays open. Where they are not, it is closed, and later windows are so short and so far between that all of
//! them together are no burden; what is done with the time in between is the samples' business. Whoever takes the
//! samples opens the next window. A window is complete in itself: what runs when it opens is entered, and what runs
//! when it closes is left.

use super::clock::Clock;
use crate::sample::{open_window, open_window_at};

/// Transitions of the first window before it may be closed, and of the others.
const FIRST: u64 = 1 << 12;
const LATER: u64 = 1 << 9;
/// Nanoseconds that a transition may claim: those that follow one another faster close the window.
const EACH: u64 = 100_000;
/// A pause takes at least so many nanoseconds, and at least such a part of the run so far.
const PAUSE: u64 = 200_000_000;
const PART: u64 = 25;

/// The window that is open, or the pause.
#[derive(Debug)]
pub struct Window {
    /// Everything is recorded, whatever it costs.
    all: bool,
    /// When it was opened, if it is open.
    since: Option<u64>,
    /// Events in it.
    events: u64,
    /// When the clock was looked at, how many transitions were to follow before the next look, and how many still are.
    counted_since: u64,
    counted: u64,
    left: u64,
    /// Events of all windows that are closed.
    total: u64,
    pauses: bool,
}

impl Window {
    /// Open from the beginning.
    pub fn new(all: bool, at: u64) -> Window {
        open_window(true);
        Window {
            all,
            since: Some(at),
            events: 0,
            counted_since: at,
            counted: FIRST,
            left: FIRST,
            total: 0,
            pauses: false,
        }
    }

    /// From now on it is never closed.
    pub fn record_all(&mut self) {
        self.all = true;
    }

    pub fn is_open(&self) -> bool {
        self.since.is_some()
    }

    pub fn open(&mut self, at: u64) {
        self.since = Some(at);
        (self.counted_since, self.counted, self.left) = (at, LATER, LATER);
    }

    /// There was a transition, be it recorded or not: it costs as much.
    #[inline(always)]
    pub fn pass(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// An event was recorded.
    #[inline(always)]
    pub fn count(&mut self) {
        self.events += 1;
    }

    /// Is it time to ask whether that goes on?
    #[inline(always)]
    pub fn is_due(&self) -> bool {
        self.left == 0
    }

    /// Have transitions come so fast that the window is to be closed?
    pub fn is_too_fast(&mut self, at: u64, clock: &Clock) -> bool {
        let counted = std::mem::replace(&mut self.counted, LATER);
        let since = std::mem::replace(&mut self.counted_since, at);
        self.left = LATER;
        !self.all && at.saturating_sub(since) < clock.ticks(EACH) * counted
    }

    /// Closes it for a while; when it began and how many events it has.
    pub fn close(&mut self, at: u64, clock: &Clock) -> Option<(u64, u64)> {
        let run = at.saturating_sub(clock.started());
        let closed = self.end();
        open_window_at(at.saturating_add(clock.ticks(PAUSE).max(run / PART)));
        self.pauses = true;
        closed
    }

    /// Closes it for good; when it began and how many events it has, if it was open.
    pub fn end(&mut self) -> Option<(u64, u64)> {
        open_window(false);
        self.total += self.events;
        let events = std::mem::take(&mut self.events);
        self.since.take().map(|since| (since, events))
    }

    /// Events of all windows that are closed.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Is there anything that was not recorded?
    pub fn pauses(&self) -> bool {
        self.pauses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(window: &mut Window) {
        while !window.is_due() {
            window.count();
            window.pass();
        }
    }

    #[test]
    fn a_window_stays_open_while_events_are_slow() {
        let clock = Clock::start();
        let mut window = Window::new(false, 1000);
        fill(&mut window);
        let slow = 1000 + clock.ticks(EACH) * (FIRST + 1);
        assert!(!window.is_too_fast(slow, &clock));
        fill(&mut window);
        assert!(window.is_too_fast(slow + 1, &clock));
        assert_eq!(window.close(slow + 2, &clock), Some((1000, FIRST + LATER)));
        assert!(window.pauses() && window.end().is_none());
    }

    #[test]
    fn all_means_all() {
        let clock = Clock::start();
        let mut window = Window::new(true, 0);
        fill(&mut window);
        assert!(!window.is_too_fast(1, &clock));
        assert_eq!(window.end(), Some((0, FIRST)));
    }
}
