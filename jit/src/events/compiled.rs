//! What was compiled, and how often it ran.
//!
//! Machine code counts only how often the end of a trace was reached, and only if a log wants the counters. The rest
//! follows, because whatever enters a trace leaves it: at its end, through a guard to the interpreter (which the
//! engine counts), or through a guard into a bridge.

use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;

use super::Kind;
use crate::store::Store;

/// A compiled trace, in the order of compilation.
pub struct Compiled {
    pub kind: Kind,
    /// The entry or loop that its end jumps to.
    pub target: Option<u32>,
    /// The entry or loop that it is, or that the bridge is a part of.
    pub part: u32,
    /// Numbers of its exits.
    pub guards: Vec<u32>,
    /// Marks that its code sets in one pass, if it takes all its calls.
    pub marks: u64,
    /// How often its end was reached, if that is counted. Machine code knows where it lies.
    pub ends: Option<&'static AtomicU64>,
}

/// Counters of all traces.
pub struct Counts<'a> {
    compiled: &'a [Compiled],
    store: &'a Store,
    /// Guard → index of its bridge.
    bridges: FxHashMap<u32, usize>,
    /// Label → passes.
    passes: FxHashMap<u32, u64>,
    /// Label → passes that came from inside.
    inside: FxHashMap<u32, u64>,
}

impl<'a> Counts<'a> {
    pub fn new(compiled: &'a [Compiled], store: &'a Store) -> Counts<'a> {
        let mut counts = Counts {
            compiled,
            store,
            bridges: FxHashMap::default(),
            passes: FxHashMap::default(),
            inside: FxHashMap::default(),
        };
        for (n, trace) in compiled.iter().enumerate() {
            if let Kind::Bridge(exit) = trace.kind {
                counts.bridges.insert(exit, n);
            }
            if let Some(target) = trace.target {
                *counts.passes.entry(target).or_default() += trace.ended();
                let inside = if target == trace.part { trace.ended() } else { 0 };
                *counts.inside.entry(target).or_default() += inside;
            }
        }
        counts
    }

    /// How often the trace was entered. A loop is so from outside: neither when it comes to its end nor when a bridge
    /// goes back to where it came from.
    pub fn entries(&self, n: usize) -> u64 {
        match self.compiled[n].kind {
            Kind::Loop(number) => {
                let inside = self.inside.get(&number).copied().unwrap_or(0);
                self.passes(number).saturating_sub(inside)
            }
            _ => self.runs(n),
        }
    }

    /// How often the label of the trace was passed.
    pub fn label(&self, n: usize) -> u64 {
        match self.compiled[n].kind {
            Kind::Loop(number) => self.passes(number),
            _ => self.runs(n),
        }
    }

    /// How often machine code has marked what runs, at most.
    pub fn marks(&self) -> u64 {
        let marks = self.compiled.iter().enumerate().map(|(n, trace)| match trace.kind {
            // A loop marks itself when it is entered, not in each pass.
            Kind::Loop(number) => self.passes(number) * (trace.marks - 1) + self.entries(n),
            _ => self.runs(n) * trace.marks,
        });
        marks.sum()
    }

    fn passes(&self, number: u32) -> u64 {
        self.passes.get(&number).copied().unwrap_or(0)
    }

    /// How often the trace ran, by how it was left.
    pub fn runs(&self, n: usize) -> u64 {
        let trace = &self.compiled[n];
        let left = |exit: &u32| self.store.exits.get(exit).map_or(0, |exit| exit.left);
        let into_bridge = |exit: &u32| self.bridges.get(exit).map_or(0, |bridge| self.runs(*bridge));
        trace.ended() + trace.guards.iter().map(|exit| left(exit) + into_bridge(exit)).sum::<u64>()
    }
}

impl Compiled {
    fn ended(&self) -> u64 {
        self.ends.map_or(0, |ends| ends.load(Ordering::Relaxed))
    }

    /// Its own label.
    pub fn label(&self) -> Option<u32> {
        self.kind.label()
    }
}
