//! Where one is in a trace: one place, seen by every pane.
//!
//! Each pane has a row of its own. Moving in one moves the others to what belongs to the same operation; what has no
//! operation there stays where it was.

use crate::model::Detail;
use crate::model::interleave::Kind;
use crate::model::trace::{NOWHERE, Point, Trace};

/// A pane of the code screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    #[default]
    Loops,
    Source,
    Bytecode,
    Trace,
    Machine,
    /// Source, bytecode and operations in one column.
    Interleaved,
}

/// A place in a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The function or inlined call.
    pub frame: u32,
    /// The source line, from 1; 0 is none.
    pub line: u32,
    /// The row of the frame's bytecode.
    pub bytecode: usize,
    /// The operation.
    pub op: usize,
    /// The machine instruction's row.
    pub machine: usize,
    /// The item of the interleaved column.
    pub item: usize,
}

impl Place {
    /// Where a trace starts.
    pub fn head(detail: &Detail) -> Place {
        let start = Place { line: detail.head, ..Place::default() };
        let Ok(trace) = &detail.trace else { return start };
        let at_head = hottest(trace, |point| point.line == detail.head && point.frame == 0);
        let first = at_head.map_or(0, |point| trace.points[point].first as usize);
        let mut place = start.at_op(detail, first.min(trace.ops.len().saturating_sub(1)));
        if let (Some(point), true) = (at_head, detail.head > 0) {
            place = place.at_point(detail, trace, point as u32);
        }
        place
    }

    /// How many rows a pane has.
    pub fn rows(self, detail: &Detail, pane: Pane) -> usize {
        let code = detail.frames.get(self.frame as usize);
        match pane {
            Pane::Loops => 0,
            Pane::Source => {
                code.and_then(|code| code.source.as_ref().ok()).map_or(0, |source| source.lines.len())
            }
            Pane::Bytecode => {
                code.and_then(|code| code.bytecode.as_ref().ok()).map_or(0, |bytecode| bytecode.rows.len())
            }
            Pane::Trace => detail.trace.as_ref().map_or(0, |trace| trace.ops.len()),
            Pane::Machine => detail.machine.as_ref().map_or(0, |machine| machine.rows.len()),
            Pane::Interleaved => detail.interleaved.items.len(),
        }
    }

    /// The pane's row.
    pub fn row(self, pane: Pane) -> usize {
        match pane {
            Pane::Loops => 0,
            Pane::Source => (self.line as usize).saturating_sub(1),
            Pane::Bytecode => self.bytecode,
            Pane::Trace => self.op,
            Pane::Machine => self.machine,
            Pane::Interleaved => self.item,
        }
    }

    /// Moves a pane to a row, and the others along.
    pub fn moved(self, detail: &Detail, pane: Pane, row: usize) -> Place {
        match pane {
            Pane::Loops => self,
            Pane::Source => self.at_line(detail, row as u32 + 1),
            Pane::Bytecode => self.at_bytecode(detail, row),
            Pane::Trace => self.at_op(detail, row),
            Pane::Machine => {
                let op = detail.machine.as_ref().ok().and_then(|machine| machine.rows.get(row)?.op);
                let place = op.map_or(self, |op| self.at_op(detail, op as usize));
                Place { machine: row, ..place }
            }
            Pane::Interleaved => self.at_item(detail, row),
        }
    }

    /// Enters another frame, at the first of its bytecodes.
    pub fn entered(self, detail: &Detail, frame: u32) -> Place {
        let Ok(trace) = &detail.trace else { return self };
        let point = trace.points.iter().position(|point| point.frame == frame);
        point.map_or(self, |point| self.at_point(detail, trace, point as u32))
    }

    fn at_op(self, detail: &Detail, op: usize) -> Place {
        let mut place = Place { op, ..self };
        let Ok(trace) = &detail.trace else { return place };
        if let Some(point) = trace.point_of(op) {
            place.frame = point.frame;
            place.line = point.line;
            place = place.bytecode_at(detail, point.offset);
        }
        if let Ok(machine) = &detail.machine {
            place.machine =
                machine.of_op.get(op).copied().flatten().map_or(place.machine, |row| row as usize);
        }
        if let Some(&item) = detail.interleaved.of_op.get(op) {
            place.item = item as usize;
        }
        place
    }

    /// A bytecode of the trace; its first operation, if any is left of it.
    fn at_point(self, detail: &Detail, trace: &Trace, index: u32) -> Place {
        let point = &trace.points[index as usize];
        let mut place = self;
        if point.ops > 0 {
            place = place.at_op(detail, point.first as usize);
        }
        place.frame = point.frame;
        place.line = point.line;
        place = place.bytecode_at(detail, point.offset);
        let is_it = |item: &crate::model::interleave::Item| item.kind == Kind::Point(index);
        if point.ops == 0
            && let Some(item) = detail.interleaved.items.iter().position(is_it)
        {
            place.item = item;
        }
        place
    }

    fn at_line(self, detail: &Detail, line: u32) -> Place {
        let heat = detail.frames.get(self.frame as usize).and_then(|code| code.lines.get(&line));
        let place = self.first_of(detail, heat.map(|heat| heat.point));
        Place { frame: self.frame, line, ..place.rows_of_line(detail, self.frame, line) }
    }

    fn at_bytecode(self, detail: &Detail, row: usize) -> Place {
        let code = detail.frames.get(self.frame as usize);
        let Some((code, at)) =
            code.and_then(|code| Some((code, code.bytecode.as_ref().ok()?.rows.get(row)?)))
        else {
            return self;
        };
        let heat = code.offsets.get(&at.offset);
        let place = self.first_of(detail, heat.map(|heat| heat.point));
        Place { frame: self.frame, line: at.line, bytecode: row, ..place }
    }

    fn at_item(self, detail: &Detail, item: usize) -> Place {
        let Some(kind) = detail.interleaved.items.get(item).map(|item| item.kind) else { return self };
        let Ok(trace) = &detail.trace else { return self };
        let behind = || {
            detail.interleaved.items[item..].iter().find_map(|item| match item.kind {
                Kind::Point(point) => Some(point),
                _ => None,
            })
        };
        let place = match kind {
            Kind::Op(op) => self.at_op(detail, op as usize),
            Kind::Point(point) => self.at_point(detail, trace, point),
            Kind::Line { .. } | Kind::Call(_) => {
                behind().map_or(self, |point| self.at_point(detail, trace, point))
            }
        };
        Place { item, ..place }
    }

    /// The first operation of a bytecode, seen from a frame that may only call it.
    fn first_of(self, detail: &Detail, point: Option<u32>) -> Place {
        let (Some(point), Ok(trace)) = (point, &detail.trace) else { return self };
        // The line's first bytecode may cost nothing; its first operation is what to look at.
        let here = &trace.points[point as usize];
        let same = |point: &&Point| point.frame == here.frame && point.line == here.line;
        let costly = trace.points[point as usize..].iter().take_while(same).find(|point| point.ops > 0);
        let place = self.at_point(detail, trace, point);
        match costly {
            Some(costly) => place.at_op(detail, costly.first as usize),
            None => place,
        }
    }

    /// The first bytecode of a line.
    fn rows_of_line(self, detail: &Detail, frame: u32, line: u32) -> Place {
        let code = detail.frames.get(frame as usize).and_then(|code| code.bytecode.as_ref().ok());
        let row = code.and_then(|code| code.rows.iter().position(|row| row.line == line));
        Place { bytecode: row.unwrap_or(self.bytecode), ..self }
    }

    fn bytecode_at(self, detail: &Detail, offset: u32) -> Place {
        let code = detail.frames.get(self.frame as usize).and_then(|code| code.bytecode.as_ref().ok());
        let row = code.and_then(|code| code.at(offset));
        Place { bytecode: row.unwrap_or(self.bytecode), ..self }
    }
}

/// The first of the most frequent bytecodes of some kind: behind the label of a peeled loop rather than before it.
fn hottest(trace: &Trace, wanted: impl Fn(&Point) -> bool) -> Option<usize> {
    let count = |point: &Point| {
        let ops = trace.ops.get(point.first as usize..(point.first + point.ops) as usize);
        ops.into_iter().flatten().filter_map(|op| op.count).max()
    };
    let points = trace.points.iter().enumerate().filter(|(_, point)| wanted(point));
    points.min_by_key(|(_, point)| std::cmp::Reverse(count(point))).map(|(index, _)| index)
}

/// Does an operation belong to the place's line?
pub fn on_line(trace: &Trace, op: usize, place: &Place) -> bool {
    trace.ops.get(op).is_some_and(|op| op.point != NOWHERE)
        && trace.point_of(op).is_some_and(|point| point.frame == place.frame && point.line == place.line)
}
