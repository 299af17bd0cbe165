//! The tracing JIT: records hot loops, optimises them, compiles them with Cranelift.
//!
//! ```text
//!   counting ──► record ──► ir ──► opt ──► codegen ──► machine code
//!       ▲                                                  │
//!       └───────────────── deopt ◄──────────── exit ◄──────┘
//! ```

pub mod options;
pub mod abort;
pub mod engine;
pub mod events;
pub mod counting;
pub mod record;
mod root;
mod bridge;
pub mod store;
pub mod ir;
pub mod opt;
pub mod codegen;
pub mod deopt;

pub use engine::Engine;
