//! Where the characters of a string are that is not all ASCII.
//!
//! A string is UTF-8, so the character with a given number has to be looked for. Of a long string the byte offset of
//! every [`STRIDE`]th character is kept, from the first time that somebody asks; from there it is less than
//! [`STRIDE`] characters.

use std::cell::OnceCell;

/// Characters between two entries.
const STRIDE: usize = 64;
/// Strings up to so many bytes are walked through instead.
const SHORT: usize = 4 * STRIDE;

/// Made when somebody asks. A thin pointer, because most strings never have one.
#[derive(Default)]
pub struct Places(OnceCell<Box<Offsets>>);

/// Byte offsets of the characters 0, 64, 128, 192 …
struct Offsets(Vec<usize>);

impl Places {
    /// Byte offset of character `i` of `text`, or its length.
    pub fn offset(&self, text: &str, i: usize) -> usize {
        if text.len() <= SHORT || i < STRIDE {
            return advance(text, i);
        }
        match self.entries(text).get(i / STRIDE) {
            Some(at) => at + advance(&text[*at..], i % STRIDE),
            None => text.len(),
        }
    }

    /// Number of the character at byte `offset` of `text`.
    pub fn index(&self, text: &str, offset: usize) -> usize {
        if text.len() <= SHORT || offset < STRIDE {
            return text[..offset].chars().count();
        }
        let entries = self.entries(text);
        let last = entries.partition_point(|at| *at <= offset) - 1;
        last * STRIDE + text[entries[last]..offset].chars().count()
    }

    fn entries(&self, text: &str) -> &[usize] {
        let survey = || text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect();
        &self.0.get_or_init(|| Box::new(Offsets(survey()))).0
    }
}

/// Bytes of the first `n` characters.
fn advance(text: &str, n: usize) -> usize {
    let mut rest = text.chars();
    match n.checked_sub(1) {
        Some(last) => rest.nth(last).map_or(text.len(), |_| text.len() - rest.as_str().len()),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_found_where_it_is() {
        for text in
            ["aä€😀".repeat(100), "ä".repeat(64), "a".repeat(300) + "ä", "ä".repeat(129), String::new()]
        {
            let places = Places::default();
            for (n, (at, _)) in text.char_indices().enumerate() {
                assert_eq!((places.offset(&text, n), places.index(&text, at)), (at, n));
            }
            let chars = text.chars().count();
            assert_eq!(places.offset(&text, chars), text.len());
            assert_eq!(places.offset(&text, chars + 1000), text.len());
            assert_eq!(places.index(&text, text.len()), chars);
        }
    }
}
