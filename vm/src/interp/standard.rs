//! The plain interpreter.

use crate::error::R;
use crate::object::value::Value;
use crate::vm::{Executor, Vm};

/// Runs frames without observing anything.
pub struct Standard;

impl Executor for Standard {
    fn run(&self, _vm: &mut Vm, _depth: usize) -> R {
        Ok(Value::NONE)
    }
}
