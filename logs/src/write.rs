//! Writing a log: sections, lines, and one method for every form of line that a reader understands.
//!
//! The writer applies the filter, so that callers need not: a section that is not selected costs a comparison, and
//! [`Writer::is_active`] tells whether preparing its text is worth while. Stamps are hexadecimal, as PyPy's are.
//! Nothing is buffered; wrap the output if it wants that.

mod content;
mod extra;
mod profile;

pub use content::{AddressLines, CodeDump, TraceKind};
pub use extra::BytecodeLine;

use crate::event::EventKind;
use crate::filter::Selection;
use std::io::{self, Write};

/// Writes a log.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    selection: Selection,
    /// One bit per open section, the innermost lowest: is its text written? Deeper than 64 is silently forgotten.
    active: u64,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Writes the selected sections to `out`.
    pub fn new(out: W, selection: Selection) -> Writer<W> {
        Writer { out, selection, active: 0, line: Vec::with_capacity(256) }
    }

    /// Opens a section.
    pub fn start(&mut self, at: u64, section: impl AsRef<[u8]>) -> io::Result<()> {
        let name = section.as_ref();
        self.active = self.active << 1 | u64::from(self.selection.is_active(name));
        if !self.selection.marks(name) {
            return Ok(());
        }
        self.line.clear();
        push_start(&mut self.line, at, name);
        self.out.write_all(&self.line)
    }

    /// Closes the section opened last, which must be this one.
    pub fn stop(&mut self, at: u64, section: impl AsRef<[u8]>) -> io::Result<()> {
        let name = section.as_ref();
        self.active >>= 1;
        if !self.selection.marks(name) {
            return Ok(());
        }
        self.line.clear();
        push_stop(&mut self.line, at, name);
        self.out.write_all(&self.line)
    }

    /// Writes a line of text into the section opened last.
    pub fn line(&mut self, text: impl AsRef<[u8]>) -> io::Result<()> {
        self.put(|line| line.extend_from_slice(text.as_ref()))
    }

    /// Is the text of the section opened last written?
    pub fn is_active(&self) -> bool {
        self.active & 1 == 1
    }

    /// Would the text of that section be written?
    pub fn wants(&self, section: impl AsRef<[u8]>) -> bool {
        self.selection.is_active(section.as_ref())
    }

    /// Writes an event: loop `number` is entered, left, called or returned from.
    pub fn event(&mut self, at: u64, kind: EventKind, number: i64, comment: &str) -> io::Result<()> {
        let name = kind.section().name().as_bytes();
        if !self.selection.marks(name) {
            return Ok(());
        }
        self.line.clear();
        push_start(&mut self.line, at, name);
        if self.selection.is_active(name) {
            push_event(&mut self.line, number, comment);
        }
        push_stop(&mut self.line, at, name);
        self.out.write_all(&self.line)
    }

    /// Flushes the output.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// The output.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// The output, given back.
    pub fn into_inner(self) -> W {
        self.out
    }

    /// Composes a line and writes it, if anybody wants it.
    fn put(&mut self, compose: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        if !self.is_active() {
            return Ok(());
        }
        self.line.clear();
        compose(&mut self.line);
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    /// Composes a formatted line.
    fn put_fmt(&mut self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        self.put(|line| push_fmt(line, text))
    }
}

fn push_start(line: &mut Vec<u8>, at: u64, name: &[u8]) {
    push_stamp(line, at);
    line.push(b'{');
    line.extend_from_slice(name);
    line.push(b'\n');
}

fn push_stop(line: &mut Vec<u8>, at: u64, name: &[u8]) {
    push_stamp(line, at);
    line.extend_from_slice(name);
    line.extend_from_slice(b"}\n");
}

/// `[HEX] `, by hand: formatting would be most of an event's cost.
fn push_stamp(line: &mut Vec<u8>, at: u64) {
    let digits = (64 - (at | 1).leading_zeros()).div_ceil(4) as usize;
    let mut text = *b"[0000000000000000] ";
    for (place, digit) in text[1..=digits].iter_mut().zip((0..digits).rev()) {
        *place = b"0123456789abcdef"[(at >> (digit * 4) & 15) as usize];
    }
    text[digits + 1] = b']';
    text[digits + 2] = b' ';
    line.extend_from_slice(&text[..digits + 3]);
}

fn push_event(line: &mut Vec<u8>, number: i64, comment: &str) {
    line.extend_from_slice(b"loop");
    push_number(line, number);
    if !comment.is_empty() {
        line.extend_from_slice(b" # ");
        push_text(line, comment.as_bytes());
    }
    line.push(b'\n');
}

fn push_number(line: &mut Vec<u8>, number: i64) {
    if (0..10).contains(&number) {
        return line.push(b'0' + number as u8);
    }
    push_fmt(line, format_args!("{number}"));
}

fn push_fmt(line: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to a vector cannot fail.
    let _ = line.write_fmt(text);
}

/// Text that must stay on its line: line ends become spaces.
fn push_text(line: &mut Vec<u8>, text: &[u8]) {
    line.extend(text.iter().map(|&byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::Section;

    fn written(selection: Selection, write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> String {
        let mut writer = Writer::new(Vec::new(), selection);
        write(&mut writer).unwrap();
        String::from_utf8(writer.into_inner()).unwrap()
    }

    fn nested(writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        writer.start(0x10, Section::JitTracing)?;
        writer.line("text")?;
        writer.start(0xabc, Section::JitLogOptLoop)?;
        writer.line("more")?;
        writer.stop(0xabd, Section::JitLogOptLoop)?;
        writer.line("after")?;
        writer.stop(0xffff_ffff_ffff_ffff, Section::JitTracing)
    }

    #[test]
    fn everything() {
        let expected = "[10] {jit-tracing\ntext\n[abc] {jit-log-opt-loop\nmore\n[abd] jit-log-opt-loop}\nafter\n\
                        [ffffffffffffffff] jit-tracing}\n";
        assert_eq!(written(Selection::everything(), nested), expected);
    }

    #[test]
    fn a_filter_silences_the_outer_and_keeps_the_inner() {
        let expected = "[abc] {jit-log-opt-loop\nmore\n[abd] jit-log-opt-loop}\n";
        assert_eq!(written(Selection::prefixes("jit-log-opt"), nested), expected);
        let outer = "[10] {jit-tracing\ntext\nafter\n[ffffffffffffffff] jit-tracing}\n";
        assert_eq!(written(Selection::prefixes("jit-tr"), nested), outer);
    }

    #[test]
    fn markers_have_no_text() {
        let expected = "[10] {jit-tracing\n[abc] {jit-log-opt-loop\n[abd] jit-log-opt-loop}\n\
                        [ffffffffffffffff] jit-tracing}\n";
        assert_eq!(written(Selection::Markers, nested), expected);
    }

    #[test]
    fn an_event_is_the_notes_three_lines() {
        let event = |writer: &mut Writer<Vec<u8>>| {
            writer.event(0, EventKind::Enter, 0, "sieve.py:7 sieve FOR_ITER")?;
            writer.event(0x1f, EventKind::Exit, 12, "")
        };
        let expected = "[0] {jit-profile-enter\nloop0 # sieve.py:7 sieve FOR_ITER\n[0] jit-profile-enter}\n\
                        [1f] {jit-profile-exit\nloop12\n[1f] jit-profile-exit}\n";
        assert_eq!(written(Selection::everything(), event), expected);
    }
}
