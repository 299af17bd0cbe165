use super::{
    emit::Label,
    scope::{Code, IdKind},
    unit::{Compiled, Compiler},
};
use crate::{
    bytecode::{MarkKind, op},
    syntax::ast::{Block, Expr, ExprKind, If, Name, Stmt, StmtKind},
};

impl<'t> Compiler<'t> {
    pub(super) fn block(&mut self, block: &'t Block) -> Compiled {
        self.set_line(block.line);
        block.stmts.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    pub(super) fn optional_block(&mut self, block: Option<&'t Block>) -> Compiled {
        block.map_or(Ok(()), |block| self.block(block))
    }

    fn stmt(&mut self, stmt: &'t Stmt) -> Compiled {
        self.set_line(stmt.line);
        let outer_line = std::mem::replace(&mut self.stmt_line, stmt.line);
        self.nested(|compiler| compiler.stmt_kind(stmt))?;
        self.stmt_line = outer_line;
        Ok(())
    }

    fn stmt_kind(&mut self, stmt: &'t Stmt) -> Compiled {
        match &stmt.kind {
            StmtKind::Pass => {
                self.pass();
                Ok(())
            }
            StmtKind::Constant => Ok(()),
            StmtKind::Expr(value) => self.expr_stmt(value),
            StmtKind::Assign { targets, value } => self.assign_stmt(targets, value),
            StmtKind::AugAssign { target, op, value } => {
                self.load_augmented(target)?;
                self.expr(value)?;
                self.emit.binary(*op);
                self.assign_augmented(target);
                Ok(())
            }
            StmtKind::Annotation(target) => {
                self.annotation(target);
                Ok(())
            }
            StmtKind::Delete(targets) => targets.iter().try_for_each(|target| self.delete(target)),
            StmtKind::Break => self.break_(),
            StmtKind::Continue => self.continue_(),
            StmtKind::Return(value) => self.return_(stmt.line, value.as_ref()),
            StmtKind::Raise { exc, cause } => self.raise(exc.as_ref(), cause.as_ref()),
            StmtKind::Import(aliases) => {
                aliases.iter().for_each(|alias| self.import(alias));
                Ok(())
            }
            StmtKind::ImportFrom { level, module, names } => {
                self.import_from(stmt.line, *level, *module, names)
            }
            StmtKind::Global(names) => self.global(stmt.line, names),
            StmtKind::Nonlocal(names) => self.nonlocal(stmt.line, names),
            StmtKind::Assert { test, message } => self.assert(test, message.as_ref()),
            StmtKind::If(stmt) => self.if_(stmt),
            StmtKind::While { test, body, orelse } => self.while_(test, body, orelse.as_ref()),
            StmtKind::For(stmt) if !stmt.is_async => self.for_(stmt),
            StmtKind::For(for_) => {
                self.check_async(stmt.line)?;
                self.async_for(for_)
            }
            StmtKind::Try(stmt) => self.try_(stmt),
            StmtKind::With { is_async: false, items, body } => self.with(items, body),
            StmtKind::With { items, body, .. } => {
                self.check_async(stmt.line)?;
                self.async_with(items, body)
            }
            StmtKind::Function { decorators, def } => self.function(decorators, def),
            StmtKind::Class { decorators, def } => self.class(decorators, def),
        }
    }

    /// Where tracers are served, `pass` is an instruction to stop at.
    fn pass(&mut self) {
        if self.options.debug {
            let next = self.emit.new_label();
            self.emit.jump_op(op::JUMP, next, 0);
            self.emit.place_next(next);
        }
    }

    fn expr_stmt(&mut self, value: &'t Expr) -> Compiled {
        if self.is_repl() && self.is_module(self.at) {
            self.load_name(Name::REPL_PRINT);
            self.expr(value)?;
            self.call(1, 0);
        } else if value.is_const() && !matches!(value.kind, ExprKind::Tuple { .. }) {
            return Ok(());
        } else {
            self.expr(value)?;
        }
        self.emit.op(op::POP_TOP, -1);
        Ok(())
    }

    fn assign_stmt(&mut self, targets: &'t [Expr], value: &'t Expr) -> Compiled {
        if let [target] = targets
            && self.assign_pairwise(target, value)?
        {
            return Ok(());
        }
        self.expr(value)?;
        for (i, target) in targets.iter().enumerate() {
            if i + 1 < targets.len() {
                self.emit.op(op::DUP_TOP, 1);
            }
            self.assign(target)?;
        }
        Ok(())
    }

    /// In a function an annotated name is a local even if it is never assigned.
    fn annotation(&mut self, target: &'t Expr) {
        if let (Code::Function(_), ExprKind::Name(name)) = (self.scope().code, &target.kind) {
            self.scope().find_or_add(*name, IdKind::Local);
        }
    }

    fn return_(&mut self, line: u32, value: Option<&'t Expr>) -> Compiled {
        if !matches!(self.scope().code, Code::Function(_)) {
            return self.error(line, "'return' outside function");
        }
        match value {
            None => self.emit.op(op::LOAD_CONST_NONE, 1),
            Some(Expr { kind: ExprKind::If { test, body, orelse }, .. }) => {
                let fail = self.emit.new_label();
                self.jump_if(test, false, fail)?;
                self.expr(body)?;
                self.return_value();
                self.emit.place(fail);
                self.expr(orelse)?;
            }
            Some(value) => self.expr(value)?,
        }
        self.return_value();
        Ok(())
    }

    fn raise(&mut self, exc: Option<&'t Expr>, cause: Option<&'t Expr>) -> Compiled {
        let (mut op, mut stack) = (op::RAISE_LAST, 0);
        for value in [exc, cause].into_iter().flatten() {
            self.expr(value)?;
            (op, stack) = (op + 1, stack - 1);
        }
        self.emit.op(op, stack);
        self.emit.end_flow();
        Ok(())
    }

    fn global(&mut self, line: u32, names: &[Name]) -> Compiled {
        if !self.is_resolving {
            return Ok(());
        }
        for &name in names {
            let at = self.scope().find_or_add(name, IdKind::Undecided);
            self.declare_global(line, at)?;
        }
        Ok(())
    }

    fn nonlocal(&mut self, line: u32, names: &[Name]) -> Compiled {
        if !self.is_resolving {
            return Ok(());
        }
        if self.is_module(self.at) {
            return self.error(line, "can't declare nonlocal in outer code");
        }
        for &name in names {
            let at = self.scope().find_or_add(name, IdKind::Undecided);
            self.declare_nonlocal(line, at)?;
        }
        Ok(())
    }

    fn assert(&mut self, test: &'t Expr, message: Option<&'t Expr>) -> Compiled {
        if self.options.opt_level > 0 {
            return Ok(());
        }
        let end = self.emit.new_label();
        self.jump_if(test, true, end)?;
        self.load_global(Name::ASSERTION_ERROR);
        if let Some(message) = message {
            self.expr(message)?;
            self.call(1, 0);
        }
        self.emit.op(op::RAISE_OBJ, -1);
        self.emit.end_flow();
        self.emit.place(end);
        Ok(())
    }

    /// Blocks that can never run are not compiled.
    fn if_(&mut self, stmt: &'t If) -> Compiled {
        let end = self.emit.new_label();
        self.branches(stmt, end)?;
        self.emit.place(end);
        Ok(())
    }

    fn branches(&mut self, stmt: &'t If, end: Label) -> Compiled {
        let has_more = !stmt.elifs.is_empty() || stmt.orelse.is_some();
        let first = std::iter::once((self.stmt_line, &stmt.test, &stmt.body, has_more));
        let others = stmt.elifs.iter().map(|(line, test, body)| (*line, test, body, true));
        for (line, test, body, jumps_over_rest) in first.chain(others) {
            let truth = test.truth(&self.names);
            if truth == Some(false) {
                continue;
            }
            let fail = self.emit.new_label();
            self.mark_line(line, MarkKind::Own);
            self.jump_if(test, false, fail)?;
            self.block(body)?;
            if truth == Some(true) {
                return Ok(());
            }
            if jumps_over_rest {
                self.mark_line(0, MarkKind::Own);
                self.emit.jump(end);
            }
            self.emit.place(fail);
        }
        self.optional_block(stmt.orelse.as_ref())
    }
}
