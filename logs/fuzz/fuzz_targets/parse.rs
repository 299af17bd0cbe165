//! Any bytes, read as a log in every way there is.
#![no_main]

#[path = "../../tests/support/exhaust.rs"]
mod exhaust;

// The module knows it by its own name.
extern crate logs as loopscope_logs;

use exhaust::exhaust;
use libfuzzer_sys::fuzz_target;
use logs::Radix;

fuzz_target!(|bytes: &[u8]| {
    exhaust(bytes, Radix::Sixteen);
    exhaust(bytes, Radix::Ten);
});
