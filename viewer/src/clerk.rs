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
use logs::{Log, Radix};
use profiler::timeline::Timeline;
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
        if let Err(error) = self.read(&mut bytes, &tell) {
            tell(Answer::Trouble(format!("the log can't be read: {error}")));
        }
        loop {
            let started = Instant::now();
            tell(Answer::Progress(Progress::Indexing(bytes.len() as u64)));
            let (log, diagnostics) = logs::parse(&bytes, self.radix);
            tell(Answer::Progress(Progress::Attributing));
            let mut study = profiler::study(&log);
            study.report = study.report.with_diagnostics(&diagnostics);
            let loaded = Arc::new(Loaded::new(&log, study));
            tell(Answer::Loaded(loaded.clone()));
            let rest = PATIENCE.max(started.elapsed() * REST);
            let mut newer = Vec::new();
            match self.serve(&log, &loaded, rest, asks, &tell, &mut newer) {
                End::Changed => bytes = newer,
                End::Done => return,
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
        newer: &mut Vec<u8>,
    ) -> End {
        let mut maker = Maker::new(log);
        let mut looked = Instant::now();
        loop {
            let wait = if self.follow { rest.saturating_sub(looked.elapsed()) } else { Duration::from_secs(3600) };
            let look = match asks.recv_timeout(wait) {
                Ok(Ask::Follow(follow)) => {
                    self.follow = follow;
                    false
                }
                Ok(Ask::Refresh) | Err(RecvTimeoutError::Timeout) => true,
                Ok(ask) => {
                    tell(answer(&mut maker, &self.library, log, loaded, &ask));
                    self.follow && looked.elapsed() >= rest
                }
                Err(RecvTimeoutError::Disconnected) => return End::Done,
            };
            if look {
                looked = Instant::now();
                if self.has_changed(log.frame.bytes(), tell, newer) {
                    return End::Changed;
                }
            }
        }
    }

    fn has_changed(&mut self, bytes: &[u8], tell: &dyn Fn(Answer) -> bool, newer: &mut Vec<u8>) -> bool {
        match self.library.changed(bytes) {
            Ok(Change::Same) => false,
            Ok(_) => {
                newer.clear();
                newer.extend_from_slice(bytes);
                match self.read(newer, tell) {
                    Ok(_) => true,
                    Err(error) => {
                        tell(Answer::Trouble(format!("the log can't be read now: {error}")));
                        false
                    }
                }
            }
            Err(error) => {
                tell(Answer::Trouble(format!("the log can't be read now: {error}")));
                false
            }
        }
    }
}

/// Answers a question about a log.
pub(crate) fn answer(
    maker: &mut Maker,
    library: &dyn Library,
    log: &Log<'_>,
    loaded: &Loaded,
    ask: &Ask,
) -> Answer {
    match ask {
        Ask::Zoom(window) => {
            let timeline = profiler::timeline(log, window.clone());
            Answer::Zoom(window.clone(), Arc::new(timeline))
        }
        Ask::Detail(key, stage) => {
            let place = loaded.row_of(key).and_then(|row| loaded.report.loops[row].location.as_ref());
            Answer::Detail(Arc::new(maker.detail(log, library, key, *stage, place)))
        }
        Ask::Refresh | Ask::Follow(_) => Answer::Progress(Progress::Attributing),
    }
}
