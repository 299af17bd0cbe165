//! One attempt at a trace: recorded, optimised, compiled, or given up.

use std::sync::atomic::AtomicU64;

use logs::section::Section;
use logs::write::{AddressLines, CodeDump, TraceKind};

use super::compiled::Compiled;
use super::ops::{Listing, failures};
use super::{Events, Kind, Log, place};
use crate::abort::Abort;
use crate::codegen::{Fragment, near, now};
use crate::ir::op::OpCode;
use crate::ir::trace::{MergePoint, Op, Trace};
use crate::store::Store;
use vm::vm::Vm;

/// The attempt that goes on.
#[derive(Default)]
pub struct Attempt {
    tracing_since: u64,
    backend_since: u64,
    /// What was compiled last, and is of use.
    made: Option<TraceKind>,
    aborted: bool,
    /// Where the trace begins.
    first: Option<MergePoint>,
    /// For the trace that is compiled next.
    ends: Option<&'static AtomicU64>,
}

impl Events {
    /// Recording starts.
    pub fn tracing_starts(&mut self) {
        let Some(log) = &mut self.log else { return };
        let tracing_since = log.start(Section::JitTracing);
        log.attempt = Attempt { tracing_since, ..Attempt::default() };
        log.totals.attempts += 1;
    }

    /// Recording has ended, for better or worse.
    pub fn tracing_ends(&mut self, trace: &Trace) {
        let Some(log) = &mut self.log else { return };
        let at = now();
        let _making = log.text.making();
        log.profile.drain();
        log.totals.tracing += at.saturating_sub(log.attempt.tracing_since);
        log.totals.count_recorded(trace);
        log.attempt.first = trace.merge_points.first().map(|(_, point)| *point);
        log.list_recorded(trace, at);
    }

    /// The attempt is given up.
    pub fn abort(&mut self, reason: Abort) {
        let Some(log) = &mut self.log else { return };
        log.attempt.aborted = true;
        log.profile.drain();
        log.totals.aborts.push(reason);
        let writer = &mut log.output.lock().writer;
        let _ = writer.aborted(reason.pypy_name());
        let _ = writer.line(format!("~~~ because {}", reason.message()));
    }

    /// The variable whose type changes, and how, is why the attempt is about to be given up.
    pub fn unstable(&mut self, variable: Option<&str>) {
        if let (Some(log), Some(variable)) = (&mut self.log, variable) {
            let _ = log.output.lock().writer.line(format!("~~~ unstable {variable}"));
        }
    }

    /// Nothing more will come of it.
    pub fn attempt_ends(&mut self, vm: &Vm) {
        let Some(log) = &mut self.log else { return };
        if let Some(kind) = log.attempt.made.filter(|_| !log.attempt.aborted) {
            let _ = log.output.lock().writer.compiled(kind.words());
        }
        let at = log.stop(Section::JitTracing);
        let _making = log.text.making();
        log.tend(vm, at);
        log.output.lock().flush();
    }

    pub fn optimize_starts(&mut self) {
        if let Some(log) = &mut self.log {
            log.start(Section::JitOptimize);
        }
    }

    pub fn optimize_ends(&mut self) {
        if let Some(log) = &mut self.log {
            log.stop(Section::JitOptimize);
        }
    }

    /// Puts into an optimised trace what the log wants it to count: how often it comes to its end.
    pub fn instrument(&mut self, trace: &mut Trace) {
        let Some(log) = &mut self.log else { return };
        let Some(end) = trace.ops.last().copied() else { return };
        if log.counts && end.code != OpCode::GuardAlways {
            let ends = &*near::keep(AtomicU64::new(0));
            let count = Op::new(OpCode::Count, &[], ends.as_ptr() as u64);
            log.attempt.ends = Some(ends);
            // Nothing refers to the last operation, so it can move.
            trace.ops.pop();
            trace.ops.extend([count, end]);
        }
    }

    pub fn backend_starts(&mut self) {
        let Some(log) = &mut self.log else { return };
        log.attempt.backend_since = log.start(Section::JitBackend);
    }

    /// The trace was compiled, or there is no code for it.
    pub fn backend_ends(
        &mut self,
        kind: Kind,
        part: Option<u32>,
        trace: &Trace,
        code: Option<(&Fragment, &[u8])>,
        store: &Store,
    ) {
        let Some(log) = &mut self.log else { return };
        let _making = log.text.making();
        log.totals.compilations += 1;
        log.totals.backend += now().saturating_sub(log.attempt.backend_since);
        let name = log.name(trace);
        if let Some((fragment, bytes)) = code {
            log.dump(fragment, bytes);
            log.addresses(kind, &name, trace, fragment);
        }
        log.stop(Section::JitBackend);
        let ends = log.attempt.ends.take();
        if let Some((fragment, _)) = code {
            log.compiled(kind, part, &name, trace, fragment, ends, store);
            log.tell_helpers();
        }
    }
}

impl Log {
    fn list_recorded(&mut self, trace: &Trace, at: u64) {
        for (_, point) in &trace.merge_points {
            self.see(point.code);
        }
        let output = &mut *self.output.lock();
        if output.writer.is_active() {
            for (_, point) in &trace.merge_points {
                let _ = output.writer.traced(place::location(point.code, point.ip));
            }
        }
        output.section(at, Section::JitTraceDone, |writer| {
            writer.line(format!("trace length: {}", trace.ops.len()))?;
            writer.line(format!(" total snapshots: {}", trace.snapshots.len()))
        });
        if output.wants(Section::JitLogNoopt) {
            let listing = Listing::new(trace, None, None, None);
            output.section(at, Section::JitLogNoopt, |writer| {
                writer.traced_header(listing.len())?;
                listing.write(writer)
            });
        }
    }

    /// Where the trace is in the program.
    fn name(&self, trace: &Trace) -> String {
        let own = trace.merge_points.first().map(|(_, point)| point);
        let point = self.attempt.first.as_ref().or(own);
        point.map(|point| place::location(point.code, point.ip)).unwrap_or_default()
    }

    fn dump(&mut self, fragment: &Fragment, code: &[u8]) {
        let (backend, address) = (std::env::consts::ARCH, fragment.start as u64);
        self.output.lock().section(now(), Section::JitBackendDump, |writer| {
            writer.code_dump(CodeDump { backend, executable: "loopscope", address, offset: 0, code })
        });
    }

    fn addresses(&mut self, kind: Kind, name: &str, trace: &Trace, fragment: &Fragment) {
        let (start, len) = (fragment.start as u64, fragment.len as u64);
        let first = fragment.op_offsets.first().map_or(0, |(_, offset)| u64::from(*offset));
        let (resops, failures) = (start + first, start + failures(trace, fragment));
        let lines = AddressLines { gc_table: start, entry: start, resops, failures, end: start + len };
        self.output.lock().section(now(), Section::JitBackendAddr, |writer| match kind {
            Kind::Loop(number) | Kind::Entry { number, .. } => {
                writer.loop_address(i64::from(number), name, resops..failures, start)?;
                writer.loop_address_lines(lines)
            }
            Kind::Bridge(exit) => {
                writer.bridge_address(u64::from(exit), resops..failures)?;
                writer.bridge_address_lines(lines)
            }
        });
    }

    fn compiled(
        &mut self,
        kind: Kind,
        part: Option<u32>,
        name: &str,
        trace: &Trace,
        fragment: &Fragment,
        ends: Option<&'static AtomicU64>,
        store: &Store,
    ) {
        let target = trace.ops.last().and_then(|end| self.target(kind, end, store));
        let part = kind.label().or(part).unwrap_or_default();
        self.announce(kind, part);
        self.totals.count_optimised(trace);
        let shapes = trace.ops.iter().filter(|op| op.code == OpCode::GuardShape);
        self.shapes.extend(shapes.map(|op| op.imm as u32));
        self.list_compiled(kind, name, trace, fragment, target);
        // An entry belongs to its loop: one attempt makes both.
        let made = trace_kind(kind);
        if self.attempt.made != Some(TraceKind::Loop) {
            self.attempt.made = Some(made);
        }
        let guards = fragment.exits.iter().map(|exit| exit.id.0).collect();
        let marks = u64::from(fragment.marks);
        self.compiled.push(Compiled { kind, target, part, guards, ends, marks });
    }

    /// Events may name it from now on.
    fn announce(&mut self, kind: Kind, part: u32) {
        self.profile.add(kind, part);
        if let (Some(number), Some(point)) = (kind.label(), &self.attempt.first) {
            self.output.lock().set_comment(number, place::comment(point));
        }
    }

    /// Names of functions that its code calls.
    fn tell_helpers(&mut self) {
        let mut helpers = self.helpers.borrow_mut();
        let mut news = helpers.news().peekable();
        if news.peek().is_some() {
            self.output.lock().aside(Section::LoopscopeHelpers, |writer| {
                news.try_for_each(|(number, name)| writer.helper(number, name))
            });
        }
    }

    fn list_compiled(
        &mut self,
        kind: Kind,
        name: &str,
        trace: &Trace,
        fragment: &Fragment,
        target: Option<u32>,
    ) {
        let section = match kind {
            Kind::Bridge(_) => Section::JitLogOptBridge,
            _ => Section::JitLogOptLoop,
        };
        let output = &mut *self.output.lock();
        if !output.wants(section) {
            return output.section(now(), section, |_| Ok(()));
        }
        let listing = Listing::new(trace, Some(fragment), kind.label(), target);
        output.section(now(), section, |writer| {
            match kind {
                Kind::Bridge(exit) => writer.bridge_header(u64::from(exit), listing.len())?,
                Kind::Loop(number) | Kind::Entry { number, .. } => {
                    writer.loop_header(i64::from(number), name, trace_kind(kind), listing.len())?;
                }
            }
            listing.write(writer)?;
            writer.end_of_loop(failures(trace, fragment))
        });
    }
}

fn trace_kind(kind: Kind) -> TraceKind {
    match kind {
        Kind::Loop(_) => TraceKind::Loop,
        Kind::Entry { .. } => TraceKind::EntryBridge,
        Kind::Bridge(_) => TraceKind::Bridge,
    }
}
