//! From the tree to bytecode, byte for byte as MicroPython's own compiler would do it.
//!
//! Every scope is walked twice by the same code. The first walk, over all scopes in the order in which they are
//! met, finds out what each name means; the second emits. Both fill the module's tables, since the order of their
//! entries is the order of first use in MicroPython's walks.

mod assign;
mod async_;
mod call;
mod debug;
mod emit;
mod exception;
mod expr;
mod function;
mod import;
mod jump;
mod loops;
mod names;
mod scope;
mod stmt;
mod tables;
mod unit;

use crate::bytecode::Module;
pub use crate::syntax::{CompileError, ErrorKind};

/// How to compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// From 1 on, `assert` is not compiled and `__debug__` is false; from 3 on, there are no line numbers.
    pub opt_level: u8,
    pub mode: Mode,
    /// Class bodies begin by binding `__annotations__`. MicroPython has no such thing, so its bytecode has not either;
    /// but `dataclasses` needs to know which names were declared.
    pub annotations: bool,
    /// What MicroPython's encoding has no room for takes instructions of our own instead of being refused. A `.mpy`
    /// file must not hold them; see `bytecode::opcode`.
    pub wide: bool,
    /// Functions come with [`Debug`](crate::bytecode::Debug).
    pub debug: bool,
}

/// What the source text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// A file.
    #[default]
    File,
    /// A line typed at the prompt: the values of expressions are printed.
    Single,
    /// An expression, whose value is returned.
    Eval,
}

/// Compiles a source text; `filename` is what tracebacks will say.
pub fn compile(source: &str, filename: &str, options: &Options) -> Result<Module, CompileError> {
    // Within strings too a line ends with one newline.
    let unix = source.contains('\r').then(|| source.replace("\r\n", "\n").replace('\r', "\n"));
    let source = unix.as_deref().unwrap_or(source);
    // The parser wants something to follow a continued line.
    let is_blank = options.mode == Mode::File && source.split("\\\n").all(|part| part.trim().is_empty());
    let source = if is_blank { "" } else { source };
    let tree = crate::syntax::tree(source, options).map_err(|fault| fault.in_file(filename))?;
    unit::compile_tree(tree, filename, options).map_err(|fault| fault.in_file(filename))
}
