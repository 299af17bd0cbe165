use super::{
    emit::Label,
    unit::{Compiled, Compiler},
};
use crate::{
    bytecode::{BinaryOp, Const, ScopeFlags, UnaryOp, op},
    syntax::ast::{CompareOp, Expr, ExprKind, Item, Name, TupleForm},
};

use super::{assign::is_starred, scope::Code};

/// Items of a display that are on the stack at once. Joining tuples copies, so it should not be small.
const PIECE: usize = 1 << 14;

impl<'t> Compiler<'t> {
    /// Pushes the value of an expression.
    pub(super) fn expr(&mut self, expr: &'t Expr) -> Compiled {
        self.set_line(expr.line);
        self.nested(|compiler| compiler.expr_kind(expr))
    }

    fn expr_kind(&mut self, expr: &'t Expr) -> Compiled {
        match &expr.kind {
            ExprKind::Name(name) => self.load_name(*name),
            ExprKind::SmallInt(value) => self.emit.small_int(*value),
            ExprKind::Str(text) => self.load_str(*text),
            ExprKind::None => self.emit.op(op::LOAD_CONST_NONE, 1),
            ExprKind::True => self.emit.op(op::LOAD_CONST_TRUE, 1),
            ExprKind::False => self.emit.op(op::LOAD_CONST_FALSE, 1),
            ExprKind::Ellipsis => self.load_object(&Const::Ellipsis),
            ExprKind::Const(value) => self.load_object(value),
            ExprKind::Or(operands) => self.logical(operands, true)?,
            ExprKind::And(operands) => self.logical(operands, false)?,
            ExprKind::Not(operand) => {
                self.expr(operand)?;
                self.emit.unary(UnaryOp::Not);
            }
            ExprKind::Compare { first, rest } => self.compare(first, rest)?,
            ExprKind::Binary { first, rest } => self.binary(first, rest)?,
            ExprKind::Unary { op, operand } => {
                self.expr(operand)?;
                self.emit.unary(*op);
            }
            ExprKind::If { test, body, orelse } => self.conditional(test, body, orelse)?,
            ExprKind::Lambda(lambda) => self.lambda(lambda)?,
            ExprKind::Walrus { target, value } => self.walrus(target, value)?,
            ExprKind::Tuple { items, .. } => self.sequence(op::BUILD_TUPLE, items)?,
            ExprKind::List(items) => self.sequence(op::BUILD_LIST, items)?,
            ExprKind::Set(items) => self.sequence(op::BUILD_SET, items)?,
            ExprKind::Dict(items) => self.dict(items)?,
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension)?,
            ExprKind::Trailed { base, trailers } => self.trailed(base, trailers)?,
            ExprKind::Await { base, trailers } => self.await_(expr.line, base, trailers)?,
            ExprKind::Yield(value) => self.yield_(expr.line, value.as_deref())?,
            ExprKind::YieldFrom(value) => {
                self.check_may_yield(expr.line)?;
                self.expr(value)?;
                self.yield_from();
            }
            ExprKind::Starred(_) => return self.error(expr.line, "*x must be assignment target"),
            ExprKind::Slice { lower, upper, step } => {
                self.slice(lower.as_deref(), upper.as_deref(), step.as_deref())?;
            }
        }
        Ok(())
    }

    fn load_object(&mut self, value: &Const) {
        let object = self.tables.object(value);
        self.emit.op_varuint(op::LOAD_CONST_OBJ, object, 1);
    }

    /// Builds a collection from the `n` topmost values.
    pub(super) fn build(&mut self, op: u8, n: u32) {
        self.emit.op_varuint(op, n, 1 - n as i32);
    }

    /// A display. Where it need not be MicroPython's bytecode, a long one is made in pieces, so that the function's
    /// frame need not hold all of it.
    fn sequence(&mut self, op: u8, items: &'t [Expr]) -> Compiled {
        if self.options.wide && items.iter().any(is_starred) {
            return self.starred_sequence(op, items);
        }
        let piece = if self.options.wide { PIECE } else { usize::MAX };
        let (first, rest) = items.split_at(items.len().min(piece));
        self.piece(op, first)?;
        let join = if op == op::BUILD_SET { BinaryOp::InplaceOr } else { BinaryOp::InplaceAdd };
        for items in rest.chunks(piece) {
            self.piece(op, items)?;
            self.emit.binary(join);
        }
        Ok(())
    }

    /// `[*a, b]`: a list that grows; a tuple or set is made of it in the end.
    fn starred_sequence(&mut self, op: u8, items: &'t [Expr]) -> Compiled {
        match op {
            op::BUILD_TUPLE => self.load_global(Name::STAR_TUPLE),
            op::BUILD_SET => self.load_global(Name::STAR_SET),
            _ => {}
        }
        self.build(op::BUILD_LIST, 0);
        let mut rest = items;
        while let Some(item) = rest.first() {
            if let ExprKind::Starred(iterable) = &item.kind {
                self.expr(iterable)?;
                rest = &rest[1..];
            } else {
                let n = rest.iter().take(PIECE).position(is_starred).unwrap_or(rest.len().min(PIECE));
                self.piece(op::BUILD_LIST, &rest[..n])?;
                rest = &rest[n..];
            }
            self.emit.binary(BinaryOp::InplaceAdd);
        }
        if op != op::BUILD_LIST {
            self.call(1, 0);
        }
        Ok(())
    }

    fn piece(&mut self, op: u8, items: &'t [Expr]) -> Compiled {
        for item in items {
            self.expr(item)?;
        }
        self.build(op, items.len() as u32);
        Ok(())
    }

    fn dict(&mut self, items: &'t [Item]) -> Compiled {
        self.emit.op_varuint(op::BUILD_MAP, items.len() as u32, 1);
        for item in items {
            if let ExprKind::Starred(mapping) = &item.key.kind {
                self.expr(mapping)?;
                self.emit.binary(BinaryOp::InplaceOr);
                continue;
            }
            self.item(item)?;
            self.emit.op(op::STORE_MAP, -2);
        }
        Ok(())
    }

    /// Pushes the value, then the key.
    pub(super) fn item(&mut self, item: &'t Item) -> Compiled {
        self.set_line(item.line);
        self.expr(&item.value)?;
        self.expr(&item.key)
    }

    fn logical(&mut self, operands: &'t [Expr], stops_at: bool) -> Compiled {
        let end = self.emit.new_label();
        for (i, operand) in operands.iter().enumerate() {
            self.expr(operand)?;
            if i + 1 < operands.len() {
                self.emit.jump_if_or_pop(stops_at, end);
            }
        }
        self.emit.place(end);
        Ok(())
    }

    fn binary(&mut self, first: &'t Expr, rest: &'t [(BinaryOp, Expr)]) -> Compiled {
        self.expr(first)?;
        for (op, operand) in rest {
            self.expr(operand)?;
            self.emit.binary(*op);
        }
        Ok(())
    }

    fn compare(&mut self, first: &'t Expr, rest: &'t [(CompareOp, Expr)]) -> Compiled {
        self.expr(first)?;
        let fail = (rest.len() > 1).then(|| self.emit.new_label());
        for (i, (op, operand)) in rest.iter().enumerate() {
            self.expr(operand)?;
            let is_last = i + 1 == rest.len();
            if !is_last {
                self.emit.op(op::DUP_TOP, 1);
                self.emit.op(op::ROT_THREE, 0);
            }
            self.compare_op(*op);
            if let Some(fail) = fail.filter(|_| !is_last) {
                self.emit.jump_if_or_pop(false, fail);
            }
        }
        if let Some(fail) = fail {
            self.drop_operand_of_failed_comparison(fail);
        }
        Ok(())
    }

    fn compare_op(&mut self, op: CompareOp) {
        match op {
            CompareOp::Plain(op) => self.emit.binary(op),
            CompareOp::Negated(op) => {
                self.emit.binary(op);
                self.emit.unary(UnaryOp::Not);
            }
        }
    }

    fn drop_operand_of_failed_comparison(&mut self, fail: Label) {
        let end = self.emit.new_label();
        self.emit.jump(end);
        self.emit.place(fail);
        self.emit.adjust(1);
        self.emit.op(op::ROT_TWO, 0);
        self.emit.op(op::POP_TOP, -1);
        self.emit.place(end);
    }

    fn conditional(&mut self, test: &'t Expr, body: &'t Expr, orelse: &'t Expr) -> Compiled {
        let (fail, end) = (self.emit.new_label(), self.emit.new_label());
        self.jump_if(test, false, fail)?;
        self.expr(body)?;
        self.emit.jump(end);
        self.emit.place(fail);
        self.emit.adjust(-1);
        self.expr(orelse)?;
        self.emit.place(end);
        Ok(())
    }

    pub(super) fn walrus(&mut self, target: &'t Expr, value: &'t Expr) -> Compiled {
        let ExprKind::Name(name) = target.kind else {
            return self.error(target.line, "can't assign to expression");
        };
        self.expr(value)?;
        self.emit.op(op::DUP_TOP, 1);
        if self.is_resolving && matches!(self.scope().code, Code::Comprehension(_)) {
            self.bind_outside(target.line, name)?;
        }
        self.store_name(name);
        Ok(())
    }

    fn slice(
        &mut self,
        lower: Option<&'t Expr>,
        upper: Option<&'t Expr>,
        step: Option<&'t Expr>,
    ) -> Compiled {
        for bound in [lower, upper] {
            match bound {
                Some(bound) => self.expr(bound)?,
                None => self.emit.op(op::LOAD_CONST_NONE, 1),
            }
        }
        if let Some(step) = step {
            self.expr(step)?;
        }
        self.build(op::BUILD_SLICE, if step.is_some() { 3 } else { 2 });
        Ok(())
    }

    fn check_may_yield(&self, line: u32) -> Compiled {
        match self.scopes[self.at.0].code {
            Code::Function(_) | Code::Lambda(_) => Ok(()),
            _ => self.error(line, "'yield' outside function"),
        }
    }

    fn yield_(&mut self, line: u32, value: Option<&'t Expr>) -> Compiled {
        self.check_may_yield(line)?;
        match value {
            Some(value) => self.expr(value)?,
            None => self.emit.op(op::LOAD_CONST_NONE, 1),
        }
        self.yield_value();
        Ok(())
    }

    pub(super) fn yield_value(&mut self) {
        self.emit.op(op::YIELD_VALUE, 0);
        self.scope().flags.insert(ScopeFlags::GENERATOR);
    }

    /// Yields from the iterable on the stack; its result replaces it.
    pub(super) fn yield_from(&mut self) {
        self.emit.op(op::GET_ITER, 0);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.emit.op(op::YIELD_FROM, -1);
        self.scope().flags.insert(ScopeFlags::GENERATOR);
    }

    pub(super) fn is_bare_tuple(expr: &Expr) -> bool {
        matches!(expr.kind, ExprKind::Tuple { form: TupleForm::Bare, .. })
    }
}
