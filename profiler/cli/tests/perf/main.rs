//! What perf, gdb and samply see of a program: the checks of CPython's own tests of its perf support, and ours.
//!
//! Where a tool is missing or may not work here, a test says so and is content.
#![forbid(unsafe_code)]

#[path = "../support/dir.rs"]
mod dir;

mod api;
mod fork;
mod gdb;
mod map;
mod profile;
mod robust;
mod run;
#[path = "../../../../benches/perf/shares.rs"]
mod shares;
