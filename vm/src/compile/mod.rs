//! Placeholder until the compiler lands.
use crate::bytecode::Module;
#[derive(Default)]
pub struct Options {
    pub opt_level: u8,
}
pub enum ErrorKind {
    SyntaxError,
    IndentationError,
    NotImplementedError,
}
pub struct CompileError {
    pub kind: ErrorKind,
    pub message: String,
    pub file: String,
    pub line: u32,
    pub column: u32,
}
impl CompileError {
    pub fn syntax(file: &str, line: u32, message: &str) -> CompileError {
        CompileError {
            kind: ErrorKind::SyntaxError,
            message: message.into(),
            file: file.into(),
            line,
            column: 0,
        }
    }
}
pub fn compile(_s: &str, file: &str, _o: &Options) -> Result<Module, CompileError> {
    Err(CompileError::syntax(file, 1, "no compiler"))
}
