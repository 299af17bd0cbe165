//! The tracing JIT: records hot loops, optimises them, compiles them with Cranelift.

pub mod ir;
