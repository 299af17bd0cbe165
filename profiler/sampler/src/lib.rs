//! Where the threads of a program are, many times a second of their running, seen from outside.
//!
//! ```text
//!                        ┌─ events: the kernel's clock event, if it may be opened ─┐
//! program ─ processes ───┼─ program: perf, if it may                               ├─► Threads ─► samples
//!            threads     └─ stops: each thread is stopped for a moment, as a       ┘      ▲
//!                           debugger would                                              Spaces: who called
//! ```
//!
//! * **A sample** says where a thread was, which machine code of no file called that (the JIT's, of which nobody but its
//!   log knows what it is), how long the thread has run since the sample before, and how long others kept it from
//!   running. So what stands between two samples of a thread is known exactly: it ran, waited for a processor, or slept.
//! * **Callers** are found by the tables that every library carries for exceptions, from a copy of the stack's end. The
//!   search ends at the first address that belongs to no file.
//! * **Times** are ticks of the processor's clock, which is what logs of RPython programs have for stamps.

mod clock;
mod events;
mod os;
mod program;
mod record;
mod spaces;
mod stops;
mod threads;

pub use clock::Clock;
use events::Events;
use program::Program;
use rustc_hash::FxHashMap;
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use stops::Stops;

/// Bytes of a stack that are looked at for callers.
const STACK: usize = 8192;

/// Where a thread was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub thread: u32,
    /// Ticks.
    pub at: u64,
    /// Ticks since the sample before in which it ran.
    pub ran: u64,
    /// Ticks since then in which others kept it from running.
    pub delayed: u64,
    pub address: u64,
    /// The innermost caller that is in no file.
    pub caller: Option<u64>,
}

/// What was seen of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Whose copy it is, if it runs the same program.
    pub parent: Option<u32>,
    /// Ticks.
    pub start: u64,
    pub end: u64,
    /// In the order of their times.
    pub samples: Vec<Sample>,
}

/// What was seen of a program.
#[derive(Debug)]
pub struct Seen {
    pub status: ExitStatus,
    pub clock: Clock,
    /// Processes by number.
    pub processes: FxHashMap<u32, Process>,
    /// Samples that came too fast to be kept.
    pub lost: u64,
}

/// How samples are taken.
#[derive(Debug)]
pub enum Sampler {
    /// By the kernel.
    Events(Box<Events>),
    /// By `perf`.
    Program(Program),
    /// By stopping threads for a moment.
    Stops(Box<Stops>),
    /// Not at all.
    Nothing,
}

impl Sampler {
    /// The kernel's samples, `hz` in a second of running. Has to be made by the thread that starts the program, before
    /// it does.
    pub fn events(hz: u32) -> io::Result<Sampler> {
        Ok(Sampler::Events(Box::new(Events::open(hz)?)))
    }

    /// Samples by `perf`, whose file will lie in that directory.
    pub fn perf(hz: u32, directory: &Path) -> io::Result<Sampler> {
        Ok(Sampler::Program(Program::new(hz, directory)?))
    }

    /// Samples by stopping the program.
    pub fn stops(hz: u32) -> Sampler {
        Sampler::Stops(Box::new(Stops::new(hz)))
    }

    /// How the program is to be started.
    pub fn command(&self, program: &str) -> Command {
        match self {
            Sampler::Program(perf) => {
                let mut command = perf.command();
                command.arg(program);
                command
            }
            Sampler::Events(_) | Sampler::Stops(_) | Sampler::Nothing => Command::new(program),
        }
    }

    /// Watches a program that was just started by this thread until it has ended. Samplers that cannot begin leave it alone,
    /// which the second value is about.
    pub fn watch(self, child: Child) -> io::Result<(Seen, Option<io::Error>)> {
        let clock = Clock::start();
        match self {
            Sampler::Events(events) => Ok((events.watch(child, clock)?, None)),
            Sampler::Program(perf) => Ok((perf.watch(child, clock)?, None)),
            Sampler::Stops(stops) => stops.watch(child, clock),
            Sampler::Nothing => Ok((just_wait(child, clock)?, None)),
        }
    }
}

/// Waits for the program and says when it ran.
fn just_wait(mut child: Child, mut clock: Clock) -> io::Result<Seen> {
    let pid = child.id();
    let status = child.wait()?;
    clock.stop();
    let process = Process { start: clock.first(), end: clock.last(), ..Process::default() };
    let processes = std::iter::once((pid, process)).collect();
    Ok(Seen { status, clock, processes, lost: 0 })
}
