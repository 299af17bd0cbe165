//! The PYPYLOG format, both directions: bytes to a model, and events to bytes.
//!
//! Reads what PyPy writes, in every form that is known from the wild, and what loopscope writes; never gives up on a
//! log, but reports what it had to guess. Reads no file, asks no environment and prints nothing.
//!
//! ```text
//! input (unpacked, restored) ─► index (where sections are) ─► frame (their lines) ─► read (by the grammar in parse) ─► Log, diagnostics
//! facts ─► write ─► bytes
//! ```
#![forbid(unsafe_code)]

pub mod diagnostic;
pub mod event;
pub mod filter;
pub mod form;
pub mod frame;
pub mod index;
pub mod input;
pub mod location;
pub mod log;
pub mod op;
pub mod output;
mod parse;
pub mod profile;
mod read;
pub mod runs;
pub mod section;
pub mod trace;
pub mod write;

pub use diagnostic::Diagnostic;
pub use form::{Restored, restored};
pub use frame::Radix;
pub use index::Index;
pub use log::Log;
pub use read::{Holder, Keep, Options, index, index_with, parse, parse_framed, parse_indexed, parse_with};
pub use runs::{Run, runs};
