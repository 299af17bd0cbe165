//! The lines only we write: what a viewer needs when it has nothing but the log.

use super::{Writer, push_fmt, push_text};
use std::io::{self, Write};

/// One instruction of a listing.
#[derive(Clone, Copy, Debug)]
pub struct BytecodeLine<'a> {
    /// Its offset in the code object.
    pub offset: u32,
    /// The source line it comes from.
    pub line: u32,
    /// Its name.
    pub opcode: &'a str,
    /// Its arguments, as a reader wants to see them; may be empty.
    pub args: &'a str,
}

impl<W: Write> Writer<W> {
    /// A fact about the run: `version`, `pid`, `clock-hz`, `program`.
    pub fn meta(&mut self, key: &str, value: impl std::fmt::Display) -> io::Result<()> {
        let value = value.to_string();
        self.put(|line| {
            push_fmt(line, format_args!("{key} "));
            push_text(line, value.as_bytes());
        })
    }

    /// When the run started or ended: `key` is `start` or `end`.
    pub fn meta_stamp(&mut self, key: &str, at: u64) -> io::Result<()> {
        self.put_fmt(format_args!("{key} {at:x}"))
    }

    /// A whole source file.
    pub fn source(&mut self, file: impl AsRef<[u8]>, text: impl AsRef<[u8]>) -> io::Result<()> {
        self.put(|line| {
            line.extend_from_slice(b"file ");
            push_text(line, file.as_ref());
        })?;
        let text = text.as_ref();
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        text.split(|&byte| byte == b'\n').try_for_each(|source| self.indented(source))
    }

    /// Header of a code object's listing.
    pub fn bytecode_header(
        &mut self,
        function: &str,
        file: impl AsRef<[u8]>,
        first_line: u32,
    ) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!("code {function};"));
            push_text(line, file.as_ref());
            push_fmt(line, format_args!(":{first_line}"));
        })
    }

    /// An instruction of a listing.
    pub fn bytecode_line(&mut self, at: BytecodeLine<'_>) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!(" {} {} {}", at.offset, at.line, at.opcode));
            if !at.args.is_empty() {
                line.push(b' ');
                push_text(line, at.args.as_bytes());
            }
        })
    }

    /// How often a guard left compiled code for the interpreter.
    pub fn guard_count(&mut self, guard: u64, count: u64) -> io::Result<()> {
        self.put_fmt(format_args!("guard 0x{guard:x}:{count}"))
    }

    fn indented(&mut self, text: &[u8]) -> io::Result<()> {
        self.put(|line| {
            line.push(b' ');
            line.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Selection;

    #[test]
    fn a_source_text_cannot_break_the_framing() {
        let mut writer = Writer::new(Vec::new(), Selection::everything());
        writer.start(0, "loopscope-source").unwrap();
        writer.source("a\nb.py", "x = 1\r\n[1] loopscope-source}\n").unwrap();
        let text = String::from_utf8(writer.into_inner()).unwrap();
        assert_eq!(text, "[0] {loopscope-source\nfile a b.py\n x = 1\n [1] loopscope-source}\n");
    }

    #[test]
    fn listings() {
        let mut writer = Writer::new(Vec::new(), Selection::everything());
        writer.start(0, "x").unwrap();
        writer.bytecode_header("f", "a:b.py", 3).unwrap();
        writer.bytecode_line(BytecodeLine { offset: 4, line: 5, opcode: "LOAD_FAST", args: "0" }).unwrap();
        let text = String::from_utf8(writer.into_inner()).unwrap();
        assert_eq!(text, "[0] {x\ncode f;a:b.py:3\n 4 5 LOAD_FAST 0\n");
    }
}
