//! From source text to the tree the compiler walks. The parser is ruff's; the tree is shaped as MicroPython's own
//! parser would have shaped it.

pub(crate) mod ast;
mod error;
mod escape;
mod fold;
mod lower;
mod names;
mod pool;
mod source;

use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType, ParseOptions, parse};

pub(crate) use error::Fault;
pub use error::{CompileError, ErrorKind};

use crate::compile::{Mode, Options};

/// Parses a file, or the input of `eval`.
pub(crate) fn tree(source: &str, options: &Options) -> Result<ast::Tree, Fault> {
    let mode = match options.mode {
        Mode::File | Mode::Single => ruff_python_parser::Mode::Module,
        Mode::Eval => ruff_python_parser::Mode::Expression,
    };
    let parsed = parse(source, ParseOptions::from(mode)).map_err(|error| fault(&error, source))?;
    lower::lower(parsed.syntax(), parsed.tokens(), source, options)
}

fn fault(error: &ParseError, source: &str) -> Fault {
    let at = error.location.start().to_usize().min(source.len());
    let before = &source.as_bytes()[..at];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() as u32 + 1;
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let column = String::from_utf8_lossy(&before[line_start..]).chars().count() as u32 + 1;
    let (kind, message) = wording(&error.error);
    Fault { kind, message: message.into(), line, column }
}

/// MicroPython's words: it has few.
fn wording(error: &ParseErrorType) -> (ErrorKind, &'static str) {
    match error {
        ParseErrorType::UnexpectedIndentation => (ErrorKind::IndentationError, "unexpected indent"),
        ParseErrorType::Lexical(LexicalErrorType::IndentationError) => {
            (ErrorKind::IndentationError, "unindent doesn't match any outer indent level")
        }
        ParseErrorType::FStringError(_) | ParseErrorType::Lexical(LexicalErrorType::FStringError(_)) => {
            (ErrorKind::SyntaxError, "malformed f-string")
        }
        _ => (ErrorKind::SyntaxError, "invalid syntax"),
    }
}
