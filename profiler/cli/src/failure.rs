//! Exit codes, and what is said when a command could not do its work.

use std::fmt;

/// The program ran to its end, or the command did its work.
pub const OK: i32 = 0;
/// The program raised.
pub const RAISED: i32 = 1;
/// The new run is slower than allowed.
pub const SLOWER: i32 = 1;
/// The command line makes no sense.
pub const USAGE: i32 = 2;
/// An input could not be read at all, or an output not be written.
pub const UNREADABLE: i32 = 3;

/// An error that decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// The command line makes no sense.
    Usage(String),
    /// An input could not be read at all.
    Unreadable(String),
    /// An output could not be written to its end.
    Unwritten(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Unreadable(message) | Failure::Unwritten(message) => {
                f.write_str(message)
            }
        }
    }
}

impl std::error::Error for Failure {}

/// Reads a file that the command cannot do without.
pub fn read(path: &str) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::Unreadable(format!("can't open file '{path}': {error}")))
}

/// Says what went wrong, and gives the exit code.
pub fn report(error: &anyhow::Error) -> i32 {
    if is_broken_pipe(error) {
        return OK;
    }
    eprintln!("loopscope: {error:#}");
    match error.downcast_ref::<Failure>() {
        Some(Failure::Usage(_)) => {
            eprintln!("Try 'loopscope --help'.");
            USAGE
        }
        Some(Failure::Unreadable(_) | Failure::Unwritten(_)) => UNREADABLE,
        None => RAISED,
    }
}

/// Whoever reads our output has had enough, which is no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
