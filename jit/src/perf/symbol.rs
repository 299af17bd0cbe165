//! What is said of a piece of generated code, and who wants to hear it.

use std::io;

/// The source line that code from an offset on belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line<'a> {
    pub offset: u32,
    pub file: &'a str,
    pub line: u32,
}

/// A piece of generated code.
#[derive(Clone, Copy, Debug)]
pub struct Symbol<'a> {
    pub address: usize,
    pub code: &'a [u8],
    /// `py::qualname:file`, `jit::loop3:qualname:file:line`, `jit::stub:name`
    pub name: &'a str,
    /// By offset.
    pub lines: &'a [Line<'a>],
}

/// Takes symbols somewhere; what CPython calls the callbacks of its trampoline. [`Perf`] shows one in use.
///
/// [`Perf`]: super::Perf
pub trait SymbolWriter {
    /// Before the first symbol; and again in a forked process, which has files of its own.
    fn init(&mut self) -> io::Result<()>;
    /// Once for each symbol, when its code is complete. Code that comes to lie where other code was replaces that.
    fn write(&mut self, symbol: &Symbol<'_>) -> io::Result<()>;
    /// After the last symbol.
    fn free(&mut self) {}
    /// How many bytes it wants behind a piece of code.
    fn gap(&self) -> fn(&[u8]) -> usize {
        |_| 0
    }
    /// What kind of writer it is: where two are alike, the one at work goes on.
    fn kind(&self) -> &'static str {
        "other"
    }
}
