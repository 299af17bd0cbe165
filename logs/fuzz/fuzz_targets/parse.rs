//! Any bytes, read as a log in every way there is.
#![no_main]

#[path = "../../tests/support/exhaust.rs"]
mod exhaust;

use exhaust::exhaust;
use libfuzzer_sys::fuzz_target;
use loopscope_logs::Radix;

fuzz_target!(|bytes: &[u8]| {
    exhaust(bytes, Radix::Sixteen);
    exhaust(bytes, Radix::Ten);
});
