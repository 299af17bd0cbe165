//! Any bytes, from a log and samples of its run to every output. A zero byte ends the log.
#![no_main]

#[path = "../../../profiler/tests/support/everything.rs"]
mod everything;

use everything::{outputs, report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let (log, script) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    // Every output takes its time.
    if bytes.len() % 8 == 0 { outputs(log, script) } else { report(log, script) }
});
