//! Chrome's trace events: every interval as it was, as pairs of begin and end.
//! <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>

use super::Exporter;
use super::frames::{Frame, Sort};
use crate::attribute::{NodeId, Sink, Tree};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Event<'e> {
    name: &'e str,
    ph: &'static str,
    ts: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    pid: u64,
    tid: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<Args<'e>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Args<'e> {
    Name { name: &'e str },
    Place { file: &'e str, line: u32 },
}

pub(super) fn write(exporter: &Exporter<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let title = exporter.title();
    let pid = exporter.report.pid.unwrap_or(1);
    writeln!(out, "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")?;
    let args = Some(Args::Name { name: &title });
    let name = Event { name: "process_name", ph: "M", ts: 0.0, dur: None, pid, tid: pid, cat: None, args };
    serde_json::to_writer(&mut *out, &name)?;
    let start = exporter.span().0;
    let mut events =
        Events { exporter, out, pid, start, open: Vec::new(), node: None, end: start, failed: None };
    exporter.replay(&mut events);
    events.finish()?;
    phases(exporter, pid, start, out)?;
    writeln!(out, "\n]}}")
}

/// Phases of the run have a line of their own.
fn phases(exporter: &Exporter<'_, '_>, pid: u64, start: u64, out: &mut dyn Write) -> io::Result<()> {
    let micros = |ticks: u64| exporter.nanoseconds(ticks) / 1000.0;
    for phase in &exporter.report.phases {
        let (ts, dur) = (micros(phase.from.saturating_sub(start)), Some(micros(phase.ticks)));
        let event =
            Event { name: &phase.name, ph: "X", ts, dur, pid, tid: pid + 1, cat: Some("phase"), args: None };
        out.write_all(b",\n")?;
        serde_json::to_writer(&mut *out, &event)?;
    }
    Ok(())
}

/// Begins and ends, from spans: what the stacks of two neighbours have in common goes on.
struct Events<'e, 'l, 'a> {
    exporter: &'e Exporter<'l, 'a>,
    out: &'e mut dyn Write,
    pid: u64,
    start: u64,
    open: Vec<usize>,
    node: Option<NodeId>,
    end: u64,
    failed: Option<io::Error>,
}

impl Sink for Events<'_, '_, '_> {
    fn span(&mut self, _: &Tree, node: NodeId, from: u64, to: u64) {
        let stopped = (from > self.end).then(|| std::mem::replace(&mut self.end, to));
        self.end = to;
        if self.failed.is_some() || (self.node.replace(node) == Some(node) && stopped.is_none()) {
            return;
        }
        // Nothing ran meanwhile.
        let pause = stopped.map_or(Ok(()), |at| self.change(Vec::new(), at));
        let change =
            pause.and_then(|()| self.change(self.exporter.frames.stack(&self.exporter.found, node), from));
        self.failed = change.err();
    }
}

impl Events<'_, '_, '_> {
    fn change(&mut self, stack: Vec<usize>, at: u64) -> io::Result<()> {
        let common = self.open.iter().zip(&stack).take_while(|(a, b)| a == b).count();
        while self.open.len() > common {
            let frame = self.open.pop().unwrap_or_default();
            self.event(frame, "E", at)?;
        }
        for &frame in &stack[common..] {
            self.open.push(frame);
            self.event(frame, "B", at)?;
        }
        Ok(())
    }

    fn event(&mut self, frame: usize, ph: &'static str, at: u64) -> io::Result<()> {
        let frame: &Frame = &self.exporter.frames.list()[frame];
        let ts = self.exporter.nanoseconds(at - self.start) / 1000.0;
        let place = frame.place.as_ref().filter(|_| ph == "B");
        let args = place.map(|place| Args::Place { file: &place.file, line: place.line });
        let event = Event {
            name: &frame.name,
            ph,
            ts,
            dur: None,
            pid: self.pid,
            tid: self.pid,
            cat: Some(category(frame)),
            args,
        };
        self.out.write_all(b",\n")?;
        serde_json::to_writer(&mut *self.out, &event).map_err(io::Error::from)
    }

    fn finish(mut self) -> io::Result<()> {
        self.failed.take().map_or(Ok(()), Err)?;
        let end = self.end;
        self.change(Vec::new(), end)
    }
}

fn category(frame: &Frame) -> &'static str {
    match frame.sort {
        Sort::Interpreter => "interpreter",
        Sort::Loop => "loop",
        Sort::Bridge => "bridge",
        Sort::Compiling => "compiling",
        Sort::Collecting => "collecting",
        Sort::Helper => "helper",
        Sort::Recording => "recording",
        Sort::Waiting => "waiting",
    }
}
