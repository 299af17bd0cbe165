//! From ruff's tree to ours. What MicroPython's parser does while it parses (constants, formatted strings, the
//! line a node has) is done here, in the order of the source text, since `const()` names act from there on.

mod arguments;
mod expr;
mod operators;
mod stmt;
mod string;
mod template;

use ruff_python_ast::{self as ruff, token::Tokens};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use super::{
    ast::{Body, Expr, ExprKind, Name, Names, Tree},
    error::Fault,
    fold::Number,
    source::Source,
};
use crate::{
    bytecode::Const,
    compile::{Mode, Options},
};

type Lowered<T> = Result<T, Fault>;

/// Expressions and blocks may be nested this deep.
const MAX_DEPTH: u32 = 200;

pub(super) fn lower(module: &ruff::Mod, tokens: &Tokens, text: &str, options: &Options) -> Lowered<Tree> {
    let mut lower = Lower {
        source: Source::new(text, tokens),
        names: Names::new(),
        consts: FxHashMap::default(),
        string_line: None,
        depth: 0,
        debug: options.opt_level == 0,
        keep_constants: options.mode == Mode::Single,
        annotations: options.annotations,
        extended: options.wide,
    };
    let body = match module {
        ruff::Mod::Module(module) => {
            let mut block = lower.block(&module.body)?;
            let doc = lower.doc_stmt(&module.body).filter(|_| options.mode == Mode::File);
            block.stmts.splice(0..0, doc);
            Body::Statements(block)
        }
        ruff::Mod::Expression(module) => Body::Expression(lower.expr(&module.body)?),
    };
    Ok(Tree { body, names: lower.names })
}

struct Lower<'a> {
    source: Source<'a>,
    names: Names,
    /// Names bound by `name = const(value)`.
    consts: FxHashMap<Name, Const>,
    /// The line of everything inside a formatted string.
    string_line: Option<u32>,
    depth: u32,
    /// The value of `__debug__`.
    debug: bool,
    /// A lonely constant is a statement, not nothing.
    keep_constants: bool,
    /// Class bodies say which names they declare.
    annotations: bool,
    /// What MicroPython refuses is allowed.
    extended: bool,
}

impl Lower<'_> {
    fn line(&self, node: &impl Ranged) -> u32 {
        self.string_line.unwrap_or_else(|| self.source.line(node.start()))
    }

    /// A name as it is written: the parser has normalised its letters, which MicroPython does not.
    fn name(&mut self, id: &str, range: TextRange) -> Name {
        let written = if id.is_ascii() { None } else { self.source.text().get(range.to_std_range()) };
        self.names.intern(written.unwrap_or(id))
    }

    fn identifier(&mut self, identifier: &ruff::Identifier) -> Name {
        self.name(&identifier.id, identifier.range)
    }

    fn error<T>(&self, node: &impl Ranged, message: &str) -> Lowered<T> {
        let mut fault = Fault::syntax(self.source.line(node.start()), message);
        fault.column = self.source.column(node.start());
        Err(fault)
    }

    /// Runs `f` one level deeper.
    fn nested<T>(&mut self, node: &impl Ranged, f: impl FnOnce(&mut Self) -> Lowered<T>) -> Lowered<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::too_deep(self.source.line(node.start())));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    /// The constant a node stands for.
    fn as_const(&self, expr: &Expr) -> Option<Const> {
        Some(match &expr.kind {
            ExprKind::SmallInt(value) => Const::Int((*value).into()),
            ExprKind::Str(name) => Const::Str(self.names.text(*name).as_bytes().into()),
            ExprKind::Const(value) => value.clone(),
            ExprKind::None => Const::None,
            ExprKind::True => Const::True,
            ExprKind::False => Const::False,
            ExprKind::Ellipsis => Const::Ellipsis,
            ExprKind::Tuple { .. } if expr.is_const() => Const::Tuple(Vec::new()),
            _ => return None,
        })
    }

    /// The node for a name bound to a constant.
    ///
    /// Only small integers become a bare word again; strings and the like are objects from then on.
    fn const_expr(&self, line: u32, value: &Const) -> Expr {
        match value {
            Const::Int(value) => Number::Int(value.clone()).into_expr(line),
            value => Expr::new(line, ExprKind::Const(value.clone())),
        }
    }
}
