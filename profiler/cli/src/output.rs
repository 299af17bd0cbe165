//! Standard output: a buffer before it, and a wait for the reader that a signal can end.
//!
//! A write into a full pipe would wait where nothing can interrupt it. So what may keep us waiting is asked first
//! whether it takes more, and then given no more than it takes at once.

use crate::signals;
use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;

const BUFFER: usize = 1 << 16;
/// A pipe that is ready for anything takes so many bytes without waiting (POSIX: PIPE_BUF).
const AT_ONCE: usize = 4096;

/// What waits to be written is kept if a request interrupts the writing, or if the system refuses it: then the end of the
/// program says so.
#[derive(Debug)]
pub struct Output {
    /// `None` if there is no standard output.
    file: Option<File>,
    /// The reader may keep us waiting.
    waits: bool,
    waiting: Vec<u8>,
}

impl Output {
    pub fn new() -> Output {
        let file = std::io::stdout().as_fd().try_clone_to_owned().map(File::from).ok();
        let kind = file.as_ref().and_then(|file| file.metadata().ok()).map(|data| data.file_type());
        let is_queue = kind.is_some_and(|kind| kind.is_fifo() || kind.is_socket());
        let waits = is_queue || file.as_ref().is_some_and(File::is_terminal);
        Output { file, waits, waiting: Vec::new() }
    }

    /// Takes the bytes, and writes them when there are enough.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(bytes);
        let written = if self.waiting.len() < BUFFER { Ok(()) } else { self.flush() };
        if written.as_ref().is_err_and(|error| error.kind() != ErrorKind::Interrupted) {
            self.waiting.truncate(BUFFER);
        }
        written
    }

    /// Writes what waits. Fails with `Interrupted` if the program is asked for something before the reader has taken all.
    pub fn flush(&mut self) -> io::Result<()> {
        self.write_waiting(signals::wait_for_reader)
    }

    /// Writes what waits as far as somebody takes it: what is written elsewhere next comes behind it, if that is possible.
    pub fn flush_shortly(&mut self) {
        let _ = self.write_waiting(signals::wait_shortly_for_reader);
    }

    /// The same at the end of the program, when requests have been served: whoever was asked to end waits no longer
    /// than a reader takes who reads at all.
    pub fn finish(&mut self) -> io::Result<()> {
        self.write_waiting(signals::wait_for_last_reader)
    }

    fn write_waiting(&mut self, wait: fn(&File) -> io::Result<()>) -> io::Result<()> {
        let mut at = 0;
        let result = self.write_from(&mut at, wait);
        if result.as_ref().is_err_and(|error| error.kind() == ErrorKind::TimedOut) {
            at = self.waiting.len();
        }
        self.waiting.drain(..at);
        result
    }

    /// Counts in `at` what was written.
    fn write_from(&self, at: &mut usize, wait: fn(&File) -> io::Result<()>) -> io::Result<()> {
        let Some(mut file) = self.file.as_ref() else { return Ok(()) };
        while *at < self.waiting.len() {
            let mut piece = &self.waiting[*at..];
            if self.waits {
                wait(file)?;
                piece = &piece[..piece.len().min(AT_ONCE)];
            }
            match file.write(piece) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => *at += n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Another one has filled the pipe, and it does not wait.
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait(file)?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
