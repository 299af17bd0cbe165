//! The plain interpreter.

use super::hooks::Hooks;
use super::run::{Outcome, run};
use crate::error::R;
use crate::vm::{Executor, Vm};

/// Runs frames without observing anything.
pub struct Standard;

impl Hooks for Standard {
    type Exit = std::convert::Infallible;
    const OBSERVES: bool = false;
}

impl Executor for Standard {
    fn run(&self, vm: &mut Vm, depth: usize) -> R {
        match run(vm, &mut Standard, depth) {
            Outcome::Done(value) => Ok(value),
            Outcome::Raised(raise) => Err(raise),
            Outcome::Exit(never) => match never {},
        }
    }
}
