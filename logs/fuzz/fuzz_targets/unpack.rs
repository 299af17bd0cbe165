//! Any bytes, unpacked if they look packed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use logs::Radix;
use logs::input::{Limit, spool};

fuzz_target!(|bytes: &[u8]| {
    let limit = Limit { free: 1 << 20, ratio: 400 };
    let mut text = Vec::new();
    let unpacked = spool(bytes, &mut text, Radix::Sixteen, limit);
    assert!(unpacked.is_ok_and(|(index, _)| index.length() == text.len() as u64));
    assert!(text.len() <= (1 << 20).max(bytes.len() * 400));
});
