//! Versions of traces, as text and as JSON.
//!
//! ```text
//! x.py:7 f FOR_ITER
//! loop0 → loop1 (loop), 31 → 36 operations: +1 guard, +1 residual call
//!   + residual call  call_r(ConstClass(helper), p1)   x.py:8 f CALL_FUNCTION   was inlined: helper
//!
//!     x.py:8 f CALL_FUNCTION
//!     i5 = int_add(i4, 1)
//!   + p9 = call_r(ConstClass(helper), p1)
//!     … 12 operations
//! ```

use super::table::{Style, TableOptions, clean, grouped, paint};
use crate::report::Place;
use crate::traces::{Bytecode, Change, Finding, Kind, Operation, Row, SCHEMA, Sign, TraceDiff, Version};
use serde::Serialize;
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Operations around a difference that are shown with it.
const CONTEXT: usize = 2;

/// Writes one finding for people; with `options.all`, every operation.
pub fn trace_diff_text(finding: &Finding, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    match finding {
        Finding::Both(diff) => both(diff, options, out),
        Finding::Only { version, label, is_new } => {
            let (sign, style) = if *is_new { ('+', Style::Hot) } else { ('-', Style::Good) };
            let Version { name, kind, operations, .. } = version;
            let line = format!("{sign} {} ({kind}), {operations} operations: {}", clean(name), clean(label));
            writeln!(out, "{}\n", paint(options.color, style, &cut(&line, options.width)))
        }
    }
}

fn both(diff: &TraceDiff, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let title = cut(&clean(&diff.label), options.width);
    writeln!(out, "{}", paint(options.color, Style::Title, &title))?;
    let TraceDiff { old, new, .. } = diff;
    let head = format!(
        "{} → {} ({}), {} → {} operations: {}",
        clean(&old.name),
        clean(&new.name),
        new.kind,
        old.operations,
        new.operations,
        diff.summary.words()
    );
    writeln!(out, "{}", cut(&head, options.width))?;
    for change in &diff.changes {
        let line = cut(&changed(change, options.width), options.width);
        writeln!(out, "{}", paint(options.color, style(change.sign), &line))?;
    }
    let shown = shown(&diff.rows, options.all);
    if shown.iter().any(|shown| *shown) {
        writeln!(out)?;
        rows(&diff.rows, &shown, options, out)?;
    }
    writeln!(out)
}

/// A guard, an allocation or a call, and where it is from.
fn changed(change: &Change, width: usize) -> String {
    let kind = Kind::COUNTED.iter().find(|counted| counted.0 == change.kind).map_or("", |counted| counted.1);
    let place = change.location.as_ref().map_or_else(|| clean(&change.bytecode), at);
    let mut why = String::new();
    if let Some(function) = &change.inlined {
        let word = if change.sign == Sign::New { "was inlined" } else { "is inlined now" };
        why = format!("  {word}: {}", clean(function));
    }
    if let Some(failed) = change.failed.filter(|failed| *failed > 0) {
        why = format!("{why}  failed {} times", grouped(failed));
    }
    let room = width.saturating_sub(20 + place.width() + why.width()).clamp(24, 72);
    let operation = cut(&clean(&change.operation), room);
    let fill = " ".repeat(room.min(44).saturating_sub(operation.width()));
    format!("  {} {kind:<13}  {operation}{fill}  {place}{why}", change.sign.mark())
}

fn at(place: &Place) -> String {
    let file = place.file.rsplit(['/', '\\']).next().unwrap_or(&place.file);
    clean(&format!("{file}:{} {} {}", place.line, place.function, place.opcode))
}

/// Which rows are worth a line: differences, what stands around them, and the bytecodes of both.
fn shown(rows: &[Row], all: bool) -> Vec<bool> {
    let mut shown = vec![all; rows.len()];
    let operations: Vec<usize> =
        (0..rows.len()).filter(|row| matches!(rows[*row], Row::Operation(_))).collect();
    let differs = |row: usize| matches!(&rows[row], Row::Operation(op) if op.sign != Sign::Same);
    for (index, _) in operations.iter().enumerate().filter(|(_, row)| differs(**row)) {
        let around = index.saturating_sub(CONTEXT)..(index + CONTEXT + 1).min(operations.len());
        operations[around].iter().for_each(|row| shown[*row] = true);
    }
    // The bytecode that the next shown operation comes from.
    let mut heading = None;
    for (index, row) in rows.iter().enumerate() {
        match row {
            Row::Bytecode(_) => heading = Some(index),
            Row::Operation(_) if shown[index] => {
                if let Some(heading) = heading.take() {
                    shown[heading] = true;
                }
            }
            Row::Operation(_) => {}
        }
    }
    shown
}

fn rows(rows: &[Row], shown: &[bool], options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut skipped = 0;
    for (row, shown) in rows.iter().zip(shown) {
        if !shown {
            skipped += usize::from(matches!(row, Row::Operation(_)));
            continue;
        }
        rest(&mut skipped, options, out)?;
        match row {
            Row::Bytecode(bytecode) => heading(bytecode, options, out)?,
            Row::Operation(operation) => line(operation, options, out)?,
        }
    }
    rest(&mut skipped, options, out)
}

/// What is left out.
fn rest(skipped: &mut usize, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let count = std::mem::take(skipped);
    if count == 0 {
        return Ok(());
    }
    let text = format!("    … {count} operation{}", if count == 1 { "" } else { "s" });
    writeln!(out, "{}", paint(options.color, Style::Quiet, &text))
}

fn heading(bytecode: &Bytecode, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let sign = match (bytecode.in_old, bytecode.in_new) {
        (true, true) => ' ',
        (false, _) => '+',
        (true, false) => '-',
    };
    let place = bytecode.location.as_ref().map_or_else(|| clean(&bytecode.text), at);
    let indent = "  ".repeat(bytecode.depth.min(8) as usize);
    let text = cut(&format!("  {sign} {indent}{place}"), options.width);
    writeln!(out, "{}", paint(options.color, Style::Remark, &text))
}

fn line(operation: &Operation, options: &TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let text = operation.new.as_ref().or(operation.old.as_ref()).map_or(String::new(), |text| clean(text));
    let line = cut(&format!("  {} {text}", operation.sign.mark()), options.width);
    writeln!(out, "{}", paint(options.color, style(operation.sign), &line))?;
    if let (Sign::Changed, Some(old)) = (operation.sign, &operation.old) {
        let line = cut(&format!("    was {}", clean(old)), options.width);
        writeln!(out, "{}", paint(options.color, Style::Quiet, &line))?;
    }
    Ok(())
}

fn style(sign: Sign) -> Style {
    match sign {
        Sign::New => Style::Hot,
        Sign::Gone => Style::Good,
        Sign::Changed | Sign::Came => Style::Warm,
        Sign::Left => Style::Quiet,
        Sign::Same => Style::Plain,
    }
}

/// No wider than that, with `…` where something is gone.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 1);
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Findings as JSON, written one by one: schema `loopscope-trace-diff/1`.
pub struct TraceDiffJson<'o> {
    out: &'o mut dyn Write,
    count: usize,
    /// With every operation, not only the differences.
    all: bool,
}

/// A trace that has no counterpart.
#[derive(Serialize)]
struct Lone<'f> {
    #[serde(flatten)]
    version: &'f Version,
    label: &'f str,
    /// `old` or `new`
    only_in: &'static str,
}

impl<'o> TraceDiffJson<'o> {
    /// Nothing is written yet.
    pub fn new(out: &'o mut dyn Write, all: bool) -> TraceDiffJson<'o> {
        TraceDiffJson { out, count: 0, all }
    }

    fn begin(&mut self) -> io::Result<()> {
        write!(self.out, "{{\n\"schema\": \"{SCHEMA}\",\n\"traces\": [")
    }

    /// Writes one.
    pub fn add(&mut self, finding: &Finding) -> io::Result<()> {
        if self.count == 0 {
            self.begin()?;
        }
        write!(self.out, "{}", if self.count > 0 { ",\n" } else { "\n" })?;
        self.count += 1;
        match finding {
            Finding::Both(diff) => {
                let is_worth = |row: &&Row| matches!(row, Row::Operation(op) if op.sign != Sign::Same);
                let rows: Vec<Row> = match self.all {
                    true => diff.rows.clone(),
                    false => diff.rows.iter().filter(is_worth).cloned().collect(),
                };
                serde_json::to_writer(&mut *self.out, &TraceDiff { rows, ..(**diff).clone() })?;
            }
            Finding::Only { version, label, is_new } => {
                let only_in = if *is_new { "new" } else { "old" };
                serde_json::to_writer(&mut *self.out, &Lone { version, label, only_in })?;
            }
        }
        Ok(())
    }

    /// Ends the document.
    pub fn finish(mut self) -> io::Result<()> {
        if self.count == 0 {
            self.begin()?;
        }
        write!(self.out, "\n]\n}}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn what_is_gone_is_said() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert_eq!(cut("日本語", 5), "日本…");
    }
}
