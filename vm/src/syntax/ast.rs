//! The tree the compiler walks: a Python file as MicroPython's own parser would have shaped it.
//!
//! It differs from an ordinary Python tree where the shape decides the bytecode: operators of one precedence are
//! one flat node, an atom and its trailers (`a.b[c](d)`) are one node, constants are already folded, formatted
//! strings are calls of `str.format`, and nodes that MicroPython keeps as bare words have no line.

use crate::bytecode::{BinaryOp, Const, UnaryOp};

pub(crate) use super::names::{Name, Names};

/// A parsed file.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) body: Body,
    pub(crate) names: Names,
}

/// What kind of input was parsed.
#[derive(Debug)]
pub(crate) enum Body {
    Statements(Block),
    /// The input of `eval`.
    Expression(Expr),
}

/// Statements one after the other.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Line of the first statement, or 0 if there are not two statements.
    pub(crate) line: u32,
    pub(crate) stmts: Vec<Stmt>,
}

impl Block {
    /// Line of the first statement.
    pub(crate) fn first_line(&self) -> u32 {
        self.stmts.first().map_or(0, |stmt| stmt.line)
    }
}

#[derive(Debug)]
pub(crate) struct Stmt {
    /// Where it begins; 0 if it leaves no trace in the line table.
    pub(crate) line: u32,
    pub(crate) kind: StmtKind,
}

#[derive(Debug)]
pub(crate) enum StmtKind {
    /// `pass`, and a constant for the compiler alone.
    Pass,
    /// An expression that comes to nothing: a docstring.
    Constant,
    Expr(Expr),
    /// One or more targets.
    Assign {
        targets: Vec<Expr>,
        value: Expr,
    },
    AugAssign {
        target: Expr,
        op: BinaryOp,
        value: Expr,
    },
    /// `name: annotation`, which makes the name a local.
    Annotation(Expr),
    Delete(Vec<Expr>),
    Break,
    Continue,
    Return(Option<Expr>),
    Raise {
        exc: Option<Expr>,
        cause: Option<Expr>,
    },
    Import(Vec<ImportAlias>),
    ImportFrom {
        level: u32,
        module: Option<Name>,
        names: ImportNames,
    },
    Global(Vec<Name>),
    Nonlocal(Vec<Name>),
    Assert {
        test: Expr,
        message: Option<Expr>,
    },
    If(If),
    While {
        test: Expr,
        body: Block,
        orelse: Option<Block>,
    },
    For(For),
    Try(Try),
    With {
        is_async: bool,
        items: Vec<(Expr, Option<Expr>)>,
        body: Block,
    },
    Function {
        decorators: Vec<Decorator>,
        def: Function,
    },
    Class {
        decorators: Vec<Decorator>,
        def: Class,
    },
}

/// `import a.b.c as d`
#[derive(Debug)]
pub(crate) struct ImportAlias {
    /// `a.b.c`
    pub(crate) full: Name,
    /// `a`, `b`, `c`
    pub(crate) parts: Vec<Name>,
    pub(crate) alias: Option<Name>,
}

#[derive(Debug)]
pub(crate) enum ImportNames {
    Star,
    Names(Vec<(Name, Option<Name>)>),
}

#[derive(Debug)]
pub(crate) struct If {
    pub(crate) test: Expr,
    pub(crate) body: Block,
    /// With the line of each.
    pub(crate) elifs: Vec<(u32, Expr, Block)>,
    pub(crate) orelse: Option<Block>,
}

#[derive(Debug)]
pub(crate) struct For {
    pub(crate) is_async: bool,
    pub(crate) target: Expr,
    pub(crate) iter: Expr,
    pub(crate) body: Block,
    pub(crate) orelse: Option<Block>,
}

#[derive(Debug)]
pub(crate) struct Try {
    pub(crate) body: Block,
    pub(crate) handlers: Vec<Handler>,
    pub(crate) orelse: Option<Block>,
    pub(crate) finally: Option<Block>,
}

#[derive(Debug)]
pub(crate) struct Handler {
    pub(crate) line: u32,
    pub(crate) class: Option<Expr>,
    pub(crate) name: Option<Name>,
    pub(crate) body: Block,
}

#[derive(Debug)]
pub(crate) enum Decorator {
    /// `@micropython.…`, by its second name if it has just two.
    BuiltIn {
        line: u32,
        name: Option<Name>,
    },
    Ordinary {
        base: Expr,
        attrs: Vec<Name>,
        call: Option<(u32, Vec<Arg>)>,
    },
}

#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) line: u32,
    pub(crate) name: Name,
    pub(crate) is_async: bool,
    pub(crate) params: Vec<Param>,
    /// Its docstring, where somebody may ask for it.
    pub(crate) doc: Option<Box<str>>,
    pub(crate) body: Block,
}

#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) line: u32,
    pub(crate) name: Name,
    pub(crate) args: Vec<Arg>,
    pub(crate) body: Block,
}

/// A parameter, or the bare star before keyword-only ones.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) kind: ParamKind,
    pub(crate) name: Option<Name>,
    pub(crate) default: Option<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParamKind {
    Plain,
    Star,
    DoubleStar,
}

#[derive(Debug)]
pub(crate) struct Expr {
    /// Where it begins, or 0 for a bare word (name, small integer, short string, `None`).
    pub(crate) line: u32,
    pub(crate) kind: ExprKind,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    Name(Name),
    /// An integer that fits 31 bits.
    SmallInt(i64),
    /// A string that is a qstr.
    Str(Name),
    None,
    True,
    False,
    Ellipsis,
    /// Any other constant.
    Const(Const),
    Or(Vec<Expr>),
    And(Vec<Expr>),
    Not(Box<Expr>),
    Compare {
        first: Box<Expr>,
        rest: Vec<(CompareOp, Expr)>,
    },
    /// Operators of one precedence, applied from the left.
    Binary {
        first: Box<Expr>,
        rest: Vec<(BinaryOp, Expr)>,
    },
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    If {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    Lambda(Box<Lambda>),
    /// `name := value`
    Walrus {
        target: Box<Expr>,
        value: Box<Expr>,
    },
    Tuple {
        items: Vec<Expr>,
        form: TupleForm,
    },
    List(Vec<Expr>),
    Set(Vec<Expr>),
    Dict(Vec<Item>),
    Comprehension(Box<Comprehension>),
    /// An atom and what follows it.
    Trailed {
        base: Box<Expr>,
        trailers: Vec<Trailer>,
    },
    /// `await` before an atom and what follows it.
    Await {
        base: Box<Expr>,
        trailers: Vec<Trailer>,
    },
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
    Starred(Box<Expr>),
    Slice {
        lower: Option<Box<Expr>>,
        upper: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
}

/// How a tuple is written, which decides what may be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TupleForm {
    Parenthesised,
    Bare,
    /// `x[a, b]`
    Subscript,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Plain(BinaryOp),
    /// `not in` and `is not`
    Negated(BinaryOp),
}

#[derive(Debug)]
pub(crate) struct Lambda {
    pub(crate) line: u32,
    pub(crate) params: Vec<Param>,
    pub(crate) body: Expr,
}

#[derive(Debug)]
pub(crate) struct Trailer {
    /// Line of its first character.
    pub(crate) line: u32,
    pub(crate) kind: TrailerKind,
}

#[derive(Debug)]
pub(crate) enum TrailerKind {
    Call(Vec<Arg>),
    Index(Expr),
    Attr(Name),
}

#[derive(Debug)]
pub(crate) enum Arg {
    Positional(Expr),
    Keyword(Name, Expr),
    Star { line: u32, value: Expr },
    DoubleStar(Expr),
}

#[derive(Debug)]
pub(crate) struct Comprehension {
    pub(crate) kind: ComprehensionKind,
    /// Line of the element, where the function begins.
    pub(crate) line: u32,
    pub(crate) element: Element,
    /// At least one, the first being a `for`.
    pub(crate) clauses: Vec<Clause>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

#[derive(Debug)]
pub(crate) enum Element {
    Value(Expr),
    Item(Item),
}

/// `key: value`
#[derive(Debug)]
pub(crate) struct Item {
    /// Line of the key.
    pub(crate) line: u32,
    pub(crate) key: Expr,
    pub(crate) value: Expr,
}

#[derive(Debug)]
pub(crate) enum Clause {
    For { target: Expr, iter: Expr },
    If(Expr),
}

impl Expr {
    /// A bare word.
    pub(crate) fn word(kind: ExprKind) -> Expr {
        Expr { line: 0, kind }
    }

    pub(crate) fn new(line: u32, kind: ExprKind) -> Expr {
        Expr { line, kind }
    }
}
