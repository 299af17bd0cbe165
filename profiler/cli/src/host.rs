//! The machine's window on the world: files and standard streams.

use crate::output::Output;
use crate::signals::wait_for_input;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};

use vm::vm::Host;

/// Buffered standard output, flushed when the program reads, writes to standard error, or ends.
pub struct StdHost {
    out: Output,
    by_line: bool,
    input: Input,
}

impl StdHost {
    /// Output to a terminal is written line by line in any case.
    pub fn new(by_line: bool) -> StdHost {
        let by_line = by_line || std::io::stdout().is_terminal();
        StdHost { by_line, out: Output::new(), input: Input::default() }
    }
}

impl Drop for StdHost {
    fn drop(&mut self) {
        let _ = self.out.finish();
    }
}

impl Host for StdHost {
    fn write_stdout(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write(bytes)?;
        if self.by_line && bytes.contains(&b'\n') { self.out.flush() } else { Ok(()) }
    }

    fn flush_stdout(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish_stdout(&mut self) -> io::Result<()> {
        self.out.finish()
    }

    fn write_stderr(&mut self, bytes: &[u8]) {
        self.out.flush_shortly();
        let _ = std::io::stderr().write_all(bytes);
    }

    fn read_line(&mut self) -> std::io::Result<Option<String>> {
        let _ = self.out.flush();
        self.input.line()
    }

    fn read_file(&mut self, path: &str) -> std::io::Result<Vec<u8>> {
        let kind = std::fs::metadata(path)?.file_type();
        if kind.is_fifo() || kind.is_char_device() { read_slowly(path) } else { std::fs::read(path) }
    }

    fn give_up(&mut self) -> ! {
        let _ = self.out.finish();
        crate::fatal::end()
    }

    fn is_dir(&mut self, path: &str) -> bool {
        std::path::Path::new(path).is_dir()
    }
}

/// Standard input, read when the program asks. What came before an interruption is kept.
#[derive(Default)]
struct Input {
    file: Option<File>,
    /// Read but not asked for yet, from `at` on; no newline before `seen`.
    bytes: Vec<u8>,
    at: usize,
    seen: usize,
}

impl Input {
    fn line(&mut self) -> std::io::Result<Option<String>> {
        loop {
            if let Some(end) = self.bytes[self.seen..].iter().position(|byte| *byte == b'\n') {
                return Ok(Some(self.take(self.seen + end + 1)));
            }
            self.seen = self.bytes.len();
            if self.fill()? == 0 {
                return Ok((self.at < self.bytes.len()).then(|| self.take(self.bytes.len())));
            }
        }
    }

    fn take(&mut self, end: usize) -> String {
        let line = String::from_utf8_lossy(&self.bytes[self.at..end]).into_owned();
        (self.at, self.seen) = (end, end);
        line
    }

    /// Reads more; the end is 0 bytes more.
    fn fill(&mut self) -> std::io::Result<usize> {
        const AT_ONCE: usize = 1 << 16;
        self.bytes.drain(..self.at);
        self.seen -= self.at;
        self.at = 0;
        let mut file = match &self.file {
            Some(file) => file,
            None => self.file.insert(File::from(std::io::stdin().as_fd().try_clone_to_owned()?)),
        };
        wait_for_input(file.as_fd())?;
        let len = self.bytes.len();
        self.bytes.resize(len + AT_ONCE, 0);
        let n = file.read(&mut self.bytes[len..]);
        self.bytes.truncate(len + n.as_ref().copied().unwrap_or(0));
        n
    }
}

/// Reads what has no length and may keep us waiting.
fn read_slowly(path: &str) -> std::io::Result<Vec<u8>> {
    const AT_ONCE: usize = 1 << 16;
    // Opening a pipe would wait for its writer where nothing can interrupt it.
    let flags = rustix::fs::OFlags::NONBLOCK.bits();
    let mut file = OpenOptions::new().read(true).custom_flags(flags as i32).open(path)?;
    let mut bytes = Vec::new();
    loop {
        wait_for_input(file.as_fd())?;
        let len = bytes.len();
        bytes.resize(len + AT_ONCE, 0);
        let n = match file.read(&mut bytes[len..]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            result => Some(result?),
        };
        bytes.truncate(len + n.unwrap_or(0));
        if n == Some(0) {
            return Ok(bytes);
        }
    }
}
