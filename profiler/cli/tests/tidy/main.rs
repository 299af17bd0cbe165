//! The house rules, as tests: who may know whom, where dangerous things may stand, how large things may grow.
//!
//! Each test collects everything that offends it and prints all of it, as `FILE:LINE: what`.
#![forbid(unsafe_code)]

mod house;
mod sizes;
mod source;
mod unsafety;
mod walls;

/// Fails if there are offenders, and shows them.
fn assert_none(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{rule}\n{}\n", offenders.join("\n"));
}
