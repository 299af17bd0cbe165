//! Traces of two logs, version beside version: what the profiler says of them, as lines.

use super::printable;
use super::readable::readable;
use logs::Log;
use profiler::Report;
use profiler::report::Place;
use profiler::traces::{self, Change, Finding, Kind, Row, Side, Sign, Summary, TraceDiff, Which};

/// Everything that was compiled at a place, then and now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Versions {
    /// Which loop of the diff it is.
    pub of: usize,
    /// What is different, in words.
    pub summary: String,
    pub lines: Vec<Line>,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A trace and its versions.
    Title(String),
    /// A guard, allocation or residual call that is new or gone.
    Change(Sign, String),
    /// A bytecode; by whether it is only one side's.
    Bytecode(Sign, String),
    /// An operation, as it was and as it is.
    Op(Op),
    Blank,
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    pub sign: Sign,
    pub kind: Kind,
    pub old: Option<Box<str>>,
    pub new: Option<Box<str>>,
}

impl Line {
    /// Is it a difference in a trace?
    pub fn differs(&self) -> bool {
        matches!(self, Line::Op(op) if op.sign != Sign::Same)
    }

    /// As it would be copied.
    pub fn text(&self) -> String {
        match self {
            Line::Title(text) => text.clone(),
            Line::Change(sign, text) | Line::Bytecode(sign, text) => format!("{} {text}", sign.mark()),
            Line::Op(op) => {
                let text = op.new.as_deref().or(op.old.as_deref()).unwrap_or_default();
                format!("{} {text}", op.sign.mark())
            }
            Line::Blank => String::new(),
        }
    }
}

/// Compares what both logs have at that place.
pub(crate) fn versions(
    old: (&Log<'_>, &Report),
    new: (&Log<'_>, &Report),
    of: usize,
    label: &str,
) -> Versions {
    let words = |op: &logs::op::Op<'_>| readable(op);
    let side = |(log, report)| Side { log, report, words: &words };
    let (mut lines, mut summary, mut lone) = (Vec::new(), Summary::default(), 0);
    traces::compare(side(old), side(new), &Which::Place(label.to_owned()), &mut |finding| {
        if !lines.is_empty() {
            lines.push(Line::Blank);
        }
        match finding {
            Finding::Both(diff) => {
                summary.add(&diff.summary);
                both(*diff, &mut lines);
            }
            Finding::Only { version, label, is_new } => {
                lone += 1;
                let side = if is_new { "new" } else { "old" };
                let text = format!(
                    "only in the {side} log: {} ({}), {} operations: {label}",
                    version.name, version.kind, version.operations
                );
                lines.push(Line::Title(printable(text.as_bytes())));
            }
        }
    });
    let mut summary = summary.words();
    if lone > 0 {
        summary.push_str(&format!(", {lone} only on one side"));
    }
    if lines.is_empty() {
        summary = "neither log shows a trace of this place".to_owned();
    }
    Versions { of, summary, lines }
}

fn both(diff: TraceDiff, lines: &mut Vec<Line>) {
    let TraceDiff { old, new, summary, .. } = &diff;
    let title = format!(
        "{} → {} ({}), {} → {} operations: {}",
        old.name,
        new.name,
        new.kind,
        old.operations,
        new.operations,
        summary.words()
    );
    lines.push(Line::Title(printable(title.as_bytes())));
    lines.extend(diff.changes.iter().map(|change| Line::Change(change.sign, change_text(change))));
    for row in diff.rows {
        lines.push(match row {
            Row::Bytecode(at) => {
                let sign = match (at.in_old, at.in_new) {
                    (true, true) => Sign::Same,
                    (false, _) => Sign::New,
                    (true, false) => Sign::Gone,
                };
                let place = at.location.as_ref().map_or_else(|| at.text.clone(), place_text);
                let indent = "  ".repeat(at.depth.min(8) as usize);
                Line::Bytecode(sign, format!("{indent}{}", printable(place.as_bytes())))
            }
            Row::Operation(op) => {
                let text = |text: Option<String>| text.map(|text| text.into_boxed_str());
                Line::Op(Op { sign: op.sign, kind: op.kind, old: text(op.old), new: text(op.new) })
            }
        });
    }
}

/// What it is, where it is from, why it is there.
fn change_text(change: &Change) -> String {
    let kind = Kind::COUNTED.iter().find(|counted| counted.0 == change.kind).map_or("", |counted| counted.1);
    let place = change.location.as_ref().map_or_else(|| change.bytecode.clone(), place_text);
    let word = if change.sign == Sign::New { "was inlined" } else { "is inlined now" };
    let why = change.inlined.as_ref().map_or_else(String::new, |function| format!(", {word}: {function}"));
    let failed = change.failed.filter(|failed| *failed > 0);
    let failed = failed.map_or_else(String::new, |failed| format!(", failed {failed} times"));
    printable(format!("{kind} at {place}{why}{failed}: {}", change.operation).as_bytes())
}

fn place_text(place: &Place) -> String {
    let file = place.file.rsplit(['/', '\\']).next().unwrap_or(&place.file);
    format!("{file}:{} {} {}", place.line, place.function, place.opcode)
}
