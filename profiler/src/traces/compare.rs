//! Two versions of a trace, operation by operation.
//!
//! ```text
//! bytecodes of both ─► aligned (anchors) ─► operations between two anchors, aligned ─► names matched ─► rows, changes
//! ```
//!
//! Operations that are aligned are the same if what they use is: each name of the old run is one of the new run's, by
//! the operation that made it, else by where it was used first.

use super::align::{Pairs, align};
use super::kind::Kind;
use super::outline::{Item, Outline};
use crate::report::Place;
use rustc_hash::FxHashMap as HashMap;
use serde::Serialize;
use std::collections::VecDeque;
use std::ops::Range;

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// Nothing.
    Same,
    /// It works on something else.
    Changed,
    /// It is new.
    New,
    /// It is no more.
    Gone,
    /// It is in another place of the same function now, and here it was.
    Left,
    /// The same; here it is.
    Came,
}

impl Sign {
    /// Before an operation, in text.
    pub const fn mark(self) -> char {
        match self {
            Sign::Same => ' ',
            Sign::Changed => '~',
            Sign::New => '+',
            Sign::Gone => '-',
            Sign::Left => '<',
            Sign::Came => '>',
        }
    }
}

/// A line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "row", rename_all = "lowercase")]
pub enum Row {
    /// The bytecode that the next operations come from.
    Bytecode(Bytecode),
    /// An operation.
    Operation(Operation),
}

/// A bytecode.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bytecode {
    /// Was it traced then?
    pub in_old: bool,
    /// Is it traced now?
    pub in_new: bool,
    /// 0 in the trace's own function, deeper in inlined calls.
    pub depth: u32,
    pub location: Option<Place>,
    /// As the log has it.
    pub text: String,
}

/// An operation, or two that are the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    pub sign: Sign,
    pub kind: Kind,
    /// As it was.
    pub old: Option<String>,
    /// As it is.
    pub new: Option<String>,
    /// Its index in the old trace, bytecodes included.
    pub old_index: Option<u32>,
    /// Its index in the new trace.
    pub new_index: Option<u32>,
}

/// A guard, allocation or residual call that is new, or no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// [`Sign::New`] or [`Sign::Gone`].
    pub sign: Sign,
    pub kind: Kind,
    pub operation: String,
    pub location: Option<Place>,
    /// The bytecode as the log has it.
    pub bytecode: String,
    /// The function that is called there, and was inlined, or is now.
    pub inlined: Option<String>,
    /// Of new guards, how often they failed, if the log counts.
    pub failed: Option<u64>,
}

/// Everything about two versions.
pub(super) struct Compared {
    pub rows: Vec<Row>,
    pub changes: Vec<Change>,
    /// Guards that are the same, by index.
    pub guards: Vec<(u32, u32)>,
}

/// Compares; `failed` says how often a guard of the new trace failed.
pub(super) fn compare(old: &Outline, new: &Outline, failed: &dyn Fn(u32) -> Option<u64>) -> Compared {
    let mut walk = Walk::new(old, new);
    let mut anchors = vec![(0, 0)];
    anchors.extend(point_pairs(old, new));
    anchors.push((old.points.len(), new.points.len()));
    for two in anchors.windows(2) {
        walk.between(two[0].0..two[1].0, two[0].1..two[1].1);
    }
    walk.moves();
    let changes = walk.lines.iter().filter_map(|line| walk.change(line, failed)).collect();
    let rows = walk.rows();
    Compared { rows, changes, guards: walk.guards }
}

/// Bytecodes that are the same; the first of each side stands for none.
fn point_pairs(old: &Outline, new: &Outline) -> Pairs {
    let keys = |side: &Outline| side.points[1..].iter().map(|point| point.keys).collect::<Vec<_>>();
    align(&keys(old), &keys(new)).into_iter().map(|(x, y)| (x + 1, y + 1)).collect()
}

/// An operation on its way to a row.
struct Line {
    sign: Sign,
    old: Option<usize>,
    new: Option<usize>,
    /// The anchors it stands between.
    points: (Range<usize>, Range<usize>),
}

struct Walk<'o> {
    old: &'o Outline,
    new: &'o Outline,
    lines: Vec<Line>,
    names: Names,
    guards: Vec<(u32, u32)>,
}

impl<'o> Walk<'o> {
    fn new(old: &'o Outline, new: &'o Outline) -> Walk<'o> {
        Walk { old, new, lines: Vec::new(), names: Names::default(), guards: Vec::new() }
    }

    /// The operations of bytecodes between two anchors; the first of each is an anchor itself.
    fn between(&mut self, old_points: Range<usize>, new_points: Range<usize>) {
        let (old, new) = (self.old.ops_of(old_points.clone()), self.new.ops_of(new_points.clone()));
        let keys = |items: &[Item]| items.iter().map(|item| item.keys).collect::<Vec<_>>();
        let pairs = align(&keys(&self.old.ops[old.clone()]), &keys(&self.new.ops[new.clone()]));
        let (mut i, mut j) = (old.start, new.start);
        let ends = std::iter::once((old.len(), new.len()));
        for (x, y) in pairs.into_iter().chain(ends) {
            let (x, y) = (old.start + x, new.start + y);
            let points = || (old_points.clone(), new_points.clone());
            let gone = (i..x).map(|op| Line { sign: Sign::Gone, old: Some(op), new: None, points: points() });
            self.lines.extend(gone);
            let come = (j..y).map(|op| Line { sign: Sign::New, old: None, new: Some(op), points: points() });
            self.lines.extend(come);
            if x < old.end && y < new.end {
                let sign = self.pair(x, y);
                self.lines.push(Line { sign, old: Some(x), new: Some(y), points: points() });
            }
            (i, j) = (x + 1, y + 1);
        }
    }

    fn pair(&mut self, x: usize, y: usize) -> Sign {
        let (old, new) = (&self.old.ops[x], &self.new.ops[y]);
        self.guards.extend(old.guard.zip(new.guard));
        if self.names.agree(old, new) { Sign::Same } else { Sign::Changed }
    }

    /// What is gone here and new there, in the same function, has moved.
    fn moves(&mut self) {
        let mut gone = HashMap::<(u64, &str), VecDeque<usize>>::default();
        for (index, line) in self.lines.iter().enumerate() {
            if let (Sign::Gone, Some(op)) = (line.sign, line.old) {
                gone.entry(identity(self.old, op)).or_default().push_back(index);
            }
        }
        for index in 0..self.lines.len() {
            let (Sign::New, Some(op)) = (self.lines[index].sign, self.lines[index].new) else { continue };
            let before = gone.get_mut(&identity(self.new, op)).and_then(VecDeque::pop_front);
            if let Some(before) = before {
                self.lines[before].sign = Sign::Left;
                self.lines[index].sign = Sign::Came;
                let was = self.lines[before].old.and_then(|op| self.old.ops[op].guard);
                self.guards.extend(was.zip(self.new.ops[op].guard));
            }
        }
    }

    fn kind(&self, line: &Line) -> Kind {
        let of = |side: &Outline, op: Option<usize>| op.map(|op| side.ops[op].kind);
        of(self.new, line.new).or(of(self.old, line.old)).unwrap_or(Kind::Plain)
    }

    /// What is worth a line of its own.
    fn change(&self, line: &Line, failed: &dyn Fn(u32) -> Option<u64>) -> Option<Change> {
        let kind = self.kind(line);
        if !Kind::COUNTED.iter().any(|counted| counted.0 == kind) {
            return None;
        }
        let (side, op, other, points) = match line.sign {
            Sign::New => (self.new, line.new?, self.old, &line.points.0),
            Sign::Gone => (self.old, line.old?, self.new, &line.points.1),
            Sign::Same | Sign::Changed | Sign::Left | Sign::Came => return None,
        };
        let item = &side.ops[op];
        let point = &side.points[item.point];
        // A loop that is called is the rest of the function that the call is in.
        let depth = if item.calls_loop { point.depth.saturating_sub(1) } else { point.depth };
        let inlined = (kind == Kind::ResidualCall).then(|| inlined(other, points, depth)).flatten();
        Some(Change {
            sign: line.sign,
            kind,
            operation: item.text.clone(),
            location: point.place.clone(),
            bytecode: point.text.clone(),
            inlined,
            failed: item.guard.filter(|_| line.sign == Sign::New).and_then(failed),
        })
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        // Which bytecode was named last, on each side.
        let mut named = (0, 0);
        for line in &self.lines {
            let point = |side: &Outline, op: Option<usize>| op.map(|op| side.ops[op].point);
            let at = (point(self.old, line.old), point(self.new, line.new));
            if let Some(heading) = self.heading(at, named, &line.points) {
                rows.push(Row::Bytecode(heading));
            }
            named = (at.0.unwrap_or(named.0), at.1.unwrap_or(named.1));
            if is_anchor(at, &line.points) {
                named = (line.points.0.start, line.points.1.start);
            }
            rows.push(Row::Operation(self.operation(line)));
        }
        rows
    }

    /// The bytecode that an operation comes from, unless it was named last.
    fn heading(
        &self,
        at: (Option<usize>, Option<usize>),
        named: (usize, usize),
        points: &(Range<usize>, Range<usize>),
    ) -> Option<Bytecode> {
        let (side, index) = match at {
            (_, Some(index)) => (self.new, index),
            (Some(index), None) => (self.old, index),
            (None, None) => return None,
        };
        let is_known = at.1.map_or(at.0 == Some(named.0), |index| index == named.1);
        if is_known || index == 0 {
            return None;
        }
        let point = &side.points[index];
        let both = is_anchor(at, points);
        Some(Bytecode {
            in_old: both || at.0.is_some(),
            in_new: both || at.1.is_some(),
            depth: point.depth,
            location: point.place.clone(),
            text: point.text.clone(),
        })
    }

    fn operation(&self, line: &Line) -> Operation {
        let item = |side: &'o Outline, op: Option<usize>| op.map(|op| &side.ops[op]);
        let (old, new) = (item(self.old, line.old), item(self.new, line.new));
        Operation {
            sign: line.sign,
            kind: self.kind(line),
            old: old.map(|item| item.text.clone()),
            new: new.map(|item| item.text.clone()),
            old_index: old.map(|item| item.op),
            new_index: new.map(|item| item.op),
        }
    }
}

/// Does it come from a bytecode that both sides have?
fn is_anchor(at: (Option<usize>, Option<usize>), points: &(Range<usize>, Range<usize>)) -> bool {
    at.0.is_none_or(|old| old == points.0.start) && at.1.is_none_or(|new| new == points.1.start)
}

/// The first call that the other side has inlined between the same anchors.
fn inlined(other: &Outline, points: &Range<usize>, depth: u32) -> Option<String> {
    let inside = other.points.get(points.start + 1..points.end)?;
    let callee = inside.iter().find(|point| point.depth > depth)?;
    Some(callee.place.as_ref().map_or_else(|| callee.text.clone(), |place| place.function.clone()))
}

/// An operation, and the function it is in.
fn identity(side: &Outline, op: usize) -> (u64, &str) {
    let item = &side.ops[op];
    let place = side.points[item.point].place.as_ref();
    (item.keys[0], place.map_or("", |place| place.function.as_str()))
}

/// Which names of the old run are which of the new one.
#[derive(Default)]
struct Names {
    new_of: HashMap<Vec<u8>, Vec<u8>>,
    old_of: HashMap<Vec<u8>, Vec<u8>>,
}

impl Names {
    /// Do both work on the same? What they make is the same from now on.
    fn agree(&mut self, old: &Item, new: &Item) -> bool {
        let are_as_many = old.operands.len() == new.operands.len();
        let mut agree = are_as_many;
        // What a label or a jump passes on has its place in a list; of lists that differ, nobody knows which.
        let is_list = old.kind == Kind::Control;
        for (x, y) in old.operands.iter().zip(&new.operands).filter(|_| are_as_many || !is_list) {
            agree &= is_list || x.form == y.form;
            for (x, y) in x.names.iter().zip(&y.names) {
                agree &= self.is_same(x, y) || is_list;
            }
        }
        if let (Some(old), Some(new)) = (&old.result, &new.result) {
            self.bind(old, new);
        }
        agree
    }

    /// Names that nobody has used yet become the same. So do others, from here on: that is told once.
    fn is_same(&mut self, old: &[u8], new: &[u8]) -> bool {
        let known = self.new_of.get(old).is_some_and(|known| known == new);
        if known {
            return true;
        }
        let is_free = !self.new_of.contains_key(old) && !self.old_of.contains_key(new);
        self.bind(old, new);
        is_free
    }

    fn bind(&mut self, old: &[u8], new: &[u8]) {
        if let Some(before) = self.new_of.insert(old.to_vec(), new.to_vec()) {
            self.old_of.remove(&before);
        }
        if let Some(before) = self.old_of.insert(new.to_vec(), old.to_vec()).filter(|before| before != old) {
            self.new_of.remove(&before);
        }
    }
}
