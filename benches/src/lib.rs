//! See ARCHITECTURE.md.

pub mod program;
