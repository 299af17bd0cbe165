//! The bytecode of a function: the log's listing, else what the trace went through.

use super::printable;
use super::trace::{Frame, Point};
use logs::Log;
use logs::log::Instruction;
use std::collections::BTreeMap;

/// A function's bytecode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytecode {
    pub title: String,
    /// By offset, ascending.
    pub rows: Vec<Row>,
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub offset: u32,
    pub line: u32,
    /// Name and arguments.
    pub text: String,
}

impl Bytecode {
    /// The instruction at that offset.
    pub fn at(&self, offset: u32) -> Option<usize> {
        self.rows.binary_search_by_key(&offset, |row| row.offset).ok()
    }
}

/// The bytecode of an inlined call's function; `points` are the trace's.
pub(super) fn bytecode(log: &Log<'_>, frame: &Frame, number: u32, points: &[Point]) -> Bytecode {
    let listing = log.listings.iter().find(|listing| {
        listing.function == frame.function.as_bytes()
            && listing.file == &*frame.raw_file
            && (frame.start_line == 0 || listing.first_line == frame.start_line)
    });
    match listing {
        Some(listing) => {
            let mut rows: Vec<Row> = log.instructions(listing).map(row).collect();
            rows.sort_by_key(|row| row.offset);
            Bytecode { title: format!("{} at line {}", frame.function, listing.first_line), rows }
        }
        None => Bytecode {
            title: format!("{}, as far as it was traced", frame.function),
            rows: traced(points.iter().filter(|point| point.frame == number)),
        },
    }
}

fn row(instruction: Instruction<'_>) -> Row {
    let (opcode, args) = (printable(instruction.opcode), printable(instruction.args));
    let text = format!("{opcode:<22} {args}").trim_end().to_owned();
    Row { offset: instruction.offset, line: instruction.line, text }
}

fn traced<'p>(points: impl Iterator<Item = &'p Point>) -> Vec<Row> {
    let rows: BTreeMap<u32, Row> = points
        .map(|point| {
            let row = Row { offset: point.offset, line: point.line, text: point.opcode.to_string() };
            (point.offset, row)
        })
        .collect();
    rows.into_values().collect()
}
