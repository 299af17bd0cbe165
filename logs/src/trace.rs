//! A compiled trace: what its section says about it, and what the rest of the log adds.

use crate::frame::SectionId;
use crate::location::Location;
pub use crate::parse::header::Identity;

/// How a compiled trace begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TraceKind {
    /// Ends by jumping to itself.
    Loop,
    /// Leads into a loop, or is a function's own trace.
    EntryBridge,
    /// Starts at a guard of another trace.
    Bridge,
}

impl TraceKind {
    /// The words in a header.
    pub const fn words(self) -> &'static str {
        match self {
            TraceKind::Loop => "loop",
            TraceKind::EntryBridge => "entry bridge",
            TraceKind::Bridge => "bridge",
        }
    }
}

/// Index of a trace, in the order of compilation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceId(pub u32);

impl TraceId {
    /// The index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A compiled trace. Its operations are not kept: [`Log::ops`](crate::log::Log::ops) takes its lines apart.
#[derive(Clone, Debug)]
pub struct Trace<'a> {
    /// The section it was read from.
    pub section: SectionId,
    /// How it begins and ends.
    pub kind: TraceKind,
    /// The loop's number, or the guard the bridge starts from.
    pub id: Identity,
    /// Its number, which bridges have too, if the log says it.
    pub number: Option<i64>,
    /// The number of the loop that a bridge, or the bridges between, started from, if the log says it.
    pub root: Option<i64>,
    /// What the log calls it; empty for bridges.
    pub name: &'a [u8],
    /// Where it is in the program: by its name, else by its first merge point.
    pub location: Option<Location<'a>>,
    /// `p0, i1`: what it takes.
    pub input_args: &'a [u8],
    /// How many operations the header promises.
    pub header_ops: u64,
    /// How many operations were found, merge points included.
    pub ops: u32,
    /// The labels, in order.
    pub labels: Vec<Label>,
    /// The guards, in order.
    pub guards: Vec<Guard>,
    /// How it ends.
    pub ending: Ending,
    /// Loops it calls.
    pub calls: Vec<i64>,
    /// The guard it starts from, if it is a bridge and that guard was found.
    pub parent: Option<GuardRef>,
    /// How often it was entered, if the log counts.
    pub count: Option<u64>,
    /// Its machine code, as an index into the log's codes.
    pub code: Option<u32>,
}

/// A place that can be jumped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Index among the operations.
    pub op: u32,
    /// Its number; used again after a collection.
    pub token: u64,
    /// How often it was passed.
    pub count: Option<u64>,
}

/// A check that can leave the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Index among the operations.
    pub op: u32,
    /// Its number; used again after a collection.
    pub id: u64,
    /// How often it left compiled code for the interpreter, if the log says so.
    pub exits: Option<u64>,
    /// The bridge that starts from it.
    pub bridge: Option<TraceId>,
}

/// A guard, by trace and index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GuardRef {
    /// The trace that holds it.
    pub trace: TraceId,
    /// Its index among that trace's guards.
    pub guard: u32,
}

/// How a trace ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// With a jump to that label.
    Jump(u64),
    /// With a jump to that loop; only old logs say it so.
    Loop(i64),
    /// By returning.
    Finish,
    /// By leaving in any case: the function was too long for one trace.
    AlwaysFails,
    /// The log does not say.
    #[default]
    Unknown,
}
