//! What the instruments saw of a run: looks at what runs, samples of the program counter, windows of events, and what
//! all that cost.
//!
//! A *look* reads the mark of what runs now. Looks are counted in slices of time; how much of a slice the program ran
//! at all is not a matter of looks, its clock says it. So the time of one key is, slice by slice, the running time
//! divided as the looks are that found the program running.

use crate::location::Location;
use crate::trace::Identity;

/// Everything of it.
#[derive(Clone, Debug, Default)]
pub struct Profile<'a> {
    /// In the order of the log, which is that of time.
    pub slices: Vec<Slice>,
    /// The looks of all slices.
    pub looks: Vec<Looks>,
    /// What helpers are called.
    pub helpers: Vec<Helper<'a>>,
    /// Where looks found the interpreter.
    pub places: Vec<Spot<'a>>,
    /// How program counters were sampled, as the log says it.
    pub method: Option<&'a [u8]>,
    /// Samples inside of machine code.
    pub codes: Vec<CodeSamples>,
    /// Samples outside of it.
    pub natives: Vec<NativeSamples<'a>>,
    /// Intervals in which every transition was recorded. If there are none, all were, everywhere.
    pub windows: Vec<Window>,
    /// What recording cost the program's own thread.
    pub costs: Vec<Cost<'a>>,
    /// What it cost other threads, in nanoseconds.
    pub threads: Vec<(&'a [u8], u64)>,
    /// What was lost, if the log came to its end.
    pub losses: Option<Losses>,
    /// What `record` saw from outside, by process.
    pub recorded: Vec<Recorded<'a>>,
    /// What the program's own thread saw of why.
    pub evidence: Evidence<'a>,
}

/// What the program's own thread saw of why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// Shapes of instances.
    pub shapes: Vec<Shape<'a>>,
    /// What guards found.
    pub saw: Vec<Saw<'a>>,
    /// Exceptions that the interpreter brought to a handler.
    pub caught: Vec<Rare<'a>>,
    /// Names whose changes invalidated code.
    pub broke: Vec<Rare<'a>>,
}

/// What the number of a shape means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape<'a> {
    pub number: u32,
    pub class: &'a [u8],
    /// Attributes, one space between two, in the order in which instances got them.
    pub names: &'a [u8],
}

/// What a guard found when it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saw<'a> {
    pub guard: u64,
    pub times: u64,
    /// The local variable that held it.
    pub variable: Option<&'a [u8]>,
    /// `int`, `Point(x y)`, `tuple of 2`, `function f`, `value 3`, `large int`
    pub what: &'a [u8],
}

/// Something that happened at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rare<'a> {
    pub times: u64,
    pub name: &'a [u8],
    pub location: Option<Location<'a>>,
    /// The same as the log has it.
    pub text: &'a [u8],
}

/// Samples that were taken of a process from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded<'a> {
    pub process: u32,
    /// How, and how often in a second of running.
    pub method: &'a [u8],
    /// Samples that were taken and could not be kept.
    pub lost: u64,
    /// Samples of processes that have no log.
    pub others: u64,
    /// In the order of their threads.
    pub samples: Vec<RecordedSample>,
}

/// Where a thread was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordedSample {
    pub thread: u32,
    /// A stamp.
    pub at: u64,
    /// Ticks since the sample before in which the thread ran.
    pub ran: u64,
    /// Ticks since then in which others kept it from running.
    pub delayed: u64,
    pub address: u64,
    /// The innermost place in machine code among the callers.
    pub caller: Option<u64>,
}

/// A slice of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Stamps.
    pub from: u64,
    /// The end, not inside.
    pub to: u64,
    /// How it was looked.
    pub method: Method,
    /// Processor time of the program's thread, by its clock.
    pub running_ns: u64,
    /// Time in which the thread could have run and others did, if the log says so.
    pub delayed_ns: Option<u64>,
    /// Its looks, a range of [`Profile::looks`].
    pub looks: (u32, u32),
}

/// How looks are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// By another thread, every so many microseconds on the average.
    Poll(u64),
    /// By a timer on the program's own processor time: waiting is never seen.
    Signal(u64),
    /// The log does not say.
    #[default]
    Unknown,
}

/// Looks that found the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    /// What ran.
    pub key: Key,
    /// How often it was running.
    pub running: u64,
    /// How often it waited: asleep, blocked, or others had the processor.
    pub waiting: u64,
}

/// What can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A trace's machine code, or a helper that it called.
    Trace(Identity, Option<u32>),
    /// The interpreter; since that guard has left machine code, if one did.
    Interpreter(Option<u64>),
    /// Recording a trace.
    Tracing,
    /// Rewriting it.
    Optimize,
    /// Making machine code of it.
    Backend,
    /// Collecting garbage.
    Gc,
    /// Making the text of the log.
    Log,
}

/// A function of the runtime that machine code calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Helper<'a> {
    /// As keys name it.
    pub number: u32,
    /// As people do.
    pub name: &'a [u8],
}

/// A place in the program where looks found the interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot<'a> {
    /// Looks that found it running there.
    pub running: u64,
    /// And waiting.
    pub waiting: u64,
    /// The trace whose code waited for it: what code calls is a part of its time.
    pub caller: Option<Identity>,
    /// The guard that had left machine code.
    pub cause: Option<u64>,
    /// Where.
    pub location: Option<Location<'a>>,
    /// The same as the log has it.
    pub text: &'a [u8],
}

/// Samples at one address in machine code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeSamples {
    pub address: u64,
    pub count: u64,
}

/// Samples in one native function or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeSamples<'a> {
    pub name: &'a [u8],
    /// What ran, by the mark.
    pub key: Key,
    pub count: u64,
}

/// An interval in which every transition was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: u64,
    pub to: u64,
    pub events: u64,
}

/// What one kind of recording cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost<'a> {
    pub what: &'a [u8],
    pub count: u64,
    /// Of each.
    pub ns: f64,
}

/// What recording has lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Looks taken, and looks that should have been.
    pub looks: (u64, u64),
    /// Samples of the program counter, likewise.
    pub addresses: (u64, u64),
    /// Text that could not be written.
    pub bytes: u64,
}

impl<'a> Profile<'a> {
    /// Does the log say what ran, by looks?
    pub fn has_looks(&self) -> bool {
        self.looks.iter().any(|looks| looks.running > 0)
    }

    /// The looks of a slice.
    pub fn looks_of(&self, slice: &Slice) -> &[Looks] {
        self.looks.get(slice.looks.0 as usize..slice.looks.1 as usize).unwrap_or_default()
    }

    /// Adds what later sections say.
    pub(crate) fn append(&mut self, later: Profile<'a>) {
        let before = self.looks.len() as u32;
        self.slices.extend(
            later
                .slices
                .into_iter()
                .map(|slice| Slice { looks: (slice.looks.0 + before, slice.looks.1 + before), ..slice }),
        );
        self.looks.extend(later.looks);
        self.helpers.extend(later.helpers);
        self.places.extend(later.places);
        self.method = later.method.or(self.method);
        self.codes.extend(later.codes);
        self.natives.extend(later.natives);
        self.windows.extend(later.windows);
        self.costs.extend(later.costs);
        self.threads.extend(later.threads);
        self.losses = later.losses.or(self.losses);
        self.recorded.extend(later.recorded);
        self.evidence.shapes.extend(later.evidence.shapes);
        self.evidence.saw.extend(later.evidence.saw);
        self.evidence.caught.extend(later.evidence.caught);
        self.evidence.broke.extend(later.evidence.broke);
    }
}
