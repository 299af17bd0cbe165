//! Exit codes, and what is said when a command could not do its work.

use std::fmt;
use std::io::Write;

/// The program ran to its end, or the command did its work.
pub const OK: i32 = 0;
/// The program raised.
pub const RAISED: i32 = 1;
/// The new run is slower than allowed.
pub const SLOWER: i32 = 1;
/// The command line makes no sense.
pub const USAGE: i32 = 2;
/// An input could not be read at all.
pub const UNREADABLE: i32 = 3;
/// A log or an export could not be written, or not all of it.
pub const UNWRITABLE: i32 = 3;

/// An error that decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// The command line makes no sense.
    Usage(String),
    /// An input could not be read at all.
    Unreadable(String),
    /// A log or an export could not be written.
    Unwritable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Unreadable(message) | Failure::Unwritable(message) => {
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
    say(&format!("loopscope: {error:#}"));
    match error.downcast_ref::<Failure>() {
        Some(Failure::Usage(_)) => {
            say("Try 'loopscope --help'.");
            USAGE
        }
        Some(Failure::Unreadable(_)) => UNREADABLE,
        Some(Failure::Unwritable(_)) => UNWRITABLE,
        None => RAISED,
    }
}

/// Standard error may be what can't be written.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
