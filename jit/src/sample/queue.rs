//! How long a thread could have run while others had its processor: the system counts that, where it can.
//!
//! Without it, a program that sleeps cannot be told from one that its neighbours keep from running. The system's queue is
//! not all: interrupts, and what a host takes from a virtual machine, are in no queue and in no thread's time. But a
//! thread that has not gone to sleep has not slept: where it did not give its processor away, and was not asleep before,
//! all the time in which it did not run was taken from it.

use std::fs::File;
use std::os::unix::fs::FileExt;

/// A thread's place in the system's queue.
pub struct Queue {
    statistics: Option<File>,
    status: Option<File>,
    delayed: Option<u64>,
    state: Option<State>,
}

/// What a thread has done so far.
#[derive(Clone, Copy)]
struct State {
    is_asleep: bool,
    /// How often it gave its processor away.
    switches: u64,
}

impl Queue {
    /// Of the thread that asks; others may read it.
    pub fn of_this_thread() -> Queue {
        let open = |name: &str| File::open(format!("/proc/thread-self/{name}")).ok();
        let (statistics, status) = (open("schedstat"), open("status"));
        let mut queue = Queue { statistics, status, delayed: None, state: None };
        (queue.delayed, queue.state) = (queue.nanoseconds(), queue.state());
        queue
    }

    /// Nanoseconds that were taken from it since the last time that somebody asked, of so many in which it did not run.
    pub fn delayed(&mut self, not_running: u64) -> Option<u64> {
        let now = self.nanoseconds()?;
        let queued = now.saturating_sub(self.delayed.replace(now)?);
        let state = self.state();
        let before = std::mem::replace(&mut self.state, state);
        let slept = match (before, state) {
            (Some(before), Some(now)) => before.is_asleep || before.switches != now.switches,
            _ => true,
        };
        Some(if slept { queued.min(not_running) } else { not_running })
    }

    /// `RUNNING DELAYED TIMES`
    fn nanoseconds(&self) -> Option<u64> {
        let mut text = [0; 96];
        let length = self.statistics.as_ref()?.read_at(&mut text, 0).ok()?;
        std::str::from_utf8(&text[..length]).ok()?.split_whitespace().nth(1)?.parse().ok()
    }

    /// Lines of `KEY:`, a tab and a value.
    fn state(&self) -> Option<State> {
        let mut text = [0; 4096];
        let length = self.status.as_ref()?.read_at(&mut text, 0).ok()?;
        let text = std::str::from_utf8(&text[..length]).ok()?;
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
        let switches = value("voluntary_ctxt_switches:")?.parse().ok()?;
        Some(State { is_asleep: !value("State:")?.starts_with('R'), switches })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_sleeps_is_not_kept_from_running() {
        let mut queue = Queue::of_this_thread();
        if queue.nanoseconds().is_none() || queue.state().is_none() {
            // The system does not count.
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert!(queue.delayed(u64::MAX).is_some_and(|delayed| delayed < u64::MAX));
        assert_eq!(queue.state().map(|state| state.is_asleep), Some(false));
    }
}
