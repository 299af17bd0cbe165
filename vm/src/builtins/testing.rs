//! A machine for unit tests of built-ins.

use crate::bootstrap::Config;
use crate::vm::{Host, Vm};

/// No input, no files, output thrown away.
struct Nowhere;

impl Host for Nowhere {
    fn write_stdout(&mut self, _bytes: &[u8]) {}
    fn write_stderr(&mut self, _bytes: &[u8]) {}
    fn read_line(&mut self) -> Option<String> {
        None
    }
    fn read_file(&mut self, _path: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }
    fn is_dir(&mut self, _path: &str) -> bool {
        false
    }
}

/// A machine with all built-ins and little native stack.
pub fn vm() -> Vm {
    Vm::new(Box::new(Nowhere), Config { gc_stress: false, native_stack: 256 << 10 })
}
