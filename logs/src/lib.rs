//! The PYPYLOG format, both directions: bytes to a model and events to bytes.
//!
//! Reads what PyPy writes, in every form that is known from the wild, and what loopscope writes; never gives up on a
//! log, but reports what it had to guess. Reads no file, asks no environment and prints nothing.
#![forbid(unsafe_code)]

pub mod event;
pub mod filter;
pub mod location;
pub mod section;
pub mod write;
