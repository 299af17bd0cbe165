//! The plain interpreter.

use super::hooks::Hooks;
use super::run::{Outcome, run};
use super::tracing::{look_below, run_traced};
use crate::error::R;
use crate::vm::{Executor, Vm};

/// Runs frames without observing anything.
pub struct Standard;

/// There is something to trace.
#[derive(Debug)]
pub struct Trace;

impl Hooks for Standard {
    type Exit = Trace;
    const OBSERVES: bool = false;

    fn switch() -> Trace {
        Trace
    }
}

impl Executor for Standard {
    fn run(&self, vm: &mut Vm, depth: usize) -> R {
        loop {
            match run(vm, &mut Standard, depth) {
                Outcome::Done(value) => return Ok(value),
                Outcome::Raised(raise) => return Err(raise),
                Outcome::Exit(Trace) => {
                    if let Some(result) = run_traced(vm, depth) {
                        look_below();
                        return result;
                    }
                }
            }
        }
    }
}
