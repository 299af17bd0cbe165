//! What a viewer is given: files, by somebody who may open them.

use logs::{Diagnostic, Index};
use std::io;

/// How far reading has come: bytes read, bytes in all.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// What became of a log since it was last read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Same,
    /// It grew, and its beginning is what it was.
    Grown,
    /// It is another one, or shorter.
    Replaced,
}

/// Gives the bytes of logs and sources.
pub trait Library: Send {
    /// Brings `bytes` to what the log holds now. What was read already may be kept. An error leaves `bytes` alone.
    fn refresh(&mut self, bytes: &mut Vec<u8>, progress: Progress<'_>) -> io::Result<Change>;

    /// The index of what was read last, if it was made on the way, and all that was wrong with it. Given once.
    fn take_index(&mut self) -> Option<(Index, Vec<Diagnostic>)> {
        None
    }

    /// What became of the log whose bytes were these.
    fn changed(&mut self, bytes: &[u8]) -> io::Result<Change>;

    /// A source file that the log does not hold.
    fn source(&self, path: &str) -> Option<Vec<u8>>;
}

/// Does what needs files and processes.
pub trait Host {
    /// Writes a file that holds what the screen shows; gives its name. `extension` is `txt` or `svg`.
    fn save(&mut self, extension: &str, content: &str) -> io::Result<String>;

    /// Opens a file at a line in the reader's editor, and waits until it is closed.
    fn edit(&mut self, file: &str, line: u32) -> io::Result<()>;
}
