//! Versions of a trace compared: what became residual, which guards and allocations are new.
//!
//! ```text
//! two logs, or two traces of one ─► versions (which is which) ─► outline (bytecodes, operations, without names)
//!     ─► align (Myers) ─► compare (names matched; rows and changes) ─► render, the viewer
//! ```

mod align;
mod compare;
mod kind;
mod operand;
mod outline;
mod versions;

pub use compare::{Bytecode, Change, Operation, Row, Sign};
pub use kind::Kind;
pub use outline::Words;

use crate::diff::{pairs, program};
use crate::places::spots;
use crate::report::Report;
use logs::Log;
use logs::op::Op;
use logs::trace::TraceId;
use outline::Outline;
use serde::Serialize;
use versions::{Found, Group, groups};

/// The name of the JSON schema.
pub const SCHEMA: &str = "loopscope-trace-diff/1";

/// A log, its report, and how its operations are shown.
#[derive(Clone, Copy)]
pub struct Side<'s, 'a> {
    pub log: &'s Log<'a>,
    pub report: &'s Report,
    pub words: Words<'s>,
}

/// Two versions of a trace, compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceDiff {
    pub old: Version,
    pub new: Version,
    /// Where it is now.
    pub label: String,
    pub summary: Summary,
    /// Guards, allocations and residual calls that are new or gone, in the order of the trace.
    pub changes: Vec<Change>,
    /// Everything, side by side.
    pub rows: Vec<Row>,
}

/// A trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// `loop3`
    pub name: String,
    /// `loop`, `entry bridge`, `bridge`
    pub kind: &'static str,
    /// Its operations, without what only counts or tells.
    pub operations: usize,
    /// How often its code was entered, if the log counts.
    pub entered: Option<u64>,
}

/// What is new, and what is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub guards: Tally,
    pub allocations: Tally,
    pub residual_calls: Tally,
    /// Whatever is not one of these.
    pub others: Tally,
    /// Operations that work on something else.
    pub changed: usize,
    /// Operations that are in another place.
    pub moved: usize,
}

/// How many of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub new: usize,
    pub gone: usize,
}

/// What a comparison finds, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A trace in two versions.
    Both(Box<TraceDiff>),
    /// A trace that has no counterpart, and whether it is the new side's.
    Only { version: Version, label: String, is_new: bool },
}

/// What to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Everything that was compiled.
    All,
    /// Traces of that name, or at places that hold that text.
    At(String),
    /// What was compiled at that place, as a report calls it.
    Place(String),
    /// One trace of the old side with one of the new side, by name or place.
    These(String, String),
}

/// Why these two logs are no runs of one program, if they are not.
pub fn different_programs(old: &Report, new: &Report) -> Option<String> {
    let sites = |report: &Report| pairs::sites(vec![spots(report)]);
    program::different(&[old], &[new], &pairs::pairs(sites(old), sites(new)))
}

/// An operation as its log has it, without its place in the code.
pub fn plain(op: &Op<'_>) -> String {
    String::from_utf8_lossy(&Op { offset: None, ..*op }.render()).into_owned()
}

/// Compares traces, the most expensive place first; says how many were found.
pub fn compare(old: Side<'_, '_>, new: Side<'_, '_>, which: &Which, take: &mut dyn FnMut(Finding)) -> usize {
    let mut name = None;
    let found: Vec<Group> = match which {
        Which::These(before, after) => these(&old, &new, before, after).into_iter().collect(),
        Which::All => groups(&old, &new),
        Which::Place(label) => groups(&old, &new).into_iter().filter(|group| group.label == *label).collect(),
        Which::At(text) => match (old.find_named(text), new.find_named(text)) {
            (None, None) => {
                groups(&old, &new).into_iter().filter(|group| is_at(&group.label, text)).collect()
            }
            named => {
                name = Some(text);
                let roots = (named.0.map(|id| old.root(id)), named.1.map(|id| new.root(id)));
                groups(&old, &new).into_iter().filter(|group| group.has(roots)).collect()
            }
        },
    };
    let mut count = 0;
    for group in found {
        versions::compare(&old, &new, &group, &mut |found| {
            let finding = match found {
                Found::Both(diff) => Finding::Both(diff),
                Found::Only(id, is_new) => (if is_new { &new } else { &old }).only(id, is_new, &group.label),
            };
            if name.is_none_or(|name| finding.is_called(name)) {
                count += 1;
                take(finding);
            }
        });
    }
    count
}

/// Does a place hold the text? Line 12 is not in line 120.
fn is_at(label: &str, text: &str) -> bool {
    let (label, text) = (label.to_lowercase(), text.to_lowercase());
    let ends_in_digit = text.ends_with(|c: char| c.is_ascii_digit());
    label
        .match_indices(&text)
        .any(|(at, _)| !ends_in_digit || !label[at + text.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

impl Finding {
    /// Is that one of the names in it?
    fn is_called(&self, name: &str) -> bool {
        match self {
            Finding::Both(diff) => diff.old.name == name || diff.new.name == name,
            Finding::Only { version, .. } => version.name == name,
        }
    }
}

/// One trace of each side.
fn these(old: &Side<'_, '_>, new: &Side<'_, '_>, before: &str, after: &str) -> Option<Group> {
    let (before, after) = (old.find(before)?, new.find(after)?);
    Some(Group { label: new.label(after), old: vec![before], new: vec![after] })
}

impl Group {
    /// Is one of these in it?
    fn has(&self, roots: (Option<TraceId>, Option<TraceId>)) -> bool {
        roots.0.is_some_and(|id| self.old.contains(&id)) || roots.1.is_some_and(|id| self.new.contains(&id))
    }
}

impl Side<'_, '_> {
    /// The roots among rows of the report.
    fn traces_of(&self, rows: &[u32]) -> Vec<TraceId> {
        let rows = rows.iter().filter_map(|row| self.report.loops.get(*row as usize));
        let roots = rows.filter(|row| row.parent_trace.is_none()).filter_map(|row| row.trace);
        let mut ids: Vec<TraceId> = roots.map(TraceId).collect();
        ids.sort_unstable();
        ids
    }

    /// The trace of that name; names of bridges come again, the last one counts.
    fn find_named(&self, name: &str) -> Option<TraceId> {
        let index = self.log.traces.iter().rposition(|trace| self.log.name(trace.id) == name)?;
        Some(TraceId(index as u32))
    }

    /// The trace of that name, or the first at a place that holds the text.
    fn find(&self, text: &str) -> Option<TraceId> {
        let at = |id: &TraceId| is_at(&self.label(*id), text);
        self.find_named(text).or_else(|| (0..self.log.traces.len() as u32).map(TraceId).find(at))
    }

    /// Is there a trace of that name, or at such a place?
    pub fn has(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// The trace that a bridge, and the bridges between, started from.
    fn root(&self, id: TraceId) -> TraceId {
        let mut root = id;
        // A parent was compiled before.
        while let Some(parent) =
            self.log.trace(root).parent.map(|parent| parent.trace).filter(|id| *id < root)
        {
            root = parent;
        }
        root
    }

    fn label(&self, id: TraceId) -> String {
        let row = self.report.loops.iter().find(|row| row.trace == Some(id.0));
        row.map_or(String::new(), |row| match &row.location {
            Some(place) => format!("{}:{} {} {}", place.file, place.line, place.function, place.opcode),
            None => row.label.clone(),
        })
    }

    fn outline(&self, id: TraceId) -> Outline {
        Outline::of(self.log, self.log.trace(id), self.words)
    }

    fn version(&self, id: TraceId, operations: usize) -> Version {
        let trace = self.log.trace(id);
        Version { name: self.log.name(trace.id), kind: trace.kind.words(), operations, entered: trace.count }
    }

    fn only(&self, id: TraceId, is_new: bool, label: &str) -> Finding {
        let version = self.version(id, self.outline(id).ops.len());
        let own = self.label(id);
        Finding::Only { version, label: if own.is_empty() { label.to_owned() } else { own }, is_new }
    }
}

/// Two versions; with the guards that are the same, by index.
fn differ(
    old: &Side<'_, '_>,
    new: &Side<'_, '_>,
    before: TraceId,
    after: TraceId,
) -> (TraceDiff, Vec<(u32, u32)>) {
    let (then, now) = (old.outline(before), new.outline(after));
    let guards = &new.log.trace(after).guards;
    let failed = |guard: u32| new.log.failures(guards.get(guard as usize)?);
    let found = compare::compare(&then, &now, &failed);
    let diff = TraceDiff {
        old: old.version(before, then.ops.len()),
        new: new.version(after, now.ops.len()),
        label: new.label(after),
        summary: Summary::of(&found.rows),
        changes: found.changes,
        rows: found.rows,
    };
    (diff, found.guards)
}

impl Summary {
    fn of(rows: &[Row]) -> Summary {
        let mut summary = Summary::default();
        for row in rows {
            let Row::Operation(operation) = row else { continue };
            let tally = match operation.kind {
                Kind::Guard => &mut summary.guards,
                Kind::Allocation => &mut summary.allocations,
                Kind::ResidualCall => &mut summary.residual_calls,
                Kind::Plain | Kind::Control => &mut summary.others,
            };
            match operation.sign {
                Sign::New => tally.new += 1,
                Sign::Gone => tally.gone += 1,
                Sign::Changed => summary.changed += 1,
                Sign::Came => summary.moved += 1,
                Sign::Same | Sign::Left => {}
            }
        }
        summary
    }

    /// What is new and gone of a kind.
    pub fn tally(&self, kind: Kind) -> Tally {
        match kind {
            Kind::Guard => self.guards,
            Kind::Allocation => self.allocations,
            Kind::ResidualCall => self.residual_calls,
            Kind::Plain | Kind::Control => self.others,
        }
    }

    /// Adds another trace's.
    pub fn add(&mut self, other: &Summary) {
        let tallies = [
            (&mut self.guards, other.guards),
            (&mut self.allocations, other.allocations),
            (&mut self.residual_calls, other.residual_calls),
            (&mut self.others, other.others),
        ];
        for (sum, more) in tallies {
            (sum.new, sum.gone) = (sum.new + more.new, sum.gone + more.gone);
        }
        self.changed += other.changed;
        self.moved += other.moved;
    }

    /// Is nothing different?
    pub fn is_same(&self) -> bool {
        *self == Summary::default()
    }

    /// `+3 guards −1, +1 allocation, 2 operations on other values`
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        let counted = Kind::COUNTED.map(|(kind, one, several)| (self.tally(kind), one, several));
        for (tally, one, several) in
            counted.into_iter().chain([(self.others, "other operation", "other operations")])
        {
            let most = tally.new.max(tally.gone);
            let word = if most == 1 { one } else { several };
            match (tally.new, tally.gone) {
                (0, 0) => {}
                (new, 0) => parts.push(format!("+{new} {word}")),
                (0, gone) => parts.push(format!("-{gone} {word}")),
                (new, gone) => parts.push(format!("+{new} -{gone} {word}")),
            }
        }
        if self.moved > 0 {
            parts.push(format!("{} moved", self.moved));
        }
        if self.changed > 0 {
            parts.push(format!("{} on other values", self.changed));
        }
        if parts.is_empty() { "no difference".to_owned() } else { parts.join(", ") }
    }
}
