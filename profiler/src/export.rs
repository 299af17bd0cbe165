//! A run in the formats of other tools.
//!
//! ```text
//!                 ┌─ tree (who called whom) ──────► folded, flamegraph, pprof
//! attribution ────┼─ spans (what ran when) ───────► chrome;  in windows: speedscope, firefox
//!                 └─ report ──────────────────────► csv, parquet
//! log: where machine code lies ───────────────────► perf-map, jitdump
//! ```
//!
//! The first three sum up to the report's ticks, loop by loop. Where these rest on looks at the running program, what
//! ran in a slice of these stands there one after the other: the lengths are right, the order in a slice is not known.

mod chrome;
mod firefox;
mod flame;
mod frames;
mod jitdump;
mod parquet;
mod perfmap;
mod pprof;
mod speedscope;
mod window;

use crate::attribute::{Attribution, Sink, attribute, span_of};
use crate::build::{Options, analyze_joined, joined};
use crate::perf::Joined;
use crate::report::Report;
use frames::Frames;
use logs::Log;
pub(crate) use parquet::{Cells, Column, decode, encode};
use std::io::{self, Write};

macro_rules! formats {
    ($($(#[doc = $reader:literal])+ $variant:ident $name:literal;)+) => {
        /// A format of another tool.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Format { $($(#[doc = $reader])+ $variant,)+ }

        impl Format {
            /// Every format.
            pub const ALL: &[Format] = &[$(Format::$variant,)+];

            /// What it is called on the command line.
            pub const fn name(self) -> &'static str { match self { $(Format::$variant => $name,)+ } }

            /// The format of that name.
            pub fn from_name(name: &str) -> Option<Format> {
                Format::ALL.iter().copied().find(|format| format.name() == name)
            }
        }
    };
}

formats! {
    /// <https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources>
    Speedscope "speedscope";
    /// <https://github.com/firefox-devtools/profiler/blob/main/docs-developer/processed-profile-format.md>
    Firefox "firefox";
    /// Lines `caller;callee ticks`
    Folded "folded";
    /// SVG
    Flamegraph "flamegraph";
    /// Chrome's trace event format, as <https://ui.perfetto.dev> reads it
    Chrome "chrome";
    /// <https://github.com/google/pprof/blob/main/proto/profile.proto>, gzipped
    Pprof "pprof";
    /// Comma-separated values
    Csv "csv";
    /// <https://parquet.apache.org>
    Parquet "parquet";
    /// `/tmp/perf-PID.map`, as `perf report` looks for it
    PerfMap "perf-map";
    /// `jit-PID.dump`, as `perf inject --jit` reads it
    Jitdump "jitdump";
}

/// A log, ready to be written in any format.
#[derive(Debug)]
pub struct Exporter<'l, 'a> {
    log: &'l Log<'a>,
    joined: Joined,
    found: Attribution<'a>,
    frames: Frames,
    /// The report that all formats agree with.
    pub report: Report,
}

impl<'l, 'a> Exporter<'l, 'a> {
    /// Attributes the log's ticks.
    pub fn new(log: &'l Log<'a>, options: Options<'_>) -> Self {
        let joined = joined(log, &options);
        let report = analyze_joined(log, &options, &joined);
        let found = attribute(log, &joined, &mut ());
        let frames = Frames::new(log, &found, &report);
        Exporter { log, joined, found, frames, report }
    }

    /// Why an export in that format would hold nothing, and what it would take.
    pub fn lacks(&self, format: Format) -> Option<String> {
        crate::lack::empty(self.log, &self.found, &self.report, format)
    }

    /// Writes one format.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Speedscope => speedscope::write(self, out),
            Format::Firefox => firefox::write(self, out),
            Format::Folded => flame::folded(self, out),
            Format::Flamegraph => flame::graph(self, out),
            Format::Chrome => chrome::write(self, out),
            Format::Pprof => pprof::write(self, out),
            Format::Csv => crate::render::csv(&self.report, out),
            Format::Parquet => parquet::write(&self.report, out),
            Format::PerfMap => perfmap::write(self.log, out),
            Format::Jitdump => jitdump::write(self, out),
        }
    }

    /// Tells a sink what ran when, with the same sums as the report.
    fn replay(&self, sink: &mut dyn Sink) {
        let _ = attribute(self.log, &self.joined, sink);
    }

    /// The first and the last stamp.
    fn span(&self) -> (u64, u64) {
        span_of(self.log, &self.joined.slots)
    }

    /// What ran.
    fn title(&self) -> String {
        let named = self.report.program.as_deref().or(self.report.log.as_deref());
        named.unwrap_or("the run").to_owned()
    }

    /// A stamp on perf's clock.
    fn clock_time(&self, stamp: u64) -> u64 {
        self.joined.clock.map_or_else(|| self.nanoseconds(stamp) as u64, |clock| clock.nanoseconds(stamp))
    }

    /// Ticks in nanoseconds; a clock that nobody knows ticks once in a microsecond.
    fn nanoseconds(&self, ticks: u64) -> f64 {
        ticks as f64 * 1e9 / self.report.clock_hz.unwrap_or(1_000_000) as f64
    }
}
