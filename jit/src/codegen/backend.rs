//! The code generator's front door.

use super::{CodeAddr, CodegenError, ExitId, Fragment, JitContext, Job};
use crate::ir::trace::Trace;

/// Compiles traces and owns their code.
pub struct Backend {}

impl Backend {
    pub fn new() -> Result<Backend, CodegenError> {
        Ok(Backend {})
    }

    /// Compiles a trace.
    pub fn compile(&mut self, _trace: &Trace, _job: &Job<'_>) -> Result<Fragment, CodegenError> {
        Err(CodegenError::Malformed("not compiled yet"))
    }

    /// Runs a fragment until it exits; returns the exit's number.
    pub fn enter(&self, _code: CodeAddr, _ctx: *mut JitContext) -> u64 {
        0
    }

    /// Lets a guard continue in a bridge.
    pub fn attach(&mut self, _exit: ExitId, _target: CodeAddr) {}

    /// The machine code of a fragment.
    pub fn code_bytes(&self, _fragment: &Fragment) -> &[u8] {
        &[]
    }

    /// Bytes of all code.
    pub fn total_code_bytes(&self) -> usize {
        0
    }
}
