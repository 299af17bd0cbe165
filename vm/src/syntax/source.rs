use ruff_python_ast::token::{Token, TokenKind, Tokens};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashMap;

/// A source text with what is known of its tokens.
pub(super) struct Source<'a> {
    text: &'a str,
    tokens: &'a Tokens,
    /// Offset of the start of each line.
    line_starts: Vec<u32>,
    /// Identifiers longer than a short string, and where each first occurs.
    long_names: FxHashMap<&'a str, TextSize>,
}

/// Strings up to this many bytes are always qstrs.
pub(super) const SHORT_STRING: usize = 10;

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a Tokens) -> Source<'a> {
        let mut long_names = FxHashMap::default();
        for token in tokens.iter() {
            let name = &text[token.range()];
            if name.len() > SHORT_STRING && is_word(token) {
                long_names.entry(name).or_insert(token.start());
            }
        }
        Source { text, tokens, line_starts: line_starts(text), long_names }
    }

    pub(super) fn line(&self, at: TextSize) -> u32 {
        self.line_starts.partition_point(|&start| start <= at.to_u32()) as u32
    }

    /// From 1, in characters.
    pub(super) fn column(&self, at: TextSize) -> u32 {
        let line = self.line(at).max(1) as usize;
        let start = self.line_starts[line - 1] as usize;
        self.text.get(start..at.to_usize()).map_or(0, |before| before.chars().count() as u32 + 1)
    }

    /// Line of the first `opening` after `at`, where only closing parentheses and layout can stand in between.
    pub(super) fn line_of_next(&self, at: TextSize, opening: TokenKind) -> u32 {
        let next = self.tokens.after(at).iter().find(|token| token.kind() == opening);
        self.line(next.map_or(at, Ranged::start))
    }

    /// Line at which MicroPython stands when it has read the string ending at `at` and looked for another one.
    pub(super) fn line_after_string(&self, at: TextSize) -> u32 {
        let layout = [TokenKind::Comment, TokenKind::NonLogicalNewline];
        let next = self.tokens.after(at).iter().find(|token| !layout.contains(&token.kind()));
        self.line(next.map_or(at, Ranged::start))
    }

    /// Whether there is a comma between the two places.
    pub(super) fn has_comma(&self, from: TextSize, to: TextSize) -> bool {
        let tokens = self.tokens.after(from).iter().take_while(|token| token.start() < to);
        tokens.into_iter().any(|token| token.kind() == TokenKind::Comma)
    }

    /// Whether `text` occurs as an identifier before `at`.
    pub(super) fn is_named_before(&self, text: &str, at: TextSize) -> bool {
        self.long_names.get(text).is_some_and(|&first| first < at)
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }
}

fn is_word(token: &Token) -> bool {
    token.kind() == TokenKind::Name || token.kind().is_soft_keyword()
}

fn line_starts(text: &str) -> Vec<u32> {
    let newlines = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
    std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect()
}
