//! Which line an instruction belongs to, for those who watch a program run.
//!
//! A function compiled here has marks (`bytecode::Debug`), from which two tables follow. [`Style::Python`]'s is what
//! the source says, as near to CPython's as bytecode of another layout allows. [`Style::MicroPython`]'s knows lines
//! that grow only, as a `.mpy` file's table does: the condition of a `while` counts to the last line of its body. A
//! function from a `.mpy` file has only the latter.

use crate::bytecode::{Mark, MarkKind};
use crate::object::function::Code;

/// Whose habits tracing follows where the two differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Style {
    #[default]
    MicroPython,
    Python,
}

/// Instructions of one line in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Offset of the first instruction.
    pub start: u32,
    /// Where the next segment begins: at the same offset for a statement without instructions.
    pub end: u32,
    /// 0 if it is at no line of its own.
    pub line: u32,
    /// When arriving at its start is a visit of the line, though the line before was the same.
    pub again: Again,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    Never,
    /// As `Never`; and jumps backwards lead past it.
    Passed,
    /// If a jump backwards led there.
    Back,
    Always,
}

/// Both tables of a function.
#[derive(Debug)]
pub struct LineTable {
    python: Box<[Segment]>,
    micropython: Box<[Segment]>,
}

impl LineTable {
    pub fn new(code: &Code) -> LineTable {
        let end = code.ops.len() as u32;
        match &code.debug {
            Some(debug) if !debug.marks.is_empty() => LineTable {
                python: close(by_source(&debug.marks), end),
                micropython: close(growing(&debug.marks), end),
            },
            _ => {
                let lines = code.prelude.lines(code.bytes).map(|(at, line)| plain(at as u32, line));
                let lines = close(last_of_each(lines), end);
                LineTable { python: lines.clone(), micropython: lines }
            }
        }
    }

    pub fn of(&self, style: Style) -> &[Segment] {
        match style {
            Style::Python => &self.python,
            Style::MicroPython => &self.micropython,
        }
    }
}

/// Index of the last segment that begins at or before `offset`.
pub fn find(table: &[Segment], offset: u32) -> usize {
    table.partition_point(|segment| segment.start <= offset).saturating_sub(1)
}

/// The same, beginning with a guess: lines mostly follow each other.
#[inline]
pub fn find_near(table: &[Segment], offset: u32, guess: usize) -> usize {
    let holds = |n: usize| {
        table.get(n).is_some_and(|segment| segment.start <= offset)
            && table.get(n + 1).is_none_or(|next| next.start > offset)
    };
    match holds(guess + 1) {
        true => guess + 1,
        false if holds(guess) => guess,
        false => find(table, offset),
    }
}

/// The line of the instruction around `offset`; that of what stands before, if it has none.
pub fn line_at(table: &[Segment], offset: u32) -> u32 {
    let upto = table.get(..=find(table, offset)).unwrap_or_default();
    upto.iter().rev().map(|segment| segment.line).find(|line| *line != 0).unwrap_or(0)
}

fn plain(start: u32, line: u32) -> Segment {
    Segment { start, end: 0, line, again: Again::Never }
}

/// Sets where the segments end; a table begins at the first instruction.
fn close(mut segments: Vec<Segment>, end: u32) -> Box<[Segment]> {
    if segments.first().is_none_or(|first| first.start > 0) {
        segments.insert(0, plain(0, 0));
    }
    let ends: Vec<u32> = segments.iter().skip(1).map(|next| next.start).chain([end]).collect();
    segments.iter_mut().zip(ends).for_each(|(segment, end)| segment.end = end);
    segments.into()
}

fn by_source(marks: &[Mark]) -> Vec<Segment> {
    let mut segments: Vec<(Segment, bool)> = Vec::new();
    for mark in marks.iter().filter(|mark| mark.kind != MarkKind::Dead) {
        let again = match mark.kind {
            MarkKind::Again => Again::Always,
            MarkKind::Back => Again::Back,
            MarkKind::Passed => Again::Passed,
            MarkKind::Plain | MarkKind::Dead | MarkKind::Own | MarkKind::Empty => Again::Never,
        };
        let new = Segment { again, ..plain(mark.offset, mark.line) };
        let empty = matches!(mark.kind, MarkKind::Empty | MarkKind::Passed);
        match segments.last_mut() {
            Some((last, kept)) if last.start == new.start && (last.line == new.line || !*kept) => {
                let again = if last.line == new.line && again == Again::Never { last.again } else { again };
                (*last, *kept) = (Segment { again, ..new }, empty);
            }
            _ => segments.push((new, empty)),
        }
    }
    segments.into_iter().map(|(segment, _)| segment).collect()
}

fn growing(marks: &[Mark]) -> Vec<Segment> {
    let mut highest = 0;
    let grows = |mark: &&Mark| {
        let grows = mark.line > highest;
        highest = highest.max(mark.line);
        grows
    };
    last_of_each(marks.iter().filter(grows).map(|mark| plain(mark.offset, mark.line)))
}

/// Of segments at the same offset the last.
fn last_of_each(segments: impl Iterator<Item = Segment>) -> Vec<Segment> {
    let mut kept: Vec<Segment> = Vec::new();
    for segment in segments {
        match kept.last_mut() {
            Some(last) if last.start == segment.start => *last = segment,
            _ => kept.push(segment),
        }
    }
    kept
}
