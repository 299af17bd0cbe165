//! Traces without sections around them, as people paste them: from a header, a list of arguments or a label to a jump.

use super::lines::listed;
use crate::parse::header::header;
use crate::parse::marker::plain;
use crate::parse::op::{Begin, begin};
use crate::trace::TraceKind;

/// A text with a section around each trace, and how many there are; nothing if there is none.
pub(super) fn framed(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut found = Found::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = plain(line).trim_ascii();
        found.line(listed(line).filter(|_| part(line).is_none()).unwrap_or(line));
    }
    found.close();
    (found.count > 0).then_some((found.text, found.count))
}

#[derive(Default)]
struct Found<'a> {
    text: Vec<u8>,
    count: usize,
    block: Vec<&'a [u8]>,
    ops: usize,
    /// Does the block hold what only a trace can?
    is_trace: bool,
    /// Has it come to its jump?
    is_over: bool,
}

/// A line that can be part of a trace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The header of a trace.
    Header,
    /// What a trace takes; its first line, if there is no header.
    Arguments,
    /// What may stand in any text.
    Op,
    /// What stands in traces only.
    Sure,
    /// What a trace ends with.
    Jump,
    /// The line behind.
    End,
    /// Nothing, or a comment.
    Blank,
}

impl<'a> Found<'a> {
    fn line(&mut self, line: &'a [u8]) {
        let part = part(line);
        let goes_on = match part {
            Some(Part::Header) => false,
            Some(Part::Arguments) => self.ops == 0,
            Some(Part::End | Part::Blank) => true,
            Some(_) => !self.is_over,
            None => false,
        };
        if !goes_on {
            self.close();
        }
        let Some(part) = part.filter(|part| *part != Part::Blank) else { return };
        self.ops += usize::from(matches!(part, Part::Op | Part::Sure | Part::Jump));
        self.is_trace |= matches!(part, Part::Sure | Part::Jump);
        self.is_over |= matches!(part, Part::Jump | Part::End);
        self.block.push(line);
    }

    fn close(&mut self) {
        let (block, ops) = (std::mem::take(&mut self.block), std::mem::take(&mut self.ops));
        let is_trace = std::mem::take(&mut self.is_trace);
        self.is_over = false;
        let [first, ..] = block[..] else { return };
        let known = header(first);
        // A line that happens to look like a jump is no trace.
        if !is_trace || (ops < 2 && known.is_none()) {
            return;
        }
        let is_bridge = known.is_some_and(|known| known.kind == TraceKind::Bridge);
        let name = if is_bridge { "jit-log-opt-bridge" } else { "jit-log-opt-loop" };
        self.text.extend_from_slice(format!("[0] {{{name}\n").as_bytes());
        if known.is_none() {
            self.text.extend_from_slice(format!("# Loop {} : loop with {ops} ops\n", self.count).as_bytes());
        }
        for line in block {
            self.text.extend_from_slice(line);
            self.text.push(b'\n');
        }
        self.text.extend_from_slice(format!("[0] {name}}}\n").as_bytes());
        self.count += 1;
    }
}

fn part(line: &[u8]) -> Option<Part> {
    if line.is_empty() {
        return Some(Part::Blank);
    }
    match begin(line)? {
        Begin::Comment if header(line).is_some() => Some(Part::Header),
        Begin::Comment if line.ends_with(b"--end of the loop--") => Some(Part::End),
        Begin::Comment => Some(Part::Blank),
        Begin::InputArgs(args) => {
            args.split(|byte| *byte == b',').all(is_variable).then_some(Part::Arguments)
        }
        Begin::End(_) => Some(Part::End),
        Begin::Op(head) => match head.name {
            _ if !head.is_whole() => None,
            b"jump" | b"finish" => Some(Part::Jump),
            b"label" | b"debug_merge_point" => Some(Part::Sure),
            name if name.starts_with(b"guard_") => Some(Part::Sure),
            _ => Some(Part::Op),
        },
    }
}

/// `p0`, `i12`
fn is_variable(text: &[u8]) -> bool {
    match text.trim_ascii() {
        [] => true,
        [kind, number @ ..] => kind.is_ascii_lowercase() && number.iter().all(u8::is_ascii_digit),
    }
}
