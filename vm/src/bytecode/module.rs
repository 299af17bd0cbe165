use super::debug::Debug;
use num_bigint::BigInt;

/// A compiled source file: exactly what a `.mpy` file holds.
///
/// Bytecode never holds a name or an object, only indices into these two tables, so it needs no relocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Names and short strings; entry 0 is the name of the source file.
    pub qstrs: Vec<Box<str>>,
    /// Constants that are neither small integers nor qstrs.
    pub objects: Vec<Const>,
    /// The module's body.
    pub root: RawCode,
}

/// A constant object.
#[derive(Debug, Clone, PartialEq)]
pub enum Const {
    /// The table of native helper functions; only files with native code have one.
    FunTable,
    None,
    False,
    True,
    Ellipsis,
    /// UTF-8, except that MicroPython allows lone surrogates (as three bytes).
    Str(Box<[u8]>),
    Bytes(Box<[u8]>),
    Int(BigInt),
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
    Tuple(Vec<Const>),
}

/// One function, lambda, comprehension, class body or module body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCode {
    /// [Prelude](super::Prelude), then instructions.
    pub bytes: Box<[u8]>,
    /// The functions defined inside, in the order `MAKE_FUNCTION` and `MAKE_CLOSURE` number them.
    pub children: Vec<RawCode>,
    /// Only of code that was just compiled, and asked for.
    pub debug: Option<Box<Debug>>,
}
