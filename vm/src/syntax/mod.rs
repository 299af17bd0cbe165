//! From source text to the tree the compiler walks. The parser is ruff's; the tree is shaped as MicroPython's own
//! parser would have shaped it.

pub(crate) mod ast;
mod error;
mod escape;
mod fold;
mod guard;
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
    let longest = guard::check(source)?;
    if longest <= SHORT {
        return parse_and_lower(source, options);
    }
    // The tree is as deep as the chain is long, and is freed by recursion.
    let stack = STACK + longest.saturating_mul(LINK);
    let too_deep = || Fault::too_deep(1);
    if stack > MOST_STACK {
        return Err(too_deep());
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("parser".to_owned()).stack_size(stack);
        let parser =
            thread.spawn_scoped(scope, || parse_and_lower(source, options)).map_err(|_| too_deep())?;
        parser.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Links of a chain that fit the stack we have.
const SHORT: usize = 1000;
/// Bytes of stack for the parser itself, for each link of a chain, and at most.
const STACK: usize = 16 << 20;
const LINK: usize = 1 << 10;
const MOST_STACK: usize = 1 << 30;

fn parse_and_lower(source: &str, options: &Options) -> Result<ast::Tree, Fault> {
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
    let is_empty_replacement = source[..at].ends_with('{') && source[at..].starts_with('}');
    let (kind, message) = match &error.error {
        ParseErrorType::ExpectedExpression if is_empty_replacement => {
            (ErrorKind::SyntaxError, "malformed f-string")
        }
        other => wording(other),
    };
    Fault { kind, message: message.into(), line, column }
}

/// MicroPython's words: it has few.
fn wording(error: &ParseErrorType) -> (ErrorKind, &'static str) {
    use ParseErrorType as E;
    let message = match error {
        E::UnexpectedIndentation => return (ErrorKind::IndentationError, "unexpected indent"),
        E::Lexical(LexicalErrorType::IndentationError) => {
            return (ErrorKind::IndentationError, "unindent doesn't match any outer indent level");
        }
        E::InvalidAssignmentTarget
        | E::InvalidNamedAssignmentTarget
        | E::InvalidAnnotatedAssignmentTarget
        | E::InvalidAugmentedAssignmentTarget => "can't assign to expression",
        E::InvalidDeleteTarget => "can't delete expression",
        E::PositionalAfterKeywordArgument => "positional arg after keyword arg",
        E::PositionalAfterKeywordUnpacking => "positional arg after **",
        E::InvalidArgumentUnpackingOrder => "* arg after **",
        E::NonDefaultParamAfterDefaultParam => "non-default argument follows default argument",
        _ => "invalid syntax",
    };
    (ErrorKind::SyntaxError, message)
}
