//! The log itself: sections as they are written, events in batches.
//!
//! ```text
//!   sections ─► text ──┐
//!                      ├─ in order ─► thread: events to text ─► out
//!   ring ─► events ────┘
//! ```
//!
//! A thread of its own makes text of events, because that costs more than recording them. A full disk does not change
//! what the program does: once something cannot be written nothing more is, and whoever opened the log knows why.
//!
//! The program's thread and the one that takes samples both write. What the latter writes has its times inside, and
//! carries the stamp of what was written last, because events that happened earlier may still wait in their ring.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use logs::filter::Selection;
use logs::section::Section;
use logs::write::Writer;

use super::clock::Clock;
use super::profile::Record;
use crate::codegen::now;
use crate::sample::CpuClock;

/// Batches that may wait for the thread; then the program waits.
const WAITING: usize = 64;

/// Nanoseconds between two flushes.
const FLUSHING: u64 = 50_000_000;

/// The log, for all who write it.
pub struct Shared(Mutex<Output>);

impl Shared {
    pub fn new(output: Output) -> Shared {
        Shared(Mutex::new(output))
    }

    pub fn lock(&self) -> MutexGuard<'_, Output> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer of sections, and the way to the thread.
pub struct Output {
    /// What it has written waits for the next batch of events, or for a flush.
    pub writer: Writer<Vec<u8>>,
    pub clock: Clock,
    /// The latest stamp.
    last: u64,
    /// When others could see it last.
    flushed: u64,
    sink: Sink,
    /// CPU time of the thread that writes, in nanoseconds.
    thread: Arc<AtomicU64>,
}

enum Job {
    Text(Vec<u8>),
    Events(Vec<Record>),
    /// What the first event of a loop says about it.
    Comment(u32, String),
    Flush,
}

enum Sink {
    Thread(SyncSender<Job>, JoinHandle<()>),
    /// There is no other thread to be had.
    Here(Box<Renderer>),
    Closed,
}

impl Output {
    pub fn new(out: Box<dyn Write + Send>, selection: Selection) -> Output {
        let thread = Arc::default();
        let sink = Sink::start(Renderer::new(out, selection.clone()), &thread);
        let clock = Clock::start();
        Output {
            writer: Writer::new(Vec::new(), selection),
            last: clock.started(),
            flushed: 0,
            clock,
            sink,
            thread,
        }
    }

    pub fn set_comment(&mut self, number: u32, comment: String) {
        self.sink.send(Job::Comment(number, comment));
    }

    /// Writes events, and leaves their memory behind.
    pub fn events(&mut self, records: &mut Vec<Record>) {
        if let Some(last) = records.last() {
            self.last = self.last.max(last.at);
            self.send_text();
            let next = Vec::with_capacity(records.capacity());
            self.sink.send(Job::Events(std::mem::replace(records, next)));
        }
    }

    pub fn start(&mut self, at: u64, section: Section) {
        self.last = self.last.max(at);
        let _ = self.writer.start(self.last, section);
    }

    pub fn stop(&mut self, at: u64, section: Section) {
        self.last = self.last.max(at);
        let _ = self.writer.stop(self.last, section);
    }

    /// A whole section that takes no time.
    pub fn section(
        &mut self,
        at: u64,
        section: Section,
        fill: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>,
    ) {
        self.start(at, section);
        if self.writer.is_active() {
            let _ = fill(&mut self.writer);
        }
        self.stop(at, section);
    }

    /// A whole section whose times stand inside.
    pub fn aside(&mut self, section: Section, fill: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) {
        if self.wants(section) {
            self.section(self.last, section, fill);
        }
    }

    pub fn wants(&self, section: Section) -> bool {
        self.writer.wants(section)
    }

    /// Lets others see what was written, unless they have seen it just now.
    pub fn flush(&mut self) {
        self.send_text();
        let at = now();
        if at.saturating_sub(self.flushed) > self.clock.ticks(FLUSHING) {
            self.flushed = at;
            self.sink.send(Job::Flush);
        }
    }

    /// CPU time that writing has taken beside the program, in nanoseconds.
    pub fn nanoseconds(&self) -> u64 {
        self.thread.load(Ordering::Relaxed)
    }

    /// Writes everything, and nothing from now on.
    pub fn close(&mut self) {
        self.send_text();
        self.sink.send(Job::Flush);
        if let Sink::Thread(sender, thread) = std::mem::replace(&mut self.sink, Sink::Closed) {
            drop(sender);
            let _ = thread.join();
        }
    }

    fn send_text(&mut self) {
        let text = std::mem::take(self.writer.get_mut());
        if !text.is_empty() {
            self.sink.send(Job::Text(text));
        }
    }
}

impl Sink {
    fn start(renderer: Renderer, used: &Arc<AtomicU64>) -> Sink {
        let used = used.clone();
        let (sender, jobs) = sync_channel::<Job>(WAITING);
        let (hand_over, take_over) = sync_channel::<Renderer>(1);
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            let Ok(mut renderer) = take_over.recv() else { return };
            let clock = CpuClock::of_this_thread();
            for job in jobs {
                renderer.job(job);
                used.store(clock.map_or(0, CpuClock::nanoseconds), Ordering::Relaxed);
            }
        });
        match thread {
            Ok(thread) => match hand_over.send(renderer) {
                Ok(()) => Sink::Thread(sender, thread),
                Err(back) => Sink::Here(Box::new(back.0)),
            },
            Err(_) => Sink::Here(Box::new(renderer)),
        }
    }

    fn send(&mut self, job: Job) {
        match self {
            Sink::Thread(sender, _) => {
                let _ = sender.send(job);
            }
            Sink::Here(renderer) => renderer.job(job),
            Sink::Closed => {}
        }
    }
}

/// Makes text of events, and writes.
struct Renderer {
    out: Box<dyn Write + Send>,
    writer: Writer<Vec<u8>>,
    comments: Vec<Option<String>>,
    /// Nothing more can be written.
    failed: bool,
}

impl Renderer {
    fn new(out: Box<dyn Write + Send>, selection: Selection) -> Renderer {
        Renderer { out, writer: Writer::new(Vec::new(), selection), comments: Vec::new(), failed: false }
    }

    fn job(&mut self, job: Job) {
        if !self.failed {
            self.failed = self.write(job).is_err();
        }
    }

    fn write(&mut self, job: Job) -> io::Result<()> {
        match job {
            Job::Text(text) => self.out.write_all(&text),
            Job::Events(records) => {
                self.events(&records);
                let written = self.out.write_all(self.writer.get_mut());
                self.writer.get_mut().clear();
                written
            }
            Job::Comment(number, comment) => {
                self.set_comment(number as usize, comment);
                Ok(())
            }
            Job::Flush => self.out.flush(),
        }
    }

    fn set_comment(&mut self, number: usize, comment: String) {
        if self.comments.len() <= number {
            self.comments.resize(number + 1, None);
        }
        self.comments[number] = Some(comment);
    }

    fn events(&mut self, records: &[Record]) {
        for record in records {
            let comment = self.comments.get_mut(record.number as usize).and_then(Option::take);
            let comment = comment.as_deref().unwrap_or_default();
            let _ = self.writer.event(record.at, record.kind, i64::from(record.number), comment);
        }
    }
}
