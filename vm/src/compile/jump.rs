use super::{
    emit::Label,
    unit::{Compiled, Compiler},
};
use crate::syntax::ast::{Expr, ExprKind};

impl<'t> Compiler<'t> {
    /// Jumps if the truth of `test` is `condition`. Known truths and logical operators become control flow.
    pub(super) fn jump_if(&mut self, test: &'t Expr, condition: bool, to: Label) -> Compiled {
        if let Some(truth) = test.truth(&self.names) {
            if truth == condition {
                self.emit.jump(to);
            }
            return Ok(());
        }
        match &test.kind {
            ExprKind::Or(operands) => {
                self.nested(|compiler| compiler.jump_if_logical(operands, true, condition, to))
            }
            ExprKind::And(operands) => {
                self.nested(|compiler| compiler.jump_if_logical(operands, false, condition, to))
            }
            ExprKind::Not(operand) => self.nested(|compiler| compiler.jump_if(operand, !condition, to)),
            _ => {
                self.expr(test)?;
                self.emit.pop_jump_if(condition, to);
                Ok(())
            }
        }
    }

    /// `decides` is the truth of one operand that settles the whole.
    fn jump_if_logical(
        &mut self,
        operands: &'t [Expr],
        decides: bool,
        condition: bool,
        to: Label,
    ) -> Compiled {
        if decides == condition {
            return operands.iter().try_for_each(|operand| self.jump_if(operand, condition, to));
        }
        let end = self.emit.new_label();
        let Some((last, before)) = operands.split_last() else { return Ok(()) };
        for operand in before {
            self.jump_if(operand, !condition, end)?;
        }
        self.jump_if(last, condition, to)?;
        self.emit.place(end);
        Ok(())
    }
}
