//! Source text, as far as rules read it: they look for a form of words in a line that the run has named, never for a line.

use crate::report::Place;
use logs::Log;
use std::collections::HashMap;

/// The files that the log holds.
pub(crate) struct Sources<'a>(HashMap<String, Vec<&'a [u8]>>);

impl<'a> Sources<'a> {
    pub(crate) fn new(log: &Log<'a>) -> Sources<'a> {
        let lines = |source| log.source_lines(source).collect();
        let files = log.sources.iter();
        Sources(files.map(|source| (crate::build::text(source.file), lines(source))).collect())
    }

    /// A line without its comment, and without the spaces around it.
    pub(crate) fn line(&self, file: &str, line: u32) -> Option<&str> {
        let text = self.raw(file, line)?;
        Some(without_comment(text).trim())
    }

    fn raw(&self, file: &str, line: u32) -> Option<&str> {
        let lines = self.0.get(file)?;
        let text = lines.get((line as usize).checked_sub(1)?)?;
        std::str::from_utf8(text).ok()
    }

    pub(crate) fn at(&self, place: &Place) -> Option<&str> {
        self.line(&place.file, place.line)
    }

    fn indent(&self, file: &str, line: u32) -> Option<usize> {
        let text = self.raw(file, line)?;
        if without_comment(text).trim().is_empty() {
            return None;
        }
        Some(text.len() - text.trim_start().len())
    }

    /// The nearest line above that is less indented and fulfils the condition; `f` sees its text.
    pub(crate) fn above(&self, place: &Place, is_it: impl Fn(&str) -> bool) -> Option<u32> {
        let mut indent = self.indent(&place.file, place.line)?;
        for line in (1..place.line).rev() {
            let Some(here) = self.indent(&place.file, line).filter(|here| *here < indent) else { continue };
            indent = here;
            if self.line(&place.file, line).is_some_and(&is_it) {
                return Some(line);
            }
            if here == 0 {
                return None;
            }
        }
        None
    }

    /// Is the line inside of a loop of its function?
    pub(crate) fn is_in_loop(&self, place: &Place) -> bool {
        let starts = |text: &str| is_loop(text) || is_def(text);
        match self.above(place, starts) {
            Some(line) => self.line(&place.file, line).is_some_and(is_loop),
            None => false,
        }
    }

    /// The last line of the block that a line opens.
    pub(crate) fn end_of_block(&self, file: &str, line: u32) -> u32 {
        let Some(indent) = self.indent(file, line) else { return line };
        let Some(lines) = self.0.get(file) else { return line };
        let mut end = line;
        for next in line + 1..=lines.len() as u32 {
            match self.indent(file, next) {
                Some(here) if here <= indent => break,
                Some(_) => end = next,
                None => {}
            }
        }
        end
    }

    /// Lines of a file that fulfil a condition.
    pub(crate) fn lines_with(
        &self,
        file: &str,
        range: std::ops::RangeInclusive<u32>,
        is_it: impl Fn(&str) -> bool,
    ) -> Vec<u32> {
        range.filter(|line| self.line(file, *line).is_some_and(&is_it)).collect()
    }

    /// Lines of a file.
    pub(crate) fn length(&self, file: &str) -> u32 {
        self.0.get(file).map_or(0, |lines| lines.len() as u32)
    }
}

pub(crate) fn is_loop(text: &str) -> bool {
    ["for ", "while ", "async for "].iter().any(|word| text.starts_with(word))
}

pub(crate) fn is_def(text: &str) -> bool {
    ["def ", "async def ", "class "].iter().any(|word| text.starts_with(word))
}

/// `text` of `text = text + x` or `text += x`: what grows at this line.
pub(crate) fn grows(line: &str) -> Option<&str> {
    if let Some((target, _)) = line.split_once("+=") {
        return Some(target.trim()).filter(|target| is_target(target));
    }
    let (target, value) = line.split_once('=')?;
    let (target, value) = (target.trim(), value.trim());
    let first = value.strip_prefix(target).map(str::trim_start);
    let last = value.strip_suffix(target).map(str::trim_end);
    let is_sum =
        first.is_some_and(|rest| rest.starts_with('+')) || last.is_some_and(|rest| rest.ends_with('+'));
    (is_target(target) && is_sum).then_some(target)
}

/// `x`, `self.x`, `x[0]`
fn is_target(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_.[]'\"".contains(c))
}

/// The operand behind ` in `, of a condition.
pub(crate) fn searched(line: &str) -> Option<&str> {
    let line =
        line.strip_prefix("for ").map_or(line, |rest| rest.split_once(" in ").map_or("", |(_, rest)| rest));
    let (_, rest) = line.split_once(" in ")?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || "_.[]".contains(c))).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| !name.is_empty())
}

fn without_comment(text: &str) -> &str {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '#') => return &text[..at],
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows() {
        assert_eq!(grows("text = text + str(value) + \" \""), Some("text"));
        assert_eq!(grows("self.out += chunk"), Some("self.out"));
        assert_eq!(grows("text = \"<\" + text"), Some("text"));
        assert_eq!(grows("a = b + c"), None);
        assert_eq!(grows("if a == a + 1:"), None);
    }

    #[test]
    fn what_is_searched() {
        assert_eq!(searched("if visitor in known:"), Some("known"));
        assert_eq!(searched("if x not in self.seen and y:"), Some("self.seen"));
        assert_eq!(searched("for x in known:"), None);
    }

    #[test]
    fn comments_are_no_code() {
        assert_eq!(without_comment("a = '#' # b"), "a = '#' ");
    }
}
