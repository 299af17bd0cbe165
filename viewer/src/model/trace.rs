//! A trace: its operations, the bytecodes they come from, and the calls that were inlined.
//!
//! ```text
//! ops      label, mul, guard …   each knows its point
//! points   LOAD_FAST, BINARY_OP  bytecodes in the order of the trace; each knows its frame
//! frames   escape, helper        the function itself is 0; a call is known by its caller, its site and its function,
//!                                so what is inlined in a peeled iteration and again in the loop is one frame
//! ```

use super::cost;
use super::printable;
use super::readable::readable;
use logs::Log;
use logs::frame::SectionId;
use logs::op::{MergePoint, Op as LogOp, TraceLine};
use logs::trace::TraceId;
use std::collections::HashMap;

/// No point: operations before the first bytecode.
pub const NOWHERE: u32 = u32::MAX;
/// Bytes of an operation's text that are kept.
const TEXT: usize = 2000;

/// A trace, taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    pub ops: Vec<Op>,
    pub points: Vec<Point>,
    pub frames: Vec<Frame>,
    /// The sum of the operations' weights.
    pub weight: f64,
    /// How often its most frequent operation ran, if the log counts.
    pub most: Option<u64>,
    /// Are the weights ticks, by samples? Otherwise they are estimates.
    pub sampled: bool,
}

/// An operation. Merge points are not among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    /// Where its code is in the block.
    pub offset: Option<u32>,
    /// As the log has it.
    pub text: Box<str>,
    /// As people would write it.
    pub readable: Box<str>,
    /// Index of its bytecode, or [`NOWHERE`].
    pub point: u32,
    pub kind: OpKind,
    /// How often it ran, if the log counts.
    pub count: Option<u64>,
    /// Its part in the trace's cost: ticks by samples, else an estimate, how often it ran times the bytes of its code.
    pub weight: f64,
    /// Where it leads when it fails.
    pub exit: Option<Exit>,
    /// The loop it calls or jumps to, as a trace's index.
    pub leads_to: Option<u32>,
}

/// What an operation is for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpKind {
    Plain,
    Guard,
    Label,
    Call,
    /// The end of the trace.
    End,
    /// Counts or logs; no part of the program.
    Debug,
}

/// A guard's way out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exit {
    /// The guard's number.
    pub guard: u64,
    /// The bridge that starts there, as a trace's index.
    pub bridge: Option<u32>,
    /// How often it failed, if the log counts.
    pub taken: Option<u64>,
    /// Of the times it was checked.
    pub of_visits: Option<f64>,
    /// Of all failures of this trace's guards.
    pub of_exits: Option<f64>,
}

/// A bytecode that was traced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub frame: u32,
    pub line: u32,
    pub offset: u32,
    pub opcode: Box<str>,
    /// Its operations are `first..first + ops`.
    pub first: u32,
    pub ops: u32,
}

/// The function, or a call that was inlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub function: String,
    pub file: String,
    /// The file's name as the log has it.
    pub raw_file: Box<[u8]>,
    /// 0 if the log does not say.
    pub start_line: u32,
    /// Who calls it, and from which point first.
    pub parent: Option<(u32, u32)>,
    pub depth: u32,
}

impl Trace {
    /// The frame an operation belongs to.
    pub fn frame_of(&self, op: usize) -> u32 {
        self.point_of(op).map_or(0, |point| point.frame)
    }

    /// The bytecode an operation belongs to.
    pub fn point_of(&self, op: usize) -> Option<&Point> {
        self.points.get(self.ops.get(op)?.point as usize)
    }

    /// The calls that lead to a frame, the outermost first.
    pub fn path(&self, frame: u32) -> Vec<u32> {
        let mut path = vec![frame];
        while let Some((parent, _)) = self.frames.get(path[path.len() - 1] as usize).and_then(|f| f.parent) {
            path.push(parent);
        }
        path.reverse();
        path
    }
}

/// Takes a trace apart. Exits, counts and what samples found in its code are known of the compiled form only.
pub(super) fn trace(
    log: &Log<'_>,
    section: SectionId,
    compiled: Option<(TraceId, &[(u64, u64)])>,
    names: &dyn Fn(u32) -> String,
) -> Trace {
    let mut build = Build { by_number: by_number(log), ..Build::default() };
    for (_, line) in log.trace_lines(section) {
        if let Some(TraceLine::Op(op)) = line {
            match op.merge_point() {
                Some(point) => build.point(&point),
                None => build.op(&op),
            }
        }
    }
    let mut trace = build.finish();
    if let Some((id, sampled)) = compiled {
        cost::join(log, id, &mut trace, names);
        cost::sample(&mut trace, sampled);
    }
    trace
}

fn by_number(log: &Log<'_>) -> HashMap<i64, u32> {
    let numbered = log.traces.iter().zip(0..).filter_map(|(trace, index)| match trace.id {
        logs::trace::Identity::Loop(number) => Some((number, index)),
        logs::trace::Identity::Bridge(_) => None,
    });
    numbered.collect()
}

#[derive(Default)]
struct Build {
    trace: Trace,
    by_number: HashMap<i64, u32>,
    /// The frames that are open, the innermost last.
    open: Vec<u32>,
    /// Frames by caller, site and function.
    known: HashMap<(u32, u32, Vec<u8>, u32), u32>,
}

impl Build {
    fn point(&mut self, point: &MergePoint<'_>) {
        let frame = self.frame(point);
        let place = point.location.unwrap_or_default();
        let opcode = if point.location.is_some() { printable(place.opcode) } else { printable(point.name) };
        self.trace.points.push(Point {
            frame,
            line: place.line,
            offset: place.offset,
            opcode: opcode.into(),
            first: self.trace.ops.len() as u32,
            ops: 0,
        });
    }

    fn op(&mut self, op: &LogOp<'_>) {
        let point = (self.trace.points.len() as u32).checked_sub(1).unwrap_or(NOWHERE);
        if let Some(point) = self.trace.points.last_mut() {
            point.ops += 1;
        }
        let leads_to = op.called_loop().and_then(|number| self.by_number.get(&number)).copied();
        self.trace.ops.push(Op {
            offset: op.offset,
            text: text(op).into(),
            readable: readable(op).into(),
            point,
            kind: kind(op),
            count: None,
            weight: 0.0,
            exit: op.guard().map(|guard| Exit {
                guard,
                bridge: None,
                taken: None,
                of_visits: None,
                of_exits: None,
            }),
            leads_to,
        });
    }

    /// The frame of a bytecode: calls open frames, and what is shallower closes them.
    fn frame(&mut self, point: &MergePoint<'_>) -> u32 {
        let depth = (point.depth as usize).min(self.open.len());
        let code = key(point);
        if let Some(&frame) = self.open.get(depth) {
            self.open.truncate(depth + 1);
            if same_code(&self.trace.frames[frame as usize], &code) {
                return frame;
            }
            self.open.pop();
        }
        let parent = self.open.last().map(|&caller| (caller, self.site(caller)));
        let offset = parent.map_or(0, |(_, site)| self.trace.points[site as usize].offset);
        let caller = parent.map_or(NOWHERE, |(caller, _)| caller);
        // Other machines' places are any text: the first one in a call is what the call is called.
        let name = if point.location.is_some() { code.0.clone() } else { point.name.to_vec() };
        let identity = (caller, offset, [&name[..], b";", &code.1[..]].concat(), code.2);
        let next = self.trace.frames.len() as u32;
        let frame = *self.known.entry(identity).or_insert(next);
        if frame == next {
            self.trace.frames.push(new_frame((name, code.1, code.2), parent, depth as u32));
        }
        self.open.push(frame);
        frame
    }

    /// The last bytecode of a frame: where it calls from.
    fn site(&self, caller: u32) -> u32 {
        self.trace.points.iter().rposition(|point| point.frame == caller).unwrap_or(0) as u32
    }

    fn finish(mut self) -> Trace {
        if self.trace.frames.is_empty() {
            self.trace.frames.push(new_frame((Vec::new(), Vec::new(), 0), None, 0));
        }
        self.trace
    }
}

type Code = (Vec<u8>, Vec<u8>, u32);

fn key(point: &MergePoint<'_>) -> Code {
    match point.location {
        Some(place) => (place.function.to_owned(), place.file.to_owned(), place.start_line),
        None => (Vec::new(), Vec::new(), 0),
    }
}

fn same_code(frame: &Frame, (function, file, start_line): &Code) -> bool {
    let is_text = file.is_empty() && *start_line == 0;
    frame.start_line == *start_line
        && *frame.raw_file == file[..]
        && (is_text || frame.function == printable(function))
}

fn new_frame((function, file, start_line): Code, parent: Option<(u32, u32)>, depth: u32) -> Frame {
    let (function, raw_file) = (printable(&function), file.clone().into_boxed_slice());
    Frame { function, file: printable(&file), raw_file, start_line, parent, depth }
}

fn kind(op: &LogOp<'_>) -> OpKind {
    match op.own_name() {
        b"label" => OpKind::Label,
        b"jump" | b"finish" | b"guard_always_fails" => OpKind::End,
        b"increment_debug_counter"
        | b"profile_enter"
        | b"jit_debug"
        | b"enter_portal_frame"
        | b"leave_portal_frame" => OpKind::Debug,
        name if name.starts_with(b"guard_") => OpKind::Guard,
        name if name.starts_with(b"call") || name.starts_with(b"cond_call") => OpKind::Call,
        _ => OpKind::Plain,
    }
}

/// The operation as the log has it, without its offset.
fn text(op: &LogOp<'_>) -> String {
    let mut text = op.result.map_or_else(String::new, |result| format!("{} = ", printable(result)));
    text.push_str(&printable(op.name));
    text.push('(');
    text.push_str(&printable(op.args));
    if let Some(descr) = op.descr {
        text.push_str(if op.args.is_empty() { "descr=" } else { ", descr=" });
        text.push_str(&printable(descr));
    }
    text.push(')');
    if let Some(live) = op.fail_args {
        text.push_str(&format!(" [{}]", printable(live)));
    }
    if let Some(remark) = op.remark {
        text.push_str(&format!(" # {}", printable(remark)));
    }
    if text.len() > TEXT {
        let end = (0..=TEXT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
