//! See ARCHITECTURE.md.

pub mod bytecode;
