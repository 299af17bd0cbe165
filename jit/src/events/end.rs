//! The beginning and the end of a log: what is true of the whole run.
//!
//! Everything written at the end carries the stamp of the run's end, so that writing it does not count as running.

use std::io;

use logs::section::Section;
use logs::write::{BytecodeLine, Writer};
use vm::bytecode::{BinaryOp, Instr, Operand, instructions};
use vm::object::function::Code;
use vm::vm::Vm;

use super::compiled::Counts;
use super::output::Output;
use super::{Events, Log, Meta, Text, Totals};
use crate::abort::Abort;
use crate::codegen::now;
use crate::evidence::Evidence;
use crate::ir::trace::Trace;
use crate::sample::{Account, Sampler};
use crate::store::Store;

impl Output {
    /// What is known when the run starts.
    pub fn begin(&mut self, meta: &Meta) {
        let (start, hz) = (self.clock.started(), self.clock.hz());
        self.section(start, Section::LoopscopeMeta, |writer| {
            writer.meta("version", env!("CARGO_PKG_VERSION"))?;
            writer.meta("pid", meta.pid)?;
            writer.meta("clock-hz", hz)?;
            writer.meta("program", &meta.program)?;
            if !meta.host.is_empty() {
                writer.meta("host", &meta.host)?;
            }
            if meta.time > 0 {
                writer.meta("time", meta.time)?;
            }
            writer.meta_stamp("start", start)
        });
    }
}

impl Events {
    /// Ends the log.
    pub fn finish(&mut self, vm: &mut Vm, store: &Store, evidence: &Evidence) {
        let Some(mut log) = self.log.take() else { return };
        let _making = log.text.making();
        log.profile.finish();
        let end = now();
        let account = log.sampler.as_mut().map(Sampler::finish).unwrap_or_default();
        log.output.lock().clock.measure();
        log.tell_places(vm);
        log.evidence(vm, evidence, end);
        log.sources(vm, end);
        log.listings(end);
        log.summary(store, end);
        log.counters(store, end);
        log.costs(store, &account, end);
        let output = &mut *log.output.lock();
        let hz = output.clock.hz();
        let traced = vm.tracing.was_used;
        output.section(end, Section::LoopscopeMeta, |writer| {
            if traced {
                writer.meta("traced", "yes")?;
            }
            writer.meta("clock-hz", hz)?;
            writer.meta_stamp("end", end)
        });
        output.close();
    }
}

impl Log {
    /// Every file of which a trace holds a piece, as far as it can be read.
    fn sources(&mut self, vm: &mut Vm, at: u64) {
        let output = &mut *self.output.lock();
        if !output.wants(Section::LoopscopeSource) {
            return;
        }
        let mut seen: Vec<&str> = Vec::new();
        for code in &self.codes {
            let file: &str = &code.unit.file.get().text;
            if seen.contains(&file) {
                continue;
            }
            seen.push(file);
            if let Ok(text) = vm.host.read_file(file) {
                output.section(at, Section::LoopscopeSource, |writer| writer.source(file, &text));
            }
        }
    }

    /// What recording has cost, and what it has missed.
    fn costs(&mut self, store: &Store, account: &Account, at: u64) {
        let Text(text) = &self.text;
        let (each, events) = (self.calibration, self.profile.total());
        let marks = if self.samples { Counts::new(&self.compiled, store).marks() } else { 0 };
        let output = &mut *self.output.lock();
        let (text, writer_ns) = (text.get(), output.nanoseconds());
        output.section(at, Section::JitProfileCost, |writer| {
            writer.cost_of_program("marks", marks, each.mark)?;
            writer.cost_of_program("events", events, each.event)?;
            writer.cost_of_program("signals", account.addresses + account.lost, each.signal)?;
            writer.cost_of_program("looks", account.looks, account.fetching)?;
            writer.cost_of_program("text", 1, text as f64)?;
            writer.cost_of_thread("poller", account.nanoseconds)?;
            writer.cost_of_thread("writer", writer_ns)
        });
        if self.samples {
            output.section(at, Section::LoopscopeLosses, |writer| {
                writer.loss("looks", account.looks, account.missed)?;
                writer.loss("addresses", account.addresses, account.lost)
            });
        }
    }

    fn listings(&mut self, at: u64) {
        let output = &mut *self.output.lock();
        for code in &self.codes {
            output.section(at, Section::LoopscopeBytecode, |writer| listing(writer, code));
        }
    }

    fn counters(&mut self, store: &Store, at: u64) {
        let counts = Counts::new(&self.compiled, store);
        let output = &mut *self.output.lock();
        if self.counts {
            output.section(at, Section::JitBackendCounts, |writer| {
                for (n, trace) in self.compiled.iter().enumerate() {
                    match trace.kind {
                        super::Kind::Bridge(exit) => writer.bridge_count(u64::from(exit), counts.runs(n))?,
                        super::Kind::Loop(number) | super::Kind::Entry { number, .. } => {
                            writer.entry_count(i64::from(number), counts.entries(n))?;
                        }
                    }
                    if let Some(label) = trace.label() {
                        writer.label_count(u64::from(label), counts.label(n))?;
                    }
                }
                Ok(())
            });
        }
        output.section(at, Section::LoopscopeGuardCounts, |writer| {
            let guards = self.compiled.iter().flat_map(|trace| &trace.guards);
            for guard in guards {
                let left = store.exits.get(guard).map_or(0, |exit| exit.left);
                writer.guard_count(u64::from(*guard), left)?;
            }
            Ok(())
        });
    }

    /// PyPy's totals, in PyPy's order. What we do not have is 0.
    fn summary(&mut self, store: &Store, at: u64) {
        let totals = &self.totals;
        let bridges = store.roots.iter().map(|root| u64::from(root.bridges)).sum();
        let output = &mut *self.output.lock();
        let tracing = output.clock.seconds(totals.tracing);
        let backend = output.clock.seconds(totals.backend);
        let total = output.clock.seconds(at.saturating_sub(output.clock.started()));
        output.section(at, Section::JitSummary, |writer| {
            writer.summary_time("Tracing", totals.attempts, tracing)?;
            writer.summary_time("Backend", totals.compilations, backend)?;
            writer.summary_total(total)?;
            let rows = totals.rows(store.roots.len() as u64, bridges);
            rows.into_iter().try_for_each(|(label, value)| writer.summary_count(label, value))
        });
    }
}

impl Totals {
    pub fn count_recorded(&mut self, trace: &Trace) {
        self.ops += trace.ops.len() as u64;
        for op in &trace.ops {
            let flags = op.code.flags();
            self.guards += u64::from(flags.guard);
            self.calls += u64::from(flags.call);
        }
    }

    pub fn count_optimised(&mut self, trace: &Trace) {
        self.opt_ops += trace.ops.len() as u64;
        self.opt_guards += trace.ops.iter().filter(|op| op.code.flags().guard).count() as u64;
    }

    fn aborted(&self, name: &str) -> u64 {
        self.aborts.iter().filter(|reason| reason.pypy_name() == name).count() as u64
    }

    fn rows(&self, loops: u64, bridges: u64) -> [(&'static str, u64); 23] {
        [
            ("ops", self.ops),
            ("heapcached ops", 0),
            ("recorded ops", self.ops),
            ("  calls", self.calls),
            ("guards", self.guards),
            ("opt ops", self.opt_ops),
            ("opt guards", self.opt_guards),
            ("opt guards shared", 0),
            ("forcings", 0),
            ("abort: trace too long", self.aborted(Abort::TooLong.pypy_name())),
            ("abort: compiling", self.aborted(Abort::TooManyBridges.pypy_name())),
            ("abort: vable escape", self.aborted(Abort::Exception.pypy_name())),
            ("abort: bad loop", self.aborted(Abort::LeftFrame.pypy_name())),
            ("abort: force quasi-immut", self.aborted(Abort::Invalidated.pypy_name())),
            ("abort: segmenting trace", 0),
            ("virtualizables forced", 0),
            ("nvirtuals", 0),
            ("nvholes", 0),
            ("nvreused", 0),
            ("vecopt tried", 0),
            ("vecopt success", 0),
            ("Total # of loops", loops),
            ("Total # of bridges", bridges),
        ]
    }
}

fn listing<W: io::Write>(writer: &mut Writer<W>, code: &Code) -> io::Result<()> {
    let (name, file) = (code.name.get(), code.unit.file.get());
    writer.bytecode_header(&name.text, file.text.as_bytes(), code.line(0))?;
    for instr in instructions(code.ops).map_while(Result::ok) {
        let args = arguments(code, &instr);
        let (offset, line) = (instr.offset as u32, code.line(instr.offset));
        writer.bytecode_line(BytecodeLine { offset, line, opcode: instr.info.name, args: &args })?;
    }
    Ok(())
}

fn arguments(code: &Code, instr: &Instr) -> String {
    match instr.info.operand {
        Operand::None => String::new(),
        Operand::Qstr => {
            let name = usize::try_from(instr.arg).ok().and_then(|n| code.unit.qstrs.get(n));
            name.map_or_else(|| instr.arg.to_string(), |name| name.get().text.to_string())
        }
        _ if instr.info.name == "BINARY_OP" => {
            let symbol = BinaryOp::from_index(instr.arg as u8).map_or("?", BinaryOp::as_str);
            format!("{} {symbol}", instr.arg)
        }
        Operand::Call => format!("n={} nkw={}", instr.arg & 0xff, instr.arg >> 8 & 0xff),
        _ => instr.arg.to_string(),
    }
}
