use super::{
    emit::Label,
    scope::Code,
    unit::{Compiled, Compiler},
};
use crate::{
    bytecode::{BinaryOp, op},
    syntax::ast::{Block, Expr, For, Name, Trailer},
};

impl<'t> Compiler<'t> {
    pub(super) fn await_(&mut self, line: u32, base: &'t Expr, trailers: &'t [Trailer]) -> Compiled {
        if !matches!(self.scope().code, Code::Function(_) | Code::Lambda(_)) {
            return self.error(line, "'await' outside function");
        }
        self.trailed(base, trailers)?;
        self.yield_from();
        Ok(())
    }

    pub(super) fn check_async(&mut self, line: u32) -> Compiled {
        if self.scope().flags.is_generator() {
            return Ok(());
        }
        self.error(line, "async for/with outside async function")
    }

    /// Replaces the object on the stack by what its method, called and awaited, gives.
    fn await_method(&mut self, method: Name) {
        self.qstr_op(op::LOAD_METHOD, method, 1);
        self.call_method(0);
        self.yield_from();
    }

    fn call_method(&mut self, n_args: u32) {
        self.emit.op_varuint(op::CALL_METHOD, n_args, -(n_args as i32) - 1);
    }

    pub(super) fn async_for(&mut self, stmt: &'t For) -> Compiled {
        let orelse = self.emit.new_label();
        let (exception, got_item, not_the_end) =
            (self.emit.new_label(), self.emit.new_label(), self.emit.new_label());
        self.expr(&stmt.iter)?;
        self.qstr_op(op::LOAD_METHOD, Name::AITER, 1);
        self.call_method(0);
        let (loop_, outer) = self.enter_loop(false);
        self.emit.place(loop_.continue_);
        self.enter_handler(op::SETUP_EXCEPT, exception);
        self.emit.op(op::DUP_TOP, 1);
        self.await_method(Name::ANEXT);
        self.assign(&stmt.target)?;
        self.pop_except_jump(got_item);
        self.emit.place(exception);
        self.start_except_handler();
        self.emit.op(op::DUP_TOP, 1);
        self.load_global(Name::STOP_ASYNC_ITERATION);
        self.emit.binary(BinaryOp::ExceptionMatch);
        self.emit.pop_jump_if(false, not_the_end);
        self.emit.op(op::POP_TOP, -1);
        self.pop_except_jump(orelse);
        self.emit.place(not_the_end);
        self.emit.adjust(1);
        self.end_handler();
        self.end_except_handler();
        self.emit.place(got_item);
        self.block(&stmt.body)?;
        self.emit.jump(loop_.continue_);
        self.loop_ = outer;
        self.emit.place(orelse);
        self.optional_block(stmt.orelse.as_ref())?;
        self.emit.place(loop_.break_);
        self.emit.op(op::POP_TOP, -1);
        Ok(())
    }

    pub(super) fn async_with(&mut self, items: &'t [(Expr, Option<Expr>)], body: &'t Block) -> Compiled {
        let Some(((context, target), rest)) = items.split_first() else {
            return self.block(body);
        };
        let [finally, no_exception, unwinding, end] = [(); 4].map(|()| self.emit.new_label());
        self.expr(context)?;
        self.emit.op(op::DUP_TOP, 1);
        self.await_method(Name::AENTER);
        match target {
            Some(target) => self.assign(target)?,
            None => self.emit.op(op::POP_TOP, -1),
        }
        self.enter_handler(op::SETUP_FINALLY, finally);
        // Room for the state of an unwinding jump.
        self.emit.adjust(3);
        self.nested(|compiler| compiler.async_with(rest, body))?;
        self.emit.adjust(-3);
        self.async_with_entries(finally, no_exception, unwinding);
        self.async_exit_with_exception(end);
        self.async_exit_without_exception(no_exception, unwinding);
        self.emit.place(end);
        self.end_handler();
        Ok(())
    }

    /// The body ends in one of three ways: normally (`manager`), with an exception (`manager exc`), or on the way
    /// out by `return`, `break` or `continue` (`manager value count`).
    fn async_with_entries(&mut self, finally: Label, no_exception: Label, unwinding: Label) {
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.emit.op(op::ROT_TWO, 0);
        self.emit.jump(no_exception);
        self.emit.place(finally);
        self.emit.op(op::DUP_TOP, 1);
        self.load_global(Name::BASE_EXCEPTION);
        self.emit.binary(BinaryOp::ExceptionMatch);
        self.emit.pop_jump_if(false, unwinding);
    }

    /// `manager exc` becomes `None` if the exit method swallows the exception, else `exc`.
    fn async_exit_with_exception(&mut self, end: Label) {
        self.emit.op(op::DUP_TOP, 1);
        self.emit.op(op::ROT_THREE, 0);
        self.emit.op(op::ROT_TWO, 0);
        self.qstr_op(op::LOAD_METHOD, Name::AEXIT, 1);
        self.emit.op(op::ROT_THREE, 0);
        self.emit.op(op::ROT_THREE, 0);
        self.emit.op(op::DUP_TOP, 1);
        self.qstr_op(op::LOAD_ATTR, Name::CLASS_CELL, 0);
        self.emit.op(op::ROT_TWO, 0);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.call_method(3);
        self.yield_from();
        self.emit.pop_jump_if(false, end);
        self.emit.op(op::POP_TOP, -1);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.emit.jump(end);
        self.emit.adjust(2);
    }

    /// `manager value count` becomes `value count`, and `None manager` becomes `None`.
    fn async_exit_without_exception(&mut self, no_exception: Label, unwinding: Label) {
        self.emit.place(unwinding);
        self.emit.op(op::ROT_THREE, 0);
        self.emit.op(op::ROT_THREE, 0);
        self.emit.place(no_exception);
        self.qstr_op(op::LOAD_METHOD, Name::AEXIT, 1);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.emit.op(op::DUP_TOP, 1);
        self.emit.op(op::DUP_TOP, 1);
        self.call_method(3);
        self.yield_from();
        self.emit.op(op::POP_TOP, -1);
        self.emit.adjust(-1);
    }
}
