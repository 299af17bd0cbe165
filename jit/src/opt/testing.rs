//! Text in, text out.

use crate::ir::parse::parse;
use crate::ir::verify::{verify, verify_open};

use super::{Config, LoopEnd, LoopTraces, OptAbort, optimise_linear, optimise_loop};

fn canonical(text: &str) -> String {
    parse(text).trace.to_string()
}

/// A trace with an end, through these passes.
#[track_caller]
pub fn check_linear(passes: &str, before: &str, after: &str) {
    let raw = parse(before).trace;
    verify(&raw).expect("input");
    let done = optimise_linear(raw, &Config::parse(passes).expect("passes")).expect("no abort");
    verify(&done).expect("output");
    assert_eq!(done.to_string().trim(), canonical(after).trim());
}

pub fn run_loop(passes: &str, text: &str) -> Result<LoopTraces, OptAbort> {
    let parsed = parse(text);
    verify_open(&parsed.trace).expect("input");
    let traces = optimise_loop(
        &parsed.trace,
        &LoopEnd { slots: parsed.end },
        &Config::parse(passes).expect("passes"),
    )?;
    verify(&traces.entry).unwrap_or_else(|e| panic!("{e}\n{}", traces.entry));
    verify(&traces.body).unwrap_or_else(|e| panic!("{e}\n{}", traces.body));
    Ok(traces)
}

/// A recorded iteration, through these passes.
#[track_caller]
pub fn check_loop(passes: &str, before: &str, entry: &str, body: &str) {
    let traces = run_loop(passes, before).expect("no abort");
    assert_eq!(traces.entry.to_string().trim(), canonical(entry).trim());
    assert_eq!(traces.body.to_string().trim(), canonical(body).trim());
}
