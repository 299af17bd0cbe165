//! What a viewer is given: files, by somebody who may open them.

pub use crate::state::live::Stream;
use logs::{Diagnostic, Holder, Index};
use std::collections::BTreeMap;
use std::io;

/// How far reading has come: bytes read, bytes in all or 0 if nobody knows.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// What became of a log since it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Same,
    /// It grew, as far as can be told without reading it.
    Grown,
    /// It is another one, or shorter.
    Replaced,
}

/// The bytes of a log as it was when it was opened.
pub trait Text: Holder + Send {
    fn bytes(&self) -> &[u8];
}

/// Gives the bytes of logs and sources.
pub trait Library: Send {
    /// Opens the log as it is now.
    fn open(&mut self, progress: Progress<'_>) -> io::Result<Box<dyn Text>>;

    /// The index of what was opened last, if it was made on the way, and all that was wrong with it. Given once.
    fn take_index(&mut self) -> Option<(Index, Vec<Diagnostic>)> {
        None
    }

    /// What became of the log that was opened last.
    fn changed(&mut self) -> io::Result<Change>;

    /// A source file that the log does not hold.
    fn source(&self, path: &str) -> Option<Vec<u8>>;

    /// How often each line of a source file ran, if somebody has counted. Lines that hold no code are missing.
    fn line_counts(&self, path: &str) -> Option<BTreeMap<u32, u64>> {
        let _ = path;
        None
    }
}

/// A program that runs beside the viewer.
pub trait Program {
    /// What it has written since the last time, in order.
    fn output(&mut self) -> Vec<(Stream, Vec<u8>)>;

    /// How it has ended, if it has.
    fn ended(&mut self) -> Option<String>;

    /// Asks it to stop, as Ctrl-C would.
    fn interrupt(&mut self);

    /// Gives it a line of input, or says that none will come.
    fn feed(&mut self, line: Option<&str>);
}

/// Does what needs files and processes.
pub trait Host {
    /// Writes a file that holds what the screen shows; gives its name. `extension` is `txt` or `svg`.
    fn save(&mut self, extension: &str, content: &str) -> io::Result<String>;

    /// Opens a file at a line in the reader's editor, and waits until it is closed.
    fn edit(&mut self, file: &str, line: u32) -> io::Result<()>;

    /// The program that runs beside, if one does.
    fn program(&mut self) -> Option<&mut dyn Program> {
        None
    }

    /// A signal ends the viewer; nothing comes after that.
    fn leave(&mut self) {}
}
