//! The only place that turns what the JIT does into the events and sections of a log.

use vm::interp::frame::Frame;

use crate::abort::Abort;
use crate::codegen::Fragment;
use crate::ir::trace::Trace;
use crate::record::Recorder;
use crate::store::Store;

/// What was compiled.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Loop(u32),
    Entry(u32),
    /// From the guard with this exit number.
    Bridge(u32),
}

/// The log of one run, or nothing.
#[derive(Default)]
pub struct Events {}

impl Events {
    pub fn enter(&mut self, _number: u32) {}
    pub fn exit(&mut self) {}
    pub fn tracing_starts(&mut self, _frame: Frame, _is_function: bool) {}
    pub fn tracing_ends(&mut self, _recorder: &Recorder<'_>) {}
    pub fn attempt_ends(&mut self) {}
    pub fn abort(&mut self, reason: Abort) {
        if std::env::var_os("JITLOG").is_some() {
            eprintln!("abort: {reason:?}");
        }
    }
    pub fn optimize_starts(&mut self) {}
    pub fn optimize_ends(&mut self) {}
    pub fn backend_starts(&mut self) {}
    pub fn backend_ends(&mut self, kind: Kind, trace: &Trace, code: Option<(&Fragment, &[u8])>) {
        if std::env::var_os("JITLOG").is_some() {
            eprintln!("compiled {kind:?} ok={} ops={}", code.is_some(), trace.ops.len());
            for (i, op) in trace.ops.iter().enumerate() {
                eprintln!("  %{i}:{:?} = {} {:?} imm={:#x} snap={:?}", op.ty, op.code.mnemonic(), trace.operands(i), op.imm, op.snap);
            }
            eprintln!("  consts {:?} keep {:?}", trace.consts, trace.keep);
        }
    }
    pub fn collecting(&mut self, _starts: bool) {}
    pub fn announce(&self, _entry: &mut Trace, _number: u32) {}
    pub fn announce_jump(&self, _trace: &mut Trace, _number: u32) {}
    pub fn finish(&mut self, _store: &Store) {}
}
