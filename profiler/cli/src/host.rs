//! The machine's window on the world: files and standard streams.

use std::io::{self, BufRead, BufWriter, IsTerminal, Stdout, Write};

use vm::vm::Host;

/// Buffered standard output, flushed when the program reads, writes to standard error, or ends.
pub struct StdHost {
    out: BufWriter<Stdout>,
    by_line: bool,
}

impl StdHost {
    /// Output to a terminal is written line by line in any case.
    pub fn new(by_line: bool) -> StdHost {
        let stdout = std::io::stdout();
        StdHost { by_line: by_line || stdout.is_terminal(), out: BufWriter::with_capacity(1 << 16, stdout) }
    }
}

impl Drop for StdHost {
    fn drop(&mut self) {
        let _ = self.out.flush();
    }
}

impl Host for StdHost {
    fn write_stdout(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        if self.by_line && bytes.contains(&b'\n') { self.out.flush() } else { Ok(()) }
    }

    fn flush_stdout(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn write_stderr(&mut self, bytes: &[u8]) {
        let _ = self.out.flush();
        let _ = std::io::stderr().write_all(bytes);
    }

    fn read_line(&mut self) -> Option<String> {
        let _ = self.out.flush();
        let mut line = String::new();
        match std::io::stdin().lock().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line),
        }
    }

    fn read_file(&mut self, path: &str) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn is_dir(&mut self, path: &str) -> bool {
        std::path::Path::new(path).is_dir()
    }
}
