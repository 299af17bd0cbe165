//! `jit-log-opt-loop`, `jit-log-opt-bridge`: compiled traces.

use super::Reader;
use super::join::Allocation;
use crate::frame::{Line, SectionId};
use crate::op::Op;
use crate::parse::header::{Header, allocation, header, is_decimal, is_nowhere};
use crate::parse::location::location;
use crate::parse::op::{Begin, Head, MERGE_POINT, begin, is_continued};
use crate::trace::{Ending, Guard, Label, Trace, TraceKind};

impl<'a> Reader<'_, 'a> {
    pub(super) fn trace(&mut self, section: SectionId) {
        if let Some(trace) = self.read_trace(section) {
            self.facts.log.traces.push(trace);
        }
    }

    /// The same trace once more, which counts only in a log that has no other form of it.
    pub(super) fn twin(&mut self, section: SectionId) {
        if let Some(trace) = self.read_trace(section) {
            self.facts.twins.push(trace);
        }
    }

    pub(super) fn allocation(&mut self, section: SectionId) {
        for line in self.lines(section) {
            match allocation(line.text) {
                Some((number, root)) => self.facts.allocations.push(Allocation { section, number, root }),
                None => self.odd(section, line, "an allocation"),
            }
        }
    }

    fn read_trace(&mut self, section: SectionId) -> Option<Trace<'a>> {
        let mut lines = self.frame.joined(section, is_continued).filter(|line| !line.text.is_empty());
        let first = lines.next()?;
        let Some(mut header) = header(first.text) else {
            self.odd(section, first, "a trace's header");
            return None;
        };
        header.name = self.keep(header.name);
        self.facts.log.decimal_guards |= header.kind == TraceKind::Bridge && is_decimal(first.text);
        let mut trace = new_trace(section, header);
        if !self.options.bodies && trace.location.is_some() {
            forget_body(&mut trace);
        } else {
            let odd = self.read_body(&mut trace, lines);
            // One complaint per trace: other machines than PyPy's may print whatever they like between operations.
            if let Some(line) = odd {
                self.odd(section, line, "an operation");
            }
        }
        Some(trace)
    }

    /// Reads the lines behind the header, up to the first merge point if that is all; gives the first that is odd.
    fn read_body(&self, trace: &mut Trace<'a>, lines: impl Iterator<Item = Line<'a>>) -> Option<Line<'a>> {
        let (mut odd, mut text) = (None, None);
        for line in lines {
            match begin(line.text) {
                Some(Begin::Op(head)) if head.name == MERGE_POINT && trace.location.is_none() => {
                    trace.ops += 1;
                    let place = head.op().and_then(|op| Some(op.merge_point()?.name));
                    let known = place.is_some_and(|place| location(place).is_some());
                    trace.location = place.filter(|_| known).and_then(|place| location(self.keep(place)));
                    text = text.or(place);
                }
                _ if !self.options.bodies && (trace.location.is_some() || trace.ops > 100) => break,
                Some(Begin::Op(head)) if add_op(trace, head) => trace.ops += 1,
                Some(Begin::InputArgs(args)) => trace.input_args = args,
                Some(Begin::Comment | Begin::End(_)) => {}
                Some(Begin::Op(_)) | None => odd = odd.or(Some(line)),
            }
        }
        // Other machines' merge points are any text.
        if let (Some(text), None, true) = (text, trace.location, is_nowhere(trace.name)) {
            trace.name = self.keep(text);
        }
        if !self.options.bodies {
            forget_body(trace);
            return None;
        }
        odd
    }
}

/// What was seen on the way to the first merge point is not the whole.
fn forget_body(trace: &mut Trace<'_>) {
    (trace.ops, trace.ending) = (0, Ending::Unknown);
    trace.labels.clear();
    trace.guards.clear();
    trace.calls.clear();
}

fn new_trace<'a>(section: SectionId, header: Header<'a>) -> Trace<'a> {
    let Header { kind, id, name, ops: header_ops } = header;
    Trace {
        section,
        kind,
        id,
        number: None,
        root: None,
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

/// Takes in an operation; false if it is none.
fn add_op<'a>(trace: &mut Trace<'a>, head: Head<'a>) -> bool {
    if !tells(head.name) {
        return head.is_whole();
    }
    let Some(op) = head.op() else { return false };
    let index = trace.ops;
    match op.name {
        b"label" => {
            trace.labels.extend(op.target_token().map(|token| Label { op: index, token, count: None }));
        }
        b"jump" => trace.ending = jump(&op),
        b"finish" => trace.ending = Ending::Finish,
        name if name.starts_with(b"guard_") => add_guard(trace, &op, index),
        _ => trace.calls.extend(op.called_loop()),
    }
    true
}

/// Does an operation of that name say anything about the trace as a whole?
fn tells(name: &[u8]) -> bool {
    match name {
        [b'g', b'u', b'a', b'r', b'd', b'_', ..] => true,
        [b'c', ..] => name.starts_with(b"call_assembler"),
        [b'l', ..] => name == b"label",
        [b'j', ..] => name == b"jump",
        [b'f', ..] => name == b"finish",
        _ => false,
    }
}

/// Old logs name the loop instead of a label.
fn jump(op: &Op<'_>) -> Ending {
    let label = op.target_token().map(Ending::Jump);
    label.or_else(|| op.called_loop().map(Ending::Loop)).unwrap_or_default()
}

fn add_guard(trace: &mut Trace<'_>, op: &Op<'_>, index: u32) {
    trace.guards.extend(op.guard().map(|id| Guard { op: index, id, exits: None, bridge: None }));
    if op.name == b"guard_always_fails" {
        trace.ending = Ending::AlwaysFails;
    }
}
