use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lower, Lowered, operators::binary_op};
use crate::syntax::ast::{
    Arg, Block, Class, Decorator, Expr, ExprKind, For, Function, Handler, If, ImportAlias, ImportNames, Item,
    Name, Stmt, StmtKind, Trailer, TrailerKind, Try,
};

impl Lower<'_> {
    pub(super) fn block(&mut self, stmts: &[ruff::Stmt]) -> Lowered<Block> {
        let line = match stmts {
            [first, _, ..] => self.line(first),
            _ => 0,
        };
        let stmts = stmts.iter().map(|stmt| self.stmt(stmt)).collect::<Lowered<_>>()?;
        Ok(Block { line, stmts })
    }

    /// A block that may be missing.
    fn optional_block(&mut self, stmts: &[ruff::Stmt]) -> Lowered<Option<Block>> {
        if stmts.is_empty() { Ok(None) } else { self.block(stmts).map(Some) }
    }

    fn stmt(&mut self, stmt: &ruff::Stmt) -> Lowered<Stmt> {
        let kind = self.nested(stmt, |lower| lower.stmt_kind(stmt))?;
        let is_private_const =
            matches!((stmt, &kind), (ruff::Stmt::Assign(_) | ruff::Stmt::AnnAssign(_), StmtKind::Pass));
        let line = if is_private_const { 0 } else { self.line(stmt) };
        Ok(Stmt { line, kind })
    }

    fn stmt_kind(&mut self, stmt: &ruff::Stmt) -> Lowered<StmtKind> {
        use ruff::Stmt as S;
        match stmt {
            S::FunctionDef(stmt) => self.function(stmt),
            S::ClassDef(stmt) => self.class(stmt),
            S::Return(stmt) => Ok(StmtKind::Return(self.optional(stmt.value.as_deref())?)),
            S::Delete(stmt) => Ok(StmtKind::Delete(self.exprs(&stmt.targets)?)),
            S::Assign(stmt) => self.assign(stmt),
            S::AugAssign(stmt) => self.aug_assign(stmt),
            S::AnnAssign(stmt) => self.ann_assign(stmt),
            S::For(stmt) => self.for_(stmt),
            S::While(stmt) => self.while_(stmt),
            S::If(stmt) => self.if_(stmt),
            S::With(stmt) => self.with(stmt),
            S::Raise(stmt) => {
                let exc = self.optional(stmt.exc.as_deref())?;
                Ok(StmtKind::Raise { exc, cause: self.optional(stmt.cause.as_deref())? })
            }
            S::Try(stmt) => self.try_(stmt),
            S::Assert(stmt) => {
                let test = self.expr(&stmt.test)?;
                Ok(StmtKind::Assert { test, message: self.optional(stmt.msg.as_deref())? })
            }
            S::Import(stmt) => Ok(StmtKind::Import(stmt.names.iter().map(|name| self.alias(name)).collect())),
            S::ImportFrom(stmt) => Ok(self.import_from(stmt)),
            S::Global(stmt) => Ok(StmtKind::Global(self.identifiers(&stmt.names))),
            S::Nonlocal(stmt) => Ok(StmtKind::Nonlocal(self.identifiers(&stmt.names))),
            S::Expr(stmt) => self.expr_stmt(stmt),
            S::Pass(_) => Ok(StmtKind::Pass),
            S::Break(_) => Ok(StmtKind::Break),
            S::Continue(_) => Ok(StmtKind::Continue),
            S::TypeAlias(_) | S::Match(_) | S::IpyEscapeCommand(_) => self.error(stmt, "invalid syntax"),
        }
    }

    fn expr_stmt(&mut self, stmt: &ruff::StmtExpr) -> Lowered<StmtKind> {
        let value = self.expr(&stmt.value)?;
        let is_lonely = value.is_const() && !matches!(value.kind, ExprKind::Tuple { .. });
        Ok(if is_lonely && !self.keep_constants { StmtKind::Constant } else { StmtKind::Expr(value) })
    }

    fn identifiers(&mut self, names: &[ruff::Identifier]) -> Vec<Name> {
        names.iter().map(|name| self.identifier(name)).collect()
    }

    fn assign(&mut self, stmt: &ruff::StmtAssign) -> Lowered<StmtKind> {
        let targets = self.exprs(&stmt.targets)?;
        let value = self.expr(&stmt.value)?;
        match &targets[..] {
            [Expr { kind: ExprKind::Name(name), .. }] => {
                let name = *name;
                self.assign_name(stmt, name, targets, value)
            }
            _ => Ok(StmtKind::Assign { targets, value }),
        }
    }

    /// `name = const(value)` binds the name for the compiler; if it begins with `_`, for nobody else.
    fn assign_name(
        &mut self,
        stmt: &impl Ranged,
        name: Name,
        targets: Vec<Expr>,
        value: Expr,
    ) -> Lowered<StmtKind> {
        let value = match const_call(value) {
            Ok(value) => value,
            Err(value) => return Ok(StmtKind::Assign { targets, value }),
        };
        let Some(constant) = value.as_ref().and_then(|value| self.as_const(value)) else {
            return self.error(stmt, "not a constant");
        };
        self.consts.insert(name, constant);
        match value {
            Some(value) if !self.names.text(name).starts_with('_') => Ok(StmtKind::Assign { targets, value }),
            _ => Ok(StmtKind::Pass),
        }
    }

    fn aug_assign(&mut self, stmt: &ruff::StmtAugAssign) -> Lowered<StmtKind> {
        let target = self.expr(&stmt.target)?;
        let op = binary_op(stmt.op).with_assignment();
        Ok(StmtKind::AugAssign { target, op, value: self.expr(&stmt.value)? })
    }

    fn ann_assign(&mut self, stmt: &ruff::StmtAnnAssign) -> Lowered<StmtKind> {
        let target = self.expr(&stmt.target)?;
        let Some(value) = &stmt.value else {
            return Ok(StmtKind::Annotation(target));
        };
        let value = self.expr(value)?;
        match target.kind {
            ExprKind::Name(name) => self.assign_name(stmt, name, vec![target], value),
            _ => Ok(StmtKind::Assign { targets: vec![target], value }),
        }
    }

    fn for_(&mut self, stmt: &ruff::StmtFor) -> Lowered<StmtKind> {
        let target = self.expr(&stmt.target)?;
        let iter = self.expr(&stmt.iter)?;
        let body = self.block(&stmt.body)?;
        let orelse = self.optional_block(&stmt.orelse)?;
        Ok(StmtKind::For(For { is_async: stmt.is_async, target, iter, body, orelse }))
    }

    fn while_(&mut self, stmt: &ruff::StmtWhile) -> Lowered<StmtKind> {
        let test = self.expr(&stmt.test)?;
        let body = self.block(&stmt.body)?;
        Ok(StmtKind::While { test, body, orelse: self.optional_block(&stmt.orelse)? })
    }

    fn if_(&mut self, stmt: &ruff::StmtIf) -> Lowered<StmtKind> {
        let test = self.expr(&stmt.test)?;
        let body = self.block(&stmt.body)?;
        let (mut elifs, mut orelse) = (Vec::new(), None);
        for clause in &stmt.elif_else_clauses {
            match &clause.test {
                Some(test) => {
                    elifs.push((self.line(clause), self.expr(test)?, self.block(&clause.body)?));
                }
                None => orelse = Some(self.block(&clause.body)?),
            }
        }
        Ok(StmtKind::If(If { test, body, elifs, orelse }))
    }

    fn with(&mut self, stmt: &ruff::StmtWith) -> Lowered<StmtKind> {
        let mut items = Vec::with_capacity(stmt.items.len());
        for item in &stmt.items {
            let context = self.expr(&item.context_expr)?;
            items.push((context, self.optional(item.optional_vars.as_deref())?));
        }
        Ok(StmtKind::With { is_async: stmt.is_async, items, body: self.block(&stmt.body)? })
    }

    fn try_(&mut self, stmt: &ruff::StmtTry) -> Lowered<StmtKind> {
        if stmt.is_star {
            return self.error(stmt, "invalid syntax");
        }
        let body = self.block(&stmt.body)?;
        let mut handlers = Vec::with_capacity(stmt.handlers.len());
        for ruff::ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            handlers.push(self.handler(handler)?);
        }
        let orelse = self.optional_block(&stmt.orelse)?;
        Ok(StmtKind::Try(Try { body, handlers, orelse, finally: self.optional_block(&stmt.finalbody)? }))
    }

    fn handler(&mut self, handler: &ruff::ExceptHandlerExceptHandler) -> Lowered<Handler> {
        let class = self.optional(handler.type_.as_deref())?;
        let name = handler.name.as_ref().map(|name| self.identifier(name));
        Ok(Handler { line: self.line(handler), class, name, body: self.block(&handler.body)? })
    }

    fn alias(&mut self, alias: &ruff::Alias) -> ImportAlias {
        let parts = alias.name.split('.').map(|part| self.names.intern(part)).collect();
        let full = self.identifier(&alias.name);
        ImportAlias { full, parts, alias: alias.asname.as_ref().map(|name| self.identifier(name)) }
    }

    fn import_from(&mut self, stmt: &ruff::StmtImportFrom) -> StmtKind {
        let module = stmt.module.as_ref().map(|name| self.identifier(name));
        let names = match &stmt.names[..] {
            [star] if &star.name == "*" => ImportNames::Star,
            names => ImportNames::Names(
                names
                    .iter()
                    .map(|alias| {
                        (
                            self.identifier(&alias.name),
                            alias.asname.as_ref().map(|name| self.identifier(name)),
                        )
                    })
                    .collect(),
            ),
        };
        StmtKind::ImportFrom { level: stmt.level, module, names }
    }

    fn function(&mut self, stmt: &ruff::StmtFunctionDef) -> Lowered<StmtKind> {
        if stmt.type_params.is_some() {
            return self.error(stmt, "invalid syntax");
        }
        let decorators = self.decorators(&stmt.decorator_list)?;
        let (line, name) = (self.line(&stmt.name), self.identifier(&stmt.name));
        let params = self.params(&stmt.parameters)?;
        let body = self.block(&stmt.body)?;
        Ok(StmtKind::Function {
            decorators,
            def: Function { line, name, is_async: stmt.is_async, params, doc: self.doc(&stmt.body), body },
        })
    }

    fn class(&mut self, stmt: &ruff::StmtClassDef) -> Lowered<StmtKind> {
        if stmt.type_params.is_some() {
            return self.error(stmt, "invalid syntax");
        }
        let decorators = self.decorators(&stmt.decorator_list)?;
        let (line, name) = (self.line(&stmt.name), self.identifier(&stmt.name));
        let args = match &stmt.arguments {
            Some(args) => self.args(args)?,
            None => Vec::new(),
        };
        let mut body = self.block(&stmt.body)?;
        body.stmts.splice(0..0, self.annotations_of(&stmt.body));
        body.stmts.splice(0..0, self.doc_stmt(&stmt.body));
        Ok(StmtKind::Class { decorators, def: Class { line, name, args, body } })
    }

    /// The string that a body begins with, if docstrings are kept.
    fn doc(&self, body: &[ruff::Stmt]) -> Option<Box<str>> {
        let first = body.first().filter(|_| self.extended)?.as_expr_stmt()?;
        let ruff::Expr::StringLiteral(literal) = &*first.value else { return None };
        Some(literal.value.to_str().into())
    }

    /// `__doc__ = "…"` for the body of a module or class.
    pub(super) fn doc_stmt(&mut self, body: &[ruff::Stmt]) -> Option<Stmt> {
        let doc = self.doc(body)?;
        let targets = vec![Expr::word(ExprKind::Name(self.names.intern("__doc__")))];
        let value = Expr::word(ExprKind::Str(self.names.intern(&doc)));
        Some(Stmt { line: 0, kind: StmtKind::Assign { targets, value } })
    }

    /// `__annotations__ = {'name': 'what is written behind it', …}` for a class body, if it declares anything.
    fn annotations_of(&mut self, body: &[ruff::Stmt]) -> Option<Stmt> {
        if !self.annotations {
            return None;
        }
        let mut items = Vec::new();
        for stmt in body.iter().filter_map(ruff::Stmt::as_ann_assign_stmt) {
            if let ruff::Expr::Name(name) = &*stmt.target {
                let key = self.name(&name.id, name.range);
                let written = self.source.text().get(stmt.annotation.range().to_std_range()).unwrap_or("");
                let value = self.names.intern(written);
                let (key, value) = (Expr::word(ExprKind::Str(key)), Expr::word(ExprKind::Str(value)));
                items.push(Item { line: 0, key, value });
            }
        }
        if items.is_empty() {
            return None;
        }
        let targets = vec![Expr::word(ExprKind::Name(self.names.intern("__annotations__")))];
        let value = Expr::new(0, ExprKind::Dict(items));
        Some(Stmt { line: 0, kind: StmtKind::Assign { targets, value } })
    }

    fn decorators(&mut self, decorators: &[ruff::Decorator]) -> Lowered<Vec<Decorator>> {
        decorators.iter().map(|decorator| self.decorator(decorator)).collect()
    }

    /// A dotted name and perhaps a call.
    fn decorator(&mut self, decorator: &ruff::Decorator) -> Lowered<Decorator> {
        let (mut at, call) = match &decorator.expression {
            ruff::Expr::Call(call) => {
                (&*call.func, Some((self.line(&call.arguments), self.args(&call.arguments)?)))
            }
            other => (other, None),
        };
        let mut attrs = Vec::new();
        while let ruff::Expr::Attribute(attribute) = at {
            attrs.push(self.identifier(&attribute.attr));
            at = &attribute.value;
        }
        attrs.reverse();
        let ruff::Expr::Name(base) = at else {
            return self.error(decorator, "invalid syntax");
        };
        let base = self.name(&base.id, base.range);
        if base == Name::MICROPYTHON {
            let name = if attrs.len() == 1 { Some(attrs[0]) } else { None };
            return Ok(Decorator::BuiltIn { line: self.line(decorator), name });
        }
        Ok(Decorator::Ordinary { base: Expr::word(ExprKind::Name(base)), attrs, call })
    }
}

/// The argument of `const(argument)`, if it is one expression; or else the expression itself.
fn const_call(expr: Expr) -> Result<Option<Expr>, Expr> {
    match expr.kind {
        ExprKind::Trailed { base, mut trailers } if is_const_call(&base, &trailers) => {
            let args = match trailers.pop().map(|trailer| trailer.kind) {
                Some(TrailerKind::Call(args)) => args,
                _ => Vec::new(),
            };
            Ok(match <[Arg; 1]>::try_from(args) {
                Ok([Arg::Positional(value)]) => Some(value),
                _ => None,
            })
        }
        _ => Err(expr),
    }
}

fn is_const_call(base: &Expr, trailers: &[Trailer]) -> bool {
    matches!(base.kind, ExprKind::Name(Name::CONST))
        && matches!(trailers, [Trailer { kind: TrailerKind::Call(_), .. }])
}
