//! The trace IR: its operations, the traces made of them, and their text form.

pub mod field;
pub mod float_fn;
pub mod op;
pub mod snapshot;
pub mod trace;

#[cfg(test)]
pub mod parse;
pub mod print;
pub mod verify;
