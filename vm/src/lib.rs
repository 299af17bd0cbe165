//! See ARCHITECTURE.md.

pub mod bytecode;
pub mod compile;
pub mod syntax;
