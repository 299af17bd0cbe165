//! The tracing JIT: records hot loops, optimises them, compiles them with Cranelift.
//!
//! ```text
//!   counting ──► record ──► ir ──► opt ──► codegen ──► machine code
//!       ▲                                                  │
//!       └───────────────── deopt ◄──────────── exit ◄──────┘
//! ```

pub mod abort;
mod bridge;
pub mod codegen;
pub mod counting;
pub mod deopt;
pub mod engine;
pub mod events;
mod evidence;
pub mod ir;
pub mod mode;
pub mod opt;
pub mod options;
pub mod perf;
pub mod record;
mod root;
pub mod sample;
mod sites;
pub mod store;

pub use engine::Engine;
