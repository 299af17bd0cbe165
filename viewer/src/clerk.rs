//! Who holds the log: a thread of its own, which is asked and answers.
//!
//! ```text
//! state ── Ask ──► clerk (bytes, Log) ── Answer ──► state
//! ```
//!
//! The log borrows from its bytes, and so do all of its parts; here both live on one stack, for as long as the bytes
//! stay what they are. Whoever draws owns what it was given, so keys never wait for a log. While a long log is read, on
//! a further thread, what is known of it so far answers.

mod against;
mod stages;

use crate::library::{Change, Library, Text};
use crate::model::detail::About;
use crate::model::loaded::{Extent, Key};
use crate::model::{Detail, Loaded, Maker, Stage as Form, Versions, versions};
pub use against::Against;
pub(crate) use against::OldLog;
use logs::{Diagnostic, Holder, Log, Radix};
use profiler::Options;
use profiler::diff::DiffOptions;
use profiler::perf::Samples;
use profiler::timeline::Timeline;
use stages::{Reading, Stage, Watch};
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// A row, in detail.
    Detail(Key, Form),
    /// A part of the run, in finer slices.
    Zoom(Range<u64>),
    /// Traces of a loop of the diff, then and now.
    Versions(usize),
    /// Look whether the log has changed, now.
    Refresh,
    /// Whether to look by oneself.
    Follow(bool),
}

/// What is answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Reading has come that far.
    Progress(Progress),
    /// The log as it is now.
    Loaded(Arc<Loaded>),
    /// The log cannot be read, now.
    Trouble(String),
    /// A row, in detail.
    Detail(Arc<Detail>),
    /// A part of the run.
    Zoom(Range<u64>, Arc<Timeline>),
    /// Traces of a loop, then and now.
    Versions(Arc<Versions>),
}

/// How far loading has come: bytes done, and bytes in all, or 0 if nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Bytes are read, and perhaps unpacked.
    Reading(u64, u64),
    /// Sections are looked for.
    Indexing(u64, u64),
    /// Traces are read.
    Bodies(u64, u64),
    /// Ticks are given to their owners.
    Attributing,
}

/// How long between two looks at a log that is followed, at least.
const PATIENCE: Duration = Duration::from_millis(400);
/// A log is read again after that many times of what reading it takes.
const REST: u32 = 3;

/// A log to be shown.
pub struct Clerk<L> {
    pub library: L,
    pub radix: Radix,
    pub follow: bool,
    pub beside: Beside,
}

/// What is known of a run beside its log.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What perf saw of it.
    pub samples: Option<Samples>,
    /// Ticks per second, for logs that do not say.
    pub clock_hz: Option<u64>,
    /// The process among the samples.
    pub pid: Option<u32>,
    /// An older run to compare with.
    pub against: Option<Arc<Against>>,
}

impl Beside {
    pub(crate) fn options(&self) -> Options<'_> {
        let (samples, clock_hz, pid) = (self.samples.as_ref(), self.clock_hz, self.pid);
        Options { samples, clock_hz, pid, ..Options::default() }
    }
}

/// What made the clerk put its log away.
enum End {
    /// The bytes have changed.
    Changed,
    /// Nobody asks any more.
    Done,
}

impl<L: Library> Clerk<L> {
    /// Answers until nobody asks.
    pub fn work(mut self, asks: &Receiver<Ask>, answers: &Sender<Answer>) {
        let mut text: Box<dyn Text> = Box::new(Nothing);
        let against = self.beside.against.clone();
        let old = OldLog::of(against.as_deref());
        let mut is_first = true;
        loop {
            // Unpacking is part of what a log costs.
            let started = Instant::now();
            match self.open(answers) {
                Ok(opened) => text = opened,
                Err(error) => drop(answers.send(trouble(&error))),
            }
            let indexed = self.library.take_index();
            let watch = Watch::new(&*text, answers);
            let Clerk { library, radix, follow, beside } = &mut self;
            let reading = Reading { watch: &watch, radix: *radix, beside, indexed };
            let end = thread::scope(|scope| {
                let (sender, stages) = channel();
                scope.spawn(move || reading.stages(&|stage| sender.send(stage).is_ok()));
                let old = &old;
                let service =
                    Service { library, follow, beside, old, asks, answers, stages, is_first, started };
                service.work()
            });
            is_first = false;
            if let End::Done = end {
                return;
            }
        }
    }

    fn open(&mut self, answers: &Sender<Answer>) -> std::io::Result<Box<dyn Text>> {
        /// Of what comes slowly, through a pipe, every piece is told: the next one may take its time.
        const FEW: u64 = 1 << 20;
        let mut told = Instant::now();
        self.library.open(&mut |read, all| {
            if read < FEW || told.elapsed() > Duration::from_millis(50) {
                told = Instant::now();
                // Whether anybody listens, the next answer tells.
                let _ = answers.send(Answer::Progress(Progress::Reading(read, all)));
            }
        })
    }
}

/// A log that could not be opened yet.
struct Nothing;

impl Holder for Nothing {
    fn passed(&self, _: Range<usize>) {}
}

impl Text for Nothing {
    fn bytes(&self) -> &[u8] {
        &[]
    }
}

/// Answers what is asked of one state of the log, also while it is still being read.
struct Service<'s, 'b, 'o> {
    library: &'s mut dyn Library,
    follow: &'s mut bool,
    beside: &'s Beside,
    old: &'s OldLog<'o>,
    asks: &'s Receiver<Ask>,
    answers: &'s Sender<Answer>,
    stages: Receiver<Stage<'b>>,
    /// Is there nothing on the screen yet? Then every stage is worth showing.
    is_first: bool,
    started: Instant,
}

/// A log that is at hand.
struct Hand<'b> {
    stage: Stage<'b>,
    maker: Option<Maker>,
}

impl<'b> Service<'_, 'b, '_> {
    fn work(self) -> End {
        /// How long a stage that is finished may lie about.
        const MOMENT: Duration = Duration::from_millis(5);
        let mut hand: Option<Hand<'b>> = None;
        let mut early = Vec::new();
        // Asked while the log is being read: it may have changed behind what was read.
        let mut refresh = false;
        loop {
            match self.stages.try_recv() {
                Ok(stage) => {
                    self.show(&stage);
                    hand = Some(Hand { stage, maker: None });
                    early.drain(..).for_each(|ask| self.answer(hand.as_mut(), ask));
                }
                Err(TryRecvError::Disconnected) => return self.serve(hand, refresh),
                Err(TryRecvError::Empty) => {}
            }
            match self.asks.recv_timeout(MOMENT) {
                Ok(Ask::Follow(follow)) => *self.follow = follow,
                Ok(Ask::Refresh) => refresh = true,
                Err(RecvTimeoutError::Timeout) => {}
                Ok(ask) if hand.is_none() => early.push(ask),
                Ok(ask) => self.answer(hand.as_mut(), ask),
                Err(RecvTimeoutError::Disconnected) => return End::Done,
            }
        }
    }

    fn show(&self, stage: &Stage<'_>) {
        if self.is_first || stage.loaded.extent == Extent::Whole {
            self.tell(Answer::Loaded(stage.loaded.clone()));
        }
    }

    /// The log was read; it may change.
    fn serve(mut self, mut hand: Option<Hand<'b>>, refresh: bool) -> End {
        let rest = PATIENCE.max(self.started.elapsed() * REST);
        let mut looked = Instant::now();
        self.warn();
        if hand.as_ref().is_some_and(|hand| !*self.follow && !hand.stage.log.frame.is_log()) {
            self.tell(Answer::Trouble("this is no PYPYLOG: there is no section in it".to_owned()));
        }
        if refresh && self.is_changed() {
            return End::Changed;
        }
        loop {
            let wait =
                if *self.follow { rest.saturating_sub(looked.elapsed()) } else { Duration::from_secs(3600) };
            let look = match self.asks.recv_timeout(wait) {
                Ok(Ask::Follow(follow)) => {
                    *self.follow = follow;
                    false
                }
                Ok(Ask::Refresh) | Err(RecvTimeoutError::Timeout) => true,
                Ok(ask) => {
                    self.answer(hand.as_mut(), ask);
                    self.warn();
                    *self.follow && looked.elapsed() >= rest
                }
                Err(RecvTimeoutError::Disconnected) => return End::Done,
            };
            if look {
                looked = Instant::now();
                if self.is_changed() {
                    return End::Changed;
                }
            }
        }
    }

    /// Is there something else to read now?
    fn is_changed(&mut self) -> bool {
        self.library.changed().map_or_else(
            |error| {
                self.tell(trouble(&error));
                false
            },
            |change| change != Change::Same,
        )
    }

    /// What a log was read from may be another one by now.
    fn warn(&mut self) {
        if !*self.follow && matches!(self.library.changed(), Ok(Change::Replaced)) {
            let said = "the log is another one now, or shorter: r reads it";
            self.tell(Answer::Trouble(said.to_owned()));
        }
    }

    fn answer(&self, hand: Option<&mut Hand<'b>>, ask: Ask) {
        let Some(Hand { stage, maker }) = hand else { return };
        let (library, beside, old) = (&*self.library, self.beside, self.old);
        let desk = Desk { library, log: &stage.log, loaded: &stage.loaded, beside, old };
        let maker = maker.get_or_insert_with(|| Maker::new(&stage.log));
        self.tell(desk.answer(maker, &ask));
    }

    fn tell(&self, answer: Answer) {
        // Whether anybody listens, the channel of asks tells.
        let _ = self.answers.send(answer);
    }
}

fn trouble(error: &std::io::Error) -> Answer {
    Answer::Trouble(format!("the log can't be read now: {error}"))
}

/// What every screen needs of a log.
pub(crate) fn load(log: &Log<'_>, diagnostics: &[Diagnostic], beside: &Beside) -> Loaded {
    let mut study = profiler::study(log, &beside.options());
    study.report = study.report.with_diagnostics(diagnostics);
    let compare = |old: &Arc<Against>| profiler::diff(&old.report, &study.report, &DiffOptions::default());
    let diff = beside.against.as_ref().map(compare);
    Loaded::new(log, study, diff)
}

/// What questions are answered from.
pub(crate) struct Desk<'d, 'a, 'o> {
    pub library: &'d dyn Library,
    pub log: &'d Log<'a>,
    pub loaded: &'d Loaded,
    pub beside: &'d Beside,
    pub old: &'d OldLog<'o>,
}

impl Desk<'_, '_, '_> {
    /// The traces of a loop of the diff.
    fn versions(&self, row: usize) -> Versions {
        let label = self.loaded.diff.as_ref().and_then(|diff| diff.loops.get(row)).map(|row| &*row.label);
        match (self.old.log(), label) {
            (Some(old), Some(label)) => versions::versions(old, (self.log, &self.loaded.report), row, label),
            _ => Versions { of: row, ..Versions::default() },
        }
    }

    /// Answers a question about the log.
    pub fn answer(&self, maker: &mut Maker, ask: &Ask) -> Answer {
        match ask {
            Ask::Zoom(window) => {
                let timeline = profiler::timeline(self.log, &self.beside.options(), window.clone());
                Answer::Zoom(window.clone(), Arc::new(timeline))
            }
            Ask::Detail(key, stage) => {
                let row = self.loaded.row_of(key);
                let place = row.and_then(|row| self.loaded.report.loops[row].location.as_ref());
                let about = About { place, sampled: self.loaded.sampled_of(key) };
                Answer::Detail(Arc::new(maker.detail(self.log, self.library, key, *stage, about)))
            }
            Ask::Versions(row) => Answer::Versions(Arc::new(self.versions(*row))),
            Ask::Refresh | Ask::Follow(_) => Answer::Progress(Progress::Attributing),
        }
    }
}
