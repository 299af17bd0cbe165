//! The loopscope command.
#![forbid(unsafe_code)]

fn main() {}
