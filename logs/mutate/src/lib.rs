//! Broken logs, made of good ones: the same in every run.
//!
//! ```text
//! sample ─► some of its lines ─► structure broken ─► bytes broken ─► input
//!            (or all)             (table `BREAKS`)    (`damage`)
//! ```
//!
//! Bytes alone seldom get far: most damage leaves a log of which one line is odd. So sections are torn, swapped, put
//! into each other and written in turns with another log's, lines come twice, and numbers become others of the same
//! log or the ends of what a number can be.
#![forbid(unsafe_code)]

mod breaks;
mod bytes;
mod random;
mod tally;

pub use bytes::damage;
pub use random::Random;
pub use tally::{Tally, memory};

use std::borrow::Cow;

/// A line with its end.
type Line<'a> = Cow<'a, [u8]>;

/// A log, line by line, while it is being broken.
type Lines<'a> = Vec<Line<'a>>;

/// Lines that no break makes a log longer than.
const LONGEST: usize = 2000;

/// The logs that broken ones are made of.
pub struct Corpus<'a> {
    samples: Vec<Vec<&'a [u8]>>,
}

impl<'a> Corpus<'a> {
    /// Of at least one log.
    pub fn new(samples: &[&'a [u8]]) -> Corpus<'a> {
        let lines = |sample: &&'a [u8]| sample.split_inclusive(|&byte| byte == b'\n').collect();
        Corpus { samples: samples.iter().map(lines).collect() }
    }

    /// A broken log of some kilobytes.
    pub fn input(&self, random: &mut Random) -> Vec<u8> {
        let mut lines = self.start(random);
        for _ in 0..random.below(5) {
            let (_, broken) = breaks::BREAKS[random.below(breaks::BREAKS.len())];
            if lines.len() < LONGEST {
                broken(&mut lines, self, random);
            }
        }
        let mut input = lines.concat();
        for _ in 0..random.below(5) {
            damage(&mut input, random);
        }
        input
    }

    /// A whole sample, or a few lines of one.
    fn start(&self, random: &mut Random) -> Lines<'a> {
        let sample = self.sample(random);
        if random.below(2) == 0 {
            return sample.iter().map(|line| Cow::Borrowed(*line)).collect();
        }
        let from = random.below(sample.len());
        let to = (from + random.below(40)).min(sample.len());
        sample[from..to].iter().map(|line| Cow::Borrowed(*line)).collect()
    }

    fn sample(&self, random: &mut Random) -> &[&'a [u8]] {
        &self.samples[random.below(self.samples.len())]
    }
}
