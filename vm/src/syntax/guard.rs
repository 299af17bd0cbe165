//! A bound on nesting that holds before the parser runs, which recurses and would overflow the stack.
//!
//! Two things are counted. What nests (brackets, prefixes, blocks) makes the parser recurse. What forms a chain (`a + b +
//! c`, `f()()`, `a.b.c`) does not, but the parser's tree is as deep as the chain is long, and freeing it recurses.

use super::Fault;

/// Brackets, operators and clauses that a parser may be inside of at once.
const MAX_DEPTH: u32 = 3000;

/// Blocks inside of each other.
const MAX_BLOCKS: usize = 300;

/// Words after which the parser is one level deeper until the expression ends.
const DEEPENING_WORDS: [&str; 5] = ["not", "lambda", "else", "await", "if"];

/// Refuses a text that nests too deeply; gives the length of its longest chain. What it counts is never less than what
/// the parser will make of it.
pub(super) fn check(source: &str) -> Result<usize, Fault> {
    let mut guard = Guard {
        open: Vec::new(),
        depth: 0,
        line: 1,
        links: 0,
        longest: 0,
        indents: vec![0],
        is_template: false,
    };
    let mut rest = source;
    while let Some(token) = rest.chars().next() {
        rest = &rest[guard.step(token, rest)..];
        guard.longest = guard.longest.max(guard.links);
        if guard.depth > MAX_DEPTH || guard.indents.len() > MAX_BLOCKS {
            return Err(Fault::too_deep(guard.line));
        }
    }
    Ok(guard.longest)
}

struct Guard {
    /// For each open bracket, the depth and the links outside.
    open: Vec<(u32, usize)>,
    depth: u32,
    line: u32,
    /// Links of the chain here, and of those around it.
    links: usize,
    longest: usize,
    /// The indentation of the blocks around this line.
    indents: Vec<usize>,
    /// The last word may be the prefix of a string with expressions in it.
    is_template: bool,
}

impl Guard {
    /// Looks at the token that `rest` begins with; returns its length.
    fn step(&mut self, first: char, rest: &str) -> usize {
        let is_template = std::mem::take(&mut self.is_template);
        match first {
            '(' | '[' | '{' => {
                self.open.push((self.depth, self.links));
                self.depth += 1;
                self.links += 1;
            }
            ')' | ']' | '}' => {
                let (depth, links) = self.open.pop().unwrap_or((0, 0));
                (self.depth, self.links) = (depth, links + 1);
            }
            // Here an expression ends, and with it what it nests.
            ',' | ';' => (self.depth, self.links) = self.outside(),
            '\n' => {
                self.line += 1;
                if self.open.is_empty() {
                    (self.depth, self.links) = (0, 0);
                    self.indent(&rest[1..]);
                }
            }
            '.' | '/' | '%' | '@' | '&' | '|' | '^' | '<' | '>' | '=' => self.links += 1,
            // Two operators in a row: the second is a prefix. `**` binds to the right.
            '-' | '+' | '~' | '*' => return self.operator(rest),
            '#' => return rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => {
                let len = self.string(rest);
                return if is_template { self.template(&rest[..len], len) } else { len };
            }
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
        self.links += n_signs as usize;
        len
    }

    fn outside(&self) -> (u32, usize) {
        self.open.last().map_or((0, 0), |(depth, links)| (depth + 1, links + 1))
    }

    /// A line begins: blocks end or one begins.
    fn indent(&mut self, line: &str) {
        let text = line.trim_start_matches([' ', '\t', '\x0c']);
        if text.is_empty() || text.starts_with(['\n', '\r', '#']) {
            return;
        }
        let indent = line.len() - text.len();
        self.indents.retain(|outer| *outer < indent);
        self.indents.push(indent);
    }

    /// A string with expressions in braces: they may nest as well.
    fn template(&mut self, string: &str, len: usize) -> usize {
        let (mut open, mut deepest, mut signs) = (0u32, 0, 0);
        for c in string.chars() {
            match c {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.saturating_sub(1),
                '-' | '+' | '~' | '*' if open > 0 => signs += 1,
                _ => {}
            }
            deepest = deepest.max(open);
        }
        let words = string.split(|c| !is_word(c)).filter(|word| DEEPENING_WORDS.contains(word)).count();
        self.longest = self.longest.max(self.links + signs + words);
        // Only for the check that follows each token; the string is one operand.
        if self.depth + deepest > MAX_DEPTH {
            self.depth += deepest;
        }
        len
    }

    fn word(&mut self, rest: &str) -> usize {
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let is_prefix = len <= 2 && rest[..len].contains(['f', 'F', 't', 'T']);
        self.is_template = is_prefix && rest[len..].starts_with(['"', '\'']);
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
