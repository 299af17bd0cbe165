use super::{
    emit::Label,
    unit::{Compiled, Compiler},
};
use crate::{
    bytecode::{BinaryOp, MarkKind, op},
    syntax::ast::{Block, Expr, Handler, Name, Try},
};

impl<'t> Compiler<'t> {
    /// Guards what follows; `op` is one of the `SETUP_…`.
    pub(super) fn enter_handler(&mut self, op: u8, handler: Label) {
        self.emit.jump_op(op, handler, if op == op::SETUP_WITH { 2 } else { 0 });
        self.handlers += 1;
        let handlers = self.handlers;
        let scope = self.scope();
        scope.exc_stack_size = scope.exc_stack_size.max(handlers);
    }

    pub(super) fn end_handler(&mut self) {
        self.handlers -= 1;
        self.emit.op(op::END_FINALLY, -1);
    }

    pub(super) fn pop_except_jump(&mut self, to: Label) {
        self.emit.jump_op(op::POP_EXCEPT_JUMP, to, 0);
        self.emit.end_flow();
    }

    pub(super) fn try_(&mut self, stmt: &'t Try) -> Compiled {
        let Some(finally) = &stmt.finally else {
            return self.try_except(stmt);
        };
        let handler = self.emit.new_label();
        self.enter_handler(op::SETUP_FINALLY, handler);
        if stmt.handlers.is_empty() {
            // Room for the state of an unwinding jump.
            self.emit.adjust(3);
            self.block(&stmt.body)?;
            self.emit.adjust(-3);
        } else {
            self.try_except(stmt)?;
        }
        self.mark_line(0, MarkKind::Own);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.emit.place(handler);
        // Room for a value being returned.
        self.emit.adjust(1);
        self.block(finally)?;
        self.emit.adjust(-1);
        self.mark_line(0, MarkKind::Own);
        self.end_handler();
        Ok(())
    }

    fn try_except(&mut self, stmt: &'t Try) -> Compiled {
        let (handler, success) = (self.emit.new_label(), self.emit.new_label());
        self.enter_handler(op::SETUP_EXCEPT, handler);
        self.block(&stmt.body)?;
        self.mark_line(0, MarkKind::Own);
        self.pop_except_jump(success);
        self.emit.place(handler);
        self.start_except_handler();
        let end = self.emit.new_label();
        for (i, handler) in stmt.handlers.iter().enumerate() {
            if handler.class.is_none() && i + 1 != stmt.handlers.len() {
                return self.error(handler.line, "default 'except' must be last");
            }
            self.except(handler, end)?;
        }
        self.end_handler();
        self.end_except_handler();
        self.emit.place(success);
        self.optional_block(stmt.orelse.as_ref())?;
        self.emit.place(end);
        Ok(())
    }

    /// The exception is on the stack, with room for the state of an unwinding jump.
    pub(super) fn start_except_handler(&mut self) {
        self.emit.adjust(4);
    }

    pub(super) fn end_except_handler(&mut self) {
        self.emit.adjust(-3);
    }

    fn except(&mut self, handler: &'t Handler, end: Label) -> Compiled {
        let no_match = self.emit.new_label();
        self.mark_line(handler.line, MarkKind::Own);
        if let Some(class) = &handler.class {
            self.emit.op(op::DUP_TOP, 1);
            self.expr(class)?;
            self.emit.binary(BinaryOp::ExceptionMatch);
            self.emit.pop_jump_if(false, no_match);
        }
        match handler.name {
            None => {
                self.emit.op(op::POP_TOP, -1);
                self.block(&handler.body)?;
            }
            Some(name) => {
                self.store_name(name);
                self.except_body_with_name(&handler.body, name)?;
            }
        }
        self.mark_line(0, MarkKind::Own);
        self.pop_except_jump(end);
        self.emit.place(no_match);
        self.mark_line(0, MarkKind::Own);
        self.emit.adjust(1);
        Ok(())
    }

    /// The name of the exception is unbound after the body, however that ends.
    fn except_body_with_name(&mut self, body: &'t Block, name: Name) -> Compiled {
        let finally = self.emit.new_label();
        self.enter_handler(op::SETUP_FINALLY, finally);
        self.block(body)?;
        self.mark_line(0, MarkKind::Own);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.emit.place(finally);
        self.emit.adjust(1);
        self.mark_line(0, MarkKind::Own);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.store_name(name);
        self.delete_name(name);
        self.emit.adjust(-1);
        self.end_handler();
        Ok(())
    }

    pub(super) fn with(&mut self, items: &'t [(Expr, Option<Expr>)], body: &'t Block) -> Compiled {
        let Some(((context, target), rest)) = items.split_first() else {
            return self.block(body);
        };
        let end = self.emit.new_label();
        self.expr(context)?;
        self.enter_handler(op::SETUP_WITH, end);
        match target {
            Some(target) => self.assign(target)?,
            None => self.emit.op(op::POP_TOP, -1),
        }
        self.nested(|compiler| compiler.with(rest, body))?;
        self.mark_line(context.line.max(self.stmt_line), MarkKind::Own);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.emit.place(end);
        self.mark_line(context.line.max(self.stmt_line), MarkKind::Own);
        // Room to call the exit method.
        self.emit.op(op::WITH_CLEANUP, 2);
        self.emit.adjust(-4);
        self.end_handler();
        Ok(())
    }
}
