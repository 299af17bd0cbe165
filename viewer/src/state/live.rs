//! A program that runs beside the viewer: what it writes, and whether it still runs.

use super::prompt::Typing;
use super::{Deed, State};
use crate::clerk::Ask;
use crate::keys::Screen;
use crate::model::printable;
use std::collections::VecDeque;

/// Lines that are kept.
const LINES: usize = 10_000;
/// Bytes of a line that are kept.
const LENGTH: usize = 4096;

/// Where a program writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Output,
    Errors,
    /// What it was given.
    Input,
}

/// A program that runs, or ran.
#[derive(Clone, Debug, Default)]
pub struct Live {
    lines: VecDeque<Line>,
    /// How many lines there were before those.
    dropped: usize,
    /// How it ended.
    ended: Option<String>,
    /// Has the reader said once that they want to leave?
    pub(super) leaving: bool,
}

/// A line of what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub stream: Stream,
    pub text: String,
    bytes: Vec<u8>,
    is_whole: bool,
}

impl Live {
    pub fn lines(&self) -> &VecDeque<Line> {
        &self.lines
    }

    /// How many lines came before those that are kept.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// How it ended; nothing while it runs.
    pub fn ended(&self) -> Option<&str> {
        self.ended.as_deref()
    }

    fn write(&mut self, stream: Stream, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let (piece, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            bytes = rest.strip_prefix(b"\n").unwrap_or(rest);
            let line = self.line(stream);
            let room = LENGTH.saturating_sub(line.bytes.len());
            line.bytes.extend_from_slice(&piece[..piece.len().min(room)]);
            line.text = shown(&line.bytes);
            line.is_whole = end.is_some();
        }
    }

    /// The line that a stream goes on with.
    fn line(&mut self, stream: Stream) -> &mut Line {
        let open = self.lines.iter().rposition(|line| line.stream == stream && !line.is_whole);
        let at = open.unwrap_or_else(|| {
            self.lines.push_back(Line { stream, text: String::new(), bytes: Vec::new(), is_whole: false });
            if self.lines.len() > LINES {
                self.lines.pop_front();
                self.dropped += 1;
            }
            self.lines.len() - 1
        });
        &mut self.lines[at]
    }
}

/// A line as a terminal would leave it: without colours, and what was written over is gone.
fn shown(bytes: &[u8]) -> String {
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let over = bytes.iter().rposition(|byte| *byte == b'\r').map_or(0, |at| at + 1);
    let (mut plain, mut rest) = (Vec::new(), &bytes[over..]);
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        if *first == 0x1b && others.first() == Some(&b'[') {
            let end = others[1..].iter().position(|byte| (b'@'..=b'~').contains(byte));
            rest = end.map_or(&[], |end| &others[end + 2..]);
        } else {
            plain.push(*first);
        }
    }
    printable(&plain)
}

impl State {
    /// A program runs beside.
    pub fn run_beside(&mut self) {
        self.live = Some(Live::default());
    }

    /// The program that runs beside, if one does or did.
    pub fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }

    /// The program has written something.
    pub fn output(&mut self, stream: Stream, bytes: &[u8]) {
        let Some(live) = &mut self.live else { return };
        let (before, dropped) = (live.lines.len(), live.dropped);
        live.write(stream, bytes);
        let (now, gone) = (live.lines.len(), live.dropped - dropped);
        // Who looks at the last line goes along; who looks at another one keeps it.
        let row = &mut self.rows[Screen::Output as usize];
        *row = if *row + 1 >= before { now.saturating_sub(1) } else { row.saturating_sub(gone) };
    }

    /// The program has ended.
    pub fn ended(&mut self, how: String) {
        if let Some(live) = self.live.as_mut().filter(|live| live.ended.is_none()) {
            self.note = Some(format!("the program has ended: {how}"));
            live.ended = Some(how);
            self.asks.push(Ask::Refresh);
        }
    }

    pub(super) fn runs(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.ended.is_none())
    }

    /// Leaves, unless a program would be ended by that and the reader has not said so twice.
    pub(super) fn quit(&mut self) {
        let runs = self.runs();
        match &mut self.live {
            Some(live) if runs && !live.leaving => {
                live.leaving = true;
                self.note = Some("the program still runs: q again ends it and leaves".to_owned());
            }
            _ => self.done = true,
        }
    }

    /// What Ctrl-C means: to the program, if one runs.
    pub(super) fn interrupt(&mut self) {
        if self.runs() {
            self.note = Some("the program is interrupted".to_owned());
            self.deeds.push(Deed::Interrupt);
        } else {
            self.done = true;
        }
    }

    pub(super) fn start_line(&mut self) {
        match self.live {
            Some(_) if self.runs() => self.start_typing(Typing::Line),
            Some(_) => self.say("the program has ended".to_owned()),
            None => self.say("there is no program: 'loopscope run --live' runs one".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_lines_of_two_streams() {
        let mut live = Live::default();
        live.write(Stream::Output, b"one\ntw");
        live.write(Stream::Errors, b"\x1b[31mbad\x1b[0m\n");
        live.write(Stream::Output, b"o\n 10 %\r 20 %");
        let lines: Vec<_> = live.lines.iter().map(|line| (line.stream, line.text.as_str())).collect();
        let wanted = [
            (Stream::Output, "one"),
            (Stream::Output, "two"),
            (Stream::Errors, "bad"),
            (Stream::Output, " 20 %"),
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn what_was_written_long_ago_is_dropped() {
        let mut live = Live::default();
        live.write(Stream::Output, "line\n".repeat(LINES + 7).as_bytes());
        live.write(Stream::Output, &vec![b'x'; 3 * LENGTH]);
        assert_eq!((live.lines.len(), live.dropped), (LINES, 8));
        assert_eq!(live.lines.back().map(|line| line.text.len()), Some(LENGTH));
    }
}
