use num_bigint::BigInt;
use ruff_python_ast::{self as ruff, token::TokenKind};
use ruff_text_size::Ranged;

use super::{Lower, Lowered};
use crate::{
    bytecode::Const,
    syntax::{
        ast::{
            Clause, Comprehension, ComprehensionKind, Element, Expr, ExprKind, Item, Lambda, Name, Trailer,
            TrailerKind, TupleForm,
        },
        fold::Number,
    },
};

impl Lower<'_> {
    pub(super) fn expr(&mut self, expr: &ruff::Expr) -> Lowered<Expr> {
        self.nested(expr, |lower| lower.expr_unguarded(expr))
    }

    fn expr_unguarded(&mut self, expr: &ruff::Expr) -> Lowered<Expr> {
        use ruff::Expr as E;
        let line = self.line(expr);
        match expr {
            E::BoolOp(expr) => self.logical(expr),
            E::Named(expr) => self.walrus(line, expr),
            E::BinOp(expr) => self.binary(expr),
            E::UnaryOp(expr) => self.unary(expr),
            E::Lambda(expr) => self.lambda(line, expr),
            E::If(expr) => self.conditional(line, expr),
            E::Dict(expr) => self.dict(line, expr),
            E::Set(expr) => Ok(Expr::new(line, ExprKind::Set(self.exprs(&expr.elts)?))),
            E::List(expr) => Ok(Expr::new(line, ExprKind::List(self.exprs(&expr.elts)?))),
            E::Tuple(expr) => self.tuple(expr),
            E::ListComp(_) | E::SetComp(_) | E::DictComp(_) | E::Generator(_) => {
                self.comprehension(line, expr)
            }
            E::Await(expr) => self.await_(line, expr),
            E::Yield(expr) => Ok(Expr::new(line, ExprKind::Yield(self.boxed(expr.value.as_deref())?))),
            E::YieldFrom(expr) => Ok(Expr::new(line, ExprKind::YieldFrom(Box::new(self.expr(&expr.value)?)))),
            E::Compare(expr) => self.compare(expr),
            E::Call(_) | E::Attribute(_) | E::Subscript(_) => self.trailed(line, expr),
            E::Starred(expr) => Ok(Expr::new(line, ExprKind::Starred(Box::new(self.expr(&expr.value)?)))),
            E::Name(expr) => Ok(self.variable(line, expr)),
            E::Slice(expr) => self.slice(line, expr),
            E::FString(_) | E::StringLiteral(_) | E::BytesLiteral(_) | E::TString(_) => {
                self.string(line, expr)
            }
            E::NumberLiteral(expr) => self.number(line, expr),
            E::BooleanLiteral(expr) => {
                Ok(Expr::word(if expr.value { ExprKind::True } else { ExprKind::False }))
            }
            E::NoneLiteral(_) => Ok(Expr::word(ExprKind::None)),
            E::EllipsisLiteral(_) => Ok(Expr::word(ExprKind::Ellipsis)),
            E::IpyEscapeCommand(_) => self.error(expr, "invalid syntax"),
        }
    }

    pub(super) fn exprs(&mut self, exprs: &[ruff::Expr]) -> Lowered<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn boxed(&mut self, expr: Option<&ruff::Expr>) -> Lowered<Option<Box<Expr>>> {
        Ok(self.optional(expr)?.map(Box::new))
    }

    pub(super) fn optional(&mut self, expr: Option<&ruff::Expr>) -> Lowered<Option<Expr>> {
        expr.map(|expr| self.expr(expr)).transpose()
    }

    fn variable(&mut self, line: u32, expr: &ruff::ExprName) -> Expr {
        let name = self.name(&expr.id, expr.range);
        if name == Name::DEBUG {
            return Expr::word(if self.debug { ExprKind::True } else { ExprKind::False });
        }
        match self.consts.get(&name) {
            Some(value) => self.const_expr(line, value),
            None => Expr::word(ExprKind::Name(name)),
        }
    }

    fn number(&mut self, line: u32, expr: &ruff::ExprNumberLiteral) -> Lowered<Expr> {
        let range = expr.range().to_std_range();
        let source = self.source.text();
        // `1if x` is a number that goes on with letters.
        if source[range.end..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return self.error(expr, "invalid syntax for number");
        }
        let value = match &expr.value {
            ruff::Number::Int(_) => {
                let text = &source[range];
                match integer(text) {
                    Some(value) => return Ok(Number::Int(value).into_expr(line)),
                    None => return self.error(expr, "invalid syntax for integer"),
                }
            }
            ruff::Number::Float(value) => Const::Float(*value),
            ruff::Number::Complex { real, imag } => Const::Complex(*real, *imag),
        };
        Ok(Expr::new(line, ExprKind::Const(value)))
    }

    fn walrus(&mut self, line: u32, expr: &ruff::ExprNamed) -> Lowered<Expr> {
        let target = Box::new(self.expr(&expr.target)?);
        let value = Box::new(self.expr(&expr.value)?);
        Ok(Expr::new(line, ExprKind::Walrus { target, value }))
    }

    fn lambda(&mut self, line: u32, expr: &ruff::ExprLambda) -> Lowered<Expr> {
        let params = match &expr.parameters {
            Some(params) => self.params(params)?,
            None => Vec::new(),
        };
        let body = self.expr(&expr.body)?;
        Ok(Expr::new(line, ExprKind::Lambda(Box::new(Lambda { line, params, body }))))
    }

    fn conditional(&mut self, line: u32, expr: &ruff::ExprIf) -> Lowered<Expr> {
        let body = Box::new(self.expr(&expr.body)?);
        let test = Box::new(self.expr(&expr.test)?);
        let orelse = Box::new(self.expr(&expr.orelse)?);
        Ok(Expr::new(line, ExprKind::If { test, body, orelse }))
    }

    fn dict(&mut self, line: u32, expr: &ruff::ExprDict) -> Lowered<Expr> {
        let mut items = Vec::with_capacity(expr.items.len());
        for item in &expr.items {
            let item = match &item.key {
                Some(key) => self.item(key, &item.value)?,
                None if self.extended => self.double_starred(&item.value)?,
                None => return self.error(expr, "invalid syntax"),
            };
            items.push(item);
        }
        Ok(Expr::new(line, ExprKind::Dict(items)))
    }

    /// `**mapping`, as an item whose key is starred.
    fn double_starred(&mut self, mapping: &ruff::Expr) -> Lowered<Item> {
        let line = self.line(mapping);
        let key = Expr::new(line, ExprKind::Starred(Box::new(self.expr(mapping)?)));
        Ok(Item { line, key, value: Expr::word(ExprKind::None) })
    }

    fn item(&mut self, key: &ruff::Expr, value: &ruff::Expr) -> Lowered<Item> {
        Ok(Item { line: self.line(key), key: self.expr(key)?, value: self.expr(value)? })
    }

    fn tuple(&mut self, expr: &ruff::ExprTuple) -> Lowered<Expr> {
        let form = if expr.parenthesized { TupleForm::Parenthesised } else { TupleForm::Bare };
        let line = self.line(expr);
        // A constant in parentheses has the line where its list of items begins to be one.
        let const_line = match &expr.elts[..] {
            [first, second, ..] if expr.parenthesized => {
                let is_list = expr.elts.len() > 2 || self.source.has_comma(second.end(), expr.end());
                self.line(if is_list { second } else { first })
            }
            [only] if expr.parenthesized => self.line(only),
            _ => line,
        };
        let items = self.exprs(&expr.elts)?;
        Ok(self.tuple_of(line, const_line, items, form))
    }

    pub(super) fn tuple_of(&self, line: u32, const_line: u32, items: Vec<Expr>, form: TupleForm) -> Expr {
        if !items.is_empty()
            && let Some(values) = items.iter().map(|item| self.as_const(item)).collect()
        {
            return Expr::new(const_line, ExprKind::Const(Const::Tuple(values)));
        }
        Expr::new(line, ExprKind::Tuple { items, form })
    }

    fn comprehension(&mut self, line: u32, expr: &ruff::Expr) -> Lowered<Expr> {
        use ComprehensionKind::{Dict, Generator, List, Set};
        let (kind, key, element, generators, outer_line) = match expr {
            ruff::Expr::ListComp(expr) => (List, None, &expr.elt, &expr.generators, line),
            ruff::Expr::SetComp(expr) => (Set, None, &expr.elt, &expr.generators, line),
            ruff::Expr::DictComp(expr) => (Dict, expr.key.as_deref(), &expr.value, &expr.generators, line),
            ruff::Expr::Generator(expr) => {
                let outer_line = if expr.parenthesized { line } else { 0 };
                (Generator, None, &expr.elt, &expr.generators, outer_line)
            }
            _ => return self.error(expr, "invalid syntax"),
        };
        if kind == Dict && key.is_none() {
            return self.error(expr, "invalid syntax");
        }
        let (line, element) = match key {
            Some(key) => (self.line(key), Element::Item(self.item(key, element)?)),
            None => (self.line(&**element), Element::Value(self.expr(element)?)),
        };
        let clauses = self.clauses(generators)?;
        let comprehension = Comprehension { kind, line, element, clauses };
        Ok(Expr::new(outer_line, ExprKind::Comprehension(Box::new(comprehension))))
    }

    fn clauses(&mut self, generators: &[ruff::Comprehension]) -> Lowered<Vec<Clause>> {
        let mut clauses = Vec::new();
        for generator in generators {
            if generator.is_async {
                return self.error(generator, "invalid syntax");
            }
            let target = self.expr(&generator.target)?;
            clauses.push(Clause::For { target, iter: self.expr(&generator.iter)? });
            for test in &generator.ifs {
                clauses.push(Clause::If(self.expr(test)?));
            }
        }
        Ok(clauses)
    }

    fn slice(&mut self, line: u32, expr: &ruff::ExprSlice) -> Lowered<Expr> {
        let lower = self.boxed(expr.lower.as_deref())?;
        let upper = self.boxed(expr.upper.as_deref())?;
        let step = self.boxed(expr.step.as_deref())?;
        Ok(Expr::new(line, ExprKind::Slice { lower, upper, step }))
    }

    fn await_(&mut self, line: u32, expr: &ruff::ExprAwait) -> Lowered<Expr> {
        let after_keyword = expr.start().to_usize() + "await".len();
        let gap = self.source.text().get(after_keyword..expr.value.start().to_usize());
        let is_parenthesised = gap.is_some_and(|gap| gap.contains('('));
        let value = self.expr(&expr.value)?;
        let (base, trailers) = match value.kind {
            ExprKind::Trailed { base, trailers } if !is_parenthesised => (base, trailers),
            _ => (Box::new(value), Vec::new()),
        };
        Ok(Expr::new(line, ExprKind::Await { base, trailers }))
    }

    /// An atom with all that follows it, up to the parentheses around it if there are any.
    fn trailed(&mut self, line: u32, expr: &ruff::Expr) -> Lowered<Expr> {
        let mut links = vec![];
        let mut at = expr;
        while let Some(inner) = inner_of_trailer(at) {
            links.push(at);
            at = inner;
            if inner.start() != expr.start() {
                break;
            }
        }
        let base = self.expr(at)?;
        let (base, mut trailers) = match base.kind {
            // A formatted string is a call already.
            ExprKind::Trailed { base, trailers }
                if matches!(at, ruff::Expr::FString(_)) && at.start() == expr.start() =>
            {
                (base, trailers)
            }
            _ => (Box::new(base), Vec::new()),
        };
        for link in links.into_iter().rev() {
            trailers.push(self.trailer(link)?);
        }
        Ok(self.fold_module_constant(Expr::new(line, ExprKind::Trailed { base, trailers })))
    }

    fn trailer(&mut self, expr: &ruff::Expr) -> Lowered<Trailer> {
        let (line, kind) = match expr {
            ruff::Expr::Call(expr) => {
                (self.line(&expr.arguments), TrailerKind::Call(self.args(&expr.arguments)?))
            }
            ruff::Expr::Attribute(expr) => (
                self.line_of_next(&*expr.value, TokenKind::Dot),
                TrailerKind::Attr(self.identifier(&expr.attr)),
            ),
            ruff::Expr::Subscript(expr) => (
                self.line_of_next(&*expr.value, TokenKind::Lsqb),
                TrailerKind::Index(self.index(&expr.slice)?),
            ),
            _ => return self.error(expr, "invalid syntax"),
        };
        Ok(Trailer { line, kind })
    }

    fn line_of_next(&self, after: &impl Ranged, opening: TokenKind) -> u32 {
        self.string_line.unwrap_or_else(|| self.source.line_of_next(after.end(), opening))
    }

    fn index(&mut self, expr: &ruff::Expr) -> Lowered<Expr> {
        match expr {
            ruff::Expr::Tuple(tuple) if !tuple.parenthesized => {
                let line = self.line(tuple);
                let items = self.exprs(&tuple.elts)?;
                Ok(self.tuple_of(line, line, items, TupleForm::Subscript))
            }
            _ => self.expr(expr),
        }
    }

    /// `math.pi` and its like are numbers.
    fn fold_module_constant(&self, expr: Expr) -> Expr {
        let ExprKind::Trailed { base, trailers } = &expr.kind else {
            return expr;
        };
        match (&base.kind, &trailers[..]) {
            (ExprKind::Name(Name::MATH), [Trailer { kind: TrailerKind::Attr(name), .. }]) => {
                match math_constant(self.names.text(*name)) {
                    Some(value) => Number::Float(value).into_expr(0),
                    None => expr,
                }
            }
            _ => expr,
        }
    }
}

fn inner_of_trailer(expr: &ruff::Expr) -> Option<&ruff::Expr> {
    match expr {
        ruff::Expr::Call(expr) => Some(&expr.func),
        ruff::Expr::Attribute(expr) => Some(&expr.value),
        ruff::Expr::Subscript(expr) => Some(&expr.value),
        _ => None,
    }
}

fn math_constant(name: &str) -> Option<f64> {
    Some(match name {
        "e" => std::f64::consts::E,
        "pi" => std::f64::consts::PI,
        "tau" => std::f64::consts::TAU,
        "inf" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => return None,
    })
}

fn integer(text: &str) -> Option<BigInt> {
    let digits = text.replace('_', "");
    let radix = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return BigInt::parse_bytes(digits.as_bytes(), 10),
    };
    BigInt::parse_bytes(&digits.as_bytes()[2..], radix)
}
