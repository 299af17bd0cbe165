use std::fmt;

/// Why a source text could not be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    pub kind: ErrorKind,
    pub message: String,
    pub file: String,
    /// From 1; 0 if it is not known.
    pub line: u32,
    /// From 1, in characters; 0 if it is not known.
    pub column: u32,
}

/// The exception to raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    SyntaxError,
    IndentationError,
    NotImplementedError,
    RuntimeError,
}

impl ErrorKind {
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorKind::SyntaxError => "SyntaxError",
            ErrorKind::IndentationError => "IndentationError",
            ErrorKind::NotImplementedError => "NotImplementedError",
            ErrorKind::RuntimeError => "RuntimeError",
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.kind.as_str(), self.message)
    }
}

impl std::error::Error for CompileError {}

/// An error before the file's name is added.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Fault {
    pub(crate) fn syntax(line: u32, message: impl Into<String>) -> Fault {
        Fault { kind: ErrorKind::SyntaxError, message: message.into(), line, column: 0 }
    }

    pub(crate) fn unsupported(line: u32, message: impl Into<String>) -> Fault {
        Fault { kind: ErrorKind::NotImplementedError, message: message.into(), line, column: 0 }
    }

    pub(crate) fn too_deep(line: u32) -> Fault {
        let message = "maximum recursion depth exceeded".into();
        Fault { kind: ErrorKind::RuntimeError, message, line, column: 0 }
    }

    pub(crate) fn in_file(self, file: &str) -> CompileError {
        let Fault { kind, message, line, column } = self;
        CompileError { kind, message, file: file.into(), line, column }
    }
}
