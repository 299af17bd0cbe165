//! What became of the time between two samples of a thread.

use crate::clock::Clock;
use crate::record::{Record, What};
use crate::spaces::Spaces;
use crate::{Process, Sample};
use rustc_hash::FxHashMap;

/// Everything that was seen of a program, as it comes.
#[derive(Debug, Default)]
pub(crate) struct Threads {
    pub spaces: Spaces,
    threads: FxHashMap<u32, Thread>,
    processes: FxHashMap<u32, Life>,
    pub lost: u64,
}

/// A thread since its last sample.
#[derive(Clone, Copy, Debug, Default)]
struct Thread {
    process: u32,
    /// Since when it runs; if it does not, since when it could.
    runs: Option<u64>,
    could_run: Option<u64>,
    ran: u64,
    delayed: u64,
}

/// A process in nanoseconds.
#[derive(Debug)]
struct Life {
    parent: Option<u32>,
    start: u64,
    end: u64,
    samples: Vec<Sample>,
}

impl Threads {
    /// Takes a record; they come in the order of their times.
    pub(crate) fn take(&mut self, record: &Record) {
        let Record { at, pid, tid, what } = record;
        match what {
            What::Sample { address, user } => {
                let caller = user.as_ref().and_then(|user| self.caller(*pid, *address, user));
                self.sample(*at, *pid, *tid, *address, caller);
            }
            What::Map(mapping) => self.spaces.map(*pid, mapping),
            What::Exec => self.exec(*at, *pid, *tid),
            What::Fork { parent } => self.began(*at, *parent, *pid, *tid),
            What::Exit => self.ended(*at, *pid, *tid),
            What::Runs => self.thread(*pid, *tid).runs(*at),
            What::Rests { could_run } => self.thread(*pid, *tid).rests(*at, *could_run),
            What::Lost(count) => self.lost += count,
        }
    }

    /// A thread was seen at that address.
    pub(crate) fn sample(&mut self, at: u64, pid: u32, tid: u32, address: u64, caller: Option<u64>) {
        let thread = self.thread(pid, tid);
        thread.runs(at);
        let (ran, delayed) = (thread.ran, thread.delayed);
        (thread.ran, thread.delayed) = (0, 0);
        let life = self.life(at, pid);
        life.end = life.end.max(at);
        life.samples.push(Sample { thread: tid, at, ran, delayed, address, caller });
    }

    /// The same for who knows how long it ran.
    pub(crate) fn sample_of(&mut self, pid: u32, sample: Sample) {
        let life = self.life(sample.at, pid);
        life.end = life.end.max(sample.at);
        life.samples.push(sample);
    }

    /// In the kernel, the caller is where it was entered, or who called there.
    fn caller(&mut self, pid: u32, address: u64, user: &crate::record::User) -> Option<u64> {
        let entered = address != user.ip && !self.spaces.knows(pid, user.ip);
        // Behind itself, as if it had been called.
        if entered { Some(user.ip.saturating_add(1)) } else { self.spaces.caller(pid, user) }
    }

    pub(crate) fn exec(&mut self, at: u64, pid: u32, tid: u32) {
        self.spaces.exec(pid);
        // Of a program that was started before all records began, nothing was heard yet.
        self.thread(pid, tid).runs.get_or_insert(at);
        let life = self.life(at, pid);
        if life.samples.is_empty() {
            life.start = at;
        }
        life.parent = None;
    }

    pub(crate) fn began(&mut self, at: u64, parent: u32, pid: u32, tid: u32) {
        if parent != pid {
            self.spaces.fork(parent, pid);
            self.life(at, pid).parent = Some(parent);
        }
        self.threads.insert(tid, Thread { process: pid, ..Thread::default() });
    }

    pub(crate) fn ended(&mut self, at: u64, pid: u32, tid: u32) {
        self.threads.remove(&tid);
        if pid == tid
            && let Some(life) = self.processes.get_mut(&pid)
        {
            life.end = life.end.max(at);
        }
    }

    fn thread(&mut self, process: u32, tid: u32) -> &mut Thread {
        let thread = self.threads.entry(tid).or_default();
        thread.process = process;
        thread
    }

    fn life(&mut self, at: u64, pid: u32) -> &mut Life {
        let born = || Life { parent: None, start: at, end: at, samples: Vec::new() };
        self.processes.entry(pid).or_insert_with(born)
    }

    /// All processes, in ticks.
    pub(crate) fn finish(self, clock: &Clock) -> FxHashMap<u32, Process> {
        let sample = |sample: Sample| Sample {
            at: clock.stamp(sample.at),
            ran: clock.ticks(sample.ran),
            delayed: clock.ticks(sample.delayed),
            ..sample
        };
        let process = |(pid, life): (u32, Life)| {
            let samples = life.samples.into_iter().map(sample).collect();
            let (start, end) = (clock.stamp(life.start), clock.stamp(life.end));
            (pid, Process { parent: life.parent, start, end, samples })
        };
        self.processes.into_iter().map(process).collect()
    }
}

impl Thread {
    /// It has a processor now, or still.
    fn runs(&mut self, at: u64) {
        if let Some(since) = self.runs {
            self.ran += at.saturating_sub(since);
        } else if let Some(since) = self.could_run.take() {
            self.delayed += at.saturating_sub(since);
        }
        self.runs = Some(at);
    }

    fn rests(&mut self, at: u64, could_run: bool) {
        if let Some(since) = self.runs.take() {
            self.ran += at.saturating_sub(since);
        }
        self.could_run = could_run.then_some(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_two_samples_is_known() {
        let mut threads = Threads::default();
        let mut take = |at, what| threads.take(&Record { at, pid: 7, tid: 8, what });
        take(100, What::Runs);
        take(150, What::Rests { could_run: true });
        take(170, What::Runs);
        take(180, What::Rests { could_run: false });
        take(300, What::Runs);
        take(330, What::Sample { address: 5, user: None });
        take(340, What::Sample { address: 6, user: None });
        let samples = &threads.processes[&7].samples;
        let of = |sample: &Sample| (sample.at, sample.ran, sample.delayed, sample.address);
        assert_eq!(samples.iter().map(of).collect::<Vec<_>>(), [(330, 90, 20, 5), (340, 10, 0, 6)]);
    }

    #[test]
    fn children_are_processes_and_threads_are_not() {
        let mut threads = Threads::default();
        let mut take = |at, pid, tid, what| threads.take(&Record { at, pid, tid, what });
        take(10, 7, 7, What::Exec);
        take(20, 7, 8, What::Fork { parent: 7 });
        take(30, 9, 9, What::Fork { parent: 7 });
        take(40, 9, 9, What::Runs);
        take(50, 9, 9, What::Sample { address: 1, user: None });
        take(60, 9, 9, What::Exit);
        take(70, 7, 8, What::Exit);
        assert_eq!((threads.processes[&7].parent, threads.processes[&9].parent), (None, Some(7)));
        let lives = |pid: u32| (threads.processes[&pid].start, threads.processes[&pid].end);
        assert_eq!((threads.processes.len(), lives(7), lives(9)), (2, (10, 10), (30, 60)));
    }
}
