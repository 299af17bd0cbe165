//! `jit-log-opt-loop`, `jit-log-opt-bridge`: compiled traces.

use super::Reader;
use crate::frame::SectionId;
use crate::op::{Op, TraceLine};
use crate::parse::header::{Header, Identity, header};
use crate::parse::location::location;
use crate::trace::{Ending, Guard, Label, Trace, TraceId};

impl<'a> Reader<'a> {
    pub(super) fn trace(&mut self, section: SectionId) {
        let Some(first) = self.log.frame.first_line(section) else { return };
        let Some(header) = header(first.text) else { return self.odd(section, first, "a trace's header") };
        let mut trace = new_trace(section, header);
        let mut odd = None;
        for line in self.log.frame.lines(section).skip(1).filter(|line| !line.text.is_empty()) {
            match TraceLine::parse(line.text) {
                Some(TraceLine::Op(op)) => add_op(&mut trace, &op),
                Some(TraceLine::InputArgs(args)) => trace.input_args = args,
                Some(TraceLine::Comment(_) | TraceLine::End(_)) => {}
                None => odd = odd.or(Some(line)),
            }
        }
        // One complaint per trace: other machines than PyPy's may print whatever they like between the operations.
        if let Some(line) = odd {
            self.odd(section, line, "an operation");
        }
        self.add_trace(trace);
    }

    fn add_trace(&mut self, mut trace: Trace<'a>) {
        let id = TraceId(self.log.traces.len() as u32);
        trace.code = self.join.code_of(trace.id);
        if let Identity::Bridge(guard) = trace.id {
            trace.parent = self.join.guard(guard);
        }
        if let Some(parent) = trace.parent {
            self.log.traces[parent.trace.index()].guards[parent.guard as usize].bridge = Some(id);
        }
        self.join.guards(id, &trace.guards);
        self.log.traces.push(trace);
    }
}

fn new_trace<'a>(section: SectionId, header: Header<'a>) -> Trace<'a> {
    let Header { kind, id, name, ops: header_ops } = header;
    Trace {
        section,
        kind,
        id,
        name,
        location: location(name),
        input_args: b"",
        header_ops,
        ops: 0,
        labels: Vec::new(),
        guards: Vec::new(),
        ending: Ending::default(),
        calls: Vec::new(),
        parent: None,
        count: None,
        code: None,
    }
}

fn add_op<'a>(trace: &mut Trace<'a>, op: &Op<'a>) {
    let index = trace.ops;
    trace.ops += 1;
    match op.name {
        b"label" => {
            trace.labels.extend(op.target_token().map(|token| Label { op: index, token, count: None }))
        }
        b"jump" => trace.ending = op.target_token().map_or(Ending::Unknown, Ending::Jump),
        b"finish" => trace.ending = Ending::Finish,
        b"debug_merge_point" if trace.location.is_none() => {
            trace.location = op.merge_point().and_then(|point| point.location);
        }
        name if name.starts_with(b"guard_") => add_guard(trace, op, index),
        name if name.starts_with(b"call_assembler") => trace.calls.extend(op.called_loop()),
        _ => {}
    }
}

fn add_guard(trace: &mut Trace<'_>, op: &Op<'_>, index: u32) {
    trace.guards.extend(op.guard().map(|id| Guard { op: index, id, exits: None, bridge: None }));
    if op.name == b"guard_always_fails" {
        trace.ending = Ending::AlwaysFails;
    }
}
