//! Counting inputs: how many, the slowest, and how much memory they took.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use crate::Random;

/// What was tried so far. `LOOPSCOPE_FUZZ` says how many inputs, `LOOPSCOPE_FUZZ_SEED` which.
pub struct Tally {
    name: &'static str,
    seed: u64,
    wanted: u64,
    inputs: u64,
    bytes: u64,
    /// What took longest, and which input it was.
    slowest: (Duration, u64),
    start: Instant,
    /// Kilobytes after the first inputs, when what is made once is there.
    settled: Option<u64>,
}

/// Inputs after which memory is looked at.
const SETTLING: u64 = 1000;

impl Tally {
    /// A run of `inputs`, if nobody asks for others.
    pub fn new(name: &'static str, inputs: u64) -> Tally {
        Tally {
            name,
            seed: variable("LOOPSCOPE_FUZZ_SEED").unwrap_or(1),
            wanted: variable("LOOPSCOPE_FUZZ").unwrap_or(inputs),
            inputs: 0,
            bytes: 0,
            slowest: (Duration::ZERO, 0),
            start: Instant::now(),
            settled: None,
        }
    }

    /// The numbers of this run.
    pub fn random(&self) -> Random {
        Random::new(self.seed)
    }

    /// Is there another input to try?
    pub fn another(&mut self) -> bool {
        self.inputs += 1;
        if self.inputs == SETTLING {
            self.settled = memory("VmHWM:");
        }
        self.inputs <= self.wanted
    }

    /// Tries an input, and panics with it if it takes too long or panics itself.
    pub fn took(&mut self, input: &[u8], patience: Duration, run: impl FnOnce(&[u8])) {
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| run(input)));
        let took = start.elapsed();
        self.slowest = self.slowest.max((took, self.inputs));
        self.bytes += input.len() as u64;
        if let Err(panic) = outcome {
            println!("input {} of seed {}: \"{}\"", self.inputs, self.seed, input.escape_ascii());
            resume_unwind(panic);
        }
        assert!(took < patience, "took {took:?}: \"{}\"", input.escape_ascii());
    }

    /// Says what was tried. Panics if the process grew by more than so many kilobytes.
    pub fn finish(self, growth: u64) {
        let (settled, most) = (self.settled.unwrap_or_default(), memory("VmHWM:").unwrap_or_default());
        println!(
            "{}: {} inputs of seed {}, {} MB, in {:.0} s; the slowest ({}) took {:.1?}; memory {settled} kB after the first \
             {SETTLING}, {most} kB at most",
            self.name,
            self.wanted,
            self.seed,
            self.bytes / 1_000_000,
            self.start.elapsed().as_secs_f64(),
            self.slowest.1,
            self.slowest.0,
        );
        assert!(self.settled.is_none_or(|settled| most < settled + growth), "memory grew");
    }
}

/// A number of kilobytes that Linux tells about this process, by its name in `/proc/self/status`.
pub fn memory(what: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix(what)?.split_whitespace().next()?.parse().ok())
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
