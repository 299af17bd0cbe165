//! What nodes of the tree are called.

use crate::attribute::{Attribution, NodeId, Owner};
use crate::build::named_rows;
use crate::report::{LoopReport, Place, Report};
use logs::Log;
use logs::section::Phase;

/// An owner of ticks, for other tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub name: String,
    pub place: Option<Place>,
    pub sort: Sort,
}

/// What kind of owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    Interpreter,
    Loop,
    Bridge,
    Compiling,
    Collecting,
}

/// All frames: the program, the phases, the loops.
#[derive(Debug)]
pub(super) struct Frames {
    list: Vec<Frame>,
}

const PHASES: [(Phase, &str, Sort); 4] = [
    (Phase::Tracing, "tracing", Sort::Compiling),
    (Phase::Optimize, "optimize", Sort::Compiling),
    (Phase::Backend, "backend", Sort::Compiling),
    (Phase::Gc, "gc", Sort::Collecting),
];

impl Frames {
    pub(super) fn new(log: &Log<'_>, found: &Attribution<'_>, report: &Report) -> Frames {
        let interpreter = if report.knows_interpreter() { "interpreter" } else { "interpreter and loops" };
        let frame = |name: &str, sort| Frame { name: name.to_owned(), place: None, sort };
        let phases = PHASES.iter().map(|(_, name, sort)| frame(name, *sort));
        let first = std::iter::once(frame(interpreter, Sort::Interpreter)).chain(phases);
        Frames { list: first.chain(named_rows(log, found).iter().map(of_row)).collect() }
    }

    pub(super) fn list(&self) -> &[Frame] {
        &self.list
    }

    /// The frame of an owner, by index.
    pub(super) fn index(owner: Owner) -> usize {
        match owner {
            Owner::Program => 0,
            Owner::Phase(phase) => PHASES.iter().position(|row| row.0 == phase).map_or(0, |index| index + 1),
            Owner::Loop(number) => 1 + PHASES.len() + number as usize,
        }
    }

    pub(super) fn get(&self, owner: Owner) -> &Frame {
        &self.list[Frames::index(owner)]
    }
}

/// A node's frames, the outermost first; the program is one only where nothing else runs.
pub(super) fn stack(found: &Attribution<'_>, node: NodeId) -> Vec<usize> {
    let owners = found.tree.path(node).map(|id| found.tree.node(id).owner);
    let mut frames: Vec<usize> = owners.filter(|owner| *owner != Owner::Program).map(Frames::index).collect();
    frames.reverse();
    if frames.is_empty() { vec![Frames::index(Owner::Program)] } else { frames }
}

/// `loop3 sieve (sieve.py:7)`
fn of_row(row: &LoopReport) -> Frame {
    let name = match &row.location {
        Some(place) => {
            let file = place.file.rsplit('/').next().unwrap_or(&place.file);
            format!("{} {} ({file}:{})", row.name, place.function, place.line)
        }
        None if row.label.is_empty() => row.name.clone(),
        None => format!("{} {}", row.name, row.label),
    };
    let sort = if row.kind == "bridge" { Sort::Bridge } else { Sort::Loop };
    Frame { name, place: row.location.clone(), sort }
}
