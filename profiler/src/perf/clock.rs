//! Where perf's nanoseconds lie among the log's stamps.
//!
//! `stamp = offset + nanoseconds * hz / 1e9`
//!
//! **hz**: what the caller says, what the log says, or how many ticks lie between the first section of the JIT and the
//! summary, divided by the seconds that the summary says have passed meanwhile (`TOTAL`). The profiler that measures
//! these starts when the helpers of machine code are made, so this is right to a hundredth of a millisecond over the whole
//! run, if the log holds the whole run: it must have one summary, and as many sections of tracing, or of the backend, as that summary counts. A
//! forked child's summary goes on counting its parent's, so it has no clock of its own.
//!
//! **offset**: code cannot have run before it was made. So every piece of code that has its addresses for itself gives
//! a lower bound: the stamp of its making, less the time of the first sample in it. The highest bound is
//! the offset, too low by no more than the shortest time from making to being sampled, as a rule one period.

use super::script::{Sample, Samples};
use super::space::{Space, alone};
use logs::Log;
use logs::section::Section;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    pub(super) hz: f64,
    offset: f64,
}

impl Clock {
    /// The log's own.
    pub(super) const STAMPS: Clock = Clock { hz: 1e9, offset: 0.0 };

    pub(super) fn stamp(&self, nanoseconds: u64) -> u64 {
        (self.offset + nanoseconds as f64 * self.hz / 1e9).max(0.0) as u64
    }

    /// The other way.
    pub(crate) fn nanoseconds(&self, stamp: u64) -> u64 {
        ((stamp as f64 - self.offset).max(0.0) * 1e9 / self.hz) as u64
    }

    pub(super) fn ticks(&self, nanoseconds: u64) -> u64 {
        (nanoseconds as f64 * self.hz / 1e9) as u64
    }
}

/// Ticks per second, if the log tells: what it says, or by its summary.
pub(crate) fn hz_of(log: &Log<'_>) -> Option<u64> {
    log.meta.clock_hz.or_else(|| by_summary(log))
}

/// What a clock can be, from the timers of old Windows to the cycles of a processor; all else is a misunderstanding.
const PLAUSIBLE: std::ops::Range<f64> = 1e6..1e10;

fn by_summary(log: &Log<'_>) -> Option<u64> {
    let seconds = log.total_seconds().filter(|seconds| *seconds > 0.0)?;
    let (mut summary, mut tracing, mut backend) = (None, 0, 0);
    for (_, node) in log.frame.sections() {
        match node.kind {
            Some(Section::JitSummary) if summary.is_some() => return None,
            Some(Section::JitSummary) => summary = Some(node.start),
            Some(Section::JitTracing) => tracing += 1,
            Some(Section::JitBackend) => backend += 1,
            _ => {}
        }
    }
    let is_all = |label, found: u64| found > 0 && count(log, label).is_none_or(|counted| counted <= found);
    if !is_all("Tracing", tracing) && !is_all("Backend", backend) {
        return None;
    }
    let hz = summary?.checked_sub(profiler_start(log)?)? as f64 / seconds;
    PLAUSIBLE.contains(&hz).then_some(hz.round() as u64)
}

/// When PyPy's own profiler started: behind the helpers, before the first trace is compiled.
fn profiler_start(log: &Log<'_>) -> Option<u64> {
    let mut start = None;
    for (_, node) in log.frame.sections().filter(|(_, node)| node.name.starts_with(b"jit-")) {
        match node.kind {
            Some(Section::JitBackendDump) => start = Some(node.stop),
            Some(Section::JitMemCollect) => return Some(node.start),
            Some(Section::JitTracing) if start.is_none() => start = Some(node.start),
            Some(
                Section::JitTracing
                | Section::JitTraceDone
                | Section::JitLogNoopt
                | Section::JitBackendCounts,
            ) => {}
            _ => return start.or(Some(node.start)),
        }
    }
    start
}

/// How often, by the summary; the seconds stand behind.
fn count(log: &Log<'_>, label: &str) -> Option<u64> {
    let value = std::str::from_utf8(log.total(label)?).ok()?;
    value.split_whitespace().next()?.parse().ok()
}

/// Fits the clocks. `samples` are of one process and in order.
pub(super) fn fit(log: &Log<'_>, all: &Samples, samples: &[Sample], hz: Option<u64>) -> Clock {
    let (first, last) = (samples.first().map_or(0, |x| x.at), samples.last().map_or(0, |x| x.at));
    let (start, end) = crate::attribute::span_of(log, &[]);
    let seconds = (last - first) as f64 / 1e9;
    // Without any other knowledge, the two saw the same time.
    let guess = || if seconds > 0.0 { ((end - start) as f64 / seconds).max(1.0) } else { 1e9 };
    let hz = hz.map_or_else(guess, |hz| hz as f64);
    let ends_together = end as f64 - last as f64 * hz / 1e9;
    Clock { hz, offset: bound(log, all, samples, hz).unwrap_or(ends_together) }
}

fn bound(log: &Log<'_>, all: &Samples, samples: &[Sample], hz: f64) -> Option<f64> {
    let mut space = Space::default();
    let alone = alone(&log.codes);
    for (index, code) in log.codes.iter().enumerate().filter(|(index, _)| alone[*index]) {
        space.insert(code, index as u32);
    }
    let mut met = vec![false; log.codes.len()];
    let mut bound: Option<f64> = None;
    for sample in samples {
        let addresses = std::iter::once(&sample.address).chain(all.callers(sample));
        for code in addresses.filter_map(|address| space.at(*address)) {
            if !std::mem::replace(&mut met[code as usize], true) {
                let made = log.frame.section(log.codes[code as usize].section).start as f64;
                let offset = made - sample.at as f64 * hz / 1e9;
                bound = Some(bound.map_or(offset, |bound| bound.max(offset)));
            }
        }
    }
    bound
}
