//! What the compiler knows of a function beyond its bytecode: for tracers and debuggers.
//!
//! A `.mpy` file holds none of it; its functions have the line table of their prelude and nothing else.

/// A function's lines and names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Debug {
    /// Where its definition begins, decorators included; 0 for a module.
    pub first_line: u32,
    /// In the order of the instructions.
    pub marks: Vec<Mark>,
    /// Names of the locals, by number.
    pub locals: Vec<Box<str>>,
    /// The docstring.
    pub doc: Option<Box<str>>,
    /// As in `Class.method` or `outer.<locals>.inner`.
    pub qualname: Box<str>,
    /// How many of the locals, the first ones, are cells of outer functions.
    pub n_free: usize,
    /// Its names are a namespace's: a module's or class's body.
    pub is_body: bool,
    /// It is made of an async function.
    pub is_async: bool,
}

/// From this offset on the instructions belong to this line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub offset: u32,
    /// 0 for instructions that the source does not show: they count to the line from which they were reached.
    pub line: u32,
    pub kind: MarkKind,
}

/// Whose line a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// MicroPython's compiler marks it too.
    Plain,
    /// So it does, but nothing gets there.
    Dead,
    /// Of a statement without instructions, as `while True` is.
    Empty,
    /// The same, and jumps backwards to its offset lead past it.
    Passed,
    /// It follows from the source alone.
    Own,
    /// The same, and it is a new visit of the line each time.
    Again,
    /// The same, if it was reached by a jump backwards.
    Back,
}
