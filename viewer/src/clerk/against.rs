//! An older log to compare with: read when its traces are looked at for the first time.

use crate::library::Text;
use logs::{Log, Radix};
use profiler::Report;
use std::cell::OnceCell;
use std::fmt;

/// An older run.
pub struct Against {
    pub report: Report,
    /// Its log.
    pub text: Box<dyn Text + Sync>,
    pub radix: Radix,
}

impl fmt::Debug for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Against").field("log", &self.report.log).finish_non_exhaustive()
    }
}

/// Its log, once somebody wants it.
pub(crate) struct OldLog<'o> {
    against: Option<&'o Against>,
    log: OnceCell<Log<'o>>,
}

impl<'o> OldLog<'o> {
    pub fn of(against: Option<&'o Against>) -> OldLog<'o> {
        OldLog { against, log: OnceCell::new() }
    }

    /// The log and its report.
    pub fn log(&self) -> Option<(&Log<'o>, &'o Report)> {
        let against = self.against?;
        let log = self.log.get_or_init(|| logs::parse(against.text.bytes(), against.radix).0);
        Some((log, &against.report))
    }
}
