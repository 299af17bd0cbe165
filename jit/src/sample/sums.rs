//! What has been seen so far: of the slice of time that goes on, and of places and addresses since they were told last.
//!
//! Slices are short at first, and grow with the run: each is a two-hundredth of what has passed, so that a picture of the
//! whole run has the same grain at its end, and a log of an hour is not a thousand times longer than one of seconds. One
//! in which the thread ran and nobody had the time to look goes on until somebody has.

use std::fmt;
use std::hash::Hash;

use logs::section::Section;
use rustc_hash::{FxHashMap, FxHashSet};

use super::helper::name_of_operation;
use super::marker::Mark;
use super::os::{Sample, name_at};
use super::queue::Queue;
use crate::events::{Clock, Output};

/// Nanoseconds of a slice at least, and at most; and which part of the run it is otherwise.
const SHORTEST: u64 = 5_000_000;
const LONGEST: u64 = 1_000_000_000;
const PART: u64 = 200;
/// One look in so many that there should have been is enough.
const ENOUGH: u64 = 4;

/// How samples are taken, and every how many microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// A thread looks at the marker.
    Poll(u64),
    /// A timer on the thread's CPU clock interrupts it.
    Signal(u64),
}

impl Method {
    /// Nanoseconds from one look to the next.
    fn period(self) -> u64 {
        self.parts().1 * 1000
    }

    fn parts(self) -> (&'static str, u64) {
        match self {
            Method::Poll(micros) => ("poll", micros),
            Method::Signal(micros) => ("signal", micros),
        }
    }
}

/// How often something was seen, while the thread ran and while it did not.
#[derive(Clone, Copy, Default)]
pub struct Seen([u64; 2]);

/// Where the interpreter was seen, after which guard's exit, and which trace waits for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    pub address: usize,
    /// 0 if there was no exit.
    pub left: u32,
    pub caller: Option<Mark>,
}

/// See the module's description.
pub struct Sums {
    slice: FxHashMap<Mark, Seen>,
    since: u64,
    /// CPU time of the thread at the slice's start.
    cpu: u64,
    queue: Queue,
    places: FxHashMap<Place, Seen>,
    code: FxHashMap<usize, u64>,
    native: FxHashMap<(String, Mark), u64>,
    told: FxHashSet<u32>,
    /// Where machine code lies.
    range: std::ops::Range<usize>,
    address_method: Option<u64>,
}

impl Sums {
    /// From that stamp and that reading of the thread's clock on. Asked by the thread itself.
    pub fn new(since: u64, cpu: u64, range: std::ops::Range<usize>, address_method: Option<u64>) -> Sums {
        Sums {
            slice: FxHashMap::default(),
            since,
            cpu,
            queue: Queue::of_this_thread(),
            places: FxHashMap::default(),
            code: FxHashMap::default(),
            native: FxHashMap::default(),
            told: FxHashSet::default(),
            range,
            address_method,
        }
    }

    /// The thread was seen, as good as so many times.
    pub fn add(&mut self, mark: Mark, here: usize, is_running: bool, times: u64) {
        count(&mut self.slice, mark.summed(), is_running, times);
        if mark.is_interpreter() && here != 0 {
            let caller = mark.trace().map(|owner| Mark(u64::from(owner)));
            count(&mut self.places, Place { address: here, left: mark.left(), caller }, is_running, times);
        }
    }

    /// Its program counter was.
    pub fn add_address(&mut self, sample: Sample) {
        if self.range.contains(&sample.address) {
            *self.code.entry(sample.address).or_default() += 1;
        } else {
            *self.native.entry((name_at(sample.address), sample.mark.summed())).or_default() += 1;
        }
    }

    /// Has the thread been seen as often in this slice as what it ran asks for? If not, others wanted the processor too,
    /// and it is better to wait than to guess, though not for ever.
    pub fn is_observed(&self, at: u64, cpu: u64, method: Method, clock: &Clock) -> bool {
        let looks: u64 = self.slice.values().map(|seen| seen.0[0]).sum();
        let needed = cpu.saturating_sub(self.cpu) / (ENOUGH * method.period());
        let is_long = at.saturating_sub(self.since) >= clock.ticks(LONGEST);
        is_long || looks > needed || (looks == needed && cpu == self.cpu)
    }

    /// When the slice ends.
    pub fn due(&self, clock: &Clock) -> u64 {
        let run = self.since.saturating_sub(clock.started());
        let length = (run / PART).clamp(clock.ticks(SHORTEST), clock.ticks(LONGEST));
        self.since.saturating_add(length)
    }

    /// Ends the slice, and tells the log of it.
    pub fn end_slice(&mut self, at: u64, cpu: u64, method: Method, output: &mut Output) {
        // The program may have ended before the poller's last slice did.
        let at = at.max(self.since);
        if at == self.since && self.slice.is_empty() {
            return;
        }
        let slice = std::mem::take(&mut self.slice);
        self.tell_names(slice.keys(), output);
        let (since, running) = (self.since, cpu.saturating_sub(self.cpu));
        let length = output.clock.nanoseconds(at.saturating_sub(since));
        let delayed = self.queue.delayed(length.saturating_sub(running));
        (self.since, self.cpu) = (at, cpu);
        let (how, micros) = method.parts();
        output.aside(Section::LoopscopeSamples, |writer| {
            writer.slice(since, at)?;
            writer.method(how, micros)?;
            writer.running(running)?;
            delayed.map_or(Ok(()), |delayed| writer.delayed(delayed))?;
            let mut rows = sorted(slice).into_iter();
            rows.try_for_each(|(mark, Seen([running, waiting]))| writer.looks(mark, running, waiting))
        });
    }

    /// Operations of the runtime that the log does not know yet.
    fn tell_names<'a>(&mut self, marks: impl Iterator<Item = &'a Mark>, output: &mut Output) {
        let numbers = marks.filter(|mark| mark.is_code()).map(|mark| mark.detail());
        let news = numbers.filter(|number| self.told.insert(*number));
        let news: Vec<_> = news.filter_map(|number| Some((number, name_of_operation(number)?))).collect();
        if !news.is_empty() {
            output.aside(Section::LoopscopeHelpers, |writer| {
                news.iter().try_for_each(|(number, name)| writer.helper(*number, name))
            });
        }
    }

    /// Tells the log of the addresses.
    pub fn tell_addresses(&mut self, output: &mut Output) {
        let (code, native) = (std::mem::take(&mut self.code), std::mem::take(&mut self.native));
        if code.is_empty() && native.is_empty() {
            return;
        }
        self.tell_names(native.keys().map(|(_, mark)| mark), output);
        let method = self.address_method.unwrap_or_default();
        output.aside(Section::LoopscopeAddresses, |writer| {
            writer.method("cpu-timer", method)?;
            for (address, count) in sorted(code) {
                writer.code_address(address as u64, count)?;
            }
            let mut rows = sorted(native).into_iter();
            rows.try_for_each(|((name, mark), count)| writer.native_address(&name, mark, count))
        });
    }

    /// Where the interpreter was seen, from now on by somebody else.
    pub fn take_places(&mut self) -> FxHashMap<Place, Seen> {
        std::mem::take(&mut self.places)
    }
}

impl Seen {
    pub fn counts(self) -> (u64, u64) {
        (self.0[0], self.0[1])
    }

    pub fn add(&mut self, other: Seen) {
        self.0[0] += other.0[0];
        self.0[1] += other.0[1];
    }
}

fn count<K: Hash + Eq>(seen: &mut FxHashMap<K, Seen>, key: K, is_running: bool, times: u64) {
    seen.entry(key).or_default().0[usize::from(!is_running)] += times;
}

/// Rows in an order that does not depend on chance.
fn sorted<K: Ord + Hash + Eq, V>(rows: FxHashMap<K, V>) -> Vec<(K, V)> {
    let mut rows: Vec<(K, V)> = rows.into_iter().collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0[0], self.0[1])
    }
}
