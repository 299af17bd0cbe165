//! Reading a log in stages: something to look at first, everything as soon as can be.
//!
//! ```text
//! |start..........|                                       the first 24 MB, as if they were the log
//! |outline..................................................|   all sections, heads of traces, counters
//! |whole....................................................|   bodies of traces, attempts, machine code
//! ```
//!
//! A short log has one stage. Operations and machine code are not taken apart in any of them: that is done when
//! somebody looks at them.

use super::{Answer, Beside, Progress, load};
use crate::library::Text;
use crate::model::Loaded;
use crate::model::loaded::Extent;
use logs::{Diagnostic, Holder, Index, Keep, Log, Options, Radix};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Sender;

/// Bytes of a log that are read first.
const START: usize = 24 << 20;
/// Bytes from which on a log is read in stages.
const LONG: usize = 3 * START;

/// A log, as far as it was read.
pub(super) struct Stage<'b> {
    pub log: Log<'b>,
    pub loaded: Arc<Loaded>,
}

/// The bytes, for those who read them; tells how far they have come.
pub(super) struct Watch<'b> {
    pub text: &'b dyn Text,
    answers: &'b Sender<Answer>,
    passed: AtomicU64,
    /// Will nothing be looked at again?
    is_last: AtomicBool,
}

impl<'b> Watch<'b> {
    pub fn new(text: &'b dyn Text, answers: &'b Sender<Answer>) -> Watch<'b> {
        Watch { text, answers, passed: AtomicU64::new(0), is_last: AtomicBool::new(false) }
    }

    fn tell(&self, progress: Progress) {
        // Whether anybody listens, the next answer tells.
        let _ = self.answers.send(Answer::Progress(progress));
    }
}

impl Holder for Watch<'_> {
    fn ahead(&self, range: Range<usize>) {
        self.text.ahead(range);
    }

    fn passed(&self, range: Range<usize>) {
        let length = range.len() as u64;
        let passed = self.passed.fetch_add(length, Ordering::Relaxed) + length;
        let all = self.text.bytes().len() as u64;
        if self.is_last.load(Ordering::Relaxed) {
            self.tell(Progress::Bodies(passed, all));
            self.text.passed(range);
        } else {
            self.tell(Progress::Indexing(passed, all));
        }
    }

    fn keep(&self) -> Option<&Keep> {
        self.text.keep()
    }
}

/// How to read.
pub(super) struct Reading<'b> {
    pub watch: &'b Watch<'b>,
    pub radix: Radix,
    pub beside: &'b Beside,
    /// What was made while the log was opened.
    pub indexed: Option<(Index, Vec<Diagnostic>)>,
}

impl<'b> Reading<'b> {
    /// Reads; `take` gets one stage after the other, and says whether it wants more.
    pub fn stages(mut self, take: &dyn Fn(Stage<'b>) -> bool) {
        let bytes = self.watch.text.bytes();
        let is_long = bytes.len() >= LONG;
        let options = Options { radix: self.radix, holder: Some(self.watch), ..Options::default() };
        if is_long && self.indexed.is_none() {
            let alone = Options { holder: None, ..options };
            let (log, _) = logs::parse_with(start_of(bytes), alone);
            if log.frame.is_log() && !take(self.stage(log, &[], Extent::Start)) {
                return;
            }
        }
        self.watch.tell(Progress::Indexing(0, bytes.len() as u64));
        let (frame, mut diagnostics) = match self.indexed.take() {
            Some((index, known)) => (logs::frame::Frame::new(bytes, index), known),
            None => logs::index_with(bytes, options),
        };
        if is_long {
            let heads = Options { bodies: false, holder: None, ..options };
            let (log, _) = logs::parse_framed(frame.clone(), Options { threads: 1, ..heads });
            if log.frame.is_log() && !take(self.stage(log, &diagnostics, Extent::Outline)) {
                return;
            }
        }
        self.watch.passed.store(0, Ordering::Relaxed);
        self.watch.is_last.store(true, Ordering::Relaxed);
        let (log, others) = logs::parse_framed(frame, options);
        diagnostics.extend(others);
        diagnostics.sort_by_key(|diagnostic| diagnostic.offset);
        self.watch.text.passed(0..bytes.len());
        self.watch.tell(Progress::Attributing);
        take(self.stage(log, &diagnostics, Extent::Whole));
    }

    fn stage(&self, log: Log<'b>, diagnostics: &[Diagnostic], extent: Extent) -> Stage<'b> {
        let mut loaded = load(&log, diagnostics, self.beside);
        loaded.extent = extent;
        loaded.bytes = self.watch.text.bytes().len() as u64;
        Stage { log, loaded: Arc::new(loaded) }
    }
}

/// The beginning of a log, in whole lines.
fn start_of(bytes: &[u8]) -> &[u8] {
    let start = &bytes[..START.min(bytes.len())];
    let end = start.iter().rposition(|byte| *byte == b'\n').map_or(start.len(), |end| end + 1);
    &start[..end]
}
