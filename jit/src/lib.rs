//! The tracing JIT: records hot loops, optimises them, compiles them with Cranelift.

pub mod abort;
pub mod codegen;
pub mod ir;
pub mod options;
pub mod record;
