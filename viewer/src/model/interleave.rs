//! A trace in one column: each line of source, under it its bytecodes, under each of them its operations.
//!
//! ```text
//! 17  while n < limit:                 line
//!       LOAD_FAST                      bytecode, dim: it costs nothing
//!       BINARY_OP                      bytecode
//!         i15 = i10 < 2000             operation
//!       → helper()                     inlined call, with lines of its own
//! ```
//!
//! Every item but the outermost has a parent, which can be folded.

use super::detail::Heat;
use super::trace::{OpKind, Trace};

/// No item.
pub const NONE: u32 = u32::MAX;

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An inlined call: a frame.
    Call(u32),
    /// A line of a frame.
    Line { frame: u32, line: u32 },
    /// A bytecode, by index.
    Point(u32),
    /// An operation, by index.
    Op(u32),
}

/// A row and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    /// The item it can be folded into, or [`NONE`].
    pub parent: u32,
    /// How many calls deep.
    pub depth: u32,
}

/// All rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interleaved {
    pub items: Vec<Item>,
    /// The item of each operation.
    pub of_op: Vec<u32>,
    /// How hot each item is, with all that can be folded into it.
    pub heats: Vec<Heat>,
}

/// A frame that is open while rows are made.
struct Open {
    frame: u32,
    call: u32,
    /// The line that is open, and its item.
    line: Option<(u32, u32)>,
}

impl Interleaved {
    /// Makes all rows of a trace.
    pub fn of(trace: &Trace) -> Interleaved {
        let mut build = Build { trace, made: Interleaved::default(), open: Vec::new() };
        build.made.of_op = vec![NONE; trace.ops.len()];
        let first = trace.points.first().map_or(trace.ops.len() as u32, |point| point.first);
        (0..first).for_each(|op| build.op(op, NONE));
        for index in 0..trace.points.len() as u32 {
            build.point(index);
        }
        build.made.heats = heats(trace, &build.made.items);
        build.made
    }
}

/// Adds up what stands under each item; parents come first.
fn heats(trace: &Trace, items: &[Item]) -> Vec<Heat> {
    let mut heats = vec![Heat::default(); items.len()];
    for (index, item) in items.iter().enumerate().rev() {
        if let Kind::Op(op) = item.kind {
            let op = &trace.ops[op as usize];
            heats[index] = Heat { count: op.count, weight: op.weight, ops: 1, point: 0 };
        }
        let own = heats[index];
        if let Some(parent) = heats.get_mut(item.parent as usize) {
            parent.add(&own);
        }
    }
    heats
}

struct Build<'t> {
    trace: &'t Trace,
    made: Interleaved,
    open: Vec<Open>,
}

impl Build<'_> {
    fn push(&mut self, kind: Kind, parent: u32) -> u32 {
        let depth = self.open.len().saturating_sub(1) as u32;
        self.made.items.push(Item { kind, parent, depth });
        (self.made.items.len() - 1) as u32
    }

    fn op(&mut self, op: u32, parent: u32) {
        // Labels cut the trace: what follows starts anew.
        let is_label = self.trace.ops[op as usize].kind == OpKind::Label;
        if is_label {
            self.open.clear();
        }
        let item = self.push(Kind::Op(op), if is_label { NONE } else { parent });
        self.made.of_op[op as usize] = item;
    }

    fn point(&mut self, index: u32) {
        let point = &self.trace.points[index as usize];
        self.enter(point.frame);
        let line = self.line(point.frame, point.line);
        let item = self.push(Kind::Point(index), line);
        for op in point.first..point.first + point.ops {
            self.op(op, item);
        }
    }

    /// Opens the frame's calls, as far as they are not open.
    fn enter(&mut self, frame: u32) {
        let path = self.trace.path(frame);
        let common = self.open.iter().zip(&path).take_while(|(open, frame)| open.frame == **frame).count();
        let left = self.open.len() > common;
        self.open.truncate(common);
        if let Some(open) = self.open.last_mut().filter(|_| left) {
            // Behind a call the line is said again.
            open.line = None;
        }
        for &frame in &path[common..] {
            let parent = self.open.last().map_or(NONE, |open| open.line.map_or(open.call, |(_, item)| item));
            self.open.push(Open { frame, call: NONE, line: None });
            if self.open.len() > 1 {
                let call = self.push(Kind::Call(frame), parent);
                if let Some(open) = self.open.last_mut() {
                    open.call = call;
                }
            }
        }
    }

    fn line(&mut self, frame: u32, line: u32) -> u32 {
        let Some(open) = self.open.last() else { return NONE };
        if let Some((_, item)) = open.line.filter(|(open, _)| *open == line) {
            return item;
        }
        let item = self.push(Kind::Line { frame, line }, open.call);
        if let Some(open) = self.open.last_mut() {
            open.line = Some((line, item));
        }
        item
    }
}
