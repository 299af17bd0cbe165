//! The report: plain data, and the JSON schema `loopscope-report/1`, which `SCHEMA.md` explains.
//!
//! Invariant: the loops' `ticks` and the parts of `other` add up to `total_ticks`, exactly.

use serde::Serialize;

/// The name of the schema; its number changes when a field changes its meaning or goes.
pub const SCHEMA: &str = "loopscope-report/1";

/// Where the ticks of a run went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// The whole run.
    pub total_ticks: u64,
    /// Ticks per second, if the log says so.
    pub clock_hz: Option<u64>,
    /// What ran, if the log says so.
    pub program: Option<String>,
    /// Does the log say when loops were entered and left? Otherwise no loop has ticks.
    pub has_events: bool,
    /// Loops, entry bridges and bridges.
    pub loops: Vec<LoopReport>,
    /// What was no loop.
    pub other: Other,
    /// Traces that were given up, by place and reason.
    pub aborts: Vec<AbortReport>,
    /// What stands out, in words.
    pub findings: Vec<Finding>,
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
    /// How often it was entered, by the events.
    pub visits: u64,
    /// Half of the visits took no longer.
    pub p50: u64,
    /// Nine tenths of the visits took no longer.
    pub p90: u64,
    /// 99 in 100 visits took no longer.
    pub p99: u64,
    /// The longest visit.
    pub max: u64,
    /// Visits that ended in the interpreter, not in another loop.
    pub exits: u64,
    /// How often its guards failed into the interpreter, if the log counts that.
    pub guard_exits: Option<u64>,
    /// How many bridges hang on it, directly or on its bridges.
    pub bridges: u32,
    /// How often its machine code was entered, if the log counts that.
    pub entries: Option<u64>,
    /// How often its last label was passed, likewise: the iterations of a loop.
    pub passes: Option<u64>,
    /// What it cost to make.
    pub compile: Compile,
    /// Operations after optimisation.
    pub ops: u32,
    /// Guards among them.
    pub guards: u32,
    /// Bytes of machine code.
    pub code_bytes: Option<u64>,
    /// One in how many of its nested visits was recorded; the other numbers are scaled.
    pub sampled: Option<u64>,
    /// Those of its visits that were only counted: their ticks are an estimate, and how they ended is not known.
    pub unrecorded: u64,
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
    /// For logs that say only how often things ran: its share of the time that may have been spent in loops, by
    /// counts and sizes of code. An estimate, and no part of any sum.
    pub estimated_ticks: Option<u64>,
    /// How many times as long it ran, with its bridges, as it took to make them all. Below a tenth or so, making it
    /// did not pay.
    pub payback: Option<f64>,
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
    /// Ticks without samples: the process waited, or others had the processor. No part of the run.
    pub idle_ticks: u64,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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
}

impl Other {
    /// The parts by name.
    pub fn parts(&self) -> [(&'static str, u64); 5] {
        [
            ("interpreter", self.interpreter),
            ("tracing", self.tracing),
            ("optimize", self.optimize),
            ("backend", self.backend),
            ("gc", self.gc),
        ]
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
    /// What it cost.
    pub ticks: u64,
}

/// Something that stands out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A word for machines, as in the table of findings.
    pub kind: &'static str,
    /// The loop it is about.
    pub name: Option<String>,
    /// A sentence for people.
    pub message: String,
    /// Where in the program.
    pub location: Option<Place>,
    /// What to try.
    pub advice: &'static str,
    /// The ticks it is about, if it is about time.
    pub ticks: Option<u64>,
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
    /// The most expensive first; where nothing has ticks, the most frequent.
    #[default]
    Ticks,
    /// The most frequent first.
    Visits,
    /// By name, numbers by value.
    Name,
}

impl Report {
    /// Of nothing.
    pub(crate) fn empty() -> Report {
        Report {
            schema: SCHEMA,
            total_ticks: 0,
            clock_hz: None,
            program: None,
            has_events: false,
            loops: Vec::new(),
            other: Other::default(),
            aborts: Vec::new(),
            findings: Vec::new(),
            notes: Vec::new(),
            diagnostics: Vec::new(),
            log: None,
            pid: None,
            clock_estimated: false,
            samples: None,
            warmup: Vec::new(),
            summary: Vec::new(),
        }
    }

    /// Puts the loops in order.
    pub fn sort(&mut self, by: Sort) {
        use std::cmp::Reverse;
        let often = |row: &LoopReport| (row.visits, row.entries.max(row.passes));
        match by {
            Sort::Ticks => {
                self.loops.sort_by_key(|row| Reverse((row.ticks, row.estimated_ticks, often(row))))
            }
            Sort::Visits => self.loops.sort_by_key(|row| Reverse((often(row), row.ticks))),
            Sort::Name => self.loops.sort_by(|a, b| name_key(&a.name).cmp(&name_key(&b.name))),
        }
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
        self.has_events || self.samples.as_ref().is_some_and(|samples| samples.in_code + samples.called > 0)
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
