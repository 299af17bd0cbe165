//! Parts of a run that have names, and the collector's work in it.

use super::Other;
use serde::Serialize;

/// A part of the run that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PhaseReport {
    /// The section's name, with a number if it comes again; or what a marker line says.
    pub name: String,
    /// The stamp it begins with.
    pub from: u64,
    /// From its beginning to its end.
    pub ticks: u64,
    /// Ticks in loops; only where loops have ticks.
    pub loops: u64,
    /// The rest of it.
    pub other: Other,
    /// Loops and entry bridges that were compiled meanwhile.
    pub loops_made: u64,
    /// Bridges, likewise.
    pub bridges_made: u64,
    /// Attempts at tracing that were given up.
    pub aborts: u64,
    /// Minor collections, if the log shows any.
    pub minor_collections: Option<u64>,
}

impl PhaseReport {
    /// Ticks of tracing, optimising and assembling, as far as the log shows them.
    pub fn compiling(&self) -> Option<u64> {
        let parts = self.other.parts();
        let of = |(name, ticks): &(&str, Option<u64>)| {
            ticks.filter(|_| matches!(*name, "tracing" | "optimize" | "backend"))
        };
        parts.iter().filter_map(of).reduce(u64::saturating_add)
    }

    /// Ticks of collecting, if the log shows them.
    pub fn gc(&self) -> Option<u64> {
        self.other.parts().iter().find(|(name, _)| *name == "gc").and_then(|(_, ticks)| *ticks)
    }
}

/// The collector's work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GcReport {
    /// Collections of the nursery.
    pub minors: u64,
    /// Steps of major collections.
    pub steps: u64,
    /// Major collections that were done.
    pub majors: u64,
    /// How long the program stood still.
    pub pauses: Option<Pauses>,
    /// The same of minor collections.
    pub minor_pauses: Option<Pauses>,
    /// The same of steps of major ones.
    pub step_pauses: Option<Pauses>,
    /// The most memory that was used.
    pub peak_bytes: Option<u64>,
    /// Memory that was used, over time.
    pub memory: Vec<MemoryReport>,
}

/// Lengths in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pauses {
    pub p50: u64,
    pub p99: u64,
    pub max: u64,
}

/// Memory that was used at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MemoryReport {
    /// The stamp.
    pub at: u64,
    pub bytes: u64,
}
