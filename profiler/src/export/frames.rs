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
    /// A function of the runtime.
    Helper,
    Recording,
    Waiting,
}

/// All frames: the program, the phases, recording and waiting, the loops, the helpers.
#[derive(Debug)]
pub(super) struct Frames {
    list: Vec<Frame>,
    /// How many of them are loops.
    loops: usize,
}

/// The program, the phases, recording, waiting.
const FIXED: usize = PHASES.len() + 3;

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
        let rest = [frame("recording", Sort::Recording), frame("waiting", Sort::Waiting)];
        let first = std::iter::once(frame(interpreter, Sort::Interpreter)).chain(phases).chain(rest);
        let rows = named_rows(log, found);
        let helpers = found.helpers.iter().map(|name| frame(name, Sort::Helper));
        Frames { list: first.chain(rows.iter().map(of_row)).chain(helpers).collect(), loops: rows.len() }
    }

    pub(super) fn list(&self) -> &[Frame] {
        &self.list
    }

    /// The frame of an owner, by index.
    pub(super) fn index(&self, owner: Owner) -> usize {
        match owner {
            Owner::Program => 0,
            Owner::Phase(phase) => PHASES.iter().position(|row| row.0 == phase).map_or(0, |index| index + 1),
            Owner::Recording => FIXED - 2,
            Owner::Waiting => FIXED - 1,
            Owner::Loop(number) => FIXED + number as usize,
            Owner::Helper(number) => FIXED + self.loops + number as usize,
        }
    }

    pub(super) fn get(&self, owner: Owner) -> &Frame {
        &self.list[self.index(owner)]
    }

    /// A node's frames, the outermost first; the program is one only where nothing else runs.
    pub(super) fn stack(&self, found: &Attribution<'_>, node: NodeId) -> Vec<usize> {
        let owners = found.tree.path(node).map(|id| found.tree.node(id).owner);
        let owners = owners.filter(|owner| *owner != Owner::Program);
        let mut frames: Vec<usize> = owners.map(|owner| self.index(owner)).collect();
        frames.reverse();
        if frames.is_empty() { vec![self.index(Owner::Program)] } else { frames }
    }
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
