//! A bound on nesting that holds before the parser runs, which recurses and would overflow the stack.

use super::Fault;

/// Brackets, operators and clauses that a parser may be inside of at once.
const MAX_DEPTH: u32 = 3000;

/// Words after which the parser is one level deeper until the expression ends.
const DEEPENING_WORDS: [&str; 5] = ["not", "lambda", "else", "await", "if"];

/// Refuses a text that nests too deeply. What it counts is never less than what the parser will nest.
pub(super) fn check(source: &str) -> Result<(), Fault> {
    let mut guard = Guard { open: Vec::new(), depth: 0, line: 1 };
    let mut rest = source;
    while let Some(token) = rest.chars().next() {
        rest = &rest[guard.step(token, rest)..];
        if guard.depth > MAX_DEPTH {
            return Err(Fault::too_deep(guard.line));
        }
    }
    Ok(())
}

struct Guard {
    /// For each open bracket, the depth outside.
    open: Vec<u32>,
    depth: u32,
    line: u32,
}

impl Guard {
    /// Looks at the token that `rest` begins with; returns its length.
    fn step(&mut self, first: char, rest: &str) -> usize {
        match first {
            '(' | '[' | '{' => {
                self.open.push(self.depth);
                self.depth += 1;
            }
            ')' | ']' | '}' => self.depth = self.open.pop().unwrap_or(0),
            // Here an expression ends, and with it what it nests.
            ',' | ';' => self.depth = self.outside(),
            '\n' => {
                self.line += 1;
                if self.open.is_empty() {
                    self.depth = 0;
                }
            }
            // Two operators in a row: the second is a prefix. `**` binds to the right.
            '-' | '+' | '~' | '*' => return self.operator(rest),
            '#' => return rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => return self.string(rest),
            _ if is_word(first) => return self.word(rest),
            _ => {}
        }
        first.len_utf8()
    }

    fn operator(&mut self, rest: &str) -> usize {
        let len = rest.find(|c| !matches!(c, '-' | '+' | '~' | '*' | ' ' | '\t')).unwrap_or(rest.len());
        let n_signs = rest[..len].chars().filter(|c| !c.is_whitespace()).count() as u32;
        // A single sign between two operands nests nothing.
        self.depth += n_signs - 1;
        len
    }

    fn outside(&self) -> u32 {
        self.open.last().map_or(0, |depth| depth + 1)
    }

    fn word(&mut self, rest: &str) -> usize {
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if DEEPENING_WORDS.contains(&&rest[..len]) {
            self.depth += 1;
        }
        len
    }

    fn string(&mut self, rest: &str) -> usize {
        let quote = &rest[..1];
        let is_long = rest.starts_with(&quote.repeat(3));
        let quotes = if is_long { &rest[..3] } else { quote };
        let mut at = quotes.len();
        loop {
            let tail = &rest[at..];
            let Some(c) = tail.chars().next() else { return at };
            if tail.starts_with(quotes) {
                return at + quotes.len();
            }
            self.line += u32::from(c == '\n');
            if c == '\n' && !is_long {
                return at;
            }
            at += c.len_utf8();
            if c == '\\' {
                let escaped = rest[at..].chars().next();
                self.line += u32::from(escaped == Some('\n'));
                at += escaped.map_or(0, char::len_utf8);
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
