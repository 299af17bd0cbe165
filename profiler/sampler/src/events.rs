//! Samples by the kernel's clock event.
//!
//! There is an event for each processor, because only those can be inherited by threads and children. They are opened
//! for the thread that will start the program, asleep, and wake when the program begins: so nothing of the recorder itself
//! is counted, and the program need not wait to be watched. Records of several processors are put in order by their times.

use crate::Seen;
use crate::clock::{Clock, nanoseconds};
use crate::os::Ring;
use crate::record::{Record, records};
use crate::threads::Threads;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::io;
use std::process::{Child, ExitStatus};

/// How late a record may come, in nanoseconds.
const LATE: u64 = 2_000_000;
/// How long nobody looks at the rings, at most.
const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// The events of all processors.
#[derive(Debug)]
pub struct Events {
    rings: Vec<Ring>,
    bytes: Vec<u8>,
    /// Taken from the rings, and not in order yet.
    waiting: Vec<Record>,
    threads: Threads,
}

impl Events {
    pub(crate) fn open(hz: u32) -> io::Result<Events> {
        let period = 1_000_000_000 / u64::from(hz.max(1));
        // What happens in the kernel is not everybody's to see.
        let rings = rings(period, true).or_else(|_| rings(period, false))?;
        Ok(Events { rings, bytes: Vec::new(), waiting: Vec::new(), threads: Threads::default() })
    }

    pub(crate) fn watch(mut self, mut child: Child, mut clock: Clock) -> io::Result<Seen> {
        let ended = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let ended = ended.map(|pid| pidfd_open(pid, PidfdFlags::empty())).transpose()?;
        let status = loop {
            self.wait(ended.as_ref())?;
            let now = nanoseconds();
            let status = child.try_wait()?;
            self.take(if status.is_some() { u64::MAX } else { now - LATE });
            if let Some(status) = status {
                break status;
            }
        };
        clock.stop();
        Ok(self.finish(status, clock))
    }

    fn finish(self, status: ExitStatus, clock: Clock) -> Seen {
        let lost = self.threads.lost;
        Seen { status, clock, processes: self.threads.finish(&clock), lost }
    }

    /// Until there is something to take, or the program has ended.
    fn wait(&self, ended: Option<&OwnedFd>) -> io::Result<()> {
        let files = self.rings.iter().map(Ring::file).chain(ended);
        let mut files: Vec<PollFd<'_>> = files.map(|file| PollFd::new(file, PollFlags::IN)).collect();
        match poll(&mut files, Some(&PATIENCE)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes what was written, and goes through all that happened before then.
    fn take(&mut self, until: u64) {
        for ring in &mut self.rings {
            self.bytes.clear();
            ring.take(&mut self.bytes);
            records(&self.bytes, &mut self.waiting);
        }
        self.waiting.sort_by_key(|record| record.at);
        let ready = self.waiting.partition_point(|record| record.at <= until);
        for record in self.waiting.drain(..ready) {
            self.threads.take(&record);
        }
    }
}

fn rings(period: u64, kernel: bool) -> io::Result<Vec<Ring>> {
    let mut rings = Vec::new();
    for processor in 0..processors() {
        match Ring::open(processor, period, kernel) {
            Ok(ring) => rings.push(ring),
            // It is switched off.
            Err(error) if error.raw_os_error() == Some(libc::ENODEV) => {}
            Err(error) => return Err(error),
        }
    }
    if rings.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(rings) }
}

/// Processors are numbered below that; some may be switched off.
fn processors() -> usize {
    let possible = std::fs::read_to_string("/sys/devices/system/cpu/possible").unwrap_or_default();
    let last = possible.trim().rsplit(['-', ',']).next().and_then(|last| last.parse::<usize>().ok());
    last.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), |last| last + 1)
}
