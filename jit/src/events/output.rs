//! The log itself: sections as they are written, events in batches.
//!
//! ```text
//!   sections ─► text ──┐
//!                      ├─ in order ─► thread: events to text ─► out
//!   ring ─► events ────┘
//! ```
//!
//! A thread of its own makes text of events, because that costs more than recording them. What cannot be written is
//! dropped: a full disk does not change what the program does.

use std::io::Write;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use logs::filter::Selection;
use logs::section::Section;
use logs::write::Writer;

use super::clock::Clock;
use super::profile::Record;
use crate::codegen::now;

/// Batches that may wait for the thread; then the program waits.
const WAITING: usize = 64;

/// The writer of sections, and the way to the thread.
pub struct Output {
    /// What it has written waits for the next batch of events, or for a flush.
    pub writer: Writer<Vec<u8>>,
    pub clock: Clock,
    sink: Sink,
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
        let sink = Sink::start(Renderer::new(out, selection.clone()));
        Output { writer: Writer::new(Vec::new(), selection), clock: Clock::start(), sink }
    }

    /// Writes nothing more, and forgets what waits: the thread that would write it was not copied with the process.
    pub fn abandon(&mut self) {
        std::mem::forget(std::mem::replace(&mut self.sink, Sink::Closed));
    }

    pub fn set_comment(&mut self, number: u32, comment: String) {
        self.sink.send(Job::Comment(number, comment));
    }

    /// Writes events, and leaves their memory behind.
    pub fn events(&mut self, records: &mut Vec<Record>) {
        if !records.is_empty() {
            self.send_text();
            let next = Vec::with_capacity(records.capacity());
            self.sink.send(Job::Events(std::mem::replace(records, next)));
        }
    }

    /// From here on one in `every` calls of a loop is recorded.
    pub fn sampling(&mut self, number: u32, every: u32) {
        self.section(now(), Section::LoopscopeSampling, |writer| {
            writer.sampling(i64::from(number), u64::from(every))
        });
    }

    /// A line of the section that says what was not recorded.
    pub fn unrecorded(&mut self, number: u32, visits: u64, ticks: u64) {
        if self.writer.is_active() {
            let _ = self.writer.unrecorded(i64::from(number), visits, ticks);
        }
    }

    pub fn start(&mut self, at: u64, section: Section) {
        let _ = self.writer.start(at, section);
    }

    pub fn stop(&mut self, at: u64, section: Section) {
        let _ = self.writer.stop(at, section);
    }

    /// A whole section that takes no time.
    pub fn section(
        &mut self,
        at: u64,
        section: Section,
        fill: impl FnOnce(&mut Writer<Vec<u8>>) -> std::io::Result<()>,
    ) {
        self.start(at, section);
        if self.writer.is_active() {
            let _ = fill(&mut self.writer);
        }
        self.stop(at, section);
    }

    pub fn wants(&self, section: Section) -> bool {
        self.writer.wants(section)
    }

    pub fn flush(&mut self) {
        self.send_text();
        self.sink.send(Job::Flush);
    }

    /// Writes everything, and nothing from now on.
    pub fn close(&mut self) {
        self.flush();
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
    fn start(renderer: Renderer) -> Sink {
        let (sender, jobs) = sync_channel::<Job>(WAITING);
        let (hand_over, take_over) = sync_channel::<Renderer>(1);
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            if let Ok(mut renderer) = take_over.recv() {
                jobs.iter().for_each(|job| renderer.job(job));
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
}

impl Renderer {
    fn new(out: Box<dyn Write + Send>, selection: Selection) -> Renderer {
        Renderer { out, writer: Writer::new(Vec::new(), selection), comments: Vec::new() }
    }

    fn job(&mut self, job: Job) {
        let _ = match job {
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
        };
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
