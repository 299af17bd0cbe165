//! What there is to show: the report's loops, and for each of them its source and its bytecode, with the places marked
//! that its trace went through.
//!
//! Nothing is taken apart before somebody looks at it: a log may hold thousands of loops. What a pane cannot show it
//! explains, and says which option would have provided it.

mod bytecode;
mod extent;
mod source;

use crate::OnDisk;
use extent::Extent;
use logs::Log;
use profiler::Report;

/// A log and its report.
pub struct Model<'a> {
    log: &'a Log<'a>,
    on_disk: OnDisk<'a>,
    /// The loops, in the order in which they are shown.
    pub report: Report,
}

/// A loop's source and bytecode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    pub source: Pane,
    pub bytecode: Pane,
}

/// A text, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pane {
    Text(Text),
    Missing(Missing),
}

/// Lines, some of them marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub title: String,
    pub lines: Vec<Line>,
    /// The line to start reading at.
    pub at: usize,
}

/// A line of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number or offset.
    pub number: u32,
    pub text: String,
    pub mark: Mark,
}

/// What a line is to a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Outside,
    /// The trace goes through it.
    Inside,
    /// The loop starts here.
    Head,
}

/// Why there is nothing to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub what: String,
    /// What would help.
    pub how: String,
}

impl<'a> Model<'a> {
    /// The model of a log.
    pub fn new(log: &'a Log<'a>, report: Report, on_disk: OnDisk<'a>) -> Model<'a> {
        Model { log, on_disk, report }
    }

    /// Source and bytecode of the loop in that row.
    pub fn detail(&self, row: usize) -> Detail {
        let Some(row) = self.report.loops.get(row) else {
            return nothing(
                "no loop was compiled",
                "a loop is compiled when it is hot; 'loopscope run --threshold N' says when that is",
            );
        };
        match Extent::of(self.log, row) {
            Some(extent) => Detail {
                source: source::pane(self.log, self.on_disk, &extent),
                bytecode: bytecode::pane(self.log, &extent),
            },
            None => nothing(
                "the log does not say where this loop is",
                "'loopscope run --log FILE' writes it; in PYPYLOG, the prefix jit-log-opt does",
            ),
        }
    }
}

fn nothing(what: &str, how: &str) -> Detail {
    let pane = Pane::Missing(Missing { what: what.to_owned(), how: how.to_owned() });
    Detail { source: pane.clone(), bytecode: pane }
}

/// Bytes as a line that a terminal can show: nothing in it moves the cursor.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            c if c.is_control() => out.push('·'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn a_log_cannot_take_over_the_terminal() {
        assert_eq!(printable(b"\x1b[2Ja\tb\r"), "·[2Ja    b·");
    }
}
