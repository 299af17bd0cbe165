//! Who looks: a thread that reads the marker, or, where it would only take time from the program, one that collects what
//! a timer saw.
//!
//! Looks come at random distances, so that no loop's rhythm can agree with theirs. A look finds the thread running if its
//! CPU clock moves between two readings around it, or if it ran all the time since the last look: then it was running
//! until the look itself took its processor.
//!
//! Where others keep the thread that looks from running, the program runs on. What it did meanwhile the timer's signals
//! have seen, which come by the program's own clock: each then stands for the looks that there should have been from one
//! to the next.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::marker::{Mark, here, open_if_due};
use super::os::{Apart, CpuClock, lost_samples, own_nanoseconds, processors, sleep_precisely, take_sample};
use super::sums::{Method, Place, Seen, Sums};
use crate::codegen::now;
use crate::events::{Clock, Shared};

/// Microseconds between two looks, on average.
const PERIOD: u64 = 250;
/// Microseconds between two collections of what a timer saw.
const COLLECTING: u64 = 20_000;
/// A look that is later than so many periods has missed some.
const LATE: u64 = 10;
/// Nanoseconds after which what was written is to be seen by others.
const PATIENCE: u64 = 250_000_000;

/// Where the interpreter was seen; the program's thread knows what lies there.
pub type Places = Arc<Mutex<FxHashMap<Place, Seen>>>;

/// What looking has come to.
#[derive(Clone, Copy, Default, Debug)]
pub struct Account {
    pub looks: u64,
    pub missed: u64,
    pub addresses: u64,
    pub lost: u64,
    /// CPU time of the thread that looks.
    pub nanoseconds: u64,
    /// How long it takes to get the marker's cache line, and so to get it back, in nanoseconds.
    pub fetching: f64,
}

/// Looks, and keeps the sums.
pub struct Looker {
    thread: CpuClock,
    output: Arc<Shared>,
    clock: Clock,
    sums: Sums,
    method: Method,
    /// Microseconds from one signal of the timer to the next.
    timer: u64,
    places: Places,
    account: Account,
    /// The last look: its stamp, and the thread's clock.
    last: (u64, u64),
    due: u64,
    flushed: u64,
    /// Ticks that reading the marker took, all in all, and at least.
    fetching: (u64, u64),
    random: u64,
}

impl Looker {
    pub fn new(thread: CpuClock, output: Arc<Shared>, sums: Sums, timer: u64, places: Places) -> Looker {
        let clock = output.lock().clock.clone();
        let at = now();
        Looker {
            thread,
            output,
            due: sums.due(&clock),
            clock,
            sums,
            method: Looker::method(processors(), timer),
            timer,
            places,
            account: Account::default(),
            last: (at, thread.nanoseconds()),
            flushed: at,
            fetching: (0, u64::MAX),
            random: at | 1,
        }
    }

    /// How a thread is to look where there are so many processors.
    fn method(processors: usize, timer_micros: u64) -> Method {
        if processors > 1 { Method::Poll(PERIOD) } else { Method::Signal(timer_micros) }
    }

    fn run(mut self, stop: &AtomicBool) -> Looker {
        sleep_precisely();
        let mut apart = Apart::new();
        while !stop.load(Ordering::Relaxed) {
            match self.method {
                Method::Poll(micros) => {
                    std::thread::sleep(self.jittered(micros));
                    apart.iter_mut().for_each(Apart::keep);
                    self.look(micros);
                }
                Method::Signal(_) => {
                    std::thread::park_timeout(Duration::from_micros(COLLECTING));
                    self.collect();
                }
            }
        }
        self
    }

    /// Half as long to one and a half times as long.
    fn jittered(&mut self, micros: u64) -> Duration {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        Duration::from_nanos(micros * 500 + self.random % (micros * 1000))
    }

    fn look(&mut self, micros: u64) {
        let cpu = self.thread.nanoseconds();
        let before = now();
        let mark = Mark::now();
        let at = now();
        let place = here();
        let moves = self.thread.nanoseconds() > cpu;
        let (passed, ran) =
            (self.clock.nanoseconds(at.saturating_sub(self.last.0)), cpu.saturating_sub(self.last.1));
        self.sums.add(mark, place, moves || ran * 10 >= passed * 9, 1);
        self.last = (at, cpu);
        self.account.looks += 1;
        let is_late = passed > LATE * micros * 1000;
        self.account.missed += if is_late { passed / (micros * 1000) - 1 } else { 0 };
        self.take_samples(if is_late { self.timer / micros } else { 0 });
        let fetching = at.saturating_sub(before);
        self.fetching = (self.fetching.0 + fetching, self.fetching.1.min(fetching));
        open_if_due(at);
        self.end_slice_if_due(at, cpu);
    }

    /// Takes what the timer saw.
    pub fn collect(&mut self) {
        let is_all_there_is = matches!(self.method, Method::Signal(_));
        let taken = self.take_samples(u64::from(is_all_there_is));
        self.account.looks += if is_all_there_is { taken } else { 0 };
        let at = now();
        open_if_due(at);
        if at >= self.due {
            self.end_slice_if_due(at, self.thread.nanoseconds());
        }
    }

    /// Takes what the timer saw, each as good as so many looks; says how many there were.
    fn take_samples(&mut self, times: u64) -> u64 {
        let mut taken = 0;
        while let Some(sample) = take_sample() {
            if times > 0 {
                self.sums.add(sample.mark, sample.here, true, times);
            }
            self.sums.add_address(sample);
            taken += 1;
        }
        self.account.addresses += taken;
        taken
    }

    fn end_slice_if_due(&mut self, at: u64, cpu: u64) {
        if at >= self.due && self.sums.is_observed(at, cpu, self.method, &self.clock) {
            self.end_slice(at, cpu);
        }
    }

    fn end_slice(&mut self, at: u64, cpu: u64) {
        if matches!(self.method, Method::Poll(_)) {
            self.due = u64::MAX;
            self.collect();
        }
        self.hand_over_places();
        let mut output = self.output.lock();
        self.sums.end_slice(at, cpu, self.method, &mut output);
        self.due = self.sums.due(&self.clock);
        if self.clock.nanoseconds(at.saturating_sub(self.flushed)) > PATIENCE {
            self.sums.tell_addresses(&mut output);
            output.flush();
            self.flushed = at;
        }
    }

    fn hand_over_places(&mut self) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, seen) in self.sums.take_places() {
            places.entry(place).or_default().add(seen);
        }
    }

    /// The run is over.
    pub fn finish(mut self) -> Account {
        let (at, cpu) = (now(), self.thread.nanoseconds());
        self.collect();
        self.end_slice(at, cpu);
        self.sums.tell_addresses(&mut self.output.lock());
        let (all, least) = self.fetching;
        let ticks = (all as f64 / self.account.looks.max(1) as f64 - least as f64).max(0.0);
        self.account.fetching = ticks * 1e9 / self.clock.hz() as f64;
        self.account.lost = lost_samples();
        self.account
    }
}

/// The looker at work: on a thread of its own, or, if there is none to be had, on the program's, when that writes a log.
pub enum AtWork {
    Thread(Arc<AtomicBool>, JoinHandle<(Option<Looker>, u64)>),
    Here(Box<Looker>),
}

impl AtWork {
    /// `timer` is how a looker without a thread sees anything.
    pub fn start(looker: Looker, timer: Method) -> Option<AtWork> {
        let stop = Arc::new(AtomicBool::new(false));
        let slot = Arc::new(Mutex::new(Some(looker)));
        let (stopped, taken) = (stop.clone(), slot.clone());
        let thread = std::thread::Builder::new().name("poller".to_owned()).spawn(move || {
            let looker = take(&taken).map(|looker| looker.run(&stopped));
            (looker, own_nanoseconds())
        });
        match thread {
            Ok(thread) => Some(AtWork::Thread(stop, thread)),
            Err(_) => take(&slot).map(|looker| AtWork::Here(Box::new(Looker { method: timer, ..looker }))),
        }
    }

    /// The program's thread is about to write a log.
    pub fn tend(&mut self) {
        if let AtWork::Here(looker) = self {
            looker.collect();
        }
    }

    /// Ends it.
    pub fn finish(self) -> Account {
        match self {
            AtWork::Here(looker) => looker.finish(),
            AtWork::Thread(stop, thread) => {
                stop.store(true, Ordering::Relaxed);
                thread.thread().unpark();
                let (looker, nanoseconds) = thread.join().unwrap_or_default();
                Account { nanoseconds, ..looker.map(Looker::finish).unwrap_or_default() }
            }
        }
    }
}

fn take(slot: &Mutex<Option<Looker>>) -> Option<Looker> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}
