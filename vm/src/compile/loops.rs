use super::{
    emit::Label,
    unit::{Compiled, Compiler, Loop},
};
use crate::{
    bytecode::{BinaryOp, MarkKind, op},
    syntax::ast::{Arg, Block, Expr, ExprKind, For, Name, Trailer, TrailerKind},
};

/// `range(start, end, step)` with a step known to be a small integer other than 0.
struct Range<'t> {
    start: Option<&'t Expr>,
    end: &'t Expr,
    step: i64,
}

impl<'t> Compiler<'t> {
    /// Enters a loop: `break` and `continue` mean it until `self.loop_` is set back to what is returned.
    pub(super) fn enter_loop(&mut self, has_iterator: bool) -> (Loop, Option<Loop>) {
        let (break_, continue_) = (self.emit.new_label(), self.emit.new_label());
        let entered = Loop { break_, continue_, has_iterator, handlers: self.handlers };
        (entered, self.loop_.replace(entered))
    }

    pub(super) fn break_(&mut self) -> Compiled {
        match self.loop_ {
            Some(loop_) => {
                self.leave(loop_.break_, loop_, loop_.has_iterator);
                Ok(())
            }
            None => self.outside_loop(),
        }
    }

    pub(super) fn continue_(&mut self) -> Compiled {
        match self.loop_ {
            Some(loop_) => {
                self.leave(loop_.continue_, loop_, false);
                Ok(())
            }
            None => self.outside_loop(),
        }
    }

    fn outside_loop(&self) -> Compiled {
        self.error(0, "'break'/'continue' outside loop")
    }

    /// Jumps out of the handlers entered since the loop began.
    fn leave(&mut self, to: Label, loop_: Loop, drops_iterator: bool) {
        let handlers = self.handlers - loop_.handlers;
        if handlers == 0 {
            if drops_iterator {
                (0..4).for_each(|_| self.emit.byte(op::POP_TOP));
            }
            self.emit.jump_op(op::JUMP, to, 0);
        } else {
            // The instruction has room for 127; the rest is left first.
            const MOST: u32 = 127;
            let most = if self.options.wide { MOST } else { handlers };
            for _ in 0..(handlers - 1) / most {
                let next = self.emit.new_label();
                self.emit.unwind_jump(next, most as u8);
                self.emit.place(next);
            }
            let rest = (handlers - 1) % most + 1;
            self.emit.unwind_jump(to, if drops_iterator { 0x80 } else { 0 } | rest as u8);
        }
        self.emit.end_flow();
    }

    pub(super) fn while_(&mut self, test: &'t Expr, body: &'t Block, orelse: Option<&'t Block>) -> Compiled {
        let (loop_, outer) = self.enter_loop(false);
        let truth = test.truth(&self.names);
        if truth != Some(false) {
            let top = self.emit.new_label();
            if truth.is_none() {
                self.emit.jump(loop_.continue_);
            }
            if truth.is_some() {
                self.mark_line(self.stmt_line, MarkKind::Empty);
            }
            self.emit.place(top);
            self.mark_line(body.first_line(), MarkKind::Again);
            self.block(body)?;
            self.emit.place(loop_.continue_);
            self.mark_line(test.line.max(self.stmt_line), MarkKind::Own);
            self.jump_if(test, true, top)?;
        }
        self.loop_ = outer;
        self.optional_block(orelse)?;
        self.emit.place(loop_.break_);
        Ok(())
    }

    pub(super) fn for_(&mut self, stmt: &'t For) -> Compiled {
        if let (ExprKind::Name(_), Some(range)) = (&stmt.target.kind, as_range(&stmt.iter)) {
            return self.for_range(stmt, &range);
        }
        let (loop_, outer) = self.enter_loop(true);
        let exhausted = self.emit.new_label();
        self.expr(&stmt.iter)?;
        self.emit.op(op::GET_ITER_STACK, 3);
        self.emit.place(loop_.continue_);
        self.mark_line(self.stmt_line, MarkKind::Back);
        self.emit.jump_op(op::FOR_ITER, exhausted, 1);
        self.assign(&stmt.target)?;
        self.block(&stmt.body)?;
        self.mark_line(0, MarkKind::Own);
        self.emit.jump(loop_.continue_);
        self.emit.place(exhausted);
        self.emit.adjust(-4);
        self.loop_ = outer;
        self.optional_block(stmt.orelse.as_ref())?;
        self.emit.place(loop_.break_);
        Ok(())
    }

    /// A loop over a range keeps the next value on the stack, above the end unless that is a small integer.
    fn for_range(&mut self, stmt: &'t For, range: &Range<'t>) -> Compiled {
        let (loop_, outer) = self.enter_loop(false);
        let (top, entry) = (self.emit.new_label(), self.emit.new_label());
        let constant_end = match range.end.kind {
            ExprKind::SmallInt(value) => Some(value),
            _ => None,
        };
        if constant_end.is_none() {
            self.expr(range.end)?;
        }
        match range.start {
            Some(start) => self.expr(start)?,
            None => self.emit.small_int(0),
        }
        self.emit.jump(entry);
        self.emit.place(top);
        self.mark_line(self.stmt_line, MarkKind::Own);
        self.emit.op(op::DUP_TOP, 1);
        self.assign(&stmt.target)?;
        self.block(&stmt.body)?;
        self.emit.place(loop_.continue_);
        self.mark_line(self.stmt_line, MarkKind::Again);
        self.emit.small_int(range.step);
        self.emit.binary(BinaryOp::InplaceAdd);
        self.emit.place(entry);
        self.mark_line(self.stmt_line, MarkKind::Own);
        match constant_end {
            Some(end) => {
                self.emit.op(op::DUP_TOP, 1);
                self.emit.small_int(end);
            }
            None => {
                self.emit.op(op::DUP_TOP_TWO, 2);
                self.emit.op(op::ROT_TWO, 0);
            }
        }
        self.emit.binary(if range.step >= 0 { BinaryOp::Less } else { BinaryOp::More });
        self.emit.pop_jump_if(true, top);
        self.loop_ = outer;
        let n_kept = if constant_end.is_some() { 1 } else { 2 };
        self.end_range(stmt.orelse.as_ref(), loop_, n_kept)
    }

    /// Drops what the loop kept on the stack, before the `else` block as well as after a `break`.
    fn end_range(&mut self, orelse: Option<&'t Block>, loop_: Loop, n_kept: i32) -> Compiled {
        self.mark_line(0, MarkKind::Own);
        let Some(orelse) = orelse else {
            self.emit.place(loop_.break_);
            (0..n_kept).for_each(|_| self.emit.op(op::POP_TOP, -1));
            return Ok(());
        };
        (0..n_kept).for_each(|_| self.emit.op(op::POP_TOP, -1));
        self.block(orelse)?;
        let end = self.emit.new_label();
        self.emit.jump(end);
        self.emit.adjust(n_kept);
        self.emit.place(loop_.break_);
        self.mark_line(0, MarkKind::Own);
        (0..n_kept).for_each(|_| self.emit.op(op::POP_TOP, -1));
        self.emit.place(end);
        Ok(())
    }
}

fn as_range(iter: &Expr) -> Option<Range<'_>> {
    let ExprKind::Trailed { base, trailers } = &iter.kind else { return None };
    if !matches!(base.kind, ExprKind::Name(Name::RANGE)) {
        return None;
    }
    let [Trailer { kind: TrailerKind::Call(args), .. }] = &trailers[..] else { return None };
    let args: Vec<&Expr> = args.iter().map(plain_arg).collect::<Option<_>>()?;
    match args[..] {
        [end] => Some(Range { start: None, end, step: 1 }),
        [start, end] => Some(Range { start: Some(start), end, step: 1 }),
        [start, end, Expr { kind: ExprKind::SmallInt(step), .. }] if *step != 0 => {
            Some(Range { start: Some(start), end, step: *step })
        }
        _ => None,
    }
}

/// An argument that is an expression like any other.
fn plain_arg(arg: &Arg) -> Option<&Expr> {
    match arg {
        Arg::Positional(value)
            if value.line == 0
                && matches!(value.kind, ExprKind::Walrus { .. } | ExprKind::Comprehension(_)) =>
        {
            None
        }
        Arg::Positional(value) => Some(value),
        _ => None,
    }
}
