//! The report: plain data, and the JSON schema `loopscope-report/2`, which `SCHEMA.md` explains.
//!
//! Invariant: the loops' `ticks` and the parts of `other` add up to `total_ticks`, exactly. `spots` say where parts of
//! `other` were, and are no part of that sum.

mod periods;
mod share;

pub use periods::{GcReport, MemoryReport, Pauses, PhaseReport};
pub use share::Share;

use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The name of the schema; its number changes when a field changes its meaning or goes.
pub const SCHEMA: &str = "loopscope-report/2";

/// Where the ticks of a run went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// The whole run.
    pub total_ticks: u64,
    /// Those in which the program's thread had the processor, if anybody looked.
    pub running_ticks: Option<u64>,
    /// Ticks in which it could have run and others did: no part of the run, so that shares are the program's.
    pub preempted_ticks: Option<u64>,
    /// What the ticks rest on.
    pub time_from: Basis,
    /// Ticks per second, if the log says so.
    pub clock_hz: Option<u64>,
    /// What ran, if the log says so.
    pub program: Option<String>,
    /// Does the log say when loops were entered and left?
    pub has_events: bool,
    /// Which part of the run events cover.
    pub events: EventsReport,
    /// Loops, entry bridges and bridges.
    #[serde(skip)]
    pub loops: Vec<LoopReport>,
    /// Where parts of `other` were: the interpreter, waiting.
    #[serde(skip)]
    pub spots: Vec<LoopReport>,
    /// What was compiled at each place, summed: entry bridge, versions, bridges.
    pub places: Vec<TreeReport>,
    /// What was no loop.
    pub other: Other,
    /// The shares of the parts of `other`, where they are known.
    pub shares: BTreeMap<&'static str, Share>,
    /// Functions of the runtime that loops called, all loops together.
    pub helpers: Vec<HelperReport>,
    /// What recording cost, and what it has lost.
    pub recording: Option<RecordingReport>,
    /// Traces that were given up, by place and reason.
    pub aborts: Vec<AbortReport>,
    /// Causes of time lost, the most expensive first; where a log has no time, what stands out.
    pub findings: Vec<Finding>,
    /// How many more there were, where only the first were wanted.
    pub findings_left_out: usize,
    /// What to know when reading the numbers.
    pub notes: Vec<String>,
    /// What was wrong with the log.
    pub diagnostics: Vec<DiagnosticReport>,
    /// Where the log was read from, if the reader was told.
    pub log: Option<String>,
    /// The process, if the log or the samples say so.
    pub pid: Option<u64>,
    /// Is `clock_hz` not what the log says, but found by its summary?
    pub clock_estimated: bool,
    /// The samples that gave the loops their ticks, where no profile events did.
    pub samples: Option<SamplesReport>,
    /// The same parts, of equal slices of the run, in order: how it warmed up.
    pub warmup: Vec<Slice>,
    /// The totals that PyPy writes at the end.
    pub summary: Vec<TotalReport>,
    /// Parts of the run that user sections or marker lines tell apart.
    pub phases: Vec<PhaseReport>,
    /// What the collector's sections say; nothing if there are none.
    pub gc: Option<GcReport>,
    /// The first and the last stamp.
    #[serde(skip)]
    pub span: (u64, u64),
}

/// One loop, entry bridge or bridge.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LoopReport {
    /// `loop3`, `bridge 0x7f97`
    pub name: String,
    /// `loop`, `entry bridge`, `bridge`
    pub kind: &'static str,
    /// Where it is in the program.
    pub location: Option<Place>,
    /// Ticks in its own code.
    pub ticks: u64,
    /// Ticks between its being entered and left, whatever happened meanwhile.
    pub total_ticks: u64,
    /// Its share of the run, with its error; nothing if it was not observed.
    pub share: Option<Share>,
    /// How many samples met it, if it was looked for.
    pub samples: Option<u64>,
    /// The part of `other` that it is a part of, if it is no loop.
    pub part_of: Option<&'static str>,
    /// The loop whose exits lead there.
    pub caused_by: Option<String>,
    /// Of a place of the interpreter, the loop whose code has called it: the time is a part of that loop's helpers.
    pub called_by: Option<String>,
    /// Functions of the runtime that its code called; their ticks are part of its own.
    pub helpers: Vec<HelperReport>,
    /// How often it was entered, by the events; where these are windows, of the visits inside.
    pub visits: u64,
    /// Half of the visits took no longer.
    pub p50: u64,
    /// Nine tenths of the visits took no longer.
    pub p90: u64,
    /// 99 in 100 visits took no longer.
    pub p99: u64,
    /// The longest visit.
    pub max: u64,
    /// How often it was left to the interpreter: by the counters of its guards, else by events.
    pub exits: Option<u64>,
    /// How many bridges hang on it, directly or on its bridges.
    pub bridges: u32,
    /// How often its machine code was entered, if the log counts that.
    pub entered: Option<u64>,
    /// How often its last label was passed, likewise: the iterations of a loop.
    pub passes: Option<u64>,
    /// What it cost to make.
    pub compile: Compile,
    /// Operations after optimisation; 0 if the log does not show them, which is null in JSON.
    #[serde(serialize_with = "unless_none")]
    pub ops: u32,
    /// Guards among them.
    pub guards: u32,
    /// Bytes of machine code.
    pub code_bytes: Option<u64>,
    /// The name of what a bridge starts from.
    pub parent: Option<String>,
    /// What the log calls it.
    pub label: String,
    /// Index among the log's traces.
    pub trace: Option<u32>,
    /// Index of the trace that a bridge starts from: names of bridges are addresses, and come again.
    pub parent_trace: Option<u32>,
    /// Those of its own ticks that samples found in functions its code called.
    pub called_ticks: Option<u64>,
    /// How many times as long it ran, with its bridges, as it took to make them all. Below a tenth or so, making it
    /// did not pay.
    pub payback: Option<f64>,
}

/// What numbers of ticks rest on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Looks at the running program.
    Samples,
    /// perf's samples.
    PerfSamples,
    /// Events, from one to the next.
    Events,
    /// Nothing tells which loop had how much time.
    #[default]
    Counts,
}

impl Basis {
    /// As in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Basis::Samples => "samples",
            Basis::PerfSamples => "perf-samples",
            Basis::Events => "events",
            Basis::Counts => "counts",
        }
    }
}

/// Which part of the run events cover.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EventsReport {
    /// `exact`, `windows`, or `none`.
    pub coverage: &'static str,
    /// How many windows.
    pub windows: u64,
    /// Ticks in windows.
    pub covered_ticks: Option<u64>,
    /// Where events and samples differ most.
    pub against_samples: Option<Difference>,
}

/// The loop for which two ways of telling time differ most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Its name.
    pub name: String,
    /// Its share by events, in percent of the time in which something was observed.
    pub by_events: f64,
    /// The same by samples.
    pub by_samples: Share,
}

/// What was compiled at one place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TreeReport {
    /// Where.
    pub location: Option<Place>,
    /// The same in words.
    pub label: String,
    /// Ticks of all its members.
    pub ticks: u64,
    /// Their share of the run.
    pub share: Option<Share>,
    /// Those of the ticks in functions of the runtime.
    pub called_ticks: Option<u64>,
    /// Ticks that the interpreter took because of its exits; they are the interpreter's.
    pub caused_ticks: Option<u64>,
    /// Entered from the interpreter or another loop, by counters.
    pub entered: Option<u64>,
    /// Passes, by counters.
    pub passes: Option<u64>,
    /// Exits to the interpreter.
    pub exits: Option<u64>,
    /// What it cost to make.
    pub compile_ticks: u64,
    /// The names of its members.
    pub members: Vec<String>,
    /// The same as rows of `loops`; what stands first has no parent.
    #[serde(skip)]
    pub rows: Vec<u32>,
}

/// A function of the runtime that machine code calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct HelperReport {
    pub name: String,
    pub ticks: u64,
    pub share: Option<Share>,
    pub samples: u64,
}

/// What recording cost, and what it has lost.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RecordingReport {
    /// How looks were taken: `poll`, `signal`.
    pub method: &'static str,
    /// The time between two, in microseconds.
    pub every_us: u64,
    /// What it cost the program's own thread, in nanoseconds, calibrated.
    pub program_ns: Option<u64>,
    /// Of these, by what.
    pub costs: Vec<CostReport>,
    /// Processor time of other threads, in nanoseconds.
    pub threads_ns: u64,
    /// Looks taken.
    pub looks: u64,
    /// How many independent ones they are worth.
    pub looks_worth: f64,
    /// Looks that came too late to be taken.
    pub looks_missed: Option<u64>,
    /// Samples of the program counter.
    pub addresses: u64,
    /// Those that were lost.
    pub addresses_lost: Option<u64>,
    /// Bytes of the log that could not be written.
    pub bytes_lost: Option<u64>,
    /// Does the log break off?
    pub cut: bool,
}

/// What one kind of recording cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostReport {
    pub what: String,
    pub count: u64,
    /// All of them.
    pub ns: u64,
}

/// Where samples were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SamplesReport {
    /// The process they are of.
    pub pid: u32,
    /// How many.
    pub total: u64,
    /// In machine code of the log.
    pub in_code: u64,
    /// In functions called by it, as call chains say.
    pub called: u64,
    /// Between two samples of the same loop, and therefore taken for calls by it.
    pub perhaps_called: u64,
    /// Of other processes, and left out.
    pub other_processes: u64,
}

/// A slice of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Slice {
    /// Ticks since the start of the run.
    pub from: u64,
    /// Ticks in loops.
    pub loops: u64,
    /// The rest.
    pub other: Other,
}

/// A total that the log states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TotalReport {
    /// What of.
    pub label: String,
    /// As it stands there; two numbers if it is a time.
    pub value: String,
}

/// A place in a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The function.
    pub function: String,
    /// Its file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The bytecode's name.
    pub opcode: String,
}

/// Ticks spent making something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compile {
    /// Recording it.
    pub tracing: u64,
    /// Optimising it.
    pub optimize: u64,
    /// Making machine code of it.
    pub backend: u64,
}

impl Compile {
    /// All of it.
    pub fn total(&self) -> u64 {
        self.tracing + self.optimize + self.backend
    }
}

/// What was no loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Other {
    /// Everything else.
    pub interpreter: u64,
    /// Recording traces.
    pub tracing: u64,
    /// Optimising them.
    pub optimize: u64,
    /// Making machine code of them.
    pub backend: u64,
    /// Collecting garbage.
    pub gc: u64,
    /// Making the text of the log, if anybody looked.
    pub recording: Option<u64>,
    /// Asleep, blocked, or others had the processor, if anybody looked.
    pub waiting: Option<u64>,
    /// What the log says nothing of: a filter left it out.
    pub unknown: Unknown,
}

/// Parts of `other` that a log's filter left out. They are 0, and part of what the interpreter is said to have had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    pub tracing: bool,
    pub optimize: bool,
    pub backend: bool,
    pub gc: bool,
}

/// As an object of [`Other::parts`]; null is what nobody knows.
impl Serialize for Other {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.parts())
    }
}

impl Other {
    /// The parts by name; nothing where nobody looked.
    pub fn parts(&self) -> [(&'static str, Option<u64>); 7] {
        let known = |ticks, unknown: bool| if unknown && ticks == 0 { None } else { Some(ticks) };
        [
            ("interpreter", Some(self.interpreter)),
            ("tracing", known(self.tracing, self.unknown.tracing)),
            ("optimize", known(self.optimize, self.unknown.optimize)),
            ("backend", known(self.backend, self.unknown.backend)),
            ("gc", known(self.gc, self.unknown.gc)),
            ("recording", self.recording),
            ("waiting", self.waiting),
        ]
    }

    /// All of it.
    pub fn total(&self) -> u64 {
        self.parts().iter().filter_map(|(_, ticks)| *ticks).sum()
    }
}

/// Traces given up at one place for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AbortReport {
    /// `ABORT_TOO_LONG`
    pub reason: String,
    /// The same in words, if the log has them: ours do.
    pub why: Option<String>,
    /// Where tracing had started, as the log calls it.
    pub label: String,
    /// The same, if we can read it.
    pub location: Option<Place>,
    /// How often.
    pub times: u64,
    /// What it cost; 0 if the log does not say, which is null in JSON.
    #[serde(serialize_with = "unless_zero")]
    pub ticks: u64,
}

/// No trace is without operations: 0 says that nobody knows.
fn unless_none<S: serde::Serializer>(ops: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    Some(*ops).filter(|ops| *ops > 0).serialize(serializer)
}

/// Nothing is made in no time: 0 says that nobody knows.
fn unless_zero<S: serde::Serializer>(ticks: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    Some(*ticks).filter(|ticks| *ticks > 0).serialize(serializer)
}

/// One cause of time lost, at one place; or, where a log has no time, something that stands out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Finding {
    /// A word for machines, as in the table of findings.
    pub kind: &'static str,
    /// The loop it is about.
    pub name: Option<String>,
    /// A sentence for people.
    pub message: String,
    /// What is to be changed: a variable, a function, a class.
    pub subject: Option<String>,
    /// Where in the program.
    pub location: Option<Place>,
    /// Other places of the same cause.
    pub also: Vec<Place>,
    /// What of the run says so.
    pub evidence: Vec<String>,
    /// What to write instead.
    pub advice: Cow<'static, str>,
    /// The ticks it is about, if it is about time.
    pub ticks: Option<u64>,
    /// What of the run could be saved, if anybody can say.
    pub saving: Option<Share>,
}

/// Something that was wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiagnosticReport {
    /// The line it is on, if it is on one.
    pub line: Option<usize>,
    /// The section it is in; empty if in none.
    pub section: String,
    /// What is wrong.
    pub message: String,
}

/// An order of loops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The most time first; where nothing has ticks, the most frequent.
    #[default]
    Ticks,
    /// The most visits first; where nobody saw any, the most often entered.
    Visits,
    /// The most often entered first.
    Entered,
    /// The most passes first.
    Passes,
    /// The most exits first.
    Exits,
    /// The most expensive to make first.
    Compile,
    /// By name, numbers by value.
    Name,
}

impl Report {
    /// Of nothing.
    pub(crate) fn empty() -> Report {
        Report {
            schema: SCHEMA,
            total_ticks: 0,
            running_ticks: None,
            preempted_ticks: None,
            time_from: Basis::Counts,
            clock_hz: None,
            program: None,
            has_events: false,
            events: EventsReport::default(),
            loops: Vec::new(),
            spots: Vec::new(),
            places: Vec::new(),
            other: Other::default(),
            shares: BTreeMap::new(),
            helpers: Vec::new(),
            recording: None,
            aborts: Vec::new(),
            findings: Vec::new(),
            findings_left_out: 0,
            notes: Vec::new(),
            diagnostics: Vec::new(),
            log: None,
            pid: None,
            clock_estimated: false,
            samples: None,
            warmup: Vec::new(),
            summary: Vec::new(),
            phases: Vec::new(),
            gc: None,
            span: (0, 0),
        }
    }

    /// Puts the loops in order, and the places.
    pub fn sort(&mut self, by: Sort) {
        let often = |row: &LoopReport| row.entered.max(row.passes).unwrap_or(0).max(row.visits);
        let key = |row: &LoopReport| match by {
            Sort::Ticks | Sort::Name => (row.ticks, often(row), 0),
            Sort::Visits => (row.visits, row.entered.unwrap_or(0), row.ticks),
            Sort::Entered => (row.entered.unwrap_or(0), row.ticks, 0),
            Sort::Passes => (row.passes.unwrap_or(0), row.ticks, 0),
            Sort::Exits => (row.exits.unwrap_or(0), row.ticks, 0),
            Sort::Compile => (row.compile.total(), row.ticks, 0),
        };
        match by {
            Sort::Name => self.loops.sort_by(|a, b| name_key(&a.name).cmp(&name_key(&b.name))),
            _ => self.loops.sort_by_key(|row| std::cmp::Reverse(key(row))),
        }
        self.places = crate::places::trees(self, by);
    }

    /// Adds what the parser complained about.
    pub fn with_diagnostics(mut self, diagnostics: &[logs::Diagnostic]) -> Report {
        let found = diagnostics.iter().map(|diagnostic| DiagnosticReport {
            line: Some(diagnostic.line),
            section: diagnostic.section.clone(),
            message: diagnostic.message.clone(),
        });
        self.diagnostics.splice(0..0, found);
        self
    }

    /// Do loops have ticks, from events or samples?
    pub fn has_ticks(&self) -> bool {
        self.time_from != Basis::Counts
    }

    /// Is what the interpreter is said to have had all the interpreter's? Our own logs name every loop that ran.
    pub(crate) fn knows_interpreter(&self) -> bool {
        self.has_ticks() || (self.program.is_some() && self.loops.is_empty())
    }

    /// A number of ticks in milliseconds.
    pub fn milliseconds(&self, ticks: u64) -> Option<f64> {
        self.clock_hz.map(|hz| ticks as f64 * 1000.0 / hz as f64)
    }

    /// A number of ticks as a share of the run.
    pub fn percent(&self, ticks: u64) -> f64 {
        if self.total_ticks == 0 { 0.0 } else { ticks as f64 * 100.0 / self.total_ticks as f64 }
    }
}

/// Letters, then the number at the end.
fn name_key(name: &str) -> (&str, u64, &str) {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (letters, name[letters.len()..].parse().unwrap_or(0), name)
}
