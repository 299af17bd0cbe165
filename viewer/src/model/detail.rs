//! Everything about one row of the report: made when it is looked at.

use super::bytecode::{Bytecode, bytecode};
use super::interleave::Interleaved;
use super::machine::{Machine, machine};
use super::sources::{Source, Sources};
use super::stage::{Stage, Stages};
use super::trace::{Frame, Trace, trace};
use super::{Lack, Shown, printable};
use crate::library::Library;
use crate::model::loaded::{Key, short_name};
use logs::Log;
use logs::trace::TraceId;
use profiler::report::Place;
use std::collections::HashMap;
use std::sync::Arc;

/// A row, in detail.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    pub key: Key,
    pub stage: Stage,
    pub trace: Shown<Trace>,
    /// The code of each of the trace's frames.
    pub frames: Vec<FrameCode>,
    pub machine: Shown<Machine>,
    pub interleaved: Interleaved,
    /// Where it starts: a line.
    pub head: u32,
}

/// The code of a function, and how hot it is in this trace.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameCode {
    pub function: String,
    pub source: Shown<Arc<Source>>,
    pub bytecode: Shown<Arc<Bytecode>>,
    pub lines: HashMap<u32, Heat>,
    pub offsets: HashMap<u32, Heat>,
    /// Frames that are called from a line.
    pub calls: Vec<(u32, u32)>,
}

/// How hot a place is in a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Heat {
    /// How often its most frequent operation ran.
    pub count: Option<u64>,
    /// Its part of the trace's weight, with the calls that start there.
    pub weight: f64,
    /// Operations that are left of it.
    pub ops: u32,
    /// The first of the trace's points there.
    pub point: u32,
}

impl Heat {
    /// Adds what belongs to the same place.
    pub fn add(&mut self, more: &Heat) {
        self.count = self.count.max(more.count);
        self.weight += more.weight;
        self.ops += more.ops;
    }
}

/// What the report says of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'r> {
    pub place: Option<&'r Place>,
    /// Offsets in its machine code, and the ticks that samples found there.
    pub sampled: &'r [(u64, u64)],
}

/// Makes details; remembers what several of them share.
pub(crate) struct Maker {
    stages: Stages,
    sources: Sources,
}

impl Maker {
    pub fn new(log: &Log<'_>) -> Maker {
        Maker { stages: Stages::of(log), sources: Sources::default() }
    }

    pub fn detail(
        &mut self,
        log: &Log<'_>,
        library: &dyn Library,
        key: &Key,
        stage: Stage,
        About { place, sampled }: About<'_>,
    ) -> Detail {
        let index = match key {
            Key::Trace(index) => Some(*index as usize).filter(|index| *index < log.traces.len()),
            Key::Event(_) => None,
        };
        let mut trace = index.map_or(Err(Lack::Trace), |index| self.trace(log, index, stage, sampled));
        if let Ok(trace) = &mut trace {
            place_head(&mut trace.frames[0], log, index, place);
        }
        let frames = match &trace {
            Ok(trace) => self.frames(log, library, trace),
            Err(_) => place.map(|place| self.of_place(log, library, place)).into_iter().collect(),
        };
        let code = index.and_then(|index| log.traces[index].code);
        let code = code.and_then(|code| log.codes.get(code as usize));
        let empty = Trace::default();
        let joined = if stage == Stage::Recorded { &empty } else { trace.as_ref().unwrap_or(&empty) };
        let machine = machine(log, code, joined);
        let interleaved = trace.as_ref().map(Interleaved::of).unwrap_or_default();
        let head = place.map_or(0, |place| place.line);
        Detail { key: key.clone(), stage, trace, frames, machine, interleaved, head }
    }

    fn trace(&self, log: &Log<'_>, index: usize, stage: Stage, sampled: &[(u64, u64)]) -> Shown<Trace> {
        let section = self.stages.section(log, index, stage).ok_or(match stage {
            Stage::Optimised => Lack::Trace,
            Stage::Recorded => Lack::Recorded,
            Stage::Rewritten => Lack::Rewritten,
        })?;
        let id = (stage == Stage::Optimised).then_some(TraceId(index as u32));
        Ok(trace(log, section, id.map(|id| (id, sampled)), &|index| name_of(log, index)))
    }

    fn frames(&mut self, log: &Log<'_>, library: &dyn Library, trace: &Trace) -> Vec<FrameCode> {
        let code = |(frame, number): (&Frame, u32)| FrameCode {
            function: frame.function.clone(),
            source: match frame.raw_file.len() {
                0 => Err(Lack::Place),
                _ => self.sources.get(log, library, &frame.raw_file),
            },
            bytecode: Ok(Arc::new(bytecode(log, frame, number, &trace.points))),
            lines: HashMap::new(),
            offsets: HashMap::new(),
            calls: Vec::new(),
        };
        let mut frames: Vec<FrameCode> = trace.frames.iter().zip(0..).map(code).collect();
        heat(trace, &mut frames);
        frames
    }

    /// A loop that only its events know.
    fn of_place(&mut self, log: &Log<'_>, library: &dyn Library, place: &Place) -> FrameCode {
        let frame = Frame {
            function: place.function.clone(),
            file: place.file.clone(),
            raw_file: place.file.as_bytes().into(),
            start_line: 0,
            parent: None,
            depth: 0,
        };
        let known = bytecode(log, &frame, 0, &[]);
        FrameCode {
            function: place.function.clone(),
            source: self.sources.get(log, library, place.file.as_bytes()),
            bytecode: if known.rows.is_empty() {
                Err(Lack::Bytecode(place.function.clone()))
            } else {
                Ok(Arc::new(known))
            },
            lines: HashMap::new(),
            offsets: HashMap::new(),
            calls: Vec::new(),
        }
    }
}

/// A trace without bytecodes is where its name says.
fn place_head(frame: &mut Frame, log: &Log<'_>, index: Option<usize>, place: Option<&Place>) {
    if !frame.raw_file.is_empty() {
        return;
    }
    if let Some(head) = index.and_then(|index| log.traces[index].location) {
        frame.function = printable(head.function);
        frame.file = printable(head.file);
        frame.raw_file = head.file.into();
        frame.start_line = head.start_line;
    } else if let Some(place) = place {
        frame.function.clone_from(&place.function);
        frame.file.clone_from(&place.file);
        frame.raw_file = place.file.as_bytes().into();
    }
}

/// Adds what each bytecode costs to its line, and to the lines that its function was called from.
fn heat(trace: &Trace, frames: &mut [FrameCode]) {
    for (point, number) in trace.points.iter().zip(0..) {
        let ops = &trace.ops[point.first as usize..(point.first + point.ops) as usize];
        let own = Heat {
            count: ops.iter().filter_map(|op| op.count).max(),
            weight: ops.iter().map(|op| op.weight).sum(),
            ops: point.ops,
            point: number,
        };
        let mut frame = point.frame;
        let (mut line, mut offset) = (point.line, point.offset);
        loop {
            let code = &mut frames[frame as usize];
            code.lines.entry(line).or_insert(Heat { point: number, ..Heat::default() }).add(&own);
            code.offsets.entry(offset).or_insert(Heat { point: number, ..Heat::default() }).add(&own);
            let Some((caller, site)) = trace.frames[frame as usize].parent else { break };
            let site = &trace.points[site as usize];
            (frame, line, offset) = (caller, site.line, site.offset);
        }
    }
    for (frame, number) in trace.frames.iter().zip(0..) {
        if let Some((caller, site)) = frame.parent {
            frames[caller as usize].calls.push((trace.points[site as usize].line, number));
        }
    }
}

fn name_of(log: &Log<'_>, index: u32) -> String {
    short_name(&log.name(log.traces[index as usize].id))
}
