//! How long a thread could have run while others had its processor: the system counts that, where it can.
//!
//! Without it, a program that sleeps cannot be told from one that its neighbours keep from running.

use std::fs::File;
use std::os::unix::fs::FileExt;

/// A thread's place in the system's queue.
pub struct Queue {
    statistics: Option<File>,
    last: Option<u64>,
}

impl Queue {
    /// Of the thread that asks; others may read it.
    pub fn of_this_thread() -> Queue {
        let mut queue = Queue { statistics: File::open("/proc/thread-self/schedstat").ok(), last: None };
        queue.last = queue.nanoseconds();
        queue
    }

    /// Nanoseconds in the queue since the last time that somebody asked.
    pub fn delayed(&mut self) -> Option<u64> {
        let now = self.nanoseconds()?;
        let last = self.last.replace(now)?;
        Some(now.saturating_sub(last))
    }

    /// `RUNNING DELAYED TIMES`
    fn nanoseconds(&self) -> Option<u64> {
        let mut text = [0; 96];
        let length = self.statistics.as_ref()?.read_at(&mut text, 0).ok()?;
        std::str::from_utf8(&text[..length]).ok()?.split_whitespace().nth(1)?.parse().ok()
    }
}
