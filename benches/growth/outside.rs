//! The world as benchmarks show it to a machine: files to import, output that is written at once, no input.

use std::io::Write;
use vm::vm::Host;

pub struct Outside;

impl Host for Outside {
    fn write_stdout(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        std::io::stdout().write_all(bytes)
    }

    fn flush_stdout(&mut self) -> std::io::Result<()> {
        std::io::stdout().flush()
    }

    fn write_stderr(&mut self, bytes: &[u8]) {
        // There is nobody else to tell.
        let _ = std::io::stderr().write_all(bytes);
    }

    fn read_line(&mut self) -> std::io::Result<Option<String>> {
        Ok(None)
    }

    fn read_file(&mut self, path: &str) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn is_dir(&mut self, path: &str) -> bool {
        std::path::Path::new(path).is_dir()
    }
}
