//! Who holds the log: a thread of its own, which is asked and answers.
//!
//! ```text
//! state ── Ask ──► clerk (bytes, Log) ── Answer ──► state
//! ```
//!
//! The log borrows from its bytes, and so do all of its parts; here both live on one stack, for as long as the bytes
//! stay what they are. Whoever draws owns what it was given, so keys never wait for a log.

use crate::library::{Change, Library};
use crate::model::loaded::Key;
use crate::model::{Detail, Loaded, Maker, Stage};
use logs::{Diagnostic, Index, Log, Options as ReadOptions, Radix};
use profiler::diff::DiffOptions;
use profiler::perf::Samples;
use profiler::timeline::Timeline;
use profiler::{Options, Report};
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// A row, in detail.
    Detail(Key, Stage),
    /// A part of the run, in finer slices.
    Zoom(Range<u64>),
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
}

/// How far loading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Bytes read, and bytes in all.
    Reading(u64, u64),
    /// Sections are being looked for in that many bytes.
    Indexing(u64),
    /// Ticks are given to their owners.
    Attributing,
}

/// How long between two looks at a log that is followed, at least.
const PATIENCE: Duration = Duration::from_millis(400);
/// A log is read again after that many times of what reading it takes.
const REST: u32 = 8;

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
    pub against: Option<Report>,
}

impl Beside {
    pub(crate) fn options(&self) -> Options<'_> {
        Options { samples: self.samples.as_ref(), clock_hz: self.clock_hz, pid: self.pid }
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
        let mut bytes = Vec::new();
        let tell = |answer| answers.send(answer).is_ok();
        loop {
            // Unpacking is part of what a log costs.
            let started = Instant::now();
            if let Err(error) = self.read(&mut bytes, &tell) {
                tell(trouble(&error));
            }
            tell(Answer::Progress(Progress::Indexing(bytes.len() as u64)));
            let (log, diagnostics) = parse(&bytes, self.radix, self.library.take_index());
            tell(Answer::Progress(Progress::Attributing));
            let loaded = Arc::new(load(&log, &diagnostics, &self.beside));
            tell(Answer::Loaded(loaded.clone()));
            let rest = PATIENCE.max(started.elapsed() * REST);
            if let End::Done = self.serve(&log, &loaded, rest, asks, &tell) {
                return;
            }
        }
    }

    fn read(&mut self, bytes: &mut Vec<u8>, tell: &dyn Fn(Answer) -> bool) -> std::io::Result<Change> {
        let mut told = Instant::now();
        self.library.refresh(bytes, &mut |read, all| {
            if told.elapsed() > Duration::from_millis(50) {
                told = Instant::now();
                tell(Answer::Progress(Progress::Reading(read, all)));
            }
        })
    }

    /// Answers what is asked of one state of the log.
    fn serve(
        &mut self,
        log: &Log<'_>,
        loaded: &Loaded,
        rest: Duration,
        asks: &Receiver<Ask>,
        tell: &dyn Fn(Answer) -> bool,
    ) -> End {
        let mut maker = Maker::new(log);
        let mut looked = Instant::now();
        loop {
            let wait =
                if self.follow { rest.saturating_sub(looked.elapsed()) } else { Duration::from_secs(3600) };
            let look = match asks.recv_timeout(wait) {
                Ok(Ask::Follow(follow)) => {
                    self.follow = follow;
                    false
                }
                Ok(Ask::Refresh) | Err(RecvTimeoutError::Timeout) => true,
                Ok(ask) => {
                    let desk = Desk { library: &self.library, log, loaded, beside: &self.beside };
                    tell(desk.answer(&mut maker, &ask));
                    self.follow && looked.elapsed() >= rest
                }
                Err(RecvTimeoutError::Disconnected) => return End::Done,
            };
            if look {
                looked = Instant::now();
                if self.has_changed(log.frame.bytes(), tell) {
                    return End::Changed;
                }
            }
        }
    }

    fn has_changed(&mut self, bytes: &[u8], tell: &dyn Fn(Answer) -> bool) -> bool {
        match self.library.changed(bytes) {
            Ok(change) => change != Change::Same,
            Err(error) => {
                tell(trouble(&error));
                false
            }
        }
    }
}

/// Reads a log, of which there may be an index already.
fn parse(
    bytes: &[u8],
    radix: Radix,
    indexed: Option<(Index, Vec<Diagnostic>)>,
) -> (Log<'_>, Vec<Diagnostic>) {
    let Some((index, mut known)) = indexed else {
        return logs::parse(bytes, radix);
    };
    let (log, others) = logs::parse_indexed(bytes, index, ReadOptions { radix, ..ReadOptions::default() });
    known.extend(others);
    known.sort_by_key(|diagnostic| diagnostic.offset);
    (log, known)
}

fn trouble(error: &std::io::Error) -> Answer {
    Answer::Trouble(format!("the log can't be read now: {error}"))
}

/// What every screen needs of a log.
pub(crate) fn load(log: &Log<'_>, diagnostics: &[Diagnostic], beside: &Beside) -> Loaded {
    let mut study = profiler::study(log, &beside.options());
    study.report = study.report.with_diagnostics(diagnostics);
    let compare = |old| profiler::diff(old, &study.report, &DiffOptions::default());
    let diff = beside.against.as_ref().map(compare);
    Loaded::new(log, study, diff)
}

/// What questions are answered from.
pub(crate) struct Desk<'d, 'a> {
    pub library: &'d dyn Library,
    pub log: &'d Log<'a>,
    pub loaded: &'d Loaded,
    pub beside: &'d Beside,
}

impl Desk<'_, '_> {
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
                Answer::Detail(Arc::new(maker.detail(self.log, self.library, key, *stage, place)))
            }
            Ask::Refresh | Ask::Follow(_) => Answer::Progress(Progress::Attributing),
        }
    }
}
